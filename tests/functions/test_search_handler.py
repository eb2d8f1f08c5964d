"""The search function, on events as API Gateway sends them."""

from __future__ import annotations

import uuid
from typing import Any

import orjson
import pytest

from broadsheet.archive import Archive
from broadsheet.errors import EngineError, ThrottledError
from broadsheet.index.names import IndexNames
from broadsheet.model import Article
from functions.search import handler
from infra.resources import ROUTES
from tests.engine_answers import ScriptedEngine, author_found, counted, found, hit, stored_documents, timeline_counted
from tests.fakes import RecordingTelemetry
from tests.records import comment, record
from tests.samples import load_event

ARTICLE, *COMMENTS = stored_documents()


class Call:
    """The API on an engine that gives these answers, called with a sample event."""

    def __init__(self, *answers):
        self.engine = ScriptedEngine(*answers)
        self.telemetry = RecordingTelemetry()
        self._api = handler.make_api(Archive(self.engine, IndexNames("t"), 5_000), self.telemetry)

    def __call__(self, event, **changes):
        sample = load_event(f"search/{event}") if isinstance(event, str) else event
        answer = self._api.resolve(sample | changes, None)
        assert answer["isBase64Encoded"] is False
        self.status = answer["statusCode"]
        self.headers = {name: values[0] for name, values in answer["multiValueHeaders"].items()}
        self.text = answer["body"]
        return orjson.loads(self.text) if self.headers["Content-Type"].endswith("json") else self.text


def test_a_search_answers_json_in_utf8_without_escapes():
    call = Call(found(hit(COMMENTS[1]), total=50), [found(hit(COMMENTS[1]))])
    answer = call("search")
    assert call.status == 200
    assert call.headers["Content-Type"] == "application/json"
    assert "@popeye مبروك لحمص" in call.text
    assert [result["type"] for result in answer["results"]] == ["comment"]
    assert call.engine.asked[0][1]["size"] == 5


def test_a_value_with_a_comma_is_one_value():
    event = load_event("search/search")
    call = Call(found(total=50), found(total=50))
    call(event)
    call(event, multiValueQueryStringParameters=None)
    assert [call.status, call.engine.round_trips] == [200, 2]


def test_every_route_of_the_read_side_is_answered():
    samples: dict[str, tuple[str, list[Any]]] = {
        "/search": ("search", [found(total=50)]),
        "/feeds/search.atom": ("feed", [found(total=50)]),
        "/export": ("export", [found(total=50)]),
        "/openapi.json": ("openapi", []),
        "/reference": ("reference", []),
        "/articles/{article_id}": ("article", [found(hit(ARTICLE))]),
        "/articles/{article_id}/comments": ("comments", [found(*map(hit, COMMENTS))]),
        "/articles/{article_id}/similar": ("similar", [found(hit(ARTICLE)), found(hit(ARTICLE))]),
        "/comments/{comment_id}": ("comment", [found(hit(COMMENTS[0])), [found()]]),
        "/authors": ("authors", [counted("keys", [])]),
        "/authors/{key}": ("author", [author_found("الاسد")]),
        "/suggest": ("suggest", [[found(hit(ARTICLE)), counted("names", []), counted("names", [])]]),
        "/timeline": ("timeline", [timeline_counted({"buckets": []})]),
    }
    assert set(samples) == {route.path for route in ROUTES if route.function == "search"}
    for path, (name, answers) in samples.items():
        call = Call(*answers)
        call(name)
        assert (path, call.status) == (path, 200)


def test_a_page_may_read_the_answer_from_anywhere():
    call = Call(found(total=50), EngineError("down"))
    for status in (200, 503):
        call("search")
        assert (call.status, call.headers["Access-Control-Allow-Origin"]) == (status, "*")


def test_wrong_parameters_are_listed_in_one_problem():
    call = Call()
    problem = call("wrong-parameters")
    assert (call.status, call.headers["Content-Type"]) == (400, "application/problem+json")
    errors = {error["parameter"]: error["code"] for error in problem.pop("errors")}
    assert errors == {"q": "repeated", "limit": "out_of_range", "limt": "unknown_parameter"}
    assert problem == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "q may be given once; it was given 2 times. (2 more, see errors)",
        "code": "invalid_request",
        "instance": "6f3c1d1e-8f0f-4a51-9a53-2f4f3a6d1b7c",
    }
    assert call.telemetry.events == []


@pytest.mark.parametrize("name", ["article", "comment", "author"])
def test_resources_without_parameters_refuse_them(name):
    call = Call()
    problem = call(name, multiValueQueryStringParameters={"limit": ["5"]})
    assert (call.status, problem["errors"][0]["code"]) == (400, "unknown_parameter")


