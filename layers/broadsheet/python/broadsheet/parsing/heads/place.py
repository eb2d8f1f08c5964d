"""Where the discussion of a reading begins and ends: at the section above its first head, at the foot of the page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from broadsheet.parsing.heads.feet import is_policy
from broadsheet.parsing.heads.page import Page
from broadsheet.parsing.heads.reading import Reading, Span
from broadsheet.parsing.heads.sections import Section

# Short lines between a section and its first comment: "Sort by date", "RSS feed", a form.
_MOST_BETWEEN = 5
# Where heads stand below, the first body is between.
_MOST_BETWEEN_BELOW = 12
_PARAGRAPH_CHARS = 90
_SAMPLE = 400


class Place(NamedTuple):
    """A discussion is the units ``begin`` (its section included) to ``end``; its first comment begins at ``first``."""

    begin: int
    first: int
    end: int
    section: Section | None


def find_place(page: Page, reading: Reading) -> Place:
    """Find the place of a reading that has at least one head."""
    spans = reading.spans
    head = spans[0].units[0]
    end = page.foot_after(spans[-1].units[-1])
    section, begin = _section_above(page, head, below=reading.below)
    if not reading.below:
        return Place(begin, head, end, section)
    first = section.unit + 1 if section else _guessed_begin(page, spans)
    while first < head - 1 and (
        first in page.section_units
        or page.buttons(first)
        or (section is not None and (first in page.feet_set or is_policy(page.lower(first))))
    ):
        first += 1
    return Place(section.unit if section else first, first, end, section)


def _section_above(page: Page, head: int, *, below: bool) -> tuple[Section | None, int]:
    best: Section | None = None
    for number in range(head - 1, max(-1, head - 2 - (_MOST_BETWEEN_BELOW if below else _MOST_BETWEEN)), -1):
        section = page.section_units.get(number)
        if section is None:
            if not below and len(page.units[number].text) > _PARAGRAPH_CHARS and not is_policy(page.lower(number)):
                break
        elif (
            best is None
            or section.strength > best.strength
            or (number == best.unit - 1 and section.strength >= best.strength)
        ):
            best = section
    if best is None:
        return None, head
    begin = best.unit
    while begin > 1 and begin - 1 in page.section_units:
        begin -= 1
    return best, begin


def _guessed_begin(page: Page, spans: Sequence[Span]) -> int:
    """Where heads stand below and nothing opens the discussion, its first body is as long as most others."""
    near = spans[:_SAMPLE]
    lengths = sorted(
        sum(not page.buttons(number) for number in range(earlier.units[-1] + 1, later.units[0]))
        for earlier, later in pairwise(near)
    )
    usual = lengths[len(lengths) // 2] if lengths else 1
    return max(0, spans[0].units[0] - max(1, usual))
