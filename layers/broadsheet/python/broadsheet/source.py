"""The reading side of one run: what is pinned, and the records that may be indexed, with their ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, NamedTuple

from broadsheet.checkpoint import Pins
from broadsheet.errors import PermanentError
from broadsheet.ids import PublicIds
from broadsheet.model import ArticleRecord, Hints, PassedRecord, StoredObject
from broadsheet.notifications import SIDECAR_SUFFIX
from broadsheet.object_keys import no_file
from broadsheet.outcome import Tally
from broadsheet.parsing import read
from broadsheet.ports import ObjectStore
from broadsheet.reader_version import READER_VERSION
from broadsheet.settings import IngestSettings
from broadsheet.side_by_side import Ahead
from broadsheet.sidecar import MAX_BYTES, hints_of
from broadsheet.suppression import Suppression


@dataclass(frozen=True, slots=True)
class Readable:
    """A record to be indexed, with its public ids."""

    record: ArticleRecord
    article_id: str
    comment_ids: tuple[str, ...]


class Looks(NamedTuple):
    """What was seen of an object and of its sidecar; None where there is none."""

    stored: Ahead[StoredObject | None]
    sidecar: Ahead[StoredObject | None]


def looks_at(objects: ObjectStore, bucket: str, key: str) -> tuple[Callable[[], StoredObject | None], ...]:
    """Return the calls that look at an object and at its sidecar, in this order."""
    return partial(objects.head, bucket, key), partial(objects.head, bucket, key + SIDECAR_SUFFIX)


class Source:
    """One object as it was seen, with its sidecar and the take-downs that apply to it."""

    def __init__(
        self, objects: ObjectStore, settings: IngestSettings, suppression: Suppression, key: str, looks: Looks
    ) -> None:
        self._objects = objects
        self._settings = settings
        self._suppression = suppression
        self._key = key
        self.stored: StoredObject | None = None
        self._sidecar: StoredObject | None = None
        self._unreadable: PermanentError | None = None
        try:
            self.stored = looks.stored.result()
            self._sidecar = looks.sidecar.result()
        except PermanentError as error:
            self._unreadable = error

    @property
    def exists(self) -> bool:
        """Whether there is an object."""
        return self.stored is not None

    def pins(self, generations: tuple[int, ...]) -> Pins:
        """Return everything a run of this object depends on."""
        stored = self.stored
        return Pins(
            etag=stored.etag if stored else None,
            last_modified=stored.last_modified.isoformat() if stored else None,
            sidecar_etag=self._sidecar.etag if self._sidecar else None,
            suppression=self._suppression.version,
            generations=generations,
            reader=READER_VERSION,
        )

    def records(self, file: str, start: int, tally: Tally) -> Iterator[tuple[int, Readable | None]]:
        """Yield the number of each record from ``start`` and what of it is to be indexed, after counting it.

        What can never be read ends the reading and becomes the outcome. Raise ObjectChangedError when object or
        sidecar are no longer the ones that were pinned.
        """
        if reason := no_file(self._key):
            tally.fatal(*reason)
            return
        if self._unreadable:
            tally.fatal(self._unreadable.code, self._unreadable.message)
            return
        stored = self.stored
        if stored is None:
            if self._sidecar:
                tally.fatal("sidecar_without_file", "there is a sidecar, but no file that it describes")
            return
        try:
            hints, problem = hints_of(stored, self._read_sidecar())
            if problem and not start:
                tally.notice(problem)
            with self._objects.open(stored) as stream:
                yield from self._read(stream, hints, file, start, tally)
        except PermanentError as error:
            tally.fatal(error.code, error.message)

    def _read(
        self, stream: BinaryIO, hints: Hints, file: str, start: int, tally: Tally
    ) -> Iterator[tuple[int, Readable | None]]:
        ids = PublicIds(file)
        settings = self._settings
        for record in read(stream, hints, zone=settings.default_zone, limits=settings, start=start):
            if isinstance(record, PassedRecord):
                if record.natural is not None:
                    ids.pass_over(record.natural)
            elif isinstance(record, ArticleRecord):
                article_id, comment_ids = ids.assign(record)
                yield record.record, self._allowed(record, article_id, comment_ids, tally)
            else:
                tally.record(record)
                yield record.record, None

    def _allowed(
        self, record: ArticleRecord, article_id: str, comment_ids: tuple[str, ...], tally: Tally
    ) -> Readable | None:
        shown, shown_ids, suppressed = self._suppression.apply(record, article_id, comment_ids)
        if shown is None:
            tally.suppress_article(record, article_id, suppressed)
            return None
        tally.record(shown, article_id, suppressed)
        return Readable(shown, article_id, shown_ids)

    def _read_sidecar(self) -> bytes | None:
        if self._sidecar is None:
            return None
        with self._objects.open(self._sidecar) as stream:
            return stream.read(MAX_BYTES + 1)
