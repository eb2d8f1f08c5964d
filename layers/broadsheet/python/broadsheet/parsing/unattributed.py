"""A discussion whose heads were lost: bodies under a counter, a section head or the writer's initials.

Extractors that drop names and dates leave "12 Comments" and twelve paragraphs. They are comments of nobody, never part
of the article; but only where the page proves it, because a counter also stands under headlines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from broadsheet.model import Furniture
from broadsheet.parsing.counters import Counter
from broadsheet.parsing.discussion import Discussion, Posted
from broadsheet.parsing.furnishing import is_furniture
from broadsheet.parsing.heads.page import Page
from broadsheet.parsing.heads.texture import rate
from broadsheet.parsing.layout import paragraphs
from broadsheet.parsing.people import Person

LAYOUT = "bodies-only"
_INITIALS = re.compile(r"(?:[A-Z]\.\s?){2,4}")
_PROSE_CHARS = 80
_LEAST_PROSE = 2
# Each opening costs a look at all that is above it.
_MOST_SKIPPED, _MOST_OPENINGS = 20, 20
# Marks of personal speech per hundred words: news has fewer than two, comments rarely.
_PERSONAL = 2.5
_AGREED, _TOLD = 0.9, 0.6
_NOBODY = Person(None, "unknown", marked=False)
_ENDS = (".", "!", "?", "؟", "…", '"', "”", "»", "’", "'", ")")


def find_unattributed(page: Page) -> Discussion | None:
    """Return the comments under the last section of a page if they are sure, else None."""
    for section, declared in islice(_openings(page), _MOST_OPENINGS):
        end = page.foot_after(section)
        if end <= section + 1 or not _follows_prose(page, section):
            continue
        blocks = _blocks(page, section + 1, end, declared)
        if not blocks or (declared and len(blocks) > 3 * declared):
            continue
        inside, words = rate(page, section + 1, end)
        outside, _ = rate(page, 0, section)
        longest_above = max(len(page.units[number].text) for number in range(section))
        personal = inside >= max(_PERSONAL, outside + 1.0) and words >= 12
        agreed = declared == len(blocks) and (inside > outside or inside >= _PERSONAL)
        modest = max(len(page.units[number].text) for block in blocks for number in block) <= 2 * longest_above
        if modest and (agreed or personal):
            return _discussion(page, section, declared, blocks, _AGREED if agreed else _TOLD)
    return None


def _openings(page: Page) -> Iterator[tuple[int, int | None]]:
    """Yield the unit before the first comment and the number declared, the surest first."""
    declared = [section for section in page.sections if section.declared]
    if declared:  # below the foot stand counters of other stories
        foot = page.foot_after(declared[0].unit)
        declared = [section for section in declared if section.unit < foot]
    if len({section.declared for section in declared}) > 1:
        return
    for section in declared[::-1]:
        yield section.unit, section.declared
    for section in page.sections[::-1]:
        if section.declared is None and section.strength >= 0.8 and section.unit not in page.feet_set:
            yield section.unit, None
    for number, unit in enumerate(page.units):
        if len(unit.text) <= 12 and _INITIALS.fullmatch(unit.text):
            yield number, None


def _follows_prose(page: Page, section: int) -> bool:
    """Tell whether an article stands above: paragraphs, and nothing that looks like a headline in between."""
    prose = sum(len(page.units[number].text) >= _PROSE_CHARS for number in range(section))
    if prose < _LEAST_PROSE:
        return False
    above = section - 1
    while above > max(0, section - _MOST_SKIPPED) and (
        above in page.section_units or is_furniture(page.units[above].text)
    ):
        above -= 1
    return page.units[above].text.endswith(_ENDS) or bool(_INITIALS.fullmatch(page.units[above].text))


def _blocks(page: Page, start: int, end: int, declared: int | None) -> list[list[int]]:
    """Cut the units of a discussion at buttons, else at blank lines, else take each line: what meets the counter."""
    numbers = range(start, end)
    ways = [_cut_at_buttons(page, numbers)] if any(map(page.buttons, numbers)) else []
    ways.append(_cut_at_blank_lines(page, numbers))
    ways.append([[number] for number in numbers if not page.buttons(number)])
    ways = [way for way in ways if way]
    if not ways:
        return []
    if declared:
        return min(ways, key=lambda way: abs(len(way) - declared))
    return ways[0]


def _cut_at_buttons(page: Page, numbers: Sequence[int]) -> list[list[int]]:
    blocks: list[list[int]] = [[]]
    for number in numbers:
        if page.buttons(number):
            blocks.append([])
        else:
            blocks[-1].append(number)
    return [block for block in blocks if block]


def _cut_at_blank_lines(page: Page, numbers: Sequence[int]) -> list[list[int]]:
    blocks: list[list[int]] = []
    for number in numbers:
        if page.buttons(number):
            continue
        line = page.units[number].line
        if not blocks or not page.lines[line - 1]:
            blocks.append([])
        blocks[-1].append(number)
    return blocks if len(blocks) > 1 or len(numbers) == 1 else []


def _discussion(page: Page, section: int, declared: int | None, blocks: list[list[int]], score: float) -> Discussion:
    units = page.units
    opened = _INITIALS.fullmatch(units[section].text) is not None
    kept = {number for block in blocks for number in block}
    start = section + 1 if opened else section
    furniture: list[Furniture] = []
    for number in range(start, len(units)):
        if number not in kept:
            last = blocks[-1][-1]
            why = "comment_section" if number <= section else "comment_button" if number < last else "after_discussion"
            furniture += page.furniture(number, why)
    posts = [
        Posted(
            units[block[0]].line, "", _NOBODY, None, None,
            _body(page, block), dated=False,
        )
        for block in blocks
    ]  # fmt: skip
    counter = Counter(units[section].line, declared) if declared else None
    return Discussion(LAYOUT, score, units[start].line, counter, posts, furniture)


def _body(page: Page, block: Sequence[int]) -> str:
    """Return the text of a block without the buttons that stand inside it."""
    inside = frozenset(block)
    buttons = {
        line
        for number in range(block[0], block[-1])
        if number not in inside
        for line in range(page.units[number].line, page.units[number].end)
    }
    lines = range(page.units[block[0]].line, page.units[block[-1]].end)
    return paragraphs([page.lines[line].strip() for line in lines if line not in buttons])
