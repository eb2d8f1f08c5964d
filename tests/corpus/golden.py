"""Golden files: what the reader makes of every page of the corpus, as ``broadsheet parse`` would show it.

``python -m tests.corpus.golden`` writes them anew; look at the difference before you commit it.
"""

from __future__ import annotations

import json
from pathlib import Path

from broadsheet.model import Hints
from broadsheet.parsing import read
from broadsheet.parsing.shape import record_json

HERE = Path(__file__).parent
UPLOADS = HERE.parent.parent / "events" / "uploads"
ROOMS = ("json", "html", "feeds", "tables")
REGENERATE = "python -m tests.corpus.golden"


def pages() -> list[Path]:
    """Return the pages of the corpus and the sample uploads."""
    return sorted((HERE / "text").glob("*.txt")) + sorted(UPLOADS.glob("*.txt"))


def exports() -> list[Path]:
    """Return the exports, packed files, feeds, tables and pages of HTML of the corpus."""
    files = [path for room in ROOMS for path in (HERE / room).iterdir()]
    return sorted(path for path in files if not path.name.endswith(".expected.json"))


def expected_of(page: Path) -> Path:
    """Return the golden file of a page or export; those of the sample uploads stand in the corpus too."""
    if page.parent.name in ROOMS:
        return page.with_name(f"{page.name}.expected.json")
    return HERE / "text" / f"{page.stem}.expected.json"


def golden(page: Path) -> str:
    """Return what the reader makes of a page now, as the text of its golden file."""
    with page.open("rb") as stream:
        records = [record_json(record, file=page.name) for record in read(stream, Hints(name=page.name))]
    return json.dumps(records, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for each in pages() + exports():
        expected_of(each).write_text(golden(each), encoding="utf-8")
        print(expected_of(each).relative_to(HERE))
