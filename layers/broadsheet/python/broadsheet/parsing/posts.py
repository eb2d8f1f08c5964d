"""A chosen reading of a page -> its comments in raw parts: head, name, date, body, and what stands between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from broadsheet.model import Furniture
from broadsheet.parsing.heads.choice import Choice
from broadsheet.parsing.heads.feet import is_policy
from broadsheet.parsing.heads.page import Page
from broadsheet.parsing.heads.vocabulary import LABELS
from broadsheet.parsing.layout import paragraphs
from broadsheet.parsing.moments import Moment
from broadsheet.parsing.peeling import Entry, cut_at_terminator, cut_tail, peel

_NUMBERED = re.compile(r"(\d{1,4})[.)]\s")
_MAX_CHARS = 90
_MOST_NAMESAKES = 3
_PICTURE = frozenset(("'s", "’s", "picture", "avatar", "gravatar", "photo"))


class Post(NamedTuple):
    """One comment as printed; ``lines`` are the numbers of its first head line and of its body's first line."""

    line: int
    head: str
    name: str | None
    moment: Moment | None
    body: str
    indent: int
    number: int | None
    marked: bool


class Posts(NamedTuple):
    """All comments of a page and the lines between and after them that are nobody's."""

    posts: list[Post]
    furniture: list[Furniture]
    unexplained: int


def read_posts(page: Page, choice: Choice) -> Posts:
    """Take a discussion apart; every unit from its begin to the end of the page goes to exactly one place."""
    spans = choice.reading.spans
    entries = [Entry(heads, body) for heads, body in _ranges(choice)]
    before = list(range(choice.place.begin, choice.place.first))
    _take_subjects(page, entries, before)
    if not choice.reading.below:
        _take_namesakes(page, entries, [span.name for span in spans])
    behind = cut_at_terminator(page, entries, below=choice.reading.below)
    if not choice.reading.below:
        behind = cut_tail(page, entries) + behind
    peel(page, entries)
    furniture: list[Furniture] = []
    unexplained = 0
    for number in before:
        why = "comment_section" if _opens(page, number) else "unexplained"
        unexplained += why == "unexplained"
        furniture += page.furniture(number, why)
    for entry in entries:
        for number in entry.peeled:
            furniture += page.furniture(number, "comment_button")
    for number in behind + list(range(choice.place.end, len(page.units))):
        furniture += page.furniture(number, "after_discussion")
    posts = [
        Post(
            page.units[entry.heads[0]].line,
            _head(page, entry.heads),
            span.name,
            span.moment,
            _body(page, entry),
            page.units[span.units[0]].indent,
            _own_number(page, entry.heads[0]) if span.anchor.number is None else span.anchor.number,
            span.anchor.marked,
        )
        for span, entry in zip(spans, entries, strict=True)
    ]
    return Posts(posts, furniture, unexplained)


def _opens(page: Page, number: int) -> bool:
    return number in page.section_units or page.buttons(number) or is_policy(page.lower(number))


def _ranges(choice: Choice) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the units of each comment's head and of all else between it and the next."""
    spans = choice.reading.spans
    if choice.reading.below:
        begin = choice.place.first
        for index, span in enumerate(spans):
            end = span.units[-1] + 1 if index < len(spans) - 1 else choice.place.end
            yield list(span.units), [number for number in range(begin, end) if number not in span.units]
            begin = end
        return
    ends = [span.units[0] for span in spans[1:]]
    ends.append(choice.place.end)
    for span, end in zip(spans, ends, strict=True):
        yield list(span.units), [number for number in range(span.units[0], end) if number not in span.units]


def _take_subjects(page: Page, entries: Sequence[Entry], before: list[int]) -> None:
    """Give lines that stand above heads to them: a subject, a number, an avatar's text.

    They are told by the button above them ("reply" / subject / head), or by numbers that count the comments.
    """
    if len(entries) < 2:
        if before and page.anchors.get(before[-1]) and page.anchors[before[-1]].kind == "number":
            entries[0].heads.insert(0, before.pop())
        return
    pairs = list(pairwise(entries))
    held = [earlier.body for earlier, _ in pairs]
    after_button = sum(_stands_below_button(page, body) for body in held)
    numbered = [_own_number(page, body[-1]) if body else None for body in held]
    counting = sum(later == earlier + 1 for earlier, later in pairwise(numbered) if earlier and later) + (
        numbered[0] is not None
    )
    above = numbered
    if after_button * 5 < len(pairs) * 4 and counting * 5 < len(pairs) * 4:
        return
    for (earlier, later), number in zip(pairs, above, strict=True):
        if not earlier.body:
            continue
        last = earlier.body[-1]
        told = _stands_below_button(page, earlier.body)
        if (number is not None or told) and not page.buttons(last) and len(page.units[last].text) <= 2 * _MAX_CHARS:
            later.heads.insert(0, earlier.body.pop())
    if (before and before[-1] not in page.section_units and not page.buttons(before[-1])) or (
        before and _own_number(page, before[-1]) is not None and before[-1] not in page.section_units
    ):
        entries[0].heads.insert(0, before.pop())


def _take_namesakes(page: Page, entries: Sequence[Entry], names: Sequence[str | None]) -> None:
    """Give lines above heads to them that say no more than their names: initials, "Comment by Ann Lee."."""
    found = [
        (earlier, later, count)
        for (earlier, later), name in zip(pairwise(entries), names[1:], strict=True)
        if name and (count := _namesakes(page, earlier.body, name))
    ]
    if len(found) * 5 < 4 * (len(entries) - 1):
        return
    for earlier, later, count in found:
        later.heads[:0] = earlier.body[-count:]
        del earlier.body[-count:]


def _namesakes(page: Page, body: Sequence[int], name: str) -> int:
    """Count the lines at the end of a body, its first apart, that only repeat the name of the next head."""
    count = 0
    initials = {name[:1].upper(), name[:2].upper(), "".join(word[0] for word in name.split()).upper()}
    while count < min(_MOST_NAMESAKES, len(body) - 1):
        text = page.units[body[-1 - count]].text
        rest = text.replace(name, "", 1).strip(" .:,").lower().split() if name in text else None
        if text not in initials and (rest is None or not all(word in LABELS or word in _PICTURE for word in rest)):
            break
        count += 1
    return count


def _stands_below_button(page: Page, body: list[int]) -> bool:
    """Tell whether the last unit is separated from the body's text by a button."""
    if len(body) < 3 or page.buttons(body[-1]) or not page.buttons(body[-2]):
        return False
    return any(not page.buttons(number) for number in body[:-2])


def _own_number(page: Page, number: int) -> int | None:
    anchor = page.anchors.get(number)
    if anchor and anchor.kind == "number":
        return anchor.number
    lower = page.lower(number)
    if found := _NUMBERED.match(lower):
        return int(found[1])
    return int(lower) if lower.isdecimal() and len(lower) <= 4 else None


def _head(page: Page, heads: Sequence[int]) -> str:
    return "\n".join(
        line.strip()
        for number in heads
        for line in page.lines[page.units[number].line : page.units[number].end]
        if line.strip()
    )


def _body(page: Page, entry: Entry) -> str:
    if not entry.body:
        return ""
    lines: list[str] = []
    previous = page.units[entry.body[0]].line
    for number in entry.body:
        unit = page.units[number]
        if unit.line > previous and not page.lines[unit.line - 1]:
            lines.append("")
        lines += [line.strip() for line in page.lines[unit.line : unit.end]]
        previous = unit.end
    return paragraphs(lines)
