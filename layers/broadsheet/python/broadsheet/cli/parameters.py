"""Options of the command made of the declarations by which the API reads its parameters."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from broadsheet.search.kinds import Choice, Choices, Flag, Integer, Values
from broadsheet.search.parameters import Parameter

_PREFIX = "parameter_"


def add_parameters(parser: argparse.ArgumentParser, declared: Iterable[Parameter], title: str) -> None:
    """Add an option for every parameter but ``q`` and ``cursor``: its name, with dashes."""
    group = parser.add_argument_group(
        title, "A value with a leading minus goes after an equals sign: --source=-naharnet"
    )
    for parameter in declared:
        if parameter.name in {"q", "cursor"}:
            continue
        group.add_argument(
            f"--{parameter.name.replace('_', '-')}",
            dest=_PREFIX + parameter.name,
            help=_help(parameter),
            **_kind(parameter),
        )


def given(arguments: argparse.Namespace, declared: Iterable[Parameter]) -> dict[str, str | int | Sequence[str] | None]:
    """Return the parameters that were given, by name; those that were not are None."""
    return {parameter.name: getattr(arguments, _PREFIX + parameter.name, None) for parameter in declared}


def _kind(parameter: Parameter) -> Mapping[str, Any]:
    match parameter:
        case Choices():
            return {"action": "append", "choices": parameter.choices}
        case Values():
            return {"action": "append", "metavar": "VALUE"}
        case Choice():
            return {"choices": parameter.choices}
        case Flag():
            return {"choices": ("true", "false")}
        case Integer():
            return {"type": int, "metavar": "N"}
        case _:
            return {"metavar": "VALUE"}


def _help(parameter: Parameter) -> str:
    default = parameter.default
    known = default not in {None, "", (), 0} and not isinstance(default, bool)
    # argparse fills in what follows a percent sign.
    return (parameter.description + (f" (default: {default})" if known else "")).replace("%", "%%")
