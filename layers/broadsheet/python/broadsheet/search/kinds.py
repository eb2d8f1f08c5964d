"""Kinds of query-string parameters, declared as data: what reads a value also describes it.

A declaration says everything about a parameter (bounds, default, a sentence for people), so that reading a request and
describing the API use the same facts. Each kind's ``read`` turns one written value into what the program uses. They
are named tuples because a cold start makes these classes: a data class takes four times as long.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import NamedTuple

from broadsheet.text import clean

_INTEGER = re.compile(r"[+-]?[0-9]{1,12}", re.ASCII)
_SPAN = re.compile(r"[0-9]{1,4}[hdwmy]", re.ASCII)
_MONTH_OR_YEAR = re.compile(r"[0-9]{4}(?:-[0-9]{2})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}|[0-9]{4}-?W[0-9]{2}-?[0-9]", re.ASCII)
_SECONDS = {"h": 3_600, "d": 86_400, "w": 7 * 86_400, "m": 30 * 86_400, "y": 365 * 86_400}
# What a problem repeats of a value or a name: enough to recognise it, whatever was sent.
SHOWN_CHARACTERS = 40


class Text(NamedTuple):
    """A free text of ``shortest`` to ``longest`` characters, counted after cleaning; no default means required."""

    name: str
    description: str
    shortest: int
    longest: int
    default: str | None = None

    def read(self, value: str) -> str:
        """Return the cleaned text without outer spaces; raise WrongValue out of bounds."""
        if len(value) > self.longest:
            raise WrongValue("too_long", f"must have at most {self.longest} characters; it has {len(value)}.")
        value = clean(value).text.strip()
        if len(value) < self.shortest:
            raise WrongValue("too_short", f"must have at least {_characters(self.shortest)}.")
        return value


class Exact(NamedTuple):
    """A text taken as it is, such as an object's key, of 1 to ``longest`` bytes in UTF-8; no default means required."""

    name: str
    description: str
    longest: int
    default: str | None = None

    def read(self, value: str) -> str:
        """Return the text unchanged; raise WrongValue out of bounds."""
        size = len(value.encode("utf-8", "surrogatepass"))
        if not 1 <= size <= self.longest:
            raise WrongValue("out_of_range", f"must have 1 to {self.longest} bytes; it has {size}.")
        return value


class Integer(NamedTuple):
    """A whole number from ``smallest`` to ``largest``."""

    name: str
    description: str
    smallest: int
    largest: int
    default: int | None = None

    def read(self, value: str) -> int:
        """Return the number; raise WrongValue when it is none or out of bounds."""
        bounds = f"must be a whole number from {self.smallest} to {self.largest}, not {shown(value)}."
        if not _INTEGER.fullmatch(value.strip()):
            raise WrongValue("not_an_integer", bounds)
        number = int(value)
        if not self.smallest <= number <= self.largest:
            raise WrongValue("out_of_range", bounds)
        return number


class Choice(NamedTuple):
    """One of a few words."""

    name: str
    description: str
    choices: tuple[str, ...]
    default: str | None = None

    def read(self, value: str) -> str:
        """Return the word; raise WrongValue when it is none of the choices."""
        if value not in self.choices:
            raise WrongValue("not_a_choice", f"must be one of {', '.join(self.choices)}, not {shown(value)}.")
        return value


class Choices(NamedTuple):
    """Any of a few words: repeated, each one counts. The value is a tuple, empty when none is given."""

    name: str
    description: str
    choices: tuple[str, ...]
    default: tuple[str, ...] = ()

    def read(self, value: str) -> str:
        """Return one of the words; raise WrongValue when it is none of the choices."""
        return Choice(self.name, self.description, self.choices).read(value)


