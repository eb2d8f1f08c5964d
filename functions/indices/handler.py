"""The deployment -> indices and aliases that exist; an operator or the API -> a generation's life."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from broadsheet.adapters.dynamodb import DynamoLedger
from broadsheet.adapters.http import Api, Request
from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchSearch, client
from broadsheet.adapters.telemetry import PowertoolsTelemetry
from broadsheet.errors import InfrastructureError
from broadsheet.generations import Ensured, ensure_generations
from broadsheet.ports import Clock, JsonObject, Telemetry
from broadsheet.rebuild import Rebuild
from broadsheet.request_body import read_object
from broadsheet.search.request import read_nothing
from broadsheet.settings import IndicesSettings

# API Gateway waits for 29 seconds; creating or deleting indices takes some of them.
_API_SECONDS = 15.0
_RESERVE_SECONDS = 15
# IAM tells the domain of a new role after some seconds, up to about a minute; until then the answer is 403. A new
# domain may not be found by its name at first, and one that is being changed answers 503.
_REFUSED_SECONDS = 90.0
_AWAY_SECONDS = 240.0
_PAUSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Runtime:
    """What all ways into this function share."""

    ensure: Callable[[], Ensured]
    rebuild: Rebuild
    api: Api
    telemetry: Telemetry
    clock: Clock = time.monotonic
    wait: Callable[[float], object] = time.sleep


def make_api(rebuild: Rebuild, telemetry: Telemetry) -> Api:
    """Return the routes of generations."""
    api = Api(telemetry)

    def state(request: Request) -> JsonObject:
        read_nothing(request.query)
        return rebuild.state(remaining=_within(_API_SECONDS))

    def act(request: Request) -> JsonObject:
        read_nothing(request.query)
        done = rebuild.act(read_object(request.body), remaining=_within(_API_SECONDS))
        telemetry.event("generations", **done)
        return done

    api.get("/generations", state)
    api.post("/generations", act)
    return api


@cache
def build_runtime() -> Runtime:
    """Build what generations need from the environment; raise ConfigurationError naming what is missing."""
    settings = IndicesSettings.from_environ()
    telemetry = PowertoolsTelemetry("indices")
    engine = client(settings)
    admin, ledger = OpenSearchAdmin(engine), DynamoLedger(settings.ledger_table)
    rebuild = Rebuild(admin, ledger, ledger, OpenSearchSearch(engine), settings)
    return Runtime(
        lambda: ensure_generations(admin, ledger, settings), rebuild, make_api(rebuild, telemetry), telemetry
    )


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer a REST proxy event, an operator (``{"action": ...}``) or the deployment (anything else)."""
    return answer(event, context, build_runtime())


def answer(event: dict[str, Any], context: Any, runtime: Runtime) -> dict[str, Any]:
    """Do what ``handle`` does, with the given runtime.

    The deployment is told which generations are in use, and what was done for them. An engine that refuses or does not
    answer is asked again for a while; any other error, and that one in the end, ends the invocation, so that a
    deployment whose indices are missing fails.
    """
    if "httpMethod" in event:
        return runtime.api.resolve(event, context)
    if "action" in event:
        state = runtime.rebuild.act(
            event, remaining=lambda: context.get_remaining_time_in_millis() / 1000 - _RESERVE_SECONDS
        )
        runtime.telemetry.event("generations", **state)
        return state
    ensured = asdict(_patiently(runtime))
    runtime.telemetry.event("indices", **ensured)
    if ensured["recreated"]:
        runtime.telemetry.count("indices_recreated", len(ensured["recreated"]))
        runtime.telemetry.flush()
    return ensured


def _patiently(runtime: Runtime) -> Ensured:
    started = runtime.clock()
    while True:
        try:
            return runtime.ensure()
        except InfrastructureError as error:
            patience = _REFUSED_SECONDS if error.code == "engine_refused" else _AWAY_SECONDS
            if runtime.clock() - started >= patience:
                raise
            runtime.telemetry.event("engine_not_ready", code=error.code, reason=error.message)
        runtime.wait(_PAUSE_SECONDS)


def _within(seconds: float) -> Callable[[], float]:
    end = time.monotonic() + seconds
    return lambda: end - time.monotonic()
