"""Heads of comments in plain text, and the registry of grammars that recognise them.

A grammar is a name and a function that finds every candidate head on a page; it need not be sure, because
``scoring.choose`` weighs all candidates of all grammars together. To add a layout whose head is one line with the date
at its end, write a function that splits a line into who and when, and add ``dated_line(name, split, time_last=...)`` to
``GRAMMARS``; a layout whose head takes several lines brings its own ``find``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from broadsheet.model import named_tuple
from broadsheet.parsing.dates import LocalTime, local_time
from broadsheet.parsing.people import Person, identify

# Longer lines are paragraphs: the longest head seen on a page has 60 characters.
MAX_HEAD_CHARS = 200
MAX_NAME_CHARS = 100
MAX_NAME_WORDS = 8

# Right-to-left pages put these around numbers and names; they are no part of either.
_DIRECTION_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c"))
_COMMAS = str.maketrans(",،", "  ")


class Head(NamedTuple):
    """One candidate: its text is ``lines[line:end]`` and the comment's body begins at ``end``."""

    line: int
    end: int
    text: str
    person: Person
    time: LocalTime | None


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page (without spaces at their ends), and the first one that may belong to its discussion.

    ``timed`` and ``dated`` are the short lines that end in a digit, what a head with its date at the end looks like:
    number, and text without direction marks. The former end in a time of day, the latter in anything else; they are
    told apart here, once, so that each grammar looks only at lines it can match.
    """

    lines: Sequence[str]
    start: int
    timed: Sequence[tuple[int, str]]
    dated: Sequence[tuple[int, str]]


def page(lines: Sequence[str], start: int) -> Page:
    """Prepare a page for the grammars."""
    timed: list[tuple[int, str]] = []
    dated: list[tuple[int, str]] = []
    for number, line in enumerate(lines):
        if line and line[-1].isdecimal() and number >= start and len(line) <= MAX_HEAD_CHARS:
            text = line if line.isascii() else line.translate(_DIRECTION_MARKS).replace("\xa0", " ")
            (timed if text[-3:-2] == ":" else dated).append((number, text))
    return Page(lines, start, timed, dated)


@dataclass(frozen=True, slots=True)
class Grammar:
    """One way to write the head of a comment; ``find`` returns all candidates in page order."""

    name: str
    find: Callable[[Page], list[Head]]


Split = Callable[[str], tuple[str, LocalTime] | None]


def dated_line(name: str, split: Split, *, time_last: bool) -> Grammar:
    """Make a grammar of heads that are one line with the date at its end; ``split`` tells who and when.

    ``time_last`` says that the date ends in its time of day (``page.timed``); it must not where that is False.
    """

    def find(page: Page) -> list[Head]:
        numbers: list[int] = []
        whos: list[str] = []
        times: list[LocalTime] = []
        for number, line in page.timed if time_last else page.dated:
            parts = split(line)
            if parts and len(parts[0]) <= MAX_NAME_CHARS and parts[0].count(" ") < MAX_NAME_WORDS:
                numbers.append(number)
                whos.append(parts[0])
                times.append(parts[1])
        if not numbers:
            return []
        lines = page.lines
        return [
            named_tuple(Head, (number, number + 1, lines[number].strip(), person, time))
            for number, person, time in zip(numbers, identify(whos), times, strict=True)
        ]

    return Grammar(name, find)


def day_first(line: str) -> tuple[str, LocalTime] | None:
    """Split ``NAME 09 May 2014, 16:33``; the month may be two words (``كانون الثاني``) and the comma an Arabic one."""
    parts = line.rsplit(None, 4)
    if len(parts) < 5 or parts[3][-1] not in ",،":
        return None
    who, day, month, year, clock = parts
    if not day.isdecimal():
        before = who.rsplit(None, 1)
        if len(before) < 2:
            return None
        who, first = before
        day, month = first, f"{day} {month}"
    time = local_time(day, month, year[:-1], clock)
    return (who.strip(), time) if time else None


def time_first(line: str) -> tuple[str, LocalTime] | None:
    """Split ``NAME 14:13 ,2013 أيار 26``, as right-to-left pages order it; the comma may be before its space."""
    start = line.rfind(" ", 0, line.rfind(":") + 1) + 1
    parts = line[start:].translate(_COMMAS).split()
    if not start or not 4 <= len(parts) <= 5:
        return None
    time = local_time(parts[-1], " ".join(parts[2:-1]), parts[1], parts[0])
    return (line[:start].strip(), time) if time else None


GRAMMARS: tuple[Grammar, ...] = (
    dated_line("name-day-month-year-time", day_first, time_last=True),
    dated_line("name-time-year-month-day", time_first, time_last=False),
)
