"""Notifications from the queue -> the index in step with the bucket."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from broadsheet.adapters import aws
from broadsheet.adapters.background import Sender
from broadsheet.adapters.dynamodb import DynamoLedger
from broadsheet.adapters.opensearch import OpenSearchBulk, client
from broadsheet.adapters.s3 import S3Objects, S3Receipts
from broadsheet.adapters.sqs import SqsQueue
from broadsheet.adapters.telemetry import PowertoolsTelemetry
from broadsheet.deliveries import Message
from broadsheet.ingest import ingest
from broadsheet.ingest_ports import IngestRuntime
from broadsheet.settings import IngestSettings

# Files of a batch wait for S3 and DynamoDB side by side. A batch of the queue has ten, and all looks go out at once:
# at each object and its sidecar, at the list of take-downs and the active generations.
_SIDE_BY_SIDE = 22
# Kept for the answer: messages that come back are named before the invocation's time is up.
_RESERVE_SECONDS = 10


@cache
def build_runtime() -> IngestRuntime:
    """Build everything ingestion needs from the environment; raise ConfigurationError naming what is missing."""
    settings = IngestSettings.from_environ()
    s3 = aws.client("s3")  # one for both: making a client is a good part of a cold start
    return IngestRuntime(
        settings=settings,
        objects=S3Objects(s3),
        receipts=S3Receipts(settings.outcomes_bucket, s3),
        ledger=DynamoLedger(settings.ledger_table),
        engine=OpenSearchBulk(client(settings), compress=settings.compress_bulks),
        queue=SqsQueue(settings.queue_url),
        telemetry=PowertoolsTelemetry("ingest"),
        clock=time.time,
        wait=time.sleep,
        background=Sender(),
        each=ThreadPoolExecutor(_SIDE_BY_SIDE).map,
    )


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer an SQS event with the ids of the messages that must come back (partial batch response)."""
    return answer(event, context, build_runtime())


def answer(event: dict[str, Any], context: Any, runtime: IngestRuntime) -> dict[str, Any]:
    """Do what ``handle`` does, with the given runtime."""
    messages = [
        Message(
            record["messageId"],
            record["receiptHandle"],
            record["body"],
            int(record.get("attributes", {}).get("ApproximateReceiveCount", 1)),
        )
        for record in event.get("Records", [])
    ]
    returned = ingest(
        messages,
        runtime,
        request_id=context.aws_request_id,
        remaining=lambda: context.get_remaining_time_in_millis() / 1000 - _RESERVE_SECONDS,
    )
    runtime.telemetry.flush()
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in returned]}
