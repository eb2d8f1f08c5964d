"""What follows from the bucket: parsed and built by the same pure functions as ingestion, but in one piece."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO, NamedTuple

from broadsheet.errors import PermanentError
from broadsheet.ids import PublicIds, file_id
from broadsheet.index.documents import Origin, documents
from broadsheet.index.names import KINDS
from broadsheet.model import ArticleRecord, StoredObject
from broadsheet.parsing import read
from broadsheet.sidecar import hints_of
from broadsheet.suppression import TakeDowns
from tests.explore.bucket import BUCKET, SIDECAR
from tests.explore.engine import REFUSED
from tests.explore.rules import TAKE_DOWNS
from tests.explore.uploads import BROKEN, BUGGY, POISON, is_archive
from tests.explore.world import World

Desired = dict[str, dict[str, bytes]]


class State(NamedTuple):
    """What an outcome follows from: ETag and LastModified of the object, and the ETags of sidecar and list."""

    key: str
    etag: str | None
    last_modified: str | None
    sidecar: str | None
    take_downs: str


# ETags are hashes: what follows from a state is the same in every run.
_FOLLOWED: dict[State, tuple[str, Desired]] = {}
_MOST_FOLLOWED = 50_000


def desired(world: World, key: str) -> tuple[str, Desired]:
    """Return the status and the documents, by kind and id, that follow from the bucket as it is now."""
    found, sidecar, listed = (world.bucket.current(each) for each in (key, key + SIDECAR, TAKE_DOWNS))
    return follows(
        world,
        State(
            key,
            found[0].etag if found else None,
            found[0].last_modified.isoformat() if found else None,
            sidecar[0].etag if sidecar else None,
            listed[0].etag if listed else "",
        ),
    )


def follows(world: World, state: State) -> tuple[str, Desired]:
    """Return the status and the documents that follow from a state."""
    if state not in _FOLLOWED:
        if len(_FOLLOWED) >= _MOST_FOLLOWED:
            _FOLLOWED.clear()
        _FOLLOWED[state] = _follows(world, state)
    return _FOLLOWED[state]


def _follows(world: World, state: State) -> tuple[str, Desired]:
    wanted: Desired = {kind: {} for kind in KINDS}
    if state.etag is None:
        return ("skipped" if state.sidecar else "deleted"), wanted
    body = world.bucket.bodies[state.etag]
    if POISON in body or BUGGY in body:
        return "failed", wanted
    try:
        records = list(_records(world, state, body))
    except PermanentError as error:
        return ("empty" if error.code == "empty_file" else "failed"), wanted
    broken_lines = is_archive(body) and BROKEN in body
    if not records:
        return ("failed" if broken_lines else "empty"), wanted
    refused = broken_lines
    for kind, name, source in records:
        if REFUSED in source:
            refused = True
        else:
            wanted[kind][name] = source
    return ("partial" if refused else "indexed"), wanted


def _records(world: World, state: State, body: bytes) -> Iterator[tuple[str, str, bytes]]:
    identity = file_id(BUCKET, state.key)
    ids = PublicIds(identity)
    origin = Origin(file_id=identity, bucket=BUCKET, key=state.key, stored_at=state.last_modified or "")
    counts = dict.fromkeys(KINDS, 0)
    taken_down = TakeDowns().current(_Listed(world, state.take_downs), BUCKET)
    modified = datetime.fromisoformat(state.last_modified or "")
    stored = StoredObject(BUCKET, state.key, state.etag or "", modified, len(body))
    hints, _ = hints_of(stored, world.bucket.bodies[state.sidecar] if state.sidecar else None)
    for record in read(io.BytesIO(body), hints, zone=world.settings.default_zone):
        if not isinstance(record, ArticleRecord):
            continue
        article_id, comment_ids = ids.assign(record)
        shown, comment_ids, _ = taken_down.apply(record, article_id, comment_ids)
        if shown is None:
            continue
        for document in documents(
            shown,
            article_id=article_id,
            comment_ids=comment_ids,
            origin=origin,
            first_article=counts["articles"],
            first_comment=counts["comments"],
        ):
            counts[document.kind] += 1
            yield document.kind, document.doc_id, document.body


class _Listed:
    """ports.ObjectStore with one version of the list of take-downs."""

    def __init__(self, world: World, etag: str) -> None:
        self._body = world.bucket.bodies[etag] if etag else None
        self._etag = etag

    def head(self, bucket: str, key: str) -> StoredObject | None:
        if self._body is None:
            return None
        return StoredObject(bucket, key, self._etag, datetime.fromtimestamp(0, UTC), len(self._body))

    def open(self, _stored: StoredObject) -> BinaryIO:
        return io.BytesIO(self._body or b"")


def records_in(world: World, etag: str) -> int:
    """Return how many records a file of pages or lines has."""
    body = world.bucket.bodies[etag]
    return body.count(b"\n") if is_archive(body) else 1
