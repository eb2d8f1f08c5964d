"""Answers checked against the published schemas, strictly: what is not declared may not be there."""

from __future__ import annotations

import re
from typing import Any

import jsonschema_rs

from broadsheet.api.operations import OPERATIONS, SCHEMAS
from broadsheet.api.routes import ROUTES


def closed(schema: Any) -> Any:
    """Return a schema whose objects may hold nothing but their properties."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {name: closed(each) for name, each in schema.items()}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        shut["additionalProperties"] = False
    return shut


_STRICT = {"components": {"schemas": {name: closed(schema) for name, schema in SCHEMAS.items()}}}
_VALIDATORS = {
    name: jsonschema_rs.Draft202012Validator({**_STRICT, "$ref": f"#/components/schemas/{name}"}) for name in SCHEMAS
}


def schema_of(method: str, path: str) -> str | None:
    """Return the name of the schema of an answer by its path without the stage; None for one that is not JSON."""
    for route in sorted(ROUTES, key=lambda route: route.path.count("{")):
        if route.method == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", route.path), path):
            named = OPERATIONS[route.method, route.path].answer
            return named if named in SCHEMAS else None
    raise AssertionError(f"no route for {method} {path}")


def check(name: str, answer: Any) -> None:
    """Fail with what is wrong of an answer and where."""
    wrong = [
        f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in _VALIDATORS[name].iter_errors(answer)
    ]
    assert not wrong, wrong[:5]
