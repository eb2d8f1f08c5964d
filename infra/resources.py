"""What the deployed and the local system have in common: one description, two assemblies.

The CDK app turns it into CloudFormation, ``infra.local`` into calls to a local endpoint.
"""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.api.routes import ROUTES, STAGE_PATH, Route

__all__ = [
    "FUNCTIONS",
    "LEDGER_INDEXES",
    "LEDGER_KEY",
    "NOTIFICATIONS",
    "PYTHON",
    "QUEUE",
    "RECONCILE_EVENT",
    "RECONCILE_MINUTES",
    "REQUEST_HEADERS",
    "ROUTES",
    "STAGE_PATH",
    "Function",
    "Queue",
    "Route",
    "TableIndex",
]

# Of the Lambda runtime.
PYTHON = "3.13"

LEDGER_KEY = "file_id"


@dataclass(frozen=True, slots=True)
class TableIndex:
    """A global secondary index of the ledger; all its keys are strings and every attribute is projected."""

    name: str
    partition: str
    sort: str


LEDGER_INDEXES = (
    # 16 partitions, merged when read: files in order of their keys.
    TableIndex("by_key", "shard", "key"),
    # One partition per status and shard: files of one status by time.
    TableIndex("by_status", "status_shard", "updated_at"),
)


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue of notifications; times in seconds."""

    visibility: int = 1_800
    retention: int = 7 * 24 * 3600
    dead_letter_retention: int = 14 * 24 * 3600
    # As high as SQS allows: an engine that is away for a day must not turn good files into dead letters (with pauses of
    # up to 15 minutes a day takes about 140). Crashes are counted in the ledger, not here.
    max_receive_count: int = 1_000
    batch_size: int = 10


QUEUE = Queue()


@dataclass(frozen=True, slots=True)
class Function:
    """One folder of ``functions/``; memory in MiB, timeout in seconds."""

    name: str
    memory: int
    timeout: int


FUNCTIONS = (
    # 1,769 MB is one whole CPU; the queue's visibility is six times the timeout.
    Function("ingest", memory=1_769, timeout=300),
    Function("search", memory=1_024, timeout=29),
    Function("files", memory=512, timeout=29),
    # One whole CPU: an answer has 29 seconds.
    Function("parse", memory=1_769, timeout=29),
    Function("uploads", memory=512, timeout=29),
    Function("indices", memory=512, timeout=300),
    # One run walks over some millions of keys; the next goes on from there.
    Function("reconcile", memory=512, timeout=900),
)

# What a page of another site may send along.
REQUEST_HEADERS = ("Authorization", "Content-Type", "If-None-Match", "X-Amz-Date", "X-Amz-Security-Token", "X-Api-Key")

# How often the bucket is compared with the ledger, in minutes, and what the function is told.
RECONCILE_MINUTES = 60
RECONCILE_EVENT = {"scheduled": True}

# The events of the uploads bucket that reach the queue; lifecycle expiry does not count as a removal.
NOTIFICATIONS = ("s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:LifecycleExpiration:*")
