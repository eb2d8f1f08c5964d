"""The files function, on events as API Gateway sends them."""

from __future__ import annotations

import orjson
import pytest

from broadsheet.files import Files
from broadsheet.ids import file_id
from broadsheet.index.names import IndexNames
from broadsheet.ledger_item import LedgerItem
from functions.files import handler
from infra.resources import ROUTES
from tests.engine_answers import ScriptedEngine, found
from tests.fakes import (
    BUCKET,
    FakeClock,
    MemoryDeadLetters,
    MemoryLedger,
    MemoryObjects,
    MemoryReceipts,
    RecordingTelemetry,
)
from tests.samples import load_event

FILE = file_id(BUCKET, "a.txt")


class Links:
    """ports.ObjectLinks."""

    def link(self, stored, *, seconds):
        return f"https://{stored.bucket}/{stored.key}"


@pytest.fixture
def get():
    """A function that gets a path and answers status and body."""
    clock, ledger, receipts = FakeClock(), MemoryLedger(), MemoryReceipts()
    objects = MemoryObjects(clock)
    etag = objects.put("a.txt", b"x").etag
    item = LedgerItem(FILE, BUCKET, "a.txt", status="partial", etag=etag, updated_at="t", receipt="r/1/")
    ledger.add(item.to_json())
    problem = {"record": 3, "problem": {"code": "json_invalid", "message": "Not JSON.", "line": 4}}
    receipts.put("r/1/summary.json", orjson.dumps({"problems": [], "records": [problem, problem]}))
    files = Files(
        ledger,
        ledger,
        ScriptedEngine([found(), found()]),
        objects=objects,
        links=Links(),
        receipts=receipts,
        dead_letters=MemoryDeadLetters(),
        clock=clock,
        bucket=BUCKET,
        names=IndexNames("t"),
    )
    api = handler.make_api(files, RecordingTelemetry())

    def get(path, **query):
        parameters = {name: [value] for name, value in query.items()}
        event = {"path": path, "multiValueQueryStringParameters": parameters, "queryStringParameters": None}
        answer = api.resolve(load_event("search/search") | event, None)
        return answer["statusCode"], orjson.loads(answer["body"])

    return get


def test_every_route_is_answered(get):
    for route in ROUTES:
        if route.function == "files":
            assert (route.path, get(route.path.format(file_id=FILE))[0]) == (route.path, 200)


def test_problems_come_page_by_page(get):
    status, first = get(f"/files/{FILE}/problems", limit="1")
    _, second = get(f"/files/{FILE}/problems", limit="1", cursor=first["next"])

    assert status == 200
    assert first["problems"] == [{"code": "json_invalid", "message": "Not JSON.", "record": 3, "line": 4}]
    assert (second["problems"], second["next"]) == (first["problems"], None)


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        (f"/files/{FILE}/problems", {"limit": "0"}, 400, "invalid_request"),
        (f"/files/{FILE}/problems", {"colour": "red"}, 400, "invalid_request"),
        ("/files/none/problems", {}, 404, "file_not_found"),
    ],
)
def test_what_is_wrong_is_a_problem_document(get, path, query, status, code):
    answered, body = get(path, **query)

    assert (answered, body["status"], body["code"]) == (status, status, code)
