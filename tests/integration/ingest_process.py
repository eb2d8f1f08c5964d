"""Ingestion as a process of its own, which may kill itself at a named point of the work on one file.

``python -m tests.integration.ingest_process ARCHIVE [POINT KEY]``, with the archive as JSON (see ``describe``): it
works until the queue is empty, or until it comes to the point with the file of this key.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config

from broadsheet.adapters.dynamodb import DynamoLedger
from broadsheet.adapters.opensearch import OpenSearchBulk
from broadsheet.adapters.s3 import S3Objects, S3Receipts
from broadsheet.ids import file_id
from infra.local.aws import LocalAws
from tests.faults.injectors import Faulty
from tests.integration.drill import Drill

# The limit of an invocation. The handler keeps ten for its answer and pauses long files fifteen before that.
SECONDS = 27


def describe(archive: Drill) -> str:
    """Return what another process needs to work on an archive."""
    aws = archive.aws
    return json.dumps(
        {
            "engine_url": archive.settings.opensearch_url,
            "prefix": archive.settings.index_prefix,
            "bulk_bytes": archive.settings.bulk_bytes,
            "endpoint_url": aws.endpoint_url,
            "queue_url": aws.queue_url,
            "queue_arn": aws.queue_arn,
            "dead_letters_url": aws.dead_letters_url,
        }
    )


def _archive(text: str) -> Drill:
    known = json.loads(text)
    endpoint_url = known["endpoint_url"]
    clients: dict[str, Any] = {
        service: boto3.client(service, endpoint_url=endpoint_url, config=Config(proxies={}))
        for service in ("s3", "sqs", "dynamodb")
    }
    aws = LocalAws(
        endpoint_url=endpoint_url,
        queue_url=known["queue_url"],
        queue_arn=known["queue_arn"],
        dead_letters_url=known["dead_letters_url"],
        **clients,
    )
    return Drill(aws, known["engine_url"], known["prefix"], bulk_bytes=known["bulk_bytes"])


def _kill_when(condition: Callable[..., bool]) -> Callable[..., None]:
    def happens(*values: Any, **named: Any) -> None:
        if condition(*values, **named):
            os.kill(os.getpid(), signal.SIGKILL)

    return happens


def points(archive: Drill, key: str) -> dict[str, dict[str, Any]]:
    """Return for each point which port kills the process there."""
    identity = file_id(archive.aws.uploads_bucket, key)
    ledger = DynamoLedger(archive.aws.ledger_table, archive.dynamodb)
    objects = S3Objects(archive.s3)
    receipts = S3Receipts(archive.aws.outcomes_bucket, archive.s3)
    bulk = OpenSearchBulk(archive.engine)
    of_item = _kill_when(lambda item, **_condition: item["file_id"] == identity)
    of_end = _kill_when(lambda item, **_condition: item["file_id"] == identity and item["status"] != "processing")
    of_body = _kill_when(lambda body: identity.encode() in body)
    of_receipt = _kill_when(lambda name, _body: name.startswith(identity))
    return {
        "before the claim": {"ledger": Faulty(ledger, "put", before=of_item)},
        "after the claim": {"ledger": Faulty(ledger, "put", after=of_item)},
        "after the look at the object": {
            "objects": Faulty(objects, "head", after=_kill_when(lambda _bucket, name: name == key))
        },
        "before the first bulk": {"engine": Faulty(bulk, "bulk", before=of_body)},
        "between two bulks": {"engine": Faulty(bulk, "bulk", after=of_body)},
        "after the last bulk": {"receipts": Faulty(receipts, "put", before=of_receipt)},
        "after the receipt": {"receipts": Faulty(receipts, "put", after=of_receipt)},
        "after the end, before the message is deleted": {"ledger": Faulty(ledger, "put", after=of_end)},
    }


def main(text: str, point: str | None = None, key: str = "") -> None:
    """Work until the queue is empty, or the point is reached."""
    archive = _archive(text)
    faults = points(archive, key)[point] if point else {}
    # One message at a time: files that a worker died of are worked on alone anyway.
    with archive.polled(SECONDS, batch_size=1, **faults) as mapping:
        while archive.messages(archive.aws.queue_url):
            mapping.deliver(wait_seconds=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
