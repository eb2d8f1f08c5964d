"""The use case behind the ingest function: messages in, index and ledger in step with the bucket.

Events are hints, the bucket is the truth: after the claim the object is looked at as it is now, and what the index
should hold of it follows from that alone. The order claim, read, raise the marks, write, delete what is left over,
close on the same epoch, acknowledge last is what keeps every mix of duplicates, reorderings and crashes harmless.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from broadsheet.bulk_writer import BulkWriter
from broadsheet.claims import ClaimLostError, give_back
from broadsheet.deliveries import Message, Returns, Work, report, works_of
from broadsheet.errors import BroadsheetError, EngineError, InfrastructureError
from broadsheet.file_run import FileRun
from broadsheet.generations import active_generations
from broadsheet.index.names import IndexNames
from broadsheet.ingest_ports import IngestRuntime, RunPorts
from broadsheet.ledger import Held, Ledger, Settled, Suspect, UnansweredClaimError
from broadsheet.ledger_item import LedgerItem
from broadsheet.measured_bulk import MeasuredBulk
from broadsheet.side_by_side import Ahead
from broadsheet.source import Looks, looks_at
from broadsheet.suppression import Suppression

# Nothing is wrong with a file that only waits for its turn.
_NEXT_TURN_SECONDS = 5
# Kept of an invocation for its end: the last bulks, receipts, ledger writes and the message that goes on.
PAUSE_SECONDS = 15


def ingest(
    messages: Sequence[Message], runtime: IngestRuntime, *, request_id: str, remaining: Callable[[], float]
) -> list[str]:
    """Work on a batch of messages; return the ids of those that must come back.

    ``request_id`` names the invocation, ``remaining`` tells how many seconds it may still take. An id is only left
    out once the state its message speaks of, or a later one, was read, written and closed in the ledger.
    """
    return Batch(runtime, request_id, remaining).run(messages)


class Batch:
    """One invocation's work; what it is made of are attributes, so that a variant is a subclass."""

    ledger_class = Ledger
    writer_class = BulkWriter
    run_class = FileRun
    returns_class = Returns

    def __init__(self, runtime: IngestRuntime, request_id: str, remaining: Callable[[], float]) -> None:
        self._runtime = runtime
        self._request_id = request_id
        self._remaining = remaining
        self.ledger = self.ledger_class(runtime.ledger, runtime.clock)
        self.queue = runtime.queue
        self.telemetry = runtime.telemetry
        self._returns = self.returns_class(runtime.queue, runtime.telemetry)
        self._known_generations: tuple[int, ...] = ()
        settings = runtime.settings
        self._writer = self.writer_class(
            MeasuredBulk(runtime.engine, runtime.telemetry, runtime.clock),
            max_bytes=settings.bulk_bytes,
            max_actions=settings.bulk_actions,
            wait=runtime.wait,
            remaining=remaining,
            background=runtime.background,
        )

    def run(self, messages: Sequence[Message]) -> list[str]:
        """Do the work; return the ids of the messages that must come back.

        A file that ended a worker before comes last and alone, one in each invocation: nothing but the file itself may
        count an attempt when it does so again.
        """
        works = works_of(messages, self._runtime.settings.uploads_bucket, self.telemetry)
        suspects = self._work_on(works, alone=len(works) == 1)
        for work in suspects[1:]:
            self._returns.add(work.messages, at_most=_NEXT_TURN_SECONDS)
        self._work_on(suspects[:1], alone=True)
        return sorted(self._returns.message_ids)

    def _work_on(self, works: list[Work], *, alone: bool) -> list[Work]:
        """Claim objects and take them to their end; return those that have to wait until they are alone."""
        answers = list(self._runtime.each(lambda work: self._claim(work, alone), works))
        claimed: list[tuple[Work, LedgerItem]] = []
        suspects: list[Work] = []
        for work, answer in zip(works, answers, strict=True):
            if isinstance(answer, LedgerItem):
                claimed.append((work, answer))
            elif isinstance(answer, Suspect):
                suspects.append(work)
        if claimed:
            self._write(self._looked_at(claimed))
        return suspects

    def _claim(self, work: Work, alone: bool) -> LedgerItem | Suspect | None:
        try:
            claim = self.ledger.claim(
                work.change,
                token=f"{self._request_id}/{work.messages[0].message_id}",
                lease_seconds=self._remaining() + self._runtime.settings.lease_margin_seconds,
                generations=self._generations,
                alone=alone,
            )
        except InfrastructureError as error:
            report(self.telemetry, "claim_failed", error)
            if isinstance(error, UnansweredClaimError):
                self._release(error.claim)
            self._returns.add(work.messages)
            return None
        if isinstance(claim, Held):
            self._returns.add(work.messages, at_most=claim.seconds)
            return None
        if isinstance(claim, Settled):
            self.telemetry.count("files_known")
            return None
        return claim

    def _release(self, claim: LedgerItem) -> None:
        """Release a claim that may have been made: nothing was wrong with the file."""
        try:
            self.ledger.release(claim, crashed=False)
        except InfrastructureError:
            self.telemetry.event("claim_left", file_id=claim.file_id)

    def _generations(self) -> tuple[int, ...]:
        """Return the active generations as some claim of this batch found them."""
        if not self._known_generations:
            self._known_generations = active_generations(self._runtime.ledger)
        return self._known_generations

    def _looked_at(self, claimed: list[tuple[Work, LedgerItem]]) -> list[tuple[Work, FileRun]]:
        """Look at everything that the files' outcomes will depend on; return their runs.

        After the claims: what changed in between must not be missed.
        """
        runtime = self._runtime
        calls: list[Callable[[], Any]] = [
            partial(active_generations, runtime.ledger),
            partial(runtime.take_downs.current, runtime.objects, runtime.settings.uploads_bucket),
        ]
        for _, claim in claimed:
            calls += looks_at(runtime.objects, claim.bucket, claim.key)
        generations, suppression, *looks = runtime.each(Ahead, calls)
        try:
            ports = self._ports(generations.result(), suppression.result())
        except BroadsheetError as error:
            report(self.telemetry, error.code, error)
            for work, claim in claimed:
                if not give_back(claim, work.change, self, crashed=False):
                    self._returns.add(work.messages)
            return []
        return [
            (work, self.run_class(claim, work.change, ports, Looks(*seen)))
            for (work, claim), *seen in zip(claimed, looks[::2], looks[1::2], strict=True)
        ]

    def _ports(self, generations: tuple[int, ...], suppression: Suppression) -> RunPorts:
        runtime = self._runtime
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

    def _write(self, runs: list[tuple[Work, FileRun]]) -> None:
        """Take files to their end: waiting for services side by side, writing one after another."""
        written: list[tuple[Work, FileRun]] = []
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
            report(self.telemetry, error.code, error)
            for work, run in runs:
                if not run.given_back:
                    self._give_back(work, run, crashed=False, after_seconds=self._runtime.settings.lease_margin_seconds)
            return
        self._those_that(written, lambda work, run: self._guarded(work, run, run.end))

    def _those_that(
        self, runs: list[tuple[Work, FileRun]], step: Callable[[Work, FileRun], bool]
    ) -> list[tuple[Work, FileRun]]:
        """Take the same step with several files; return those that it went well with."""
        went_well = self._runtime.each(lambda pair: step(*pair), runs)
        return [pair for pair, well in zip(runs, went_well, strict=True) if well]

    def _prepare(self, work: Work, run: FileRun) -> bool:
        if self._remaining() < PAUSE_SECONDS:
            self._give_back(work, run, crashed=False, at_most=_NEXT_TURN_SECONDS)
            return False
        return self._guarded(work, run, run.prepare)

    def _guarded(self, work: Work, run: FileRun, step: Callable[[], None]) -> bool:
        """Run one step of one file; whatever goes wrong with it costs no other file of the batch."""
        try:
            step()
        except EngineError:
            raise
        except ClaimLostError:
            self._writer.drop(run.file_id)
            run.given_back = True
            self._returns.add(work.messages)
        except InfrastructureError as error:
            report(self.telemetry, error.code, error)
            self._writer.drop(run.file_id)
            self._give_back(work, run, crashed=False)
        except Exception as error:  # noqa: BLE001 - any bug in reading one file; counted against that file
            report(self.telemetry, "crashed", error, trace=traceback.format_tb(error.__traceback__))
            self._writer.drop(run.file_id)
            self._give_back(work, run, crashed=True)
        else:
            return True
        return False

    def _give_back(
        self,
        work: Work,
        run: FileRun,
        *,
        crashed: bool,
        after_seconds: float = 0,
        at_most: float | None = None,
    ) -> None:
        """Return the messages of a file that is not finished, unless one of our own stands in for them."""
        if not run.give_back(crashed=crashed, after_seconds=after_seconds):
            self._returns.add(work.messages, at_most=at_most)
