"""The OpenAPI 3.1 description of the API, made of the declarations that requests and answers are checked by."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

import orjson

from broadsheet import __version__
from broadsheet.api.operations import SCHEMAS, Operation, described
from broadsheet.api.routes import STAGE_PATH, Route
from broadsheet.api.schemas import Schema, named
from broadsheet.search.kinds import Choice, Choices, Day, Exact, Integer, Moment, Span, Text, Values
from broadsheet.search.parameters import Parameter

Json = dict[str, Any]

DESCRIPTION = """\
An archive of news articles and the discussions under them.

- Parameters that do not exist, or exist once and are given twice, are refused with 400. Of a parameter that may be \
repeated, any of its values counts.
- Times are ISO 8601.
- Lists end with `next`: null, or the cursor of the page after it. The Link header has the whole address (rel="next").
- Every GET answer has an ETag: send it as If-None-Match, and the answer is 304 without a body while nothing changed. \
HEAD answers like GET, without the body.
- Every error is application/problem+json (RFC 9457) with a `code`; wrong parameters are listed in `errors`.
- Fields may be added to answers at any time.
- An export's answer holds at most 5 MB; go on with the Link header, or with X-Next-Cursor, and append: a table has \
its header line in the first answer only. In tables, a quote (') stands before texts that begin with =, +, - or @, \
which spreadsheets would run as formulas.
"""
_JSON_TYPES = {bool: "boolean", int: "integer", str: "string"}
_SECURITY: dict[str, list[Json]] = {
    "key": [{"key": []}],
    "feed": [{"key": []}, {}],
    "open": [],
    "iam": [{"iam": []}],
}
_PHRASES = {
    400: "The request is wrong; `errors` says where.",
    404: "There is no such thing.",
    409: "Something else has to come first.",
    413: "The body is too large.",
    415: "The body is a form.",
    422: "Nothing can be read of the file.",
}


def description(root: str = "") -> Json:
    """Return the document; ``root`` is the address of the API with its stage, if it is known."""
    # Answers of a real run, by the name of the operation; a test holds that they are as described.
    examples = orjson.loads(files(__package__).joinpath("examples.json").read_bytes())
    paths: dict[str, Json] = {}
    for route, operation in described():
        shown = _operation(route, operation)
        for content in shown["responses"][str(operation.status)]["content"].values():
            if operation.name in examples:
                content["example"] = examples[operation.name]
        paths.setdefault(route.path, {})[route.method.lower()] = shown
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "broadsheet",
            "version": __version__,
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": root or f"/{STAGE_PATH}"}],
        "paths": paths,
        "components": {
            "schemas": {**SCHEMAS, "Problem": SCHEMAS["Problem"] | {"examples": [examples["problem"]]}},
            "securitySchemes": {
                "key": {"type": "apiKey", "name": "X-Api-Key", "in": "header"},
                "iam": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "description": "AWS Signature Version 4 for execute-api.",
                    "x-amazon-apigateway-authtype": "awsSigv4",
                },
            },
        },
    }


def _operation(route: Route, operation: Operation) -> Json:
    in_path = re.findall(r"\{(\w+)\}", route.path)
    parameters = [_in_path(name) for name in in_path]
    parameters += [_in_query(parameter) for parameter in operation.parameters]
    statuses = [400, *([404] if in_path else []), *operation.problems]
    described: Json = {
        "operationId": operation.name,
        "tags": [operation.group],
        "summary": operation.summary,
        "security": _SECURITY[route.access],
        "responses": {
            str(operation.status): _answer(route, operation),
            **({"304": {"description": "The client has this answer already."}} if route.method == "GET" else {}),
            **{str(status): _problem(_PHRASES[status]) for status in statuses},
            "default": _problem("The request was not done."),
        },
    }
    if parameters:
        described["parameters"] = parameters
    if operation.fields:
        # null counts as not given.
        fields = {name: {"type": [_JSON_TYPES[kind], "null"]} for name, kind in operation.fields.items()}
        body = {"type": "object", "properties": fields, "additionalProperties": False}
        described["requestBody"] = {"content": {"application/json": {"schema": body}}}
    if operation.takes_file:
        described["requestBody"] = {
            "required": True,
            "description": "The bytes of one file.",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    return described


def _answer(route: Route, operation: Operation) -> Json:
    described: Json = {"description": operation.summary, "content": {}}
    for what in operation.answer.split():
        if what in SCHEMAS:
            described["content"]["application/json"] = {"schema": named(what)}
        else:
            text: Schema = {"type": "object"} if what == "application/json" else {"type": "string"}
            described["content"][what] = {"schema": text}
    if route.method == "GET":
        described["headers"] = {
            "ETag": {"description": "Names this very answer.", "schema": {"type": "string"}},
            "Link": {"description": "Addresses of this page and the next.", "schema": {"type": "string"}},
        }
    return described


def _problem(said: str) -> Json:
    return {"description": said, "content": {"application/problem+json": {"schema": named("Problem")}}}


def _in_path(name: str) -> Json:
    schema = {"type": "string", "minLength": 1}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(parameter: Parameter) -> Json:
    described: Json = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": schema_of(parameter),
    }
    if parameter.default is None:
        described["required"] = True
    return described


def schema_of(parameter: Parameter) -> Schema:
    """Return the schema of a parameter's values, as they are written."""
    if (schema := _of_repeated(parameter) or _of_times(parameter)) is not None:
        return schema
    match parameter:
        case Text():
            schema = {"type": "string", "maxLength": parameter.longest}
            if parameter.shortest:
                schema["minLength"] = parameter.shortest
        case Exact():
            # Counted in bytes: no more characters than that.
            schema = {"type": "string", "minLength": 1, "maxLength": parameter.longest}
        case Integer():
            schema = {"type": "integer", "minimum": parameter.smallest, "maximum": parameter.largest}
        case Choice():
            schema = {"type": "string", "enum": [*parameter.choices]}
        case _:
            schema = {"type": "boolean"}
    if parameter.default not in {None, ""}:
        schema["default"] = parameter.default
    return schema


def _of_repeated(parameter: Parameter) -> Schema | None:
    match parameter:
        case Choices():
            items: Schema = {"type": "string", "enum": [*parameter.choices]}
        case Values(choices=()):
            items = {"type": "string", "minLength": 1, "maxLength": parameter.longest + 1}
        case Values():
            items = {"type": "string", "pattern": f"^-?({'|'.join(parameter.choices)})$"}
        case _:
            return None
    return {"type": "array", "items": items}


def _of_times(parameter: Parameter) -> Schema | None:
    match parameter:
        case Span():
            return {"type": "string", "pattern": "^[0-9]{1,4}[hdwmy]$", "examples": ["30d"]}
        case Moment() | Day():
            return {"type": "string", "examples": ["2014-05-09"]}
        case _:
            return None
