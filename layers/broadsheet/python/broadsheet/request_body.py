"""JSON that asks for something to be done: named fields of one type each, and nothing else.

A field that is misspelt or of another type is refused: what was asked for must never become "everything".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from broadsheet.errors import ParameterProblem, RequestError
from broadsheet.search.parameters import refusal

_NAMES = {bool: "true or false", int: "a whole number", str: "text"}


def read_object(body: str | None) -> Mapping[str, Any]:
    """Return the JSON object of a body, an empty one for none; raise RequestError (``invalid_body``)."""
    if not body:
        return {}
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        given = None
    if not isinstance(given, dict):
        raise RequestError("The body must be a JSON object.", code="invalid_body")
    return given


def read_fields(given: Mapping[str, Any], declared: Mapping[str, type]) -> dict[str, Any]:
    """Return the given fields, each checked against its declared type (``bool``, ``int`` or ``str``).

    Raise RequestError with one problem per field that is unknown or of another type; null counts as not given.
    """
    problems = [problem for name, value in given.items() if (problem := _problem(name, value, declared))]
    if problems:
        raise refusal(problems)
    return {name: value for name, value in given.items() if value is not None}


def _problem(name: str, value: Any, declared: Mapping[str, type]) -> ParameterProblem | None:
    kind = declared.get(name)
    if kind is None:
        sentence = f"There is no field {name[:40]!r}. There are: {', '.join(declared)}."
        return ParameterProblem(name[:40], "unknown_field", sentence)
    # By its very type: true is an int to isinstance.
    if value is not None and type(value) is not kind:
        return ParameterProblem(name, "wrong_type", f"{name} must be {_NAMES[kind]}.")
    return None
