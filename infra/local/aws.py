"""S3, SQS and DynamoDB on this machine: moto's server with the resources of ``infra.resources`` in it.

Data lives as long as the process. ``local_aws`` starts the server and makes bucket, queue and table by the same calls
as any client; with it come the events of the uploads bucket (``event_source``).
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from moto.core.base_backend import BackendDict
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from broadsheet.settings import (
    FilesSettings,
    IndicesSettings,
    IngestSettings,
    ReconcileSettings,
    SearchSettings,
    UploadsSettings,
)
from infra.local.event_source import EventSource, observe
from infra.local.listening import address_of
from infra.resources import LEDGER_INDEXES, LEDGER_KEY, NOTIFICATIONS, QUEUE

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

REGION = "us-east-1"
# The account moto gives to unknown credentials.
ACCOUNT = "123456789012"
# The server takes any; clients insist on some.
CREDENTIAL = "local"

UPLOADS = "broadsheet-uploads"
OUTCOMES = "broadsheet-outcomes"
FILES_QUEUE = "broadsheet-files"
DEAD_LETTERS = "broadsheet-files-dead-letters"
LEDGER = "broadsheet-ledger"

# A deployed function may take minutes and its queue waits six times as long. Here nobody waits half an hour for the
# second try: shorter times in the same order (lease = remaining time + margin < visibility).
FUNCTION_SECONDS = 60
LEASE_MARGIN_SECONDS = 10
VISIBILITY_SECONDS = 90


@dataclass(frozen=True)
class LocalAws:
    """Clients, addresses and names of what was started."""

    endpoint_url: str
    s3: S3Client
    sqs: SQSClient
    dynamodb: DynamoDBClient
    queue_url: str
    queue_arn: str
    dead_letters_url: str
    uploads_bucket: str = UPLOADS
    outcomes_bucket: str = OUTCOMES
    ledger_table: str = LEDGER

    @property
    def environ(self) -> dict[str, str]:
        """The variables with which AWS clients find the server, whatever else is configured on the machine."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": CREDENTIAL,
            "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
        }

    def settings(
        self, opensearch_url: str, index_prefix: str
    ) -> tuple[IngestSettings, SearchSettings, FilesSettings, IndicesSettings, ReconcileSettings, UploadsSettings]:
        """Return the settings of the functions on this system."""
        engine: dict[str, Any] = {
            "opensearch_url": opensearch_url,
            "index_prefix": index_prefix,
            "sign_requests": False,
        }
        return (
            IngestSettings(
                **engine,
                ledger_table=self.ledger_table,
                uploads_bucket=self.uploads_bucket,
                outcomes_bucket=self.outcomes_bucket,
                queue_url=self.queue_url,
                lease_margin_seconds=LEASE_MARGIN_SECONDS,
            ),
            SearchSettings(**engine),
            FilesSettings(
                **engine,
                ledger_table=self.ledger_table,
                uploads_bucket=self.uploads_bucket,
                outcomes_bucket=self.outcomes_bucket,
                dead_letters_url=self.dead_letters_url,
            ),
            # Searchable after one second: someone is watching.
            IndicesSettings(**engine, ledger_table=self.ledger_table, refresh_interval="1s"),
            ReconcileSettings(
                ledger_table=self.ledger_table,
                uploads_bucket=self.uploads_bucket,
                queue_url=self.queue_url,
                dead_letters_url=self.dead_letters_url,
                visibility_seconds=VISIBILITY_SECONDS,
            ),
            UploadsSettings(uploads_bucket=self.uploads_bucket),
        )


@contextmanager
def local_aws(listener: socket.socket, *, visibility: int = VISIBILITY_SECONDS) -> Iterator[LocalAws]:
    """Run the server with the system's resources on a listening socket; ``visibility`` of messages in seconds.

    One at a time in a process: moto keeps its data in global variables.
    """
    # Whatever an earlier one in this process left.
    BackendDict.reset()
    application = DomainDispatcherApplication(create_backend_app)
    endpoint_url = address_of(listener)
    session = boto3.session.Session(aws_access_key_id=CREDENTIAL, aws_secret_access_key=CREDENTIAL, region_name=REGION)
    # The server is on this machine, whatever proxies there are.
    config = Config(proxies={})
    with (
        closing(session.client("s3", endpoint_url=endpoint_url, config=config)) as s3,
        closing(session.client("sqs", endpoint_url=endpoint_url, config=config)) as sqs,
        closing(session.client("dynamodb", endpoint_url=endpoint_url, config=config)) as dynamodb,
    ):
        source = EventSource(
            bucket=UPLOADS,
            region=REGION,
            patterns=NOTIFICATIONS,
            send=lambda body: sqs.send_message(QueueUrl=queue_url, MessageBody=body),
        )
        observe(source, partition="aws", account=ACCOUNT)
        with _serve(listener, source.around(application)):
            _make_buckets(s3)
            dead_letters_url, queue_url, queue_arn = _make_queues(sqs, visibility)
            _make_ledger(dynamodb)
            yield LocalAws(
                endpoint_url=endpoint_url,
                s3=s3,
                sqs=sqs,
                dynamodb=dynamodb,
                queue_url=queue_url,
                queue_arn=queue_arn,
                dead_letters_url=dead_letters_url,
            )


class _QuietHandler(MotoRequestHandler):
    """Serves without a line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def _serve(listener: socket.socket, application: Any) -> Iterator[None]:
    host, port = listener.getsockname()
    server = make_server(host, port, application, threaded=True, request_handler=_QuietHandler, fd=listener.fileno())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="moto", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _make_buckets(s3: S3Client) -> None:
    for name in (UPLOADS, OUTCOMES):
        s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=UPLOADS, VersioningConfiguration={"Status": "Enabled"})


def _make_queues(sqs: SQSClient, visibility: int) -> tuple[str, str, str]:
    """Make both queues; return the URL of the dead letters, and URL and ARN of the queue itself."""
    dead_letters = sqs.create_queue(
        QueueName=DEAD_LETTERS, Attributes={"MessageRetentionPeriod": str(QUEUE.dead_letter_retention)}
    )["QueueUrl"]
    redrive = {"deadLetterTargetArn": _arn(sqs, dead_letters), "maxReceiveCount": QUEUE.max_receive_count}
    queue = sqs.create_queue(
        QueueName=FILES_QUEUE,
        Attributes={
            "VisibilityTimeout": str(visibility),
            "MessageRetentionPeriod": str(QUEUE.retention),
            "RedrivePolicy": json.dumps(redrive),
        },
    )["QueueUrl"]
    return dead_letters, queue, _arn(sqs, queue)


def _arn(sqs: SQSClient, queue_url: str) -> str:
    return sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def _make_ledger(dynamodb: DynamoDBClient) -> None:
    names = {LEDGER_KEY, *(name for index in LEDGER_INDEXES for name in (index.partition, index.sort))}
    dynamodb.create_table(
        TableName=LEDGER,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in sorted(names)],
        KeySchema=[{"AttributeName": LEDGER_KEY, "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index.name,
                "KeySchema": [
                    {"AttributeName": index.partition, "KeyType": "HASH"},
                    {"AttributeName": index.sort, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
            for index in LEDGER_INDEXES
        ],
    )
