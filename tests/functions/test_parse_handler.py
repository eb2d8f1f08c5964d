"""The parse function, on events as API Gateway sends them."""

from __future__ import annotations

import base64
import gzip

import orjson
import pytest

from broadsheet.adapters.http_answers import MAX_ANSWER_BYTES
from broadsheet.ids import digest, file_id
from broadsheet.parse_request import ParseRequest
from broadsheet.settings import ParseSettings
from functions.parse import handler
from infra.local.front import Gateway
from infra.local.gateway import Request
from infra.resources import ROUTES
from tests.fakes import RecordingTelemetry
from tests.samples import HOMS, load_event

NOW = 1_700_000_000.0


@pytest.fixture
def send():
    """A function that sends bytes with query parameters and answers status and body."""
    telemetry = RecordingTelemetry()
    api = handler.make_api(ParseRequest(ParseSettings(), lambda: NOW), telemetry)

    def send(content, content_type="application/octet-stream", **query):
        event = load_event("parse/page") | {
            "body": base64.b64encode(content).decode(),
            "headers": {"content-type": content_type},
            "multiValueHeaders": {"content-type": [content_type]},
            "queryStringParameters": query,
            "multiValueQueryStringParameters": {name: [value] for name, value in query.items()},
        }
        answer = api.resolve(event, None)
        assert telemetry.events == []
        return answer["statusCode"], orjson.loads(answer["body"])

    return send


def sample(name):
    handler.build_runtime.cache_clear()
    answer = handler.handle(load_event(f"parse/{name}"), None)
    assert answer["statusCode"] == 200
    return orjson.loads(answer["body"])


def test_an_arabic_page_is_shown_as_it_would_be_indexed_with_the_ids_of_its_place():
    answer = sample("page")
    (record,) = answer["records"]
    assert (answer["file"], answer["status"], answer["truncated"]) == ("homs-ar.txt", "indexed", False)
    assert answer["counts"] == {"articles": 1, "comments": 1, "comments_declared": 1, "problems": 0}
    place = file_id("broadsheet-uploads", "2014/homs-ar.txt")
    assert record["article"]["article_id"] == digest(place, "آخر المقاتلين يغادرون حمص القديمة", "0")
    assert record["comments"][0]["body"] == "أخيراً عاد الناس إلى بيوتهم."


def test_a_packed_export_shows_its_records_and_what_could_not_be_read():
    answer = sample("packed")
    assert [record["kind"] for record in answer["records"]] == ["article", "problem"]
    assert (answer["status"], answer["counts"]["problems"]) == ("partial", 1)
    assert answer["problems"][0]["code"] == answer["records"][1]["problem"]["code"] == "json_invalid"


def test_the_local_front_gives_the_function_the_bytes_as_they_were_sent():
    said: list[str] = []
    gateway = Gateway({"parse": handler.handle}, ROUTES, said.append)
    packed = gzip.compress(HOMS.read_bytes())
    answer = gateway.answer(Request("POST", "/v1/parse?name=homs.txt.gz", [("Content-Type", "a/b")], packed))
    assert (answer.status, said) == (200, [])
    (record,) = orjson.loads(answer.body)["records"]
    assert len(record["comments"]) == 30


def test_what_is_stated_beside_the_file_is_in_the_record(send):
    status, answer = send(
        b"A title\n\nA text of one line.\n",
        url="https://news.example/1",
        source="The Example",
        language="fr",
        tags="Syria, حمص",
    )
    article = answer["records"][0]["article"]
    assert status == 200
    assert {name: article[name] for name in ("url", "source", "language", "tags")} == {
        "url": "https://news.example/1",
        "source": "The Example",
        "language": "fr",
        "tags": ["Syria", "حمص"],
    }


def test_times_without_a_zone_are_in_the_one_that_is_given(send):
    _, answer = send(HOMS.read_bytes(), zone="Asia/Tokyo")
    assert answer["records"][0]["comments"][0]["posted_at"]["value"].endswith("+09:00")


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"\x7fELF" + bytes(64), "binary_file"), (b" \n ", "empty_file"), (b"%PDF-1.7\n", "binary_file")],
)
def test_a_file_that_can_never_be_read_is_a_422_with_the_code_of_its_outcome(send, content, code):
    status, problem = send(content)
    assert (status, problem["status"], problem["code"]) == (422, 422, code)
    assert problem["detail"].endswith(".")


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (b"", "text/plain", 400, "no_body"),
        (b"x" * (1024 * 1024 + 1), "text/plain", 413, "body_too_large"),
        (b"--b\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b", 415, "form_body"),
    ],
)
def test_a_body_that_is_no_file_is_refused_with_what_to_do(send, content, content_type, status, code):
    answered, problem = send(content, content_type)
    assert (answered, problem["code"]) == (status, code)
    assert problem["detail"].endswith(".")


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ({"as": "bucket/key"}, "as", "not_an_address"),
        ({"as": "s3://bucket/folder/"}, "as", "not_an_address"),
        ({"zone": "Mars/Phobos"}, "zone", "unknown_zone"),
        ({"captured_at": "yesterday"}, "captured_at", "not_a_time"),
        ({"nmae": "a.txt"}, "nmae", "unknown_parameter"),
    ],
)
def test_a_wrong_parameter_is_named(send, query, parameter, code):
    status, problem = send(b"text", **query)
    assert status == 400
    assert [(error["parameter"], error["code"]) for error in problem["errors"]] == [(parameter, code)]


def test_many_records_are_shown_until_the_answer_is_full(send):
    line = orjson.dumps({"title": "t", "body": '"' * 20_000}) + b"\n"
    status, answer = send(gzip.compress(line * 400), name="many.jsonl.gz")
    assert (status, answer["truncated"]) == (200, True)
    assert 20 < len(answer["records"]) == answer["counts"]["articles"] < 400
    assert answer["counts"]["problems"] == 0
    assert [problem["code"] for problem in answer["problems"]] == ["answer_full"]


@pytest.mark.parametrize("article", [{"title": "t", "body": '"' * 3_000_000}, {"title": "😀" * 1_500_000, "body": "b"}])
def test_one_record_that_is_larger_than_an_answer_is_shortened_and_says_so(send, article):
    comments = [{"author": "a", "body": f"comment {number}"} for number in range(30_000)]
    content = gzip.compress(orjson.dumps(article | {"comments": comments}))
    status, answer = send(content, name="one.json.gz")
    (record,) = answer["records"]
    assert (status, answer["truncated"]) == (200, True)
    assert {"article", "comments"} <= set(record["shortened"])
    assert 100 < len(record["comments"]) < record["article"]["comment_count"] == 30_000
    assert len(orjson.dumps(orjson.dumps(answer).decode())) < MAX_ANSWER_BYTES
