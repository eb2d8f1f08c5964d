"""The labelled pages: ``pages/<part>/<family>/<name>.<any extension>``, its labels in ``<name>.json`` beside it.

The parser may be tuned on ``tuned``; ``held`` and ``fresh`` only measure. ``fresh`` was written without sight of the
parser or of the other pages. Labels were written by hand from the page alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

PAGES = Path(__file__).parent / "pages"
PARTS = ("tuned", "held", "fresh")


@dataclass(frozen=True, slots=True)
class LabelledComment:
    """One comment as a person reads it.

    ``date`` is ISO 8601 cut at what the page tells ("2014", "2014-05", "2014-05-09", "2014-05-09T16:33" as printed, or
    with an offset when the page names a zone), None when it tells nothing. ``parent`` is a place in the page's list.
    """

    author: str | None
    date: str | None
    body: str
    parent: int | None
    parent_known: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page with its labels; ``article`` and ``not_article`` are verbatim quotes."""

    part: str
    family: str
    path: Path
    about: str
    captured_at: datetime | None
    title: str
    published: str | None
    authors: tuple[str, ...]
    article: tuple[str, ...]
    not_article: tuple[str, ...]
    comments: tuple[LabelledComment, ...]

    @property
    def name(self) -> str:
        """The place below ``pages/``."""
        return f"{self.part}/{self.family}/{self.path.name}"


def load_pages(part: str, root: Path = PAGES) -> list[Page]:
    """Read all pages of a part, by family and name; ValueError when a label lacks its page or has two."""
    return [_load(part, labels) for labels in sorted((root / part).glob("*/*.json"))]


def _load(part: str, labels: Path) -> Page:
    paths = [path for path in labels.parent.iterdir() if path.stem == labels.stem and path != labels]
    if len(paths) != 1:
        raise ValueError(f"{labels} labels {len(paths)} pages; give it exactly one of the same name")
    stated = orjson.loads(labels.read_bytes())
    captured_at = stated["captured_at"]
    return Page(
        part=part,
        family=labels.parent.name,
        path=paths[0],
        about=stated["about"],
        captured_at=datetime.fromisoformat(captured_at) if captured_at else None,
        title=stated["title"],
        published=stated["published"],
        authors=tuple(stated["authors"]),
        article=tuple(stated["article"]),
        not_article=tuple(stated["not_article"]),
        comments=tuple(LabelledComment(**comment) for comment in stated["comments"]),
    )
