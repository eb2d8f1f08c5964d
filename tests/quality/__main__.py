"""`make quality`: how good the answers are on labelled material. Figures, no verdict: the suite holds the floors."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from tests.quality import parsing
from tests.quality.search import score


def parsing_lines(details: bool) -> Iterator[str]:
    """Give the table of the parser and, if asked, a line for every page that was not read as labelled."""
    scored = parsing.score_all()
    yield from parsing.report(scored)
    if details:
        for pages in scored.values():
            for page in pages:
                yield from parsing.faults(page)


PARTS: dict[str, Callable[[bool], Iterator[str]]] = {"parsing": parsing_lines, "search": score.report}


def main() -> None:
    """Print the tables of the chosen parts, of all when none is named."""
    options = argparse.ArgumentParser(prog="make quality ARGS=...", description=__doc__)
    options.add_argument("parts", nargs="*", metavar="PART", help=f"one or more of {', '.join(PARTS)}; all if omitted")
    options.add_argument("--details", action="store_true", help="name every page that was not read as labelled")
    chosen = options.parse_args()
    unknown = [part for part in chosen.parts if part not in PARTS]
    if unknown:
        options.error(f"no part {unknown[0]!r}; choose from {', '.join(PARTS)}")
    for part in chosen.parts or PARTS:
        for line in PARTS[part](chosen.details):
            print(line, flush=True)


if __name__ == "__main__":
    main()
