"""The table of routes and what is generated of it."""

from __future__ import annotations

import json
import re

import jsonschema_rs
import pytest

from broadsheet.api.openapi import description, schema_of
from broadsheet.api.operations import OPERATIONS, SCHEMAS
from broadsheet.api.reference import reference
from broadsheet.api.routes import ROUTES, cache_control
from broadsheet.search.feed import FEED_PARAMETERS
from broadsheet.search.kinds import WrongValue
from infra.resources import FUNCTIONS
from tests.api_schemas import check
from tests.examples import EXAMPLES, shown_operations

DOCUMENT = description("https://archive.example/v1")


def references(value):
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_every_route_is_described_once_and_nothing_else():
    assert [(route.method, route.path) for route in ROUTES] == list(dict.fromkeys((r.method, r.path) for r in ROUTES))
    assert set(OPERATIONS) == {(route.method, route.path) for route in ROUTES}
    names = [operation.name for operation in OPERATIONS.values()]
    assert len(names) == len(set(names))
    assert {route.function for route in ROUTES} <= {function.name for function in FUNCTIONS}


def test_schemas_are_schemas_and_all_references_lead_somewhere():
    for schema in SCHEMAS.values():
        jsonschema_rs.meta.validate(schema)
    named = {f"#/components/schemas/{name}" for name in SCHEMAS}
    assert set(references(DOCUMENT)) <= named
    # Nothing is described that no answer holds.
    assert set(references(DOCUMENT["paths"])) | set(references(DOCUMENT["components"])) == named


PARAMETERS = {
    f"{name} {parameter.name}": parameter
    for name, operation in OPERATIONS.items()
    for parameter in operation.parameters
}


def typed(kind, text):
    """Return the value that a client means by a text, for a schema of this type."""
    if kind == "integer":
        return int(text) if text.lstrip("-").isdecimal() else text
    return text == "true" if kind == "boolean" and text in {"true", "false"} else text


@pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=PARAMETERS)
def test_a_parameter_refuses_what_its_schema_refuses(parameter):
    schema = schema_of(parameter)
    schema = schema.get("items", schema)
    jsonschema_rs.meta.validate(schema)
    samples = ["", "0", "5", "-1", "999999999", "true", "x", "x" * 10_000, "30d", "2014-05-09", *schema.get("enum", ())]
    validator = jsonschema_rs.validator_for(schema)
    for sample in samples:
        if not validator.is_valid(typed(schema["type"], sample)):
            with pytest.raises(WrongValue):
                parameter.read(sample)


@pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=PARAMETERS)
def test_a_default_is_one_of_the_values(parameter):
    schema = schema_of(parameter)
    if "default" in schema:
        jsonschema_rs.validate({**schema, "default": None}, schema["default"])


def test_a_feed_takes_what_orders_and_narrows_a_search():
    known = {parameter.name: parameter for parameter in FEED_PARAMETERS}
    assert known["sort"].default == "newest"
    assert {"q", "type", "source", "from", "cursor", "limit"} <= set(known)
    assert not {"facet", "highlight", "fields"} & set(known)


def test_every_json_answer_has_an_example_that_is_as_described():
    examples = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    assert set(examples) == {*shown_operations(), "problem"}
    answers = {operation.name: operation.answer for operation in OPERATIONS.values()} | {"problem": "Problem"}
    for name, example in examples.items():
        check(answers[name], example)
    shown = [
        content["example"]
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
        for answer in operation["responses"].values()
        for content in answer.get("content", {}).values()
        if "example" in content
    ]
    assert len(shown) == len(shown_operations())


def test_how_long_an_answer_may_be_used_again():
    assert cache_control("/search") == "private, no-cache"
    assert cache_control("/openapi.json") == "public, max-age=3600"
    assert cache_control("/feeds/search.atom") == "private, max-age=300"
    assert cache_control("/files/{file_id}/original") == "no-store"


def test_the_reference_holds_every_parameter_and_closes_what_it_opens():
    page = reference(DOCUMENT)
    for operation in OPERATIONS.values():
        assert f"id='{operation.name}'" in page
        for parameter in operation.parameters:
            assert f"<code>{parameter.name}</code>" in page
    for tag in ("section", "table", "tbody", "pre", "ul", "nav"):
        assert len(re.findall(rf"<{tag}[ >]", page)) == page.count(f"</{tag}>")
