"""The uploads function, on events as API Gateway sends them."""

from __future__ import annotations

import base64
import json

import boto3
import orjson
import pytest
from botocore.config import Config

from broadsheet.adapters.s3 import S3Forms
from broadsheet.uploads import FORM_SECONDS, Uploads
from functions.uploads import handler
from tests.fakes import RecordingTelemetry
from tests.samples import load_event

NOW = 1_700_000_000.0


@pytest.fixture
def send():
    """A function that posts a body and answers status and document."""
    s3 = boto3.client(
        "s3",
        region_name="eu-central-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=Config(signature_version="s3v4"),
    )
    telemetry = RecordingTelemetry()
    api = handler.make_api(Uploads(S3Forms("papers", s3), lambda: NOW, max_bytes=99), telemetry)

    def send(body, **query):
        event = load_event("parse/page") | {
            "path": "/uploads",
            "body": base64.b64encode(body).decode(),
            "headers": {"content-type": "application/json"},
            "multiValueHeaders": {"content-type": ["application/json"]},
            "queryStringParameters": query,
            "multiValueQueryStringParameters": {name: [value] for name, value in query.items()},
        }
        answer = api.resolve(event, None)
        assert telemetry.events == []
        return answer, orjson.loads(answer["body"])

    return send


def test_a_form_is_answered_whose_policy_allows_one_key_one_type_and_one_size(send):
    answer, form = send(orjson.dumps({"key": "2014/حمص.html", "content_type": "text/html"}))
    assert answer["statusCode"] == 200
    assert answer["multiValueHeaders"]["Cache-Control"] == ["no-store"]
    assert (form["key"], form["expires_at"]) == ("2014/حمص.html", "2023-11-14T22:28:20+00:00")
    assert form["url"].startswith("https://papers.s3.")
    policy = json.loads(base64.b64decode(form["fields"]["policy"]))
    for condition in ({"key": "2014/حمص.html"}, {"Content-Type": "text/html"}, ["content-length-range", 0, 99]):
        assert condition in policy["conditions"]
    assert FORM_SECONDS == 900


@pytest.mark.parametrize(
    ("body", "query", "code"),
    [
        (b"", {}, "invalid_request"),
        (b"[]", {}, "invalid_body"),
        (b"\xff", {}, "invalid_body"),
        (b'{"key": ".broadsheet/suppress.jsonl"}', {}, "invalid_request"),
        (b'{"key": "a"}', {"key": "b"}, "invalid_request"),
    ],
)
def test_what_is_no_request_for_one_file_is_refused(send, body, query, code):
    answer, problem = send(body, **query)
    assert (answer["statusCode"], problem["code"]) == (400, code)
