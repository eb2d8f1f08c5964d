"""One claimed file on its way into the index: read, write, remove what is left over, close or pause."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace

from broadsheet.bulk_writer import Action, BulkWriter
from broadsheet.checkpoint import Checkpoint, Marks, Pins
from broadsheet.claims import ClaimLostError, give_back, kept
from broadsheet.errors import InfrastructureError, ObjectChangedError
from broadsheet.ids import article_doc_id, comment_doc_id
from broadsheet.index.bulk import delete_action, encode, index_action
from broadsheet.index.documents import Document, Origin, documents
from broadsheet.index.names import IndexNames, Kind
from broadsheet.ledger import Ledger, LedgerItem
from broadsheet.notifications import Change, hint, newer
from broadsheet.outcome import Tally, with_loss
from broadsheet.ports import Clock, MessageQueue, ObjectStore, ReceiptStore, Telemetry
from broadsheet.settings import IngestSettings
from broadsheet.source import Readable, Source
from broadsheet.suppression import Suppression

# A file is given up on as ``failed`` when this many workers died of it.
MOST_ATTEMPTS = 3
# An object that changes under every read is left to its next event.
_MOST_RESTARTS = 5
# A larger object is only read when its turn comes: what is read ahead is kept.
_READ_AHEAD_BYTES = 256 * 1024

# Documents to be written together: index, id, source.
_Chunk = list[tuple[Kind, str, bytes]]


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


class Answers:
    """What the engine says of the documents of one reading of the file.

    Answers to an earlier reading, under way when the file had to be read again, fall into the earlier one's.
    """

    def __init__(self, tally: Tally, marks: Marks) -> None:
        self._tally = tally
        self._marks = marks

    def conflict(self) -> None:
        """Hear that a newer version of a document exists: as good as written."""
        self._tally.conflicts += 1

    def rejected(self, doc_id: str, reason: str) -> None:
        """Hear that the engine refuses a document; it is removed instead."""
        problem = ("document_rejected", f"the engine refused document {doc_id} ({reason})")
        self._tally.lost(*problem)
        self._marks.lost(doc_id, lambda tally: with_loss(tally, *problem))


class FileRun:
    """Brings the index in step with one object.

    ``prepare`` looks at the object and reads ahead, ``write`` hands actions to the batch's writer, ``end`` is for when
    the writer has sent them all. The first and the last only wait for services, and share nothing with the runs of
    other files: they may go on beside those.
    """

    source_class = Source
    marks_class = Marks
    # Removals between two looks at the clock.
    removals_at_once = 1_000

    def __init__(self, claim: LedgerItem, change: Change, ports: RunPorts) -> None:
        self.given_back = False
        self._claim = claim
        self._change = change
        self._ports = ports
        self._best_before = 0
        self._source: Source | None = None
        self._at = Checkpoint(Pins(None, None, None, "", (), ""))
        self._tally = Tally(ports.receipts, "")
        self._written: dict[Kind, int] = {"articles": 0, "comments": 0}
        self._marks = self.marks_class()
        self._answers = Answers(self._tally, self._marks)
        self._paused = False
        self._chunks: Iterator[_Chunk] | None = None
        self._ahead: _Chunk | None = None

    @property
    def file_id(self) -> str:
        """The file's id: of its ledger item, and the first part of its documents' ids."""
        return self._claim.file_id

    @property
    def attempts(self) -> int:
        """How many workers have begun on this state of the file without an end, this one included."""
        return self._claim.attempts

    def prepare(self) -> None:
        """Look at the object as it is now; read it if it is small, and raise the marks above its first documents.

        Raise ClaimLostError, or InfrastructureError when a service fails.
        """
        self._on_one_state(self._read_ahead)

    def write(self) -> None:
        """Write what the index should hold of the object, or as much as the time allows.

        Raise ClaimLostError, or InfrastructureError when a service fails.
        """
        self._on_one_state(self._write_all)

    def _on_one_state(self, step: Callable[[Iterator[_Chunk]], None]) -> None:
        """Take a step with the documents of one state of the object; begin again when that has changed."""
        for _ in range(_MOST_RESTARTS):
            try:
                if self._chunks is None:
                    self._begin()
                    self._chunks = self._read_records()
                step(self._chunks)
            except ObjectChangedError:
                # A new epoch, so that what this one wrote is overwritten or removed like any older text.
                self._chunks = self._ahead = None
                self._claim = kept(self._ports.ledger.renew(self._claim))
            else:
                return
        raise InfrastructureError(f"the object changed {_MOST_RESTARTS} times while it was read", code="object_changed")

    def end(self) -> None:
        """Store the outcome, or where the work stands and a message that continues it.

        Raise ClaimLostError when the claim was lost: then nothing may be acknowledged.
        """
        if self._paused:
            self._pause()
        else:
            self._close()

    def give_back(self, *, crashed: bool, after_seconds: float = 0) -> bool:
        """End the claim without an outcome; True when a message of our own stands in for those that began the work."""
        self.given_back = True
        return give_back(self._claim, self._change, self._ports, crashed=crashed, after_seconds=after_seconds)

    def _begin(self) -> None:
        """Pin everything, and go on from the checkpoint if nothing of it has changed."""
        ports, claim = self._ports, self._claim
        self._source = self.source_class(ports.objects, ports.settings, ports.suppression, claim.bucket, claim.key)
        pins = self._source.pins(ports.generations)
        stored = Checkpoint.from_json(claim.checkpoint, pins) if claim.checkpoint else None
        self._claim = kept(ports.ledger.begin(claim, pins.state, keep_checkpoint=stored is not None))
        self._best_before = self._claim.best
        self._at = stored or Checkpoint(pins, receipt=f"{claim.file_id}/{claim.epoch}/")
        self._tally = Tally(ports.receipts, self._at.receipt, self._at.tally)
        self._written = {"articles": self._at.articles, "comments": self._at.comments}
        self._marks = self.marks_class()
        self._answers = Answers(self._tally, self._marks)
        self._paused = False

    def _read_ahead(self, chunks: Iterator[_Chunk]) -> None:
        stored = self._source.stored if self._source else None
        if stored and stored.size <= _READ_AHEAD_BYTES:
            self._ahead = next(chunks, None)
            self._raise_marks()

    def _write_all(self, chunks: Iterator[_Chunk]) -> None:
        ahead, self._ahead = self._ahead, None
        if ahead:
            self._send(ahead)
        for chunk in chunks:
            self._send(chunk)
        self._remove_rest()

    def _read_records(self) -> Iterator[_Chunk]:
        """Yield the documents in chunks; what follows a chunk is read after that was handed to the writer."""
        if self._at.removed:
            return
        source = self._source
        if source is None:
            raise AssertionError("a run begins before it writes")
        if source.exists and self._claim.attempts > MOST_ATTEMPTS:
            sentence = f"reading this file ended {MOST_ATTEMPTS} workers; upload it in smaller parts, or report it"
            self._start_over_empty()
            self._tally.give_up(sentence)
            return
        chunk: _Chunk = []
        size = size_since = 0
        for number, readable in source.records(self._claim.file_id, self._at.record, self._tally):
            for document in self._documents(readable):
                body = encode(document.source)
                chunk.append((document.kind, document.doc_id, body))
                self._written[document.kind] += 1
                size += len(body)
                size_since += len(body)
                if size >= self._ports.settings.bulk_bytes:
                    yield chunk
                    chunk, size = [], 0
            if size_since >= self._ports.settings.bulk_bytes or self._ports.must_pause():
                yield chunk
                chunk, size, size_since = [], 0, 0
                self._mark(number + 1, removed=0)
                if self._ports.must_pause():
                    self._paused = True
                    return
        yield chunk

    def _documents(self, readable: Readable | None) -> Iterable[Document]:
        stored = self._source.stored if self._source else None
        if readable is None or stored is None:
            return ()
        origin = Origin(
            file_id=self._claim.file_id,
            bucket=stored.bucket,
            key=stored.key,
            stored_at=stored.last_modified.isoformat(),
        )
        # One after another: those of a great discussion would take ten times the memory of its text.
        return documents(
            readable.record,
            article_id=readable.article_id,
            comment_ids=readable.comment_ids,
            origin=origin,
            first_article=self._written["articles"],
            first_comment=self._written["comments"],
        )

    def _send(self, chunk: _Chunk) -> None:
        """Raise the marks above a chunk and write it."""
        self._raise_marks()
        version = self._claim.epoch
        for generation in self._ports.generations:
            for kind, doc_id, body in chunk:
                alias = self._ports.names.write_alias(kind, generation)
                action = index_action(alias, doc_id, version, body)
                self._ports.writer.add(Action(self._answers, alias, doc_id, version, action))

    def _raise_marks(self) -> None:
        """Raise the marks above everything read so far, with the latest checkpoint that is certain by now."""
        certain = self._marks.certain(self._ports.writer.answered)
        self._claim = kept(
            self._ports.ledger.raise_high_water(
                self._claim,
                articles=self._written["articles"],
                comments=self._written["comments"],
                checkpoint=certain.to_json() if certain else None,
                reached=certain.reached if certain else 0,
            )
        )

    def _mark(self, record: int, *, removed: int) -> None:
        """Note a checkpoint that holds once everything handed to the writer so far is answered."""
        at = replace(
            self._at,
            record=record,
            articles=self._written["articles"],
            comments=self._written["comments"],
            removed=removed,
            tally=self._tally.snapshot(),
        )
        self._marks.note(self._ports.writer.ticket(), at)

    def _remove_rest(self) -> None:
        """Remove every document this file ever wrote and no longer has: by id, since a query would miss the latest.

        One count runs through the articles' ordinals and on through the comments', so that it can be a checkpoint: a
        removed archive is as large as an added one.
        """
        if self._paused:
            return
        file, claim, written = self._claim.file_id, self._claim, self._written
        articles = max(0, claim.high_articles - written["articles"])
        comments = max(0, claim.high_comments - written["comments"])
        for removed in range(self._at.removed, articles + comments):
            if removed < articles:
                self._remove("articles", article_doc_id(file, written["articles"] + removed))
            else:
                self._remove("comments", comment_doc_id(file, written["comments"] + removed - articles))
            if (removed + 1) % self.removals_at_once == 0:
                self._mark(self._at.record, removed=removed + 1)
                if self._ports.must_pause():
                    self._paused = True
                    return

    def _remove(self, kind: Kind, doc_id: str) -> None:
        for generation in self._ports.generations:
            alias = self._ports.names.write_alias(kind, generation)
            body = delete_action(alias, doc_id, self._claim.epoch)
            self._ports.writer.add(Action(self._answers, alias, doc_id, self._claim.epoch, body, deletes=True))

    def _start_over_empty(self) -> None:
        """Want nothing of this file, whatever an earlier run had written of it."""
        self._at = Checkpoint(self._at.pins, receipt=f"{self._claim.file_id}/{self._claim.epoch}/")
        self._tally = Tally(self._ports.receipts, self._at.receipt)
        self._answers = Answers(self._tally, self._marks)
        self._written = {"articles": 0, "comments": 0}

    def _pause(self) -> None:
        # Everything that was counted is at or below the last mark; answers to it have come in since it was noted.
        at = replace(self._marks.last, tally=self._tally.snapshot())
        moved = at.reached > self._best_before
        if not self._ports.ledger.pause(self._claim, at.to_json(), at.reached, moved=moved):
            raise ClaimLostError("another worker claimed the file before this one paused it")
        # After the pause is stored: whoever reads the message finds the item free. If this fails, the message that
        # began the work comes back and goes on instead.
        self._ports.queue.send(hint(replace(self._change, again=False, resume=True, released=0)))
        self._ports.telemetry.event("paused", file_id=self._claim.file_id, record=at.record, removed=at.removed)

    def _close(self) -> None:
        ports, claim, pins, tally = self._ports, self._claim, self._at.pins, self._tally
        stored = self._source.stored if self._source else None
        later = newer(self._change.sequencer, claim.sequencer) and self._change.sequencer
        outcome = replace(
            claim,
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
