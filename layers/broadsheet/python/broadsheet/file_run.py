"""One claimed file on its way into the index: read, write, remove what is left over, close or pause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace

from broadsheet.attempts import MOST_ATTEMPTS
from broadsheet.bulk_writer import Action
from broadsheet.checkpoint import Checkpoint
from broadsheet.claims import ClaimLostError, give_back, kept
from broadsheet.errors import InfrastructureError, ObjectChangedError
from broadsheet.index.bulk import delete_action, index_action
from broadsheet.index.names import KINDS, Kind
from broadsheet.ingest_ports import RunPorts
from broadsheet.ledger_item import LedgerItem
from broadsheet.model import named_tuple
from broadsheet.notifications import Change, hint, newer
from broadsheet.reading import Chunk, Reading
from broadsheet.side_by_side import Ahead
from broadsheet.source import Looks, Source, looks_at

# An object that changes under every read is left to its next event.
_MOST_RESTARTS = 5
# A larger object is only read when its turn comes: what is read ahead is kept.
_READ_AHEAD_BYTES = 256 * 1024


class FileRun:
    """Brings the index in step with one object.

    It begins with what the ``looks`` have seen since the claim. ``prepare`` reads ahead, ``write`` hands actions to the
    batch's writer, ``end`` is for when the writer has sent them all. The first and the last only wait for services, and
    share nothing with the runs of other files: they may go on beside those.
    """

    source_class = Source
    reading_class = Reading

    def __init__(self, claim: LedgerItem, change: Change, ports: RunPorts, looks: Looks) -> None:
        self.given_back = False
        self._claim = claim
        self._change = change
        self._ports = ports
        self._looks: Looks | None = looks
        self._best_before = 0
        self._reading: Reading | None = None
        self._chunks: Iterator[Chunk] = iter(())
        self._ahead: Chunk = []

    @property
    def file_id(self) -> str:
        """The file's id: of its ledger item, and the first part of its documents' ids."""
        return self._claim.file_id

    def prepare(self) -> None:
        """Read the object if it is small, and raise the marks above its first documents.

        Raise ClaimLostError, or InfrastructureError when a service fails.
        """
        self._on_one_state(self._read_ahead)

    def write(self) -> None:
        """Write what the index should hold of the object, or as much as the time allows.

        Raise ClaimLostError, or InfrastructureError when a service fails.
        """
        self._on_one_state(self._write_all)

    def end(self) -> None:
        """Store the outcome, or where the work stands and a message that continues it.

        Raise ClaimLostError when the claim was lost: then nothing may be acknowledged.
        """
        reading = self._begun()
        if reading.paused:
            self._pause(reading)
        else:
            self._close(reading)

    def give_back(self, *, crashed: bool, after_seconds: float = 0) -> bool:
        """End the claim without an outcome; True when a message of our own stands in for those that began the work."""
        self.given_back = True
        return give_back(self._claim, self._change, self._ports, crashed=crashed, after_seconds=after_seconds)

    def _on_one_state(self, step: Callable[[Reading], None]) -> None:
        """Take a step with the documents of one state of the object; begin again when that has changed."""
        for _ in range(_MOST_RESTARTS):
            try:
                step(self._reading or self._begin())
            except ObjectChangedError:
                # A new epoch, so that what this one wrote is overwritten or removed like any older text.
                self._reading = self._looks = None
                self._claim = kept(self._ports.ledger.renew(self._claim))
            else:
                return
        raise InfrastructureError(f"the object changed {_MOST_RESTARTS} times while it was read", code="object_changed")

    def _begin(self) -> Reading:
        """Pin everything, and go on from the checkpoint if nothing of it has changed."""
        ports, claim = self._ports, self._claim
        looks = self._looks or Looks(*map(Ahead, looks_at(ports.objects, claim.bucket, claim.key)))
        source = self.source_class(ports.objects, ports.settings, ports.suppression, claim.key, looks)
        pins = source.pins(ports.generations)
        stored = Checkpoint.from_json(claim.checkpoint, pins) if claim.checkpoint else None
        self._claim = kept(ports.ledger.begin(claim, pins.state, keep_checkpoint=stored is not None))
        self._best_before = self._claim.best
        receipt = f"{claim.file_id}/{claim.epoch}/"
        reading = self._reading = self.reading_class(
            source,
            stored or Checkpoint(pins, receipt=receipt),
            claim.file_id,
            receipts=ports.receipts,
            writer=ports.writer,
            bulk_bytes=ports.settings.bulk_bytes,
            must_pause=ports.must_pause,
        )
        self._ahead = []
        self._chunks = reading.chunks()
        if source.exists and self._claim.attempts > MOST_ATTEMPTS:
            sentence = f"reading this file ended {MOST_ATTEMPTS} workers; upload it in smaller parts, or report it"
            reading.give_up(receipt, sentence)
            self._chunks = iter(())
        return reading

    def _begun(self) -> Reading:
        if self._reading is None:
            raise AssertionError("a run is prepared and written before it ends")
        return self._reading

    def _read_ahead(self, reading: Reading) -> None:
        stored = reading.source.stored
        if stored and stored.size <= _READ_AHEAD_BYTES:
            self._ahead = next(self._chunks, [])
            self._raise_marks(reading)

    def _write_all(self, reading: Reading) -> None:
        ahead, self._ahead = self._ahead, []
        if ahead:
            self._send(reading, ahead)
        for chunk in self._chunks:
            self._send(reading, chunk)
        for kind, doc_id in reading.left_over(self._claim.high_articles, self._claim.high_comments):
            self._remove(reading, kind, doc_id)

    def _send(self, reading: Reading, chunk: Chunk) -> None:
        """Raise the marks above a chunk and write it."""
        self._raise_marks(reading)
        version = self._claim.epoch
        add = self._ports.writer.add
        for generation in self._ports.generations:
            aliases = self._aliases(generation)
            for kind, doc_id, body in chunk:
                alias = aliases[kind]
                action = index_action(alias, doc_id, version, body)
                add(named_tuple(Action, (reading, alias, doc_id, version, action, False)))

    def _remove(self, reading: Reading, kind: Kind, doc_id: str) -> None:
        version = self._claim.epoch
        for generation in self._ports.generations:
            alias = self._ports.names.write_alias(kind, generation)
            body = delete_action(alias, doc_id, version)
            self._ports.writer.add(Action(reading, alias, doc_id, version, body, deletes=True))

    def _aliases(self, generation: int) -> dict[Kind, str]:
        return {kind: self._ports.names.write_alias(kind, generation) for kind in KINDS}

    def _raise_marks(self, reading: Reading) -> None:
        """Raise the marks above everything read so far, with the latest checkpoint that is certain by now."""
        certain = reading.marks.certain(self._ports.writer.answered)
        self._claim = kept(
            self._ports.ledger.raise_high_water(
                self._claim,
                articles=reading.articles,
                comments=reading.comments,
                checkpoint=certain.to_json() if certain else None,
                reached=certain.reached if certain else 0,
            )
        )

    def _pause(self, reading: Reading) -> None:
        at = reading.last_mark()
        moved = at.reached > self._best_before
        if not self._ports.ledger.pause(self._claim, at.to_json(), at.reached, moved=moved):
            raise ClaimLostError("another worker claimed the file before this one paused it")
        # After the pause is stored: whoever reads the message finds the item free. If this fails, the message that
        # began the work comes back and goes on instead.
        self._ports.queue.send(hint(replace(self._change, again=False, resume=True, released=0)))
        self._ports.telemetry.event("paused", file_id=self._claim.file_id, record=at.record, removed=at.removed)

    def _close(self, reading: Reading) -> None:
        ports, claim, pins, tally = self._ports, self._claim, reading.pins, reading.tally
        stored = reading.source.stored
        later = newer(self._change.sequencer, claim.sequencer) and self._change.sequencer
        outcome = claim._replace(
            status=tally.status(exists=stored is not None),
            counts=tally.counts(),
            problems=tally.problems(),
            etag=pins.etag,
            last_modified=pins.last_modified,
            size=stored.size if stored else None,
            sidecar_etag=pins.sidecar_etag,
            suppression=pins.suppression,
            sequencer=later or claim.sequencer,
            generations=pins.generations,
            reader=pins.reader,
            receipt=tally.prefix,
        )
        facts = {name: getattr(outcome, name) for name in ("file_id", "bucket", "key", "epoch", "status", "size")}
        tally.close(facts | asdict(pins))
        if not ports.ledger.finalize(claim, outcome, given_up=tally.given_up):
            raise ClaimLostError("another worker claimed the file before this one closed it")
        if tally.conflicts:
            # The ledger is older than the index (it was restored): counted and alarmed, the remedy is a rebuild.
            ports.telemetry.count("conflicts_under_own_claim", tally.conflicts)
        if tally.suppressed:
            ports.telemetry.event("suppressed", file_id=claim.file_id, items=tally.suppressed, list=pins.suppression)
        ports.telemetry.count("files", status=outcome.status)
        ports.telemetry.count("articles", tally.articles)
        ports.telemetry.count("comments", tally.comments)
        if stored and not self._change.again:
            # From the upload; of a file that was only read again it would be the file's age.
            ports.telemetry.measure("lag", ports.clock() - stored.last_modified.timestamp(), "Seconds")
        ports.telemetry.event("file", file_id=claim.file_id, status=outcome.status, **tally.counts())
