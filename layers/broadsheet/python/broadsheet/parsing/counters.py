"""The line that says how many comments a page has: ``Comments 30``, ``التعليقات (٢)``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_MAX_CHARS = 40


def _begins(first: str) -> bool:
    return first in "cCات" or first.isdecimal() or first.isspace()


# One look-up instead of a call: most lines begin with an ASCII letter.
_BEGINNINGS = frozenset(filter(_begins, map(chr, range(0x80))))
_COUNTER = re.compile(
    r"(?:comments?|التعليقات|تعليقات)\s?[:(]?\s?(\d{1,6})\s?\)?|(\d{1,6})\s(?:comments?|تعليقات|تعليقاً|تعليقا|تعليق)\s?:?",
    re.IGNORECASE,
)


class Counter(NamedTuple):
    """A counter line: its number counts from 0."""

    line: int
    declared: int


def counters(lines: Sequence[str], start: int) -> list[Counter]:
    """Return every line from ``start`` on that is a counter and nothing else."""
    found = []
    for number, line in enumerate(lines):
        if not line or len(line) > _MAX_CHARS:
            continue
        first = line[0]
        if first in _BEGINNINGS or (not first.isascii() and _begins(first)):
            match = _COUNTER.fullmatch(line.strip())
            if match and number >= start:
                found.append(Counter(number, int(match[1] or match[2])))
    return found


def stands_above(counter: Counter, head: int, lines: Sequence[str]) -> bool:
    """Tell whether a counter opens the discussion whose first head is that line.

    Blank lines may be between, and one short line such as "Sort by date".
    """
    if head - counter.line > 8:
        return False
    between = [line for line in lines[counter.line + 1 : head] if line]
    return not between or (len(between) == 1 and len(between[0]) <= _MAX_CHARS)
