"""One reading of one state of an object: its documents in chunks, and what is left over of earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from broadsheet.bulk_writer import BulkWriter
from broadsheet.checkpoint import Checkpoint, Marks
from broadsheet.ids import article_doc_id, comment_doc_id
from broadsheet.index.documents import Document, Origin, documents
from broadsheet.index.names import Kind
from broadsheet.outcome import Tally, with_loss
from broadsheet.ports import ReceiptStore
from broadsheet.source import Readable, Source

Chunk = list[Document]
"""Documents to be written together."""


class Reading:
    """Reads a source from a checkpoint on; hears as a sink of the bulk writer what the engine says of the documents.

    ``paused`` is true once it ended before its end, because ``must_pause`` said so. Answers to an earlier reading that
    come when the file is being read again fall into the earlier one's.
    """

    marks_class = Marks
    # Removals between two looks at the clock.
    removals_at_once = 1_000

    def __init__(
        self,
        source: Source,
        at: Checkpoint,
        file_id: str,
        *,
        receipts: ReceiptStore,
        writer: BulkWriter,
        bulk_bytes: int,
        must_pause: Callable[[], bool],
    ) -> None:
        self.source = source
        self.pins = at.pins
        self.tally = Tally(receipts, at.receipt, at.tally)
        self.marks = self.marks_class()
        self.paused = False
        self.articles = at.articles
        self.comments = at.comments
        self._at = at
        self._file_id = file_id
        self._receipts = receipts
        self._writer = writer
        self._bulk_bytes = bulk_bytes
        self._must_pause = must_pause

    def conflict(self) -> None:
        """Hear that a newer version of a document exists: as good as written."""
        self.tally.conflicts += 1

    def rejected(self, doc_id: str, reason: str) -> None:
        """Hear that the engine refuses a document; it is removed instead."""
        problem = ("document_rejected", f"the engine refused document {doc_id} ({reason})")
        self.tally.lost(*problem)
        self.marks.lost(doc_id, lambda tally: with_loss(tally, *problem))

    def give_up(self, receipt: str, message: str) -> None:
        """Want nothing of this file, whatever an earlier reading had written of it."""
        self._at = Checkpoint(self.pins, receipt=receipt)
        self.tally = Tally(self._receipts, receipt)
        self.articles = self.comments = 0
        self.tally.give_up(message)

    def chunks(self) -> Iterator[Chunk]:
        """Yield the documents in chunks; what follows a chunk is read after that was handed to the writer.

        Raise ObjectChangedError when the object or its sidecar is no longer the one that was pinned.
        """
        if self._at.removed:
            return
        chunk: Chunk = []
        size = size_since = 0
        for number, readable in self.source.records(self._file_id, self._at.record, self.tally):
            for document in self._documents(readable):
                chunk.append(document)
                kind, _, body = document
                if kind == "articles":
                    self.articles += 1
                else:
                    self.comments += 1
                size += len(body)
                size_since += len(body)
                if size >= self._bulk_bytes:
                    yield chunk
                    chunk, size = [], 0
            if size_since >= self._bulk_bytes or self._must_pause():
                yield chunk
                chunk, size, size_since = [], 0, 0
                self._mark(number + 1, removed=0)
                if self._must_pause():
                    self.paused = True
                    return
        yield chunk

    def left_over(self, high_articles: int, high_comments: int) -> Iterator[tuple[Kind, str]]:
        """Yield kind and id of every document this file ever wrote and no longer has.

        By id, since a query would miss the latest. One count runs through the articles' ordinals and on through the
        comments', so that it can be a checkpoint: a removed archive is as large as an added one.
        """
        if self.paused:
            return
        articles = max(0, high_articles - self.articles)
        comments = max(0, high_comments - self.comments)
        for removed in range(self._at.removed, articles + comments):
            if removed < articles:
                yield "articles", article_doc_id(self._file_id, self.articles + removed)
            else:
                yield "comments", comment_doc_id(self._file_id, self.comments + removed - articles)
            if (removed + 1) % self.removals_at_once == 0:
                self._mark(self._at.record, removed=removed + 1)
                if self._must_pause():
                    self.paused = True
                    return

    def last_mark(self) -> Checkpoint:
        """Return where a paused reading goes on, once the engine has answered everything.

        What was counted is at or below the last mark; answers to it have come in since that was noted.
        """
        return replace(self.marks.last, tally=self.tally.snapshot())

    def _documents(self, readable: Readable | None) -> Iterable[Document]:
        stored = self.source.stored
        if readable is None or stored is None:
            return ()
        origin = Origin(
            file_id=self._file_id,
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
            first_article=self.articles,
            first_comment=self.comments,
        )

    def _mark(self, record: int, *, removed: int) -> None:
        """Note a checkpoint that holds once everything handed to the writer so far is answered."""
        at = replace(
            self._at,
            record=record,
            articles=self.articles,
            comments=self.comments,
            removed=removed,
            tally=self.tally.snapshot(),
        )
        self.marks.note(self._writer.ticket(), at)
