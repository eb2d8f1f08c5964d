"""What every run has in common, and what differs between runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from broadsheet import suppression
from broadsheet.index.names import IndexNames
from broadsheet.settings import IngestSettings
from tests.explore.bucket import BUCKET

Step = tuple[Any, ...]
KEYS = ("a.txt", "b.txt", "c.txt")
TAKE_DOWNS = suppression.KEY
NAMES = IndexNames("x")
START = 1_800_000_000.0
CALL_SECONDS = 0.01
# A request without an answer may be done up to this long after it was sent.
LATE_SECONDS = 29.0
SETTINGS = IngestSettings(
    opensearch_url="http://unused",
    index_prefix="x",
    ledger_table="unused",
    uploads_bucket=BUCKET,
    outcomes_bucket="unused",
    queue_url="unused",
)


@dataclass(frozen=True)
class Rules:
    """What a run takes for granted.

    ``frozen`` workers may stand still for any time and go on (then tombstones must outlive that); others are killed
    when their time is over, as invocations are.
    """

    frozen: bool = False
    gc_seconds: float = 1.0
    timeout: float = 60.0
    visibility: float = 360.0
    most_receives: int = 300
    bulk_bytes: int = 5_000_000
    bulk_actions: int = 5_000
    sequencers: bool = True