@pytest.mark.parametrize(
    "path", ["/authors/%D8%A7%D9%84%D8%A7%D8%B3%D8%AF", "/authors/الأسد", "/authors/%20ALASAD%2F1"]
)
def test_an_author_is_named_in_the_path_in_any_script_escaped_or_not(path):
    call = Call(author_found("الاسد"))
    call("author", path=path)
    assert call.status == 200
    asked = call.engine.asked[0][1]["query"]["bool"]["filter"][0]
    assert asked == {"term": {"author_key": "الاسد" if "ALASAD" not in path else "alasad/1"}}


def test_a_missing_article_is_a_404_with_its_code():
    call = Call(found())
    problem = call("article")
    assert (call.status, problem["code"], problem["title"]) == (404, "article_not_found", "Not Found")


@pytest.mark.parametrize("path", ["/", "/nothing", "/articles", "/articles/a/b", "/comments/", "/articles/\ud800\x1b"])
def test_an_unknown_route_is_a_404(path):
    call = Call()
    problem = call("search", path=path)
    assert (call.status, problem["code"]) == (404, "route_not_found")


@pytest.mark.parametrize(
    "name", ["search", "article", "comments", "similar", "comment", "authors", "author", "suggest"]
)
def test_another_method_is_a_405_that_names_the_allowed_ones(name):
    call = Call()
    problem = call(name, httpMethod="DELETE")
    assert (call.status, problem["code"], call.headers["Allow"]) == (405, "method_not_allowed", "GET, HEAD")


@pytest.mark.parametrize(
    ("error", "status", "code", "retry"),
    [
        (EngineError("the engine could not be reached: ConnectionError"), 503, "engine_unavailable", "5"),
        (ThrottledError("the engine answered 429"), 503, "throttled", "5"),
        (EngineError("2 shards failed", code="engine_partial"), 504, "engine_partial", None),
        (EngineError("the engine answered 400", code="engine_refused"), 502, "engine_refused", None),
    ],
)
def test_failures_of_the_engine_are_problems_and_are_reported(error, status, code, retry):
    call = Call(error)
    problem = call("search")
    assert (call.status, problem["code"], call.headers.get("Retry-After")) == (status, code, retry)
    assert error.message not in call.text
    ((name, fields),) = call.telemetry.events
    assert (name, fields["status"], fields["reason"]) == ("request_failed", status, error.message)
    assert fields["request"] == problem["instance"]


def test_an_unexpected_error_is_a_500_without_trace_and_its_place_is_reported():
    call = Call(RuntimeError("the secret of حمص"))
    problem = call("search")
    assert (call.status, problem["code"]) == (500, "internal")
    assert "Traceback" not in call.text
    ((_, fields),) = call.telemetry.events
    assert fields["reason"] == "RuntimeError"
    assert "engine_answers.py" in fields["trace"][-1]
    assert "secret" not in call.text + repr(fields)


def test_an_answer_that_lambda_would_refuse_is_a_problem():
    huge = "“" * 700_000
    _, stored = stored_documents(record(Article("t", "b"), comment(0, "x")))
    call = Call(found(*(hit(stored | {"article_title": huge}) for _ in range(3))))
    problem = call("search", multiValueQueryStringParameters={"q": ["x"], "type": ["comment"]})
    assert (call.status, problem["errors"][0]["code"]) == (400, "answer_too_large")


@pytest.mark.parametrize(
    "text", ["(" * 10_000, '"' * 10_001, "\x00", "'; DROP TABLE", "\\", "{{}}", "\ud800", "a" * 513]
)
def test_hostile_queries_get_a_problem_or_a_page(text):
    call = Call(found(total=50), found(total=50))
    call("search", multiValueQueryStringParameters={"q": [text]})
    assert call.status in {200, 400}
    call("search", multiValueQueryStringParameters={text: [text], "q": [text + " homs"]})
    assert call.status == 400


def test_the_function_reads_its_settings_when_it_is_first_called(monkeypatch):
    monkeypatch.setenv("BROADSHEET_OPENSEARCH_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("BROADSHEET_SIGN_REQUESTS", "false")
    handler.build_runtime.cache_clear()
    answer = handler.handle(load_event("search/search"), None)
    handler.build_runtime.cache_clear()
    assert answer["statusCode"] == 503
    assert orjson.loads(answer["body"])["code"] == "engine_unavailable"
    assert uuid.UUID(orjson.loads(answer["body"])["instance"])
