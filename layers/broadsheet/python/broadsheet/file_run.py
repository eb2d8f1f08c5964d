"""One claimed file on its way into the index: read, write, remove what is left over, close."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from broadsheet.bulk_writer import Action, BulkWriter
from broadsheet.errors import InfrastructureError, ObjectChangedError, PermanentError
from broadsheet.ids import PublicIds, article_doc_id, comment_doc_id
from broadsheet.index.bulk import delete_action, encode, index_action
from broadsheet.index.documents import Document, Origin, documents
from broadsheet.index.names import IndexNames, Kind
from broadsheet.ledger import Ledger, LedgerItem
from broadsheet.model import ArticleRecord, Hints, Record, StoredObject
from broadsheet.notifications import Change
from broadsheet.outcome import Tally
from broadsheet.parsing import READER_VERSION, Limits, read
from broadsheet.ports import ObjectStore, ReceiptStore, Telemetry
from broadsheet.settings import IngestSettings

# A file is given up on as ``failed`` when this many workers died of it.
MOST_ATTEMPTS = 3
# An object that changes under every read is left to its next event.
_MOST_RESTARTS = 5


class ClaimLostError(InfrastructureError):
    """Somebody else claimed the file: whatever was written under this claim loses against theirs."""

    default_code = "claim_lost"


@dataclass(frozen=True, slots=True)
class RunPorts:
    """What a run needs, shared by the runs of one batch."""

    settings: IngestSettings
    objects: ObjectStore
    receipts: ReceiptStore
    telemetry: Telemetry
    ledger: Ledger
    writer: BulkWriter
    names: IndexNames
    generations: tuple[int, ...]


class FileRun:
    """Brings the index in step with one object.

    ``write`` hands actions to the batch's writer; ``close`` is for when the writer has sent them all.
    """

    def __init__(self, claim: LedgerItem, change: Change, ports: RunPorts) -> None:
        self.given_back = False
        self._claim = claim
        self._change = change
        self._ports = ports
        self._stored: StoredObject | None = None
        self._tally = Tally()
        self._written: dict[Kind, int] = {"articles": 0, "comments": 0}

    @property
    def attempts(self) -> int:
        """How many workers have begun on this state of the file without an end, this one included."""
        return self._claim.attempts

    def write(self) -> None:
        """Read the object as it is now and write what the index should hold of it.

        Raise ClaimLostError, or InfrastructureError when a service fails.
        """
        for _ in range(_MOST_RESTARTS):
            try:
                self._write_once()
            except ObjectChangedError:
                # A new epoch, so that what this one wrote is overwritten or removed like any older text.
                self._claim = self._kept(self._ports.ledger.renew(self._claim))
            else:
                return
        raise InfrastructureError(f"the object changed {_MOST_RESTARTS} times while it was read", code="object_changed")

    def close(self) -> None:
        """Store receipt and outcome; raise ClaimLostError when the claim was lost: then nothing may be acked."""
        ports, claim, stored = self._ports, self._claim, self._stored
        status = self._tally.status(exists=stored is not None)
        outcome = replace(
            claim,
            status=status,
            counts=self._tally.counts(),
            problems=self._tally.problems(),
            etag=stored.etag if stored else None,
            last_modified=stored.last_modified.isoformat() if stored else None,
            size=stored.size if stored else None,
            sequencer=self._change.sequencer or claim.sequencer,
            generations=ports.generations,
            reader=READER_VERSION,
            receipt=f"{claim.file_id}/{claim.epoch}/",
        )
        facts = {
            "file_id": outcome.file_id,
            "bucket": outcome.bucket,
            "key": outcome.key,
            "epoch": outcome.epoch,
            "status": status,
            "etag": outcome.etag,
            "last_modified": outcome.last_modified,
            "size": outcome.size,
            "reader": outcome.reader,
            "generations": outcome.generations,
        }
        ports.receipts.put(f"{outcome.receipt}summary.json", self._tally.receipt(facts))
        if not ports.ledger.finalize(claim, outcome):
            raise ClaimLostError("another worker claimed the file before this one closed it")
        if self._tally.conflicts:
            # The ledger is older than the index (it was restored): counted and alarmed, the remedy is a rebuild.
            ports.telemetry.count("conflicts_under_own_claim", self._tally.conflicts)
        ports.telemetry.count("files", status=status)
        ports.telemetry.event("file", file_id=outcome.file_id, status=status, **self._tally.counts())

    def give_back(self, *, crashed: bool, after_seconds: float = 0) -> None:
        """End the claim without an outcome; errors are left to the lease, which ends by itself."""
        self.given_back = True
        try:
            self._ports.ledger.release(self._claim, crashed=crashed, after_seconds=after_seconds)
        except InfrastructureError as error:
            self._ports.telemetry.event("release_failed", file_id=self._claim.file_id, code=error.code)

    def conflict(self) -> None:
        """Hear from the writer that a newer version of a document exists: as good as written."""
        self._tally.conflicts += 1

    def rejected(self, doc_id: str, reason: str) -> None:
        """Hear from the writer that the engine refuses a document; it is removed instead."""
        self._tally.lost("document_rejected", f"the engine refused document {doc_id} ({reason})")

    def _write_once(self) -> None:
        self._tally = Tally()
        self._written = {"articles": 0, "comments": 0}
        self._stored = self._ports.objects.head(self._claim.bucket, self._claim.key)
        if self._stored:
            self._claim = self._kept(self._ports.ledger.attempt_on(self._claim, self._stored.etag))
            self._write_records(self._stored)
        self._remove_rest()

    def _write_records(self, stored: StoredObject) -> None:
        origin = Origin(
            file_id=self._claim.file_id,
            bucket=stored.bucket,
            key=stored.key,
            stored_at=stored.last_modified.isoformat(),
        )
        ids = PublicIds(self._claim.file_id)
        chunk: list[tuple[Document, bytes]] = []
        size = 0
        for record in self._records(stored):
            article_id: str | None = None
            if isinstance(record, ArticleRecord):
                article_id, comment_ids = ids.assign(record)
                for document in documents(
                    record,
                    article_id=article_id,
                    comment_ids=comment_ids,
                    origin=origin,
                    first_article=self._written["articles"],
                    first_comment=self._written["comments"],
                ):
                    body = encode(document.source)
                    chunk.append((document, body))
                    self._written[document.kind] += 1
                    size += len(body)
                    if size >= self._ports.settings.bulk_bytes:
                        self._send(chunk)
                        chunk, size = [], 0
            self._tally.record(record, article_id)
        self._send(chunk)

    def _records(self, stored: StoredObject) -> Iterator[Record]:
        """Read the object; what can never be read ends the reading and becomes the outcome."""
        settings = self._ports.settings
        if self._claim.attempts > MOST_ATTEMPTS:
            sentence = f"reading this file ended {MOST_ATTEMPTS} workers; upload it in smaller parts, or report it"
            self._tally.fatal("crashed", sentence)
            return
        if stored.key.endswith("/"):
            self._tally.fatal("folder_marker", "the key ends in a slash: a folder marker, not a file")
            return
        try:
            with self._ports.objects.open(stored) as stream:
                yield from read(
                    stream,
                    Hints(name=stored.key, content_type=stored.content_type, captured_at=stored.last_modified),
                    zone=settings.default_zone,
                    limits=Limits(max_text_bytes=settings.max_text_bytes),
                )
        except PermanentError as error:
            self._tally.fatal(error.code, error.message)

    def _send(self, chunk: list[tuple[Document, bytes]]) -> None:
        self._claim = self._kept(
            self._ports.ledger.raise_high_water(
                self._claim, articles=self._written["articles"], comments=self._written["comments"]
            )
        )
        version = self._claim.epoch
        for generation in self._ports.generations:
            aliases = {kind: self._ports.names.write_alias(kind, generation) for kind in self._written}
            for document, body in chunk:
                alias = aliases[document.kind]
                action = index_action(alias, document.doc_id, version, body)
                self._ports.writer.add(Action(self, alias, document.doc_id, version, action))

    def _remove_rest(self) -> None:
        """Remove every document this file ever wrote and no longer has: by id, since a query would miss the latest."""
        claim = self._claim
        for ordinal in range(self._written["articles"], claim.high_articles):
            self._remove("articles", article_doc_id(claim.file_id, ordinal))
        for ordinal in range(self._written["comments"], claim.high_comments):
            self._remove("comments", comment_doc_id(claim.file_id, ordinal))

    def _remove(self, kind: Kind, doc_id: str) -> None:
        for generation in self._ports.generations:
            alias = self._ports.names.write_alias(kind, generation)
            body = delete_action(alias, doc_id, self._claim.epoch)
            self._ports.writer.add(Action(self, alias, doc_id, self._claim.epoch, body, deletes=True))

    @staticmethod
    def _kept(claim: LedgerItem | None) -> LedgerItem:
        if claim is None:
            raise ClaimLostError("another worker claimed the file")
        return claim
