"""The clock, an operator or the API -> what events missed is read again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from broadsheet.adapters.dynamodb import DynamoLedger
from broadsheet.adapters.http import Api, Request
from broadsheet.adapters.s3 import S3Objects
from broadsheet.adapters.sqs import SqsDeadLetters, SqsQueue
from broadsheet.adapters.telemetry import PowertoolsTelemetry
from broadsheet.dead_letters import read_limit, redrive
from broadsheet.ports import DeadLetters, JsonObject
from broadsheet.reconcile import ReconcileRuntime, read_request, reconcile
from broadsheet.request_body import read_object
from broadsheet.retry import retry
from broadsheet.schedule import scheduled_run
from broadsheet.search.request import read_nothing
from broadsheet.settings import ReconcileSettings

# API Gateway waits for 29 seconds; one page of both walks and a batch of messages fit into the rest.
_API_SECONDS = 20.0
_RESERVE_SECONDS = 15
_ACCEPTED = 202


@dataclass(frozen=True, slots=True)
class Runtime:
    """What all ways into this function share."""

    reconcile: ReconcileRuntime
    dead_letters: DeadLetters
    api: Api


def make_api(runtime: ReconcileRuntime, dead_letters: DeadLetters) -> Api:
    """Return the routes that repair."""
    api = Api(runtime.telemetry)

    def walk(request: Request) -> tuple[JsonObject, int]:
        read_nothing(request.query)
        asked = read_request(read_object(request.body))
        return reconcile(asked, runtime, remaining=_within(_API_SECONDS)).to_json(), _ACCEPTED

    def redrive_dead_letters(request: Request) -> tuple[JsonObject, int]:
        read_nothing(request.query)
        limit = read_limit(read_object(request.body))
        answer = redrive(dead_letters, runtime.sender, limit=limit, remaining=_within(_API_SECONDS))
        return answer, _ACCEPTED

    def retry_file(request: Request) -> tuple[JsonObject, int]:
        read_nothing(request.query)
        return retry(request.path["file_id"], runtime.ledger, runtime.sender), _ACCEPTED

    api.post("/reconcile", walk)
    api.post("/dead-letters/redrive", redrive_dead_letters)
    api.post("/files/{file_id}/retry", retry_file)
    return api


@cache
def build_runtime() -> Runtime:
    """Build what repairing needs from the environment; raise ConfigurationError naming what is missing."""
    settings = ReconcileSettings.from_environ()
    ledger = DynamoLedger(settings.ledger_table)
    objects = S3Objects()
    runtime = ReconcileRuntime(
        bucket=settings.uploads_bucket,
        objects=objects,
        lister=objects,
        ledger=ledger,
        index=ledger,
        sender=SqsQueue(settings.queue_url),
        telemetry=PowertoolsTelemetry("reconcile"),
        clock=time.time,
        visibility_seconds=settings.visibility_seconds,
    )
    dead_letters = SqsDeadLetters(settings.dead_letters_url)
    return Runtime(runtime, dead_letters, make_api(runtime, dead_letters))


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer a REST proxy event, the clock (``{"scheduled": true}``) or an operator (the fields of a request)."""
    return answer(event, context, build_runtime())


def answer(event: dict[str, Any], context: Any, runtime: Runtime) -> dict[str, Any]:
    """Do what ``handle`` does, with the given runtime."""
    if "httpMethod" in event:
        answered = runtime.api.resolve(event, context)
    elif event == {"scheduled": True}:
        answered = scheduled_run(runtime.reconcile, remaining=_invocation(context))
    else:
        answered = reconcile(read_request(event), runtime.reconcile, remaining=_invocation(context)).to_json()
    runtime.reconcile.telemetry.flush()
    return answered


def _within(seconds: float) -> Callable[[], float]:
    end = time.monotonic() + seconds
    return lambda: end - time.monotonic()


def _invocation(context: Any) -> Callable[[], float]:
    return lambda: context.get_remaining_time_in_millis() / 1000 - _RESERVE_SECONDS
