"""Whatever is sent to the read side: an answer or a problem, and an engine that does not notice."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import orjson
import pytest

from broadsheet.adapters.http_answers import MAX_ANSWER_BYTES
from broadsheet.adapters.opensearch import OpenSearchSearch, client
from broadsheet.archive import Archive
from broadsheet.index.names import IndexNames
from broadsheet.model import Article
from broadsheet.search import cursor as cursors
from broadsheet.search.shown import COMMENT_CHARACTERS
from broadsheet.settings import EngineSettings
from functions.search.handler import make_api
from tests.canned_server import Canned
from tests.fakes import RecordingTelemetry
from tests.records import comment, record
from tests.samples import load_event
from tests.search_system import search_system

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("search")]

ID = "a" * 26
NAUGHTY = [
    "",
    " ",
    "\x00",
    "%00",
    "homs\x00",
    "\ud800",
    "homs \udfff\ud800 حمص",
    "\ufdd0homs\ufdd1",
    "\ufeffhoms\u200b\u200e\u202e",
    "é" * 3 + "e\u0301" * 30,
    "Z\u0351\u0310a\u0337\u0321l\u0489g\u0360o" * 20,
    "\N{RIGHT-TO-LEFT OVERRIDE}txt.exe",
    "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇱🇧",
    "ﷺ ﷽ ﻻ",
    "null",
    "undefined",
    "NaN",
    "-1",
    "1e309",
    "true",
    "0x" + "f" * 400,
    "' OR 1=1 --",
    "'; DROP INDEX articles; --",
    '{"match_all": {}}',
    '"}},"size":10000,"script":{"source":"while(true){}"}',
    "<script>alert(1)</script>",
    "{{7*7}} ${7*7} #{7*7} %n%s%x",
    "../../_cluster/settings",
    "..%2f..%2f_all",
    "*:* _exists_:body _id:* title:[* TO *]",
    "/.*.*.*.*.*.*.*x/",
    "(a+)+$",
    "~0.1 ~ ~~ a~99999999999",
    '"a b"~99999999999',
    "^5 a^5 a^^",
    "&& || ! && ||",
    "OR OR OR NOT NOT",
    "NOT",
    "-",
    "--",
    "-" * 512,
    "title:",
    "title:title:title:a",
    "author:(" * 50,
    ":" * 512,
    "(" * 256 + "a" + ")" * 255,
    "((((((((((a OR b) OR c) OR d) OR e) OR f) OR g) OR h) OR i) OR j) OR k)",
    " OR ".join("abcdefghijklmnop"),
    "-(" * 100 + "a",
    '"' * 512,
    "“«”»" * 128,
    "a" * 512,
    "ا" * 512,
    "新" * 32,
    "𝔥𝔬𝔪𝔰 " * 30,
    "aa* bb* cc* dd*",
    "aaa~ bbb~ ccc~ ddd~",
    "*" * 512,
    "?" * 512,
    "a*b*c*d*e*f*",
    "source:aa* tag:bb* author:cc* lang:dd*",
    "al-x-y-z-" * 50,
    "a.b.c.d@e.f " * 30,
    "'" * 512,
    "\\" * 512,
    "\t\r\n\v\f" * 100,
]
TOO_LONG = ["(" * 10_000 + ")" * 10_000, "x" * 1_000_000, "نص " * 300_000, "\x00" * 100_000]


@pytest.fixture(scope="module")
def system(engine_url):
    with search_system(engine_url) as made:
        text = " ".join(
            f"{first}{second}{third} حمص" for first in "abcdef" for second in "abcdef" for third in "abcdef"
        )
        made.add([record(Article(f"Title {n}", text), comment(0, text), number=n) for n in range(20)], "a.jsonl")
        made.refresh()
        yield made


class Call:
    """The API on an archive; counts answers by status and keeps what was reported to the operator."""

    def __init__(self, archive):
        self.telemetry = RecordingTelemetry()
        self._api = make_api(archive, self.telemetry)

    def __call__(self, path="/search", **given):
        event = load_event("search/search") | {"path": path}
        event["queryStringParameters"] = None
        event["multiValueQueryStringParameters"] = {name.rstrip("_"): [value] for name, value in given.items()}
        self.answer = self._api.resolve(event, None)
        self.body = orjson.loads(self.answer["body"])
        return self.answer["statusCode"]


def trouble(engine):
    """What the node counts of itself when it gets into trouble."""
    nodes = engine.transport.perform_request("GET", "/_nodes/stats/breaker,thread_pool")["nodes"]
    found: Counter[str] = Counter()
    for node in nodes.values():
        for name, breaker in node["breakers"].items():
            found[f"{name} tripped"] += breaker["tripped"]
        for name in ("search", "search_throttled", "get", "analyze"):
            found[f"{name} rejected"] += node["thread_pool"][name]["rejected"]
    return found


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/search", "q"),
        ("/search", "source"),
        ("/search", "author"),
        ("/search", "from"),
        ("/search", "cursor"),
        ("/suggest", "q"),
        ("/authors", "q"),
        (f"/articles/{ID}/comments", "q"),
        (f"/articles/{ID}/comments", "author"),
    ],
)
def test_any_text_gets_an_answer_or_a_problem_and_the_engine_does_not_notice(system, path, name):
    call = Call(system.archive)
    before = trouble(system.engine)
    statuses = Counter(call(path, **{name: text}) for text in NAUGHTY + TOO_LONG)
    assert set(statuses) <= {200, 400, 404}
    assert {call(path, **{name: text}) for text in TOO_LONG} == {400}
    assert trouble(system.engine) == before
    assert call.telemetry.events == []


@pytest.mark.parametrize("place", ["/authors/{}", "/articles/{}", "/comments/{}", "/articles/{}/similar"])
def test_any_text_in_a_path_gets_an_answer_or_a_problem(system, place):
    call = Call(system.archive)
    assert {call(place.format(text)) for text in NAUGHTY} <= {200, 400, 404}
    assert call.telemetry.events == []


def test_many_costly_queries_at_a_time_are_answered(system):
    before = trouble(system.engine)
    costly = [text for text in NAUGHTY if "*" in text or "~" in text or "OR" in text or "-" in text][:24]

    def ask(text):
        call = Call(system.archive)
        facets = {"timeline": "auto", "limit": "100", "facet": "author", "match": "any"}
        return call("/search", q=text + " aa* حمص", **facets), len(call.telemetry.events)

    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(ask, costly * 2))
    assert found <= {(200, 0), (400, 0)}
    assert trouble(system.engine) == before


def test_a_forged_state_is_no_failure_of_ours(system):
    call = Call(system.archive)
    assert call("/search", q="حمص", limit="2") == 200
    first = cursors.decode(call.body["next"])
    statuses = set()
    for state in ("garbage", "AAAA", "zzz", "../_all", "x" * 1_000):
        forged = cursors.encode(cursors.Cursor(first.request, 1, first.at, False, state, (), first.shown))
        statuses.add(call("/search", q="حمص", limit="2", cursor=forged))
    # The engine takes some of them for a state of its own that ran out.
    assert 400 in statuses
    assert statuses <= {200, 400}


def canned_archive(url):
    settings = EngineSettings(opensearch_url=url, sign_requests=False)
    return Archive(OpenSearchSearch(client(settings, timeout_seconds=2)), IndexNames("t"), 5_000)


PARTS = [
    {"took": 1, "timed_out": True, "_shards": {"total": 1, "failed": 0}, "hits": {"total": {"value": 1}, "hits": []}},
    {"took": 1, "timed_out": False, "_shards": {"total": 2, "failed": 1}, "hits": {"total": {"value": 1}, "hits": []}},
]


@pytest.mark.parametrize("part", PARTS)
def test_an_answer_in_part_is_never_shown(part):
    with closing(Canned()) as server:
        server.answers(200, part)
        call = Call(canned_archive(server.url))
        for path in ("/search", f"/articles/{ID}", f"/articles/{ID}/comments", f"/comments/{ID}", "/authors"):
            assert (call(path), call.body["code"]) == (504, "engine_partial")
            assert "results" not in call.body


@pytest.mark.parametrize("status", [0, 429, 500, 503])
def test_an_engine_that_cannot_answer_is_a_503_that_says_when_to_come_again(status):
    with closing(Canned()) as server:
        server.answers(status, {"error": {"type": "x"}, "status": status})
        call = Call(canned_archive(server.url))
        for path in ("/search", f"/articles/{ID}", f"/articles/{ID}/comments", "/suggest"):
            given = {"q": "homs"} if path in {"/search", "/suggest"} else {}
            assert call(path, **given) == 503
            assert call.answer["multiValueHeaders"]["Retry-After"] == ["5"]


def test_an_engine_that_is_not_there_is_a_503():
    with closing(Canned()) as server:
        url = server.url
    call = Call(canned_archive(url))
    assert (call("/search", q="homs"), call.body["code"]) == (503, "engine_unavailable")


@pytest.mark.parametrize("kind", ["comment", "article", "all"])
def test_the_largest_pages_stay_below_what_lambda_answers(engine_url, kind):
    # Quotes and backslashes take four bytes each in the text of an answer, which is a text in another one.
    worst = ('homs "\\" ' * COMMENT_CHARACTERS)[: COMMENT_CHARACTERS * 2]
    with search_system(engine_url) as system:
        made = [
            record(
                Article(f'homs {number} ""', worst),
                *(comment(n, worst, author='"' * 80) for n in range(4)),
                number=number,
            )
            for number in range(100)
        ]
        system.add(made, "worst.jsonl")
        system.refresh()
        call = Call(system.archive)
        assert call("/search", q="homs", type=kind, limit="100", timeline="auto", facet="author") == 200
        assert len(call.body["results"]) == 100
        assert len(orjson.dumps(call.answer)) < MAX_ANSWER_BYTES
