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
from broadsheet.generations import Ensured, ensure_generations
from broadsheet.ports import JsonObject, Telemetry
from broadsheet.rebuild import Rebuild
from broadsheet.request_body import read_object
from broadsheet.search.request import read_nothing
from broadsheet.settings import IndicesSettings

# API Gateway waits for 29 seconds; creating or deleting indices takes some of them.
_API_SECONDS = 15.0
_RESERVE_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Runtime:
    """What all ways into this function share."""

    ensure: Callable[[], Ensured]
    rebuild: Rebuild
    api: Api
    telemetry: Telemetry


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

    The deployment is told which generations are in use, and what was done for them; any error ends the invocation, so
    that a deployment whose indices are missing fails.
    """
    if "httpMethod" in event:
        return runtime.api.resolve(event, context)
    if "action" in event:
        state = runtime.rebuild.act(
            event, remaining=lambda: context.get_remaining_time_in_millis() / 1000 - _RESERVE_SECONDS
        )
        runtime.telemetry.event("generations", **state)
        return state
    ensured = asdict(runtime.ensure())
    runtime.telemetry.event("indices", **ensured)
    if ensured["recreated"]:
        runtime.telemetry.count("indices_recreated", len(ensured["recreated"]))
        runtime.telemetry.flush()
    return ensured


def _within(seconds: float) -> Callable[[], float]:
    end = time.monotonic() + seconds
    return lambda: end - time.monotonic()
