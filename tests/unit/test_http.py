"""What every function of the API shares: requests in, JSON or problems out."""

from __future__ import annotations

import base64

import orjson
import pytest

from broadsheet.adapters.http import Api, Request
from broadsheet.errors import ConfigurationError, NotFoundError
from tests.fakes import RecordingTelemetry
from tests.samples import load_event


@pytest.fixture
def api():
    """An API with a resource that shows what it was asked, and one that answers with another status."""
    api = Api(RecordingTelemetry())

    def show(request: Request):
        return {"path": dict(request.path), "query": dict(request.query), "body": request.body}

    def accept(request: Request):
        return {"accepted": request.body}, 202

    api.get("/things/{thing_id}/parts/{part_id}", show)
    api.post("/things", accept)
    return api


def call(api, path, method="GET", **changes):
    event = load_event("search/search") | {"path": path, "httpMethod": method} | changes
    answer = api.resolve(event, None)
    return answer["statusCode"], orjson.loads(answer["body"])


def test_a_route_gets_the_values_of_its_path_and_query(api):
    status, shown = call(api, "/things/a.b-c/parts/2", multiValueQueryStringParameters={"x": ["1", "2"], "y": ["a,b"]})
    assert status == 200
    assert shown == {
        "path": {"thing_id": "a.b-c", "part_id": "2"},
        "query": {"x": ["1", "2"], "y": ["a,b"]},
        "body": None,
    }


def test_a_route_may_answer_with_another_status(api):
    assert call(api, "/things", "POST", body='{"ok": "نعم"}') == (202, {"accepted": '{"ok": "نعم"}'})


def test_bodies_in_base64_are_decoded(api):
    body = base64.b64encode("نعم".encode()).decode()
    assert call(api, "/things", "POST", body=body, isBase64Encoded=True) == (202, {"accepted": "نعم"})


@pytest.mark.parametrize("body", [base64.b64encode(b"\xff\xfe").decode(), "abcde"])
def test_a_body_that_is_no_text_is_refused(api, body):
    status, problem = call(api, "/things", "POST", body=body, isBase64Encoded=True)
    assert (status, problem["code"]) == (400, "invalid_body")


def test_a_resource_with_one_method_names_it(api):
    status, problem = call(api, "/things", "GET")
    assert (status, problem["code"], problem["detail"]) == (405, "method_not_allowed", "Only POST here.")


def test_a_preflight_request_is_answered(api):
    answer = api.resolve(load_event("search/search") | {"path": "/things", "httpMethod": "OPTIONS"}, None)
    assert answer["statusCode"] == 204
    assert answer["multiValueHeaders"]["Access-Control-Allow-Origin"] == ["*"]


@pytest.mark.parametrize(
    ("error", "status"), [(NotFoundError("none"), 404), (ConfigurationError("unset"), 500), (KeyError("x"), 500)]
)
def test_the_class_of_an_error_decides_the_status(error, status):
    def fail(_request: Request):
        raise error

    api = Api(RecordingTelemetry())
    api.get("/things", fail)
    assert call(api, "/things")[0] == status


def test_what_json_cannot_hold_is_a_500():
    api = Api(telemetry := RecordingTelemetry())
    api.get("/things", lambda _request: {"text": "\ud800"})
    assert call(api, "/things")[0] == 500
    assert [name for name, _ in telemetry.events] == ["request_failed"]
