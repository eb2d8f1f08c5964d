"""Ingestion through its handler with S3, SQS and DynamoDB of this machine and a real engine, times made short."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

import boto3
from botocore.config import Config

from broadsheet.adapters.dynamodb import DynamoLedger
from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, client
from broadsheet.adapters.s3 import S3Objects, S3Receipts
from broadsheet.adapters.sqs import SqsQueue
from broadsheet.generations import ensure_generations
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.ingest_ports import IngestRuntime
from broadsheet.settings import IndicesSettings, IngestSettings
from functions.ingest.handler import answer
from infra.local.aws import LocalAws, local_aws
from infra.local.invocation import invocation
from infra.local.listening import listen
from infra.local.mapping import EventSourceMapping
from infra.local.waiting import wait_for
from infra.resources import FUNCTIONS, QUEUE
from tests.fakes import RecordingTelemetry
from tests.invariants import NOT_GIVEN_BACK, assert_index_equals_bucket, assert_outcomes_agree, in_engine

LEASE_MARGIN_SECONDS = 1
_INGEST = next(function for function in FUNCTIONS if function.name == "ingest")
_COUNTS = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]


class Drill:
    """One archive: what is in it, and what must hold of it when everything is quiet."""

    def __init__(self, aws: LocalAws, engine_url: str, prefix: str, **settings: Any) -> None:
        self.aws = aws
        self.settings = IngestSettings(
            opensearch_url=engine_url,
            index_prefix=prefix,
            sign_requests=False,
            ledger_table=aws.ledger_table,
            uploads_bucket=aws.uploads_bucket,
            outcomes_bucket=aws.outcomes_bucket,
            queue_url=aws.queue_url,
            lease_margin_seconds=LEASE_MARGIN_SECONDS,
            **settings,
        )
        self.names = IndexNames(prefix)
        self.engine = client(self.settings)
        # The workers' own clients: what they meet, nobody else does.
        self.s3, self.sqs, self.dynamodb = (_client(aws, service) for service in ("s3", "sqs", "dynamodb"))
        self.telemetry = RecordingTelemetry()
        self._ledger = DynamoLedger(aws.ledger_table, aws.dynamodb)

    def make_indices(self) -> None:
        """Create the first generation."""
        settings = IndicesSettings(
            opensearch_url=self.settings.opensearch_url,
            index_prefix=self.settings.index_prefix,
            sign_requests=False,
            ledger_table=self.settings.ledger_table,
        )
        ensure_generations(OpenSearchAdmin(self.engine), self._ledger, settings)

    def remove_indices(self) -> None:
        """Delete what ``make_indices`` made."""
        for kind in KINDS:
            OpenSearchAdmin(self.engine).delete(self.names.index(kind, 1))

    def close(self) -> None:
        """Close all connections."""
        for each in (self.s3, self.sqs, self.dynamodb, self.engine):
            each.close()

    def runtime(self, background: ThreadPoolExecutor) -> IngestRuntime:
        """Return what the handler is given."""
        return IngestRuntime(
            settings=self.settings,
            objects=S3Objects(self.s3),
            receipts=S3Receipts(self.aws.outcomes_bucket, self.s3),
            ledger=DynamoLedger(self.aws.ledger_table, self.dynamodb),
            engine=OpenSearchBulk(self.engine),
            queue=SqsQueue(self.aws.queue_url, self.sqs),
            telemetry=self.telemetry,
            clock=time.time,
            wait=time.sleep,
            background=background,
        )

    @contextmanager
    def polled(
        self, seconds: float, *, batch_size: int = QUEUE.batch_size, **changes: Any
    ) -> Iterator[EventSourceMapping]:
        """Give what delivers the queue's messages to the handler, by hand or when it is entered.

        ``seconds`` is the time limit of an invocation, ``changes`` are ports with faults.
        """
        with ThreadPoolExecutor(1) as background:
            yield EventSourceMapping(
                sqs=self.aws.sqs,
                queue_url=self.aws.queue_url,
                queue_arn=self.aws.queue_arn,
                handler=partial(answer, runtime=replace(self.runtime(background), **changes)),
                context=partial(invocation, _INGEST, seconds=seconds),
                batch_size=batch_size,
                say=lambda _line: None,
            )

    def put(self, key: str, body: bytes) -> None:
        """Store an object."""
        self.aws.s3.put_object(Bucket=self.aws.uploads_bucket, Key=key, Body=body)

    def delete(self, key: str) -> None:
        """Remove an object."""
        self.aws.s3.delete_object(Bucket=self.aws.uploads_bucket, Key=key)

    def items(self) -> list[dict[str, Any]]:
        """Return all items of files."""
        return self._ledger.by_key(prefix="", after="", limit=10_000)

    def messages(self, queue_url: str) -> int:
        """Return how many messages a queue has, whether they can be seen or not."""
        answer = self.aws.sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=_COUNTS)  # type: ignore[arg-type]
        return sum(int(count) for count in answer["Attributes"].values())

    def settle(self, seconds: float) -> None:
        """Wait until no message is left."""
        wait_for(lambda: True if not self.messages(self.aws.queue_url) else None, "an empty queue", seconds=seconds)

    def assert_quiet(self) -> None:
        """Assert that nothing waits, nothing is dead, and that index, ledger and bucket say the same."""
        assert self.messages(self.aws.queue_url) == 0
        assert self.messages(self.aws.dead_letters_url) == 0
        found = in_engine(self.engine, self.names)
        bucket = S3Objects(self.aws.s3)
        name = self.aws.uploads_bucket
        assert_index_equals_bucket(bucket, name, found, without=NOT_GIVEN_BACK)
        assert_outcomes_agree(bucket, name, self.items(), found)


def _client(aws: LocalAws, service: str) -> Any:
    return boto3.client(service, endpoint_url=aws.endpoint_url, config=Config(proxies={}))  # type: ignore[call-overload]


@contextmanager
def drill(engine_url: str, *, visibility: int, **settings: Any) -> Iterator[Drill]:
    """Start S3, SQS and DynamoDB and make the indices; take all away at the end."""
    prefix = f"t{uuid4().hex[:12]}"
    with closing(listen(0, "")) as listener, local_aws(listener, visibility=visibility) as aws:
        archive = Drill(aws, engine_url, prefix, **settings)
        archive.make_indices()
        try:
            yield archive
        finally:
            archive.remove_indices()
            archive.close()


def until(condition: Callable[[], bool], what: str, *, seconds: float = 20.0) -> None:
    """Wait until something is so."""
    wait_for(lambda: True if condition() else None, what, seconds=seconds)
