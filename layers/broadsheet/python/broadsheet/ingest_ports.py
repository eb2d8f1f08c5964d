"""What ingestion needs: from the world for an invocation, and in it for every file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from broadsheet.bulk_writer import Background, BulkWriter, Inline
from broadsheet.index.names import IndexNames
from broadsheet.ledger import Ledger
from broadsheet.ports import BulkEngine, Clock, LedgerStore, MessageQueue, ObjectStore, ReceiptStore, Telemetry
from broadsheet.settings import IngestSettings
from broadsheet.side_by_side import Each
from broadsheet.suppression import Suppression, TakeDowns


@dataclass(frozen=True, slots=True)
class IngestRuntime:
    """Everything ingestion needs from the world."""

    settings: IngestSettings
    objects: ObjectStore
    receipts: ReceiptStore
    ledger: LedgerStore
    engine: BulkEngine
    queue: MessageQueue
    telemetry: Telemetry
    clock: Clock
    wait: Callable[[float], None]
    background: Background = field(default_factory=Inline)
    each: Each = map
    take_downs: TakeDowns = field(default_factory=TakeDowns)


@dataclass(frozen=True, slots=True)
class RunPorts:
    """What a run needs, shared by the runs of one batch; ``must_pause`` says that the time is nearly over."""

    settings: IngestSettings
    objects: ObjectStore
    receipts: ReceiptStore
    queue: MessageQueue
    telemetry: Telemetry
    clock: Clock
    ledger: Ledger
    writer: BulkWriter
    names: IndexNames
    generations: tuple[int, ...]
    suppression: Suppression
    must_pause: Callable[[], bool]
