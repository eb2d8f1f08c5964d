"""The reconcile function: the clock, an operator, and the API."""

from __future__ import annotations

import orjson
import pytest

from broadsheet.errors import RequestError
from broadsheet.generations import CONTROL_ID, Control
from broadsheet.ids import file_id
from broadsheet.ledger_item import LedgerItem
from broadsheet.reconcile import ReconcileRuntime
from broadsheet.schedule import PLACE_ID
from functions.reconcile import handler
from infra.local.invocation import invocation
from infra.resources import FUNCTIONS, RECONCILE_EVENT, ROUTES
from tests.fakes import (
    BUCKET,
    FakeClock,
    MemoryDeadLetters,
    MemoryLedger,
    MemoryObjects,
    RecordingQueue,
    RecordingTelemetry,
)
from tests.samples import load_event

FUNCTION = next(function for function in FUNCTIONS if function.name == "reconcile")


class System:
    def __init__(self) -> None:
        clock = FakeClock()
        self.objects, self.ledger, self.queue = MemoryObjects(clock), MemoryLedger(), RecordingQueue()
        self.telemetry = RecordingTelemetry()
        self.dead_letters = MemoryDeadLetters("one", "two")
        self.ledger.add(Control().to_json() | {"file_id": CONTROL_ID})
        self.objects.put("a", b"x")
        runtime = ReconcileRuntime(
            bucket=BUCKET,
            objects=self.objects,
            lister=self.objects,
            ledger=self.ledger,
            index=self.ledger,
            sender=self.queue,
            telemetry=self.telemetry,
            clock=clock,
            visibility_seconds=1_800,
        )
        api = handler.make_api(runtime, self.dead_letters)
        self.runtime = handler.Runtime(runtime, self.dead_letters, api)

    def invoke(self, event):
        return handler.answer(event, invocation(FUNCTION), self.runtime)

    def post(self, path, body=None, query=None):
        event = load_event("search/search") | {
            "path": path,
            "httpMethod": "POST",
            "body": body,
            "multiValueQueryStringParameters": query,
            "queryStringParameters": None,
        }
        answer = self.invoke(event)
        return answer["statusCode"], orjson.loads(answer["body"])


@pytest.fixture
def system():
    return System()


def test_the_clock_walks_and_keeps_its_place(system):
    assert system.invoke(RECONCILE_EVENT)["sent"] == 1
    assert system.ledger.get(PLACE_ID)["cursor"] == ""
    assert system.telemetry.counts["flushes"] == 1


def test_an_operator_says_what_to_do(system):
    report = system.invoke({"dry_run": True})

    assert (report["reasons"]["missing"]["count"], report["sent"], report["done"]) == (1, 0, True)
    assert system.ledger.get(PLACE_ID) is None


@pytest.mark.parametrize("event", [{"dryrun": True}, {"dry_run": "yes"}, {"scheduled": "true"}])
def test_a_mistaken_event_fails_and_does_nothing(system, event):
    with pytest.raises(RequestError):
        system.invoke(event)
    assert system.queue.sent == []


def test_the_api_walks_and_accepts(system):
    status, report = system.post("/reconcile", '{"prefix": "a"}')
    assert (status, report["sent"], report["cursor"]) == (202, 1, None)
    assert system.post("/reconcile")[0] == 202


@pytest.mark.parametrize("body", ["[]", "{", '"a"', '{"prefx": ""}', '{"cursor": 1}'])
def test_a_mistaken_body_is_refused(system, body):
    status, problem = system.post("/reconcile", body)
    assert (status, system.queue.sent) == (400, [])
    assert problem["code"] in {"invalid_body", "invalid_request"}


def test_a_parameter_in_the_query_is_refused(system):
    assert system.post("/reconcile", "{}", {"dry_run": ["true"]})[0] == 400
    assert system.queue.sent == []


def test_the_api_redrives_dead_letters(system):
    assert system.post("/dead-letters/redrive", '{"limit": 1}') == (202, {"redriven": 1, "left": 1})
    assert system.post("/dead-letters/redrive", '{"limit": 0}')[0] == 400


def test_the_api_retries_a_file(system):
    item = LedgerItem(file_id(BUCKET, "a"), BUCKET, "a", status="failed", updated_at="t")
    system.ledger.add(item.to_json())

    status, file = system.post(f"/files/{item.file_id}/retry")

    assert (status, file["file_id"], len(system.queue.sent)) == (202, item.file_id, 1)
    assert system.post("/files/none/retry")[0] == 404


def test_every_route_of_the_function_answers(system):
    for route in (route for route in ROUTES if route.function == "reconcile"):
        status, problem = system.post(route.path.replace("{file_id}", "x"), "{}")
        assert problem.get("code") != "route_not_found", route
        assert status in {202, 404}
