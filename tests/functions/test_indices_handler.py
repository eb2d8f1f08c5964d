"""The indices function: the deployment, an operator, and the API."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from broadsheet.errors import ConfigurationError, ConflictError, EngineError, ThrottledError
from broadsheet.generations import change_control, ensure_generations, read_control
from broadsheet.index.generations import CURRENT_GENERATION
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


class Late:
    """Fails so often before it does what it should; time passes only by waiting."""

    def __init__(self, system, failures):
        self.system, self.failures, self.now = system, failures, 0.0

    def __call__(self):
        if self.failures:
            raise self.failures.pop()
        return ensure_generations(self.system.admin, self.system.ledger, SETTINGS)

    def wait(self, seconds):
        self.now += seconds

    def deploy(self):
        runtime = replace(self.system.runtime, ensure=self, wait=self.wait, clock=lambda: self.now)
        return handler.answer({}, invocation(FUNCTION), runtime)


REFUSED = EngineError("the engine answered 403 security_exception", code="engine_refused")
AWAY = EngineError("the engine could not be reached")


@pytest.mark.parametrize("failure", [REFUSED, AWAY, ThrottledError("the engine answered 429")])
def test_a_domain_that_does_not_know_the_role_yet_or_is_slow_is_waited_for(failure):
    late = Late(System(), [failure] * 12)
    assert late.deploy()["created"] == ["t-articles-v1", "t-comments-v1"]
    assert 55 <= late.now <= 65


@pytest.mark.parametrize(("failure", "least", "most"), [(REFUSED, 85, 95), (AWAY, 235, 245)])
def test_a_domain_that_never_answers_fails_the_deployment_before_the_function_times_out(failure, least, most):
    late = Late(System(), [failure] * 1_000)
    with pytest.raises(EngineError):
        late.deploy()
    assert least <= late.now <= most < FUNCTION.timeout


def test_what_waiting_does_not_change_fails_at_once():
    late = Late(System(), [ConfigurationError("wrong")])
    with pytest.raises(ConfigurationError):
        late.deploy()
    assert late.now == 0


def test_a_package_that_is_older_than_the_indices_is_not_deployed(system):
    control = read_control(system.ledger)
    change_control(system.ledger, control, replace(control, releases={1: CURRENT_GENERATION + 1}))
    with pytest.raises(ConfigurationError, match="older than what is deployed"):
        system.invoke({})


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
