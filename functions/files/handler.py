"""HTTP requests -> what became of every file, and how the system is."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

from broadsheet.adapters.dynamodb import DynamoLedger
from broadsheet.adapters.http import Api, Request
from broadsheet.adapters.opensearch import OpenSearchSearch, client
from broadsheet.adapters.s3 import S3Links, S3Objects, S3Receipts
from broadsheet.adapters.sqs import SqsDeadLetters
from broadsheet.adapters.telemetry import PowertoolsTelemetry
from broadsheet.files import Files
from broadsheet.index.names import IndexNames
from broadsheet.ports import JsonObject, Telemetry
from broadsheet.search.request import read_nothing
from broadsheet.settings import FilesSettings


def make_api(files: Files, telemetry: Telemetry) -> Api:
    """Return the routes of outcomes and status."""
    api = Api(telemetry)

    def several(request: Request) -> JsonObject:
        return files.files(request.query)

    def one(request: Request) -> JsonObject:
        read_nothing(request.query)
        return files.file(request.path["file_id"])

    def problems(request: Request) -> JsonObject:
        return files.problems(request.path["file_id"], request.query)

    def original(request: Request) -> JsonObject:
        read_nothing(request.query)
        return files.original(request.path["file_id"])

    def status(request: Request) -> JsonObject:
        read_nothing(request.query)
        return files.status()

    api.get("/files", several)
    api.get("/files/{file_id}", one)
    api.get("/files/{file_id}/problems", problems)
    api.get("/files/{file_id}/original", original)
    api.get("/status", status)
    return api


@cache
def build_runtime() -> Api:
    """Build the API from the environment; raise ConfigurationError naming what is missing."""
    settings = FilesSettings.from_environ()
    ledger = DynamoLedger(settings.ledger_table)
    files = Files(
        ledger,
        ledger,
        OpenSearchSearch(client(settings)),
        objects=S3Objects(),
        links=S3Links(),
        receipts=S3Receipts(settings.outcomes_bucket),
        dead_letters=SqsDeadLetters(settings.dead_letters_url),
        clock=time.time,
        bucket=settings.uploads_bucket,
        names=IndexNames(settings.index_prefix),
    )
    return make_api(files, PowertoolsTelemetry("files"))


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer a REST proxy event."""
    return build_runtime().resolve(event, context)