class Moment(NamedTuple):
    """A time in ISO 8601, or a date for its beginning; UTC unless it states an offset. The value is in UTC, with ms."""

    name: str
    description: str
    default: str = ""

    def read(self, value: str) -> str:
        """Return the time as the ledger writes it; raise WrongValue when it is none."""
        try:
            moment = datetime.fromisoformat(value)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC).isoformat(timespec="milliseconds")
        except (ValueError, OverflowError):
            sentence = f"must be a date or time such as 2026-05-09 or 2026-05-09T13:33:00Z, not {shown(value)}."
            raise WrongValue("not_a_time", sentence) from None


class Stated(NamedTuple):
    """One value of a filter, and whether it is what must not be."""

    value: str
    excluded: bool


class Values(NamedTuple):
    """Texts of which one must hold (repeat the parameter); a leading minus excludes one. The value is a tuple."""

    name: str
    description: str
    longest: int = 256
    choices: tuple[str, ...] = ()
    default: tuple[Stated, ...] = ()

    def read(self, value: str) -> Stated:
        """Return one value; raise WrongValue when it is empty, too long, or none of the choices."""
        excluded = value.startswith("-")
        text = clean(value.removeprefix("-")[: self.longest + 1]).text.strip()
        if self.choices and text not in self.choices:
            raise WrongValue("not_a_choice", f"must be one of {', '.join(self.choices)}, not {shown(value)}.")
        if not 1 <= len(text) <= self.longest:
            raise WrongValue("out_of_range", f"must have 1 to {self.longest} characters.")
        return Stated(text, excluded)


class Flag(NamedTuple):
    """Yes or no."""

    name: str
    description: str
    default: bool = False

    def read(self, value: str) -> bool:
        """Return the truth value; raise WrongValue for any other word than true and false."""
        if value not in {"true", "false"}:
            raise WrongValue("not_a_choice", f"must be true or false, not {shown(value)}.")
        return value == "true"


class Span(NamedTuple):
    """A length of time such as ``30d``: hours, days, weeks, months (of 30 days) or years (of 365). In seconds."""

    name: str
    description: str
    default: int = 0

    def read(self, value: str) -> int:
        """Return the seconds; raise WrongValue when it is no length of time."""
        seconds = seconds_of(value)
        if seconds is None:
            raise WrongValue("not_a_time", f"must be a length of time such as 30d or 1y, not {shown(value)}.")
        return seconds


class Day(NamedTuple):
    """A day, a month, a year, a time (``2014-05-09T16:33:00+03:00``), or how long ago (``30d``).

    The value is text.
    """

    name: str
    description: str
    default: str = ""

    def read(self, value: str) -> str:
        """Return an ISO date or time, or the length of time as written; raise WrongValue when it is neither."""
        if seconds_of(value) is not None:
            return value
        try:
            if _MONTH_OR_YEAR.fullmatch(value):
                # Only what has a first day is one.
                date.fromisoformat(f"{value}-01-01"[: len("2014-05-09")])
                return value
            if _DAY.fullmatch(value):
                return date.fromisoformat(value).isoformat()
            moment = datetime.fromisoformat(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat(timespec="seconds")
        except (ValueError, OverflowError):
            sentence = f"must be a date or time such as 2014-05-09, or how long ago, such as 30d; not {shown(value)}."
            raise WrongValue("not_a_time", sentence) from None


class WrongValue(Exception):  # noqa: N818 - caught where a request is read, where it becomes a ParameterProblem
    """A value that a parameter cannot take: a code and a sentence that follows the parameter's name."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def seconds_of(span: str) -> int | None:
    """Return the seconds of a length of time such as ``30d``, None for anything else."""
    if not _SPAN.fullmatch(span):
        return None
    return int(span[:-1]) * _SECONDS[span[-1]]


def shown(value: str) -> str:
    """Return what a message repeats of a value: enough to recognise it, whatever was sent."""
    text = clean(value[:SHOWN_CHARACTERS]).text
    if not text:
        return "an empty text"
    return text + "..." if len(value) > SHOWN_CHARACTERS else text


def _characters(count: int) -> str:
    return "one character" if count == 1 else f"{count} characters"
