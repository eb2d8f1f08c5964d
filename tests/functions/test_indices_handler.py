"""The indices function: the deployment, an operator, and the API."""

from __future__ import annotations

import orjson
import pytest

from broadsheet.errors import ConflictError
from broadsheet.generations import ensure_generations, read_control
from broadsheet.rebuild import Rebuild
from broadsheet.settings import IndicesSettings
from functions.indices import handler
from infra.local.invocation import invocation
from infra.resources import FUNCTIONS
from tests.fakes import MemoryAdmin, MemoryLedger, RecordingTelemetry
from tests.samples import load_event

FUNCTION = next(function for function in FUNCTIONS if function.name == "indices")
SETTINGS = IndicesSettings(opensearch_url="http://engine", ledger_table="ledger", index_prefix="t")


class Counts:
    """ports.SearchEngine with as many documents everywhere."""

    def search(self, index, body):
        raise NotImplementedError

    def multi_search(self, searches):
        return [{"hits": {"total": {"value": 3}}} for _ in searches]


class System:
    def __init__(self) -> None:
        self.admin, self.ledger, self.telemetry = MemoryAdmin(), MemoryLedger(), RecordingTelemetry()
        rebuild = Rebuild(self.admin, self.ledger, self.ledger, Counts(), SETTINGS)
        self.runtime = handler.Runtime(
            lambda: ensure_generations(self.admin, self.ledger, SETTINGS),
            rebuild,
            handler.make_api(rebuild, self.telemetry),
            self.telemetry,
        )

    def invoke(self, event):
        return handler.answer(event, invocation(FUNCTION), self.runtime)

    def request(self, method, body=None):
        event = load_event("search/search") | {
            "path": "/generations",
            "httpMethod": method,
            "body": body,
            "multiValueQueryStringParameters": None,
            "queryStringParameters": None,
        }
        answer = self.invoke(event)
        return answer["statusCode"], orjson.loads(answer["body"])


@pytest.fixture
def system():
    system = System()
    system.invoke({})
    return system


def test_the_deployment_makes_the_indices_and_tells_them(system):
    assert set(system.admin.indices) == {"t-articles-v1", "t-comments-v1"}
    assert system.invoke({})["created"] == []


def test_indices_that_vanished_are_counted(system):
    system.admin.delete("t-comments-v1")

    assert system.invoke({})["recreated"] == ["t-comments-v1"]
    assert system.telemetry.counts == {"indices_recreated": 1, "flushes": 1}


def test_an_operator_acts_and_an_error_ends_the_invocation(system):
    assert system.invoke({"action": "fill"})["active"] == [1, 2]
    with pytest.raises(ConflictError):
        system.invoke({"action": "rollback"})


def test_the_api_shows_and_acts(system):
    assert system.request("GET")[1]["documents"] == {"1": {"articles": 3, "comments": 3}}
    assert system.request("POST", '{"action": "fill"}')[1]["filled"] is True
    assert system.request("POST", '{"action": "swap"}')[1]["search"] == 2
    assert system.request("POST", '{"action": "fill", "generation": 1.5}')[0] == 400
    status, problem = system.request("POST", '{"action": "swap"}')
    assert (status, problem["code"]) == (409, "nothing_to_swap")
    assert read_control(system.ledger).search == 2
