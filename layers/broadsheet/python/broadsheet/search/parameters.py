"""Reading a query string by declarations of its parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from broadsheet.errors import ParameterProblem, RequestError
from broadsheet.search.kinds import (
    SHOWN_CHARACTERS,
    Choice,
    Choices,
    Day,
    Exact,
    Flag,
    Integer,
    Moment,
    Span,
    Text,
    Values,
    WrongValue,
    shown,
)

__all__ = [
    "Choice",
    "Choices",
    "Day",
    "Exact",
    "Flag",
    "Integer",
    "Moment",
    "Parameter",
    "Span",
    "Text",
    "Values",
    "read_parameters",
    "refusal",
]

Parameter = Text | Exact | Integer | Choice | Choices | Moment | Values | Flag | Span | Day


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
        except WrongValue as wrong:
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


def _value(parameter: Parameter, values: Sequence[str]) -> Any:
    if isinstance(parameter, (Choices, Values)):
        return tuple(dict.fromkeys(parameter.read(value) for value in values))
    if len(values) > 1:
        raise WrongValue("repeated", f"may be given once; it was given {len(values)} times.")
    if values:
        return parameter.read(values[0])
    if parameter.default is None:
        raise WrongValue("missing", "is required.")
    return parameter.default


def _unknown(name: str, names: Sequence[str]) -> ParameterProblem:
    # Loaded here because only a mistaken request needs it.
    from difflib import get_close_matches

    known_as = shown(name)
    close = get_close_matches(name[:SHOWN_CHARACTERS].lower(), names, n=1)
    known = f"It takes {', '.join(names)}." if names else "It takes none."
    hint = f"Did you mean {close[0]}?" if close else known
    return ParameterProblem(known_as, "unknown_parameter", f"This resource has no parameter {known_as}. {hint}")
