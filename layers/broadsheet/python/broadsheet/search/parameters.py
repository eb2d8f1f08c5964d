"""Query-string parameters, declared once as data: what reads them also describes them.

A declaration says everything about a parameter (bounds, default, a sentence for people), so that reading a request and
describing the API use the same facts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from broadsheet.errors import ParameterProblem, RequestError
from broadsheet.text import clean

_INTEGER = re.compile(r"[+-]?[0-9]{1,12}", re.ASCII)
# What a problem repeats of a value or a name: enough to recognise it, whatever was sent.
_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Text:
    """A free text of ``shortest`` to ``longest`` characters, counted after cleaning; no default means required."""

    name: str
    description: str
    shortest: int
    longest: int
    default: str | None = None

    def read(self, value: str) -> str:
        """Return the cleaned text without outer spaces; raise _WrongValue out of bounds."""
        if len(value) > self.longest:
            raise _WrongValue("too_long", f"must have at most {self.longest} characters; it has {len(value)}.")
        value = clean(value).text.strip()
        if len(value) < self.shortest:
            raise _WrongValue("too_short", f"must have at least {_characters(self.shortest)}.")
        return value


@dataclass(frozen=True, slots=True)
class Exact:
    """A text taken as it is, such as an object's key, of 1 to ``longest`` bytes in UTF-8; no default means required."""

    name: str
    description: str
    longest: int
    default: str | None = None

    def read(self, value: str) -> str:
        """Return the text unchanged; raise _WrongValue out of bounds."""
        size = len(value.encode("utf-8", "surrogatepass"))
        if not 1 <= size <= self.longest:
            raise _WrongValue("out_of_range", f"must have 1 to {self.longest} bytes; it has {size}.")
        return value


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number from ``smallest`` to ``largest``."""

    name: str
    description: str
    smallest: int
    largest: int
    default: int | None = None

    def read(self, value: str) -> int:
        """Return the number; raise _WrongValue when it is none or out of bounds."""
        bounds = f"must be a whole number from {self.smallest} to {self.largest}, not {_shown(value)}."
        if not _INTEGER.fullmatch(value.strip()):
            raise _WrongValue("not_an_integer", bounds)
        number = int(value)
        if not self.smallest <= number <= self.largest:
            raise _WrongValue("out_of_range", bounds)
        return number


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    name: str
    description: str
    choices: tuple[str, ...]
    default: str | None = None

    def read(self, value: str) -> str:
        """Return the word; raise _WrongValue when it is none of the choices."""
        if value not in self.choices:
            raise _WrongValue("not_a_choice", f"must be one of {', '.join(self.choices)}, not {_shown(value)}.")
        return value


@dataclass(frozen=True, slots=True)
class Choices:
    """Any of a few words: repeated, each one counts. The value is a tuple, empty when none is given."""

    name: str
    description: str
    choices: tuple[str, ...]
    default: tuple[str, ...] = ()

    def read(self, value: str) -> str:
        """Return one of the words; raise _WrongValue when it is none of the choices."""
        return Choice(self.name, self.description, self.choices).read(value)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in ISO 8601, or a date for its beginning; UTC unless it states an offset. The value is in UTC, with ms."""

    name: str
    description: str
    default: str = ""

    def read(self, value: str) -> str:
        """Return the time as the ledger writes it; raise _WrongValue when it is none."""
        try:
            moment = datetime.fromisoformat(value)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC).isoformat(timespec="milliseconds")
        except (ValueError, OverflowError):
            sentence = f"must be a date or time such as 2026-05-09 or 2026-05-09T13:33:00Z, not {_shown(value)}."
            raise _WrongValue("not_a_time", sentence) from None


Parameter = Text | Exact | Integer | Choice | Choices | Moment


def read_parameters(declared: Sequence[Parameter], given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the value of every declared parameter; ``given`` holds each name's values in the order of the request.

    Raises RequestError with one problem per wrong parameter: unknown (with the nearest known name), repeated, missing,
    or with a value out of its bounds.
    """
    values: dict[str, Any] = {}
    problems: list[ParameterProblem] = []
    for parameter in declared:
        try:
            values[parameter.name] = _value(parameter, given.get(parameter.name, ()))
        except _WrongValue as wrong:
            problems.append(ParameterProblem(parameter.name, wrong.code, f"{parameter.name} {wrong.sentence}"))
    names = [parameter.name for parameter in declared]
    problems.extend(_unknown(name, names) for name in given if name not in names)
    if problems:
        raise refusal(problems)
    return values


def refusal(problems: Sequence[ParameterProblem]) -> RequestError:
    """Return the error for these problems; its sentence is the first problem's, and says how many more there are."""
    more = f" ({len(problems) - 1} more, see errors)" if len(problems) > 1 else ""
    return RequestError(problems[0].message + more, tuple(problems))


class _WrongValue(Exception):  # noqa: N818 - caught in this module, where it becomes a ParameterProblem
    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def _value(parameter: Parameter, values: Sequence[str]) -> Any:
    if isinstance(parameter, Choices):
        return tuple(dict.fromkeys(parameter.read(value) for value in values))
    if len(values) > 1:
        raise _WrongValue("repeated", f"may be given once; it was given {len(values)} times.")
    if values:
        return parameter.read(values[0])
    if parameter.default is None:
        raise _WrongValue("missing", "is required.")
    return parameter.default


def _unknown(name: str, names: Sequence[str]) -> ParameterProblem:
    # Loaded here because only a mistaken request needs it.
    from difflib import get_close_matches

    shown = _shown(name)
    close = get_close_matches(name[:_SHOWN_CHARACTERS].lower(), names, n=1)
    known = f"It takes {', '.join(names)}." if names else "It takes none."
    hint = f"Did you mean {close[0]}?" if close else known
    return ParameterProblem(shown, "unknown_parameter", f"This resource has no parameter {shown}. {hint}")


def _shown(value: str) -> str:
    text = clean(value[:_SHOWN_CHARACTERS]).text
    return text + "..." if len(value) > _SHOWN_CHARACTERS else text


def _characters(count: int) -> str:
    return "one character" if count == 1 else f"{count} characters"
