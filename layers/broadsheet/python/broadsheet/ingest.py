"""The use case behind the ingest function: messages in, index and ledger in step with the bucket.

Events are hints, the bucket is the truth: after the claim the object is looked at as it is now, and what the index
should hold of it follows from that alone. The order claim, read, raise the marks, write, delete what is left over,
close on the same epoch, acknowledge last is what keeps every mix of duplicates, reorderings and crashes harmless.
"""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from broadsheet.bulk_writer import Background, BulkWriter, Inline
from broadsheet.claims import ClaimLostError, give_back
from broadsheet.errors import BroadsheetError, EngineError, InfrastructureError, PermanentError
from broadsheet.file_run import FileRun, RunPorts
from broadsheet.generations import active_generations
from broadsheet.index.names import IndexNames
from broadsheet.ledger import Held, Ledger, LedgerItem, Settled
from broadsheet.measured_bulk import MeasuredBulk
from broadsheet.notifications import Change, merged, read_message
from broadsheet.ports import BulkEngine, Clock, LedgerStore, MessageQueue, ObjectStore, ReceiptStore, Telemetry
from broadsheet.settings import IngestSettings
from broadsheet.suppression import TakeDowns

T = TypeVar("T")
R = TypeVar("R")

# A returned message appears again after 2, 4, 8 ... seconds with jitter, at most this many.
_LONGEST_HOLD = 900
# Nothing is wrong with a file that only waits for its turn.
_NEXT_TURN_SECONDS = 5
# Kept of an invocation for its end: the last bulks, receipts, ledger writes and the message that goes on.
PAUSE_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the queue; ``receives`` counts how often it was delivered, this time included."""

    message_id: str
    receipt_handle: str
    body: str
    receives: int = 1


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


class Each(Protocol):
    """Calls a function with every item: one after another like ``map``, or side by side like that of a thread pool."""

    def __call__(self, function: Callable[[T], R], items: Iterable[T], /) -> Iterable[R]:
        """Return what the calls returned, in order."""


@dataclass(slots=True)
class _Work:
    """One object and every message of the batch that speaks of it: one claim serves them all."""

    change: Change
    messages: list[Message] = field(default_factory=list)

    def join(self, change: Change, message: Message) -> None:
        if self.messages:
            self.change = merged(self.change, change)
        self.messages.append(message)


def ingest(
    messages: Sequence[Message], runtime: IngestRuntime, *, request_id: str, remaining: Callable[[], float]
) -> list[str]:
    """Work on a batch of messages; return the ids of those that must come back.

    ``request_id`` names the invocation, ``remaining`` tells how many seconds it may still take. An id is only left
    out once the state its message speaks of, or a later one, was read, written and closed in the ledger.
    """
    batch = Batch(runtime, request_id, remaining)
    batch.run(messages)
    return sorted(batch.returned)


class Batch:
    """One invocation's work; what it is made of are attributes, so that a variant is a subclass."""

    ledger_class = Ledger
    writer_class = BulkWriter
    run_class = FileRun

    def __init__(self, runtime: IngestRuntime, request_id: str, remaining: Callable[[], float]) -> None:
        self.returned: set[str] = set()
        self._runtime = runtime
        self._request_id = request_id
        self._remaining = remaining
        self.ledger = self.ledger_class(runtime.ledger, runtime.clock)
        self.queue = runtime.queue
        self.telemetry = runtime.telemetry
        settings = runtime.settings
        self._writer = self.writer_class(
            MeasuredBulk(runtime.engine, runtime.telemetry, runtime.clock),
            max_bytes=settings.bulk_bytes,
            max_actions=settings.bulk_actions,
            wait=runtime.wait,
            remaining=remaining,
            background=runtime.background,
        )

    def run(self, messages: Sequence[Message]) -> None:
        """Do the work; ``returned`` holds the ids of the messages that must come back."""
        waiting = self._work_on(self._sort_out(messages))
        for work in waiting[1:]:
            self._return(work.messages, _NEXT_TURN_SECONDS)
        if waiting:
            self._work_on(waiting[:1])

    def _work_on(self, works: list[_Work]) -> list[_Work]:
        """Claim objects and take them to their end; return those that have to wait until they are alone.

        A file that ended a worker before comes last and alone: nothing but the file itself may count an attempt when
        it does so again. So among others it is given back before anything is read, and claimed anew when its turn
        comes.
        """
        claimed: list[tuple[_Work, LedgerItem]] = []
        try:
            generations = active_generations(self._runtime.ledger)
            made = self._runtime.each(lambda work: self._claim(work, generations), works)
            claimed = [(work, claim) for work, claim in zip(works, made, strict=True) if claim]
            if not claimed:
                return []
            # Everything that is pinned is read after the claims: what changed in between must not be missed.
            ports = self._ports(active_generations(self._runtime.ledger))
        except BroadsheetError as error:
            self._report(error.code, error)
            claims = {work.change.key: claim for work, claim in claimed}
            for work in works:
                claim = claims.get(work.change.key)
                if not (claim and give_back(claim, work.change, self, crashed=False)):
                    self._return(work.messages)
            return []
        runs = [(work, self.run_class(claim, work.change, ports)) for work, claim in claimed]
        dangerous = [(work, run) for work, run in runs if run.attempts > 1]
        if len(dangerous) == len(runs):
            for work, run in dangerous[1:]:
                self._give_back(work, run, crashed=False, at_most=_NEXT_TURN_SECONDS)
            self._write(dangerous[:1])
            return []
        waiting = [work for work, run in dangerous if not run.give_back(crashed=False)]
        self._write([(work, run) for work, run in runs if not run.given_back])
        return waiting

    def _ports(self, generations: tuple[int, ...]) -> RunPorts:
        runtime = self._runtime
        suppression = runtime.take_downs.current(runtime.objects, runtime.settings.uploads_bucket)
        if suppression.unreadable:
            runtime.telemetry.count("suppression_unreadable", suppression.unreadable)
        return RunPorts(
            settings=runtime.settings,
            objects=runtime.objects,
            receipts=runtime.receipts,
            queue=runtime.queue,
            telemetry=runtime.telemetry,
            clock=runtime.clock,
            ledger=self.ledger,
            writer=self._writer,
            names=IndexNames(runtime.settings.index_prefix),
            generations=generations,
            suppression=suppression,
            must_pause=lambda: self._remaining() < PAUSE_SECONDS,
        )

    def _sort_out(self, messages: Sequence[Message]) -> list[_Work]:
        works: dict[str, _Work] = {}
        for message in messages:
            try:
                changes = read_message(message.body)
            except PermanentError as error:
                self._report(error.code, error)
                continue
            for change in changes:
                if change.bucket != self._runtime.settings.uploads_bucket:
                    self._runtime.telemetry.event("foreign_bucket", message_id=message.message_id)
                    continue
                work = works.setdefault(change.key, _Work(change))
                work.join(change, message)
        return list(works.values())

    def _claim(self, work: _Work, generations: Sequence[int]) -> LedgerItem | None:
        lease = self._remaining() + self._runtime.settings.lease_margin_seconds
        try:
            claim = self.ledger.claim(
                work.change,
                token=f"{self._request_id}/{work.messages[0].message_id}",
                lease_seconds=lease,
                generations=generations,
            )
        except InfrastructureError as error:
            self._report("claim_failed", error)
            self._return(work.messages)
            return None
        if isinstance(claim, Held):
            self._return(work.messages, at_most=claim.seconds)
            return None
        if isinstance(claim, Settled):
            self._runtime.telemetry.count("files_known")
            return None
        return claim

    def _write(self, runs: list[tuple[_Work, FileRun]]) -> None:
        """Take files to their end: waiting for services side by side, writing one after another."""
        written: list[tuple[_Work, FileRun]] = []
        runs = self._those_that(runs, self._prepare)
        try:
            for work, run in runs:
                # What was prepared in time is written, of one file at least: else a batch might never get on.
                if written and self._remaining() < PAUSE_SECONDS:
                    self._give_back(work, run, crashed=False, at_most=_NEXT_TURN_SECONDS)
                elif self._guarded(work, run, run.write):
                    written.append((work, run))
            self._writer.flush()
        except EngineError as error:
            # The bulk held actions of several files and none knows what became of its own; what got no answer may
            # still be applied for a while.
            self._report(error.code, error)
            for work, run in runs:
                if not run.given_back:
                    self._give_back(work, run, crashed=False, after_seconds=self._runtime.settings.lease_margin_seconds)
            return
        self._those_that(written, self._end)

    def _those_that(
        self, runs: list[tuple[_Work, FileRun]], step: Callable[[_Work, FileRun], bool]
    ) -> list[tuple[_Work, FileRun]]:
        """Take the same step with several files; return those that it went well with."""
        went_well = self._runtime.each(lambda pair: step(*pair), runs)
        return [pair for pair, well in zip(runs, went_well, strict=True) if well]

    def _prepare(self, work: _Work, run: FileRun) -> bool:
        if self._remaining() < PAUSE_SECONDS:
            self._give_back(work, run, crashed=False, at_most=_NEXT_TURN_SECONDS)
            return False
        return self._guarded(work, run, run.prepare)

    def _end(self, work: _Work, run: FileRun) -> bool:
        return self._guarded(work, run, run.end)

    def _guarded(self, work: _Work, run: FileRun, step: Callable[[], None]) -> bool:
        """Run one step of one file; whatever goes wrong with it costs no other file of the batch."""
        try:
            step()
        except EngineError:
            raise
        except ClaimLostError:
            self._writer.drop(run.file_id)
            run.given_back = True
            self._return(work.messages)
        except InfrastructureError as error:
            self._report(error.code, error)
            self._writer.drop(run.file_id)
            self._give_back(work, run, crashed=False)
        except Exception as error:  # noqa: BLE001 - any bug in reading one file; counted against that file
            # Its kind and place only: its words may quote the file.
            self._report("crashed", error, trace=traceback.format_tb(error.__traceback__))
            self._writer.drop(run.file_id)
            self._give_back(work, run, crashed=True)
        else:
            return True
        return False

    def _give_back(
        self,
        work: _Work,
        run: FileRun,
        *,
        crashed: bool,
        after_seconds: float = 0,
        at_most: float = _LONGEST_HOLD,
    ) -> None:
        """Return the messages of a file that is not finished, unless one of our own stands in for them."""
        if not run.give_back(crashed=crashed, after_seconds=after_seconds):
            self._return(work.messages, at_most)

    def _return(self, messages: Iterable[Message], at_most: float = _LONGEST_HOLD) -> None:
        for message in messages:
            self.returned.add(message.message_id)
            longest = min(_LONGEST_HOLD, at_most, 2.0 ** min(message.receives, 20))
            seconds = 1 + int(random.uniform(longest / 2, longest))  # noqa: S311 - jitter, not a secret
            try:
                self._runtime.queue.hold(message.receipt_handle, seconds)
            except InfrastructureError as error:
                # The message comes back after the queue's own visibility time instead.
                self._report("hold_failed", error)

    def _report(self, code: str, error: Exception, **more: Any) -> None:
        self._runtime.telemetry.event("ingest_failed", code=code, error=type(error).__name__, **more)
        self._runtime.telemetry.count("ingest_failures", code=code)
