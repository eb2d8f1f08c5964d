"""Requests to proxy events and answers back, as API Gateway does it."""

import base64
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.front import Gateway
from infra.local.gateway import (
    ANSWER_BYTES,
    Answer,
    BadAnswerError,
    BadRequestError,
    Request,
    compress,
    find_route,
    path_of,
    proxy_event,
    read_answer,
)
from infra.resources import Route

ROUTES = (
    Route("GET", "/search", "search"),
    Route("GET", "/articles/{article_id}", "search"),
    Route("GET", "/articles/recent", "search"),
    Route("GET", "/articles/{article_id}/comments", "search"),
    Route("POST", "/uploads", "files"),
)


def _event(target, method="GET", **others):
    request = Request(method, target, **others)
    match = find_route(method, path_of(request), ROUTES)
    assert match
    return proxy_event(request, match, request_id="id-1")


def test_a_request_becomes_a_proxy_event():
    headers = [("Host", "localhost:8080"), ("Accept", "a"), ("Accept", "b"), ("User-Agent", "curl")]

    event = _event("/v1/search?q=free+homs&lang=en&lang=ar&empty=", headers=headers, source_ip="10.0.0.7")

    assert event["resource"] == event["path"] == "/search"
    assert event["httpMethod"] == "GET"
    assert event["queryStringParameters"] == {"q": "free homs", "lang": "ar", "empty": ""}
    assert event["multiValueQueryStringParameters"] == {"q": ["free homs"], "lang": ["en", "ar"], "empty": [""]}
    assert event["headers"]["Accept"] == "b"
    assert event["multiValueHeaders"]["Accept"] == ["a", "b"]
    assert event["headers"]["X-Forwarded-For"] == "10.0.0.7"
    assert event["pathParameters"] is None
    assert event["body"] is None
    context = event["requestContext"]
    assert (context["stage"], context["path"], context["resourcePath"]) == ("v1", "/v1/search", "/search")
    assert context["requestId"] == "id-1"
    assert context["identity"] == {"sourceIp": "10.0.0.7", "userAgent": "curl"}
    assert context["domainName"] == "localhost:8080"


def test_a_request_without_query_has_none():
    event = _event("/v1/search")

    assert event["queryStringParameters"] is None
    assert event["multiValueQueryStringParameters"] is None


def test_path_parameters_are_decoded_and_stay_one_segment():
    event = _event("/v1/articles/%D8%AD%D9%85%D8%B5%2Fa+b/comments")

    assert event["pathParameters"] == {"article_id": "حمص/a+b"}
    assert event["resource"] == "/articles/{article_id}/comments"
    assert event["path"] == "/articles/%D8%AD%D9%85%D8%B5%2Fa+b/comments"


def test_a_literal_path_goes_before_a_parameter():
    assert _event("/v1/articles/recent")["resource"] == "/articles/recent"


def test_a_body_is_binary():
    event = _event("/v1/uploads", "POST", body=b"\xff\x00")

    assert event["isBase64Encoded"]
    assert base64.b64decode(event["body"]) == b"\xff\x00"


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/v1/nothing"),
        ("GET", "/search"),
        ("GET", "/v1"),
        ("GET", "/v1/"),
        ("GET", "/v2/search"),
        ("GET", "/v1/search/"),
        ("GET", "/v1/articles/"),
        ("GET", "/v1/articles//comments"),
        ("POST", "/v1/search"),
        ("DELETE", "/v1/search"),
        ("GET", "*"),
    ],
)
def test_a_request_without_route_finds_none(method, target):
    assert find_route(method, path_of(Request(method, target)), ROUTES) is None


@pytest.mark.parametrize("target", ["/v1/search?q=%FF", "/v1/search?%C3%28=x", "/v1/articles/%FF"])
def test_an_address_that_is_not_utf8_is_a_bad_request(target):
    with pytest.raises(BadRequestError, match="not UTF-8"):
        _event(target)


def test_a_percent_sign_that_encodes_nothing_stays():
    assert _event("/v1/search?q=100%&b=%zz")["queryStringParameters"] == {"q": "100%", "b": "%zz"}


def test_an_answer_keeps_status_headers_and_text():
    answer = read_answer(
        {
            "statusCode": 200,
            "headers": {"Content-Type": "text/plain", "Vary": "lost"},
            "multiValueHeaders": {"vary": ["Accept", "Origin"]},
            "body": "حمص",
        }
    )

    assert answer.status == 200
    assert sorted(answer.headers) == [("Content-Type", "text/plain"), ("vary", "Accept"), ("vary", "Origin")]
    assert answer.body.decode() == "حمص"


def test_a_binary_answer_is_decoded():
    body = base64.b64encode(b"\xff\x00").decode()

    assert read_answer({"statusCode": "200", "body": body, "isBase64Encoded": True}) == Answer(200, [], b"\xff\x00")


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "text",
        {},
        {"statusCode": "x"},
        {"statusCode": 99},
        {"statusCode": 200, "body": {"not": "text"}},
        {"statusCode": 200, "body": "%%%", "isBase64Encoded": True},
        {"statusCode": 200, "headers": ["a"]},
        {"statusCode": 200, "headers": {"X-A": "a\r\nX-B: b"}},
        {"statusCode": 200, "headers": {"X-A": "حمص"}},
        {"statusCode": 200, "headers": {"": "a"}},
        {"statusCode": 200, "body": "x" * (ANSWER_BYTES + 1)},
        {"statusCode": 200, "body": "\ud800"},
    ],
)
def test_an_answer_the_gateway_would_not_take_is_bad(answer):
    with pytest.raises(BadAnswerError):
        read_answer(answer)


LONG = Answer(200, [("Content-Type", "application/json")], b"x" * 2000)


@pytest.mark.parametrize("accept", ["gzip", "br, gzip", "gzip;q=0.5, br", "deflate , GZIP ;q=1.0"])
def test_a_long_answer_is_compressed_for_who_takes_it(accept):
    answer = compress(LONG, accept)

    assert ("Content-Encoding", "gzip") in answer.headers
    assert gzip.decompress(answer.body) == LONG.body


@pytest.mark.parametrize("accept", ["", "br", "gzip;q=0", "gzip;q=0.0, br", "xgzip", "gzipped"])
def test_nobody_gets_gzip_who_does_not_take_it(accept):
    assert compress(LONG, accept) is LONG


def test_a_short_or_encoded_answer_is_left_alone():
    short = Answer(200, [], b"x" * 1024)
    encoded = Answer(200, [("content-encoding", "br")], b"x" * 2000)

    assert compress(short, "gzip") is short
    assert compress(encoded, "gzip") is encoded


@given(st.text(max_size=60), st.text(max_size=30), st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "", "é"]))
def test_every_request_gets_an_answer(path, query, method):
    gateway = Gateway({"search": _echo, "files": _echo}, ROUTES, say=print)

    answer = gateway.answer(Request(method, f"/v1/{path}?{query}"))

    assert answer.status in {200, 204, 400, 404}


def _echo(event, _context):
    return {"statusCode": 200, "body": json.dumps(event)}
