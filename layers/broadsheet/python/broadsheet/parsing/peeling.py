"""Lines of the site taken off the ends of comments: buttons, counters of votes, ranks, and what most bodies end in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from broadsheet.parsing.furnishing import is_label, tail_begin
from broadsheet.parsing.heads.names import likeness
from broadsheet.parsing.heads.page import Page
from broadsheet.parsing.heads.vocabulary import DETAILS, is_number

_DIGITS = re.compile(r"\d+")
# A line at one end of so many bodies is the site's.
_USUAL = 0.6
_FEWEST = 3
_MAX_PEELED = 8
_MAX_CHARS = 90
_MAX_PLACE_CHARS = 25
_MIN_REPEATED, _MAX_REPEATED = 6, 60


class Entry:
    """The units of one comment: its head's, and what is left of the others as its body."""

    def __init__(self, heads: list[int], body: list[int]) -> None:
        self.heads = heads
        self.body = body
        self.peeled: list[int] = []


def cut_at_terminator(page: Page, entries: Sequence[Entry], *, below: bool) -> list[int]:
    """Cut the last comment where the others end: at their common last line, or at a head below the body."""
    last = entries[-1]
    if below or (len(last.heads) > 1 and last.body and last.heads[-1] > last.body[0]):
        rest = [number for number in last.body if number > last.heads[-1]]
        cut = len(rest)
        for index, number in enumerate(rest):
            if not page.buttons(number):
                cut = index
                break
        removed = rest[cut:]
        gone = set(removed)
        last.body = [number for number in last.body if number not in gone]
        return removed
    if len(entries) < _FEWEST:
        return []
    ends: Counter[str] = Counter()
    for entry in entries[:-1]:
        if entry.body and (key := _key(page, entry.body[-1])):
            ends[key] += 1
    if not ends:
        return []
    key, count = ends.most_common(1)[0]
    if count * 5 < (len(entries) - 1) * 4:
        return []
    places = [index for index, number in enumerate(last.body) if _key(page, number) == key]
    if not places:
        return []
    removed = last.body[places[0] + 1 :]
    last.body = last.body[: places[0] + 1]
    return removed


def cut_tail(page: Page, entries: Sequence[Entry]) -> list[int]:
    """Cut the site's lines off the end of the last comment, where no other comment ends in such lines.

    They are known ones, or behind a blank line a block of labels where no other body has one.
    """
    last = entries[-1]
    if len(last.body) < 2:
        return []
    usual = {_key(page, entry.body[-1]) for entry in entries[:-1] if entry.body}
    begin = max(1, tail_begin([page.units[number].text for number in last.body]))
    if begin < len(last.body) and _key(page, last.body[begin]) in usual:
        begin += 1  # the buttons of this comment
    block = _last_block(page, last.body)
    if len(entries) > 1 and block and not any(_last_block(page, entry.body) for entry in entries[-_FEWEST:-1]):
        begin = min(begin, block)
    removed = last.body[begin:]
    last.body = last.body[:begin]
    return removed


def _last_block(page: Page, body: Sequence[int]) -> int:
    """Return the place in a body where a last block of three labels or more begins behind a blank line, or 0."""
    begin = len(body)
    while begin > 1 and is_label(page.units[body[begin - 1]].text):
        begin -= 1
        if len(body) - begin >= _FEWEST and not page.lines[page.units[body[begin]].line - 1]:
            return begin
    return 0


def peel(page: Page, entries: Sequence[Entry]) -> None:
    """Take buttons off both ends of bodies, and lines that most bodies have there."""
    _peel_details(page, entries)
    _peel_places(page, entries)
    for side in (-1, 0):
        for _ in range(_MAX_PEELED):
            keys = Counter(key for entry in entries if entry.body and (key := _key(page, entry.body[side])))
            common = {
                key
                for key, count in keys.most_common(3)
                if len(entries) >= _FEWEST and count >= _FEWEST and count >= _USUAL * len(entries)
            }
            peeled = False
            before = _was_peeled(entries)
            for entry in entries:
                if not entry.body:
                    continue
                number = entry.body[side]
                usual = bool(common) and _key(page, number) in common
                alone = len(entry.body) == 1
                pressed = page.buttons(number)
                if (usual and (pressed or not alone)) or (
                    pressed and not (alone and not common and not (before or peeled))
                ):
                    entry.peeled.append(entry.body.pop(side))
                    peeled = True
            if not peeled:
                break
        _peel_numbers(page, entries, side)
    _peel_repeated(page, entries)


def _peel_repeated(page: Page, entries: Sequence[Entry]) -> None:
    """Take off a line of several words that ends many bodies under different heads: "Waiting for approval"."""
    heads: dict[str, set[str]] = {}
    for entry in entries:
        if len(entry.body) > 1 and (key := _key(page, entry.body[-1])) and _MIN_REPEATED <= len(key) <= _MAX_REPEATED:
            heads.setdefault(key, set()).add(page.lower(entry.heads[0]))
    often = {
        key for key, under in heads.items() if len(under) >= _FEWEST and len(under) * 4 >= len(entries) and " " in key
    }
    for entry in entries:
        if len(entry.body) > 1 and _key(page, entry.body[-1]) in often:
            entry.peeled.append(entry.body.pop())


def _peel_details(page: Page, entries: Sequence[Entry]) -> None:
    """Take off an author's rank and details ("Senior Member" / "Join Date: ...") where most comments have them."""
    ends = []
    for entry in entries:
        places = [index for index, number in enumerate(entry.body[:6]) if DETAILS.fullmatch(page.lower(number))]
        ends.append(places[-1] + 1 if places and places[0] <= 2 else 0)
    if sum(end > 0 for end in ends) < _USUAL * len(entries):
        return
    for entry, end in zip(entries, ends, strict=True):
        entry.peeled += entry.body[:end]
        entry.body = entry.body[end:]


def _peel_places(page: Page, entries: Sequence[Entry]) -> None:
    """Take off a short name that opens nearly all bodies, some of them alike: the country the page prints."""
    if len(entries) < _FEWEST:
        return
    opening = [
        page.units[entry.body[0]].text if len(entry.body) > 1 and entry.body[0] > entry.heads[-1] else ""
        for entry in entries
    ]
    having = [text for text in opening if len(text) <= _MAX_PLACE_CHARS and likeness(text) >= 1.0]
    if len(having) * 5 < len(entries) * 4 or len(set(having)) == len(having):
        return
    for entry, text in zip(entries, opening, strict=True):
        if text and text in having:
            entry.peeled.append(entry.body.pop(0))


def _was_peeled(entries: Sequence[Entry]) -> bool:
    return any(entry.peeled for entry in entries)


def _peel_numbers(page: Page, entries: Sequence[Entry], side: int) -> None:
    """Take off counters of votes where at least half of the bodies have one at this end."""
    for _ in range(2):
        have = [entry for entry in entries if len(entry.body) > 1 and is_number(page.lower(entry.body[side]))]
        if len(have) * 2 < len(entries) or len(entries) < 2:
            return
        for entry in have:
            entry.peeled.append(entry.body.pop(side))


def _key(page: Page, number: int) -> str | None:
    text = page.lower(number)
    return _DIGITS.sub("0", text) if len(text) <= _MAX_CHARS else None
