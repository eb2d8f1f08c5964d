"""Tags, links and limits of answers."""

from __future__ import annotations

import orjson
import pytest

from broadsheet.adapters.http import Api
from broadsheet.adapters.http_answers import Document, address_of, entity_tag, headers_of, is_known
from tests.fakes import RecordingTelemetry
from tests.samples import load_event

ADDRESS = "https://archive.example/v1/search"


def tag(content):
    return entity_tag(content, orjson.dumps(content).decode())


def links(content, **query):
    return headers_of(content, ADDRESS, query, "no-cache", "W/x").get("Link", "")


def test_an_answer_is_the_same_however_long_it_took():
    assert tag({"a": 1, "took_ms": 5}) == tag({"a": 1, "took_ms": 9}) != tag({"a": 2, "took_ms": 5})


@pytest.mark.parametrize("given", ['W/"a"', '"a"', '"b", W/"a"', "*"])
def test_a_known_tag_is_found(given):
    assert is_known('W/"a"', given)


@pytest.mark.parametrize("given", [None, "", '"b"', "a", '"b", *'])
def test_an_unknown_tag_is_not(given):
    assert not is_known('W/"a"', given)


def test_links_keep_the_query_and_replace_the_cursor():
    assert links({"next": "n1"}, q=["حمص", "b c"], cursor=["n0"]) == (
        f'<{ADDRESS}?q=%D8%AD%D9%85%D8%B5&q=b+c&cursor=n1>; rel="next", '
        f'<{ADDRESS}?q=%D8%AD%D9%85%D8%B5&q=b+c&cursor=n0>; rel="self"'
    )
    assert "next" not in links({"next": None})


def test_headers_stay_below_what_the_gateway_passes_on():
    for length in (10, 3_000, 8_192):
        for content in ({"next": "n" * length}, Document("", "text/csv", "n" * length)):
            headers = headers_of(content, ADDRESS, {"q": ["x" * 3_000]}, "no-cache", "W/x")
            assert sum(map(len, headers.values())) < 9_500
            assert isinstance(content, dict) or headers["X-Next-Cursor"] == "n" * length


def test_the_address_is_that_of_the_gateway_or_unknown():
    event = {"requestContext": {"domainName": "a.example", "path": "/v1/authors/%D8%A7"}, "headers": None}
    assert address_of(event) == "https://a.example/v1/authors/%D8%A7"
    local = {**event, "headers": {"X-Forwarded-Proto": "http"}}
    assert address_of(local) == "http://a.example/v1/authors/%D8%A7"
    assert address_of({"requestContext": {"path": "/v1/authors/الاسد", "domainName": "a.example"}}).isascii()
    assert address_of({}) == ""


def test_a_failure_is_kept_by_nobody():
    api = Api(RecordingTelemetry())
    answer = api.resolve(load_event("search/search") | {"path": "/none"}, None)
    assert answer["multiValueHeaders"]["Cache-Control"] == ["no-store"]


def test_a_document_is_answered_as_its_type_and_not_again():
    api = Api(RecordingTelemetry())
    api.get("/page", lambda _: Document("text", "text/plain", headers={"X-A": "b"}))
    event = load_event("search/search") | {"path": "/page"}
    answer = api.resolve(event, None)
    assert (answer["statusCode"], answer["body"]) == (200, "text")
    assert answer["multiValueHeaders"]["Content-Type"] == ["text/plain"]
    (known,) = answer["multiValueHeaders"]["ETag"]
    again = api.resolve(
        event | {"headers": event["headers"] | {"If-None-Match": known}, "multiValueHeaders": None}, None
    )
    assert (again["statusCode"], again["body"]) == (304, "")
    head = api.resolve(event | {"httpMethod": "HEAD"}, None)
    assert (head["statusCode"], head["body"], head["multiValueHeaders"]["ETag"]) == (200, "", [known])
