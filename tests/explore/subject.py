"""What is explored: ingestion as it is, made of its own classes, with small numbers in place of large ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

from broadsheet.deliveries import Message
from broadsheet.file_run import FileRun
from broadsheet.ingest import Batch
from broadsheet.ingest_ports import IngestRuntime
from broadsheet.ledger import Ledger
from broadsheet.model import Hints
from broadsheet.outcome import Tally
from broadsheet.reading import Reading
from broadsheet.source import Readable, Source


class SteppedSource(Source):
    """Stands still between two records, so that anything may happen there."""

    def _read(
        self, stream: BinaryIO, hints: Hints, file: str, start: int, tally: Tally
    ) -> Iterator[tuple[int, Readable | None]]:
        objects: Any = self._objects
        for number, readable in super()._read(stream, hints, file, start, tally):
            objects.read_on(self.stored, number)
            yield number, readable


class SmallReading(Reading):
    """A reading that looks at the clock after two removals in place of a thousand."""

    removals_at_once = 2


class SmallRun(FileRun):
    """A run of such readings."""

    source_class = SteppedSource
    reading_class = SmallReading


class SmallLedger(Ledger):
    """A ledger whose claims leave room for one comment: larger pages raise their marks."""

    room_comments = 1


class SmallBatch(Batch):
    """A batch of such runs."""

    ledger_class = SmallLedger
    run_class = SmallRun


def executing(batch_class: type[Batch]) -> Callable[..., list[str]]:
    """Return ``ingest`` as a batch class does it."""

    def execute(
        messages: Sequence[Message], runtime: IngestRuntime, *, request_id: str, remaining: Callable[[], float]
    ) -> list[str]:
        return batch_class(runtime, request_id, remaining).run(messages)

    return execute


EXECUTE = executing(SmallBatch)
