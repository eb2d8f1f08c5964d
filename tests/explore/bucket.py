"""A versioned bucket and the notifications it sends: every change of a key has a number and a sequencer."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import BinaryIO

import orjson

from broadsheet.errors import ObjectChangedError
from broadsheet.model import StoredObject

BUCKET = "uploads"
SIDECAR = ".meta.json"


@dataclass
class History:
    """The versions of one key, oldest first; a delete marker has no body. ``changes`` counts all that happened."""

    versions: list[tuple[StoredObject, bytes | None]] = field(default_factory=list)
    changes: int = 0


class Bucket:
    """Objects by key; ``bodies`` keeps everything there ever was, by ETag. Methods return the number of the change."""

    def __init__(self) -> None:
        self.keys: dict[str, History] = {}
        self.bodies: dict[str, bytes] = {}

    def current(self, key: str) -> tuple[StoredObject, bytes] | None:
        """Return what a reader sees, None when there is nothing."""
        history = self.keys.get(key)
        if not history or not history.versions:
            return None
        stored, body = history.versions[-1]
        return None if body is None else (stored, body)

    def changes(self, key: str) -> int:
        """Return how often the key changed so far."""
        history = self.keys.get(key)
        return history.changes if history else 0

    def put(self, key: str, body: bytes, now: float) -> int:
        """Store a version; the same body at another time differs in LastModified only."""
        etag = hashlib.md5(body, usedforsecurity=False).hexdigest()
        stored = StoredObject(BUCKET, key, etag, datetime.fromtimestamp(int(now), UTC), len(body))
        self.bodies[etag] = body
        return self._add(key, stored, body)

    def delete(self, key: str, now: float) -> int:
        """Set a delete marker, also where there is nothing."""
        return self._add(key, StoredObject(BUCKET, key, "", datetime.fromtimestamp(int(now), UTC), 0), None)

    def undelete(self, key: str) -> int:
        """Remove the latest version: a delete marker, so that the object is back as it was, or the object itself."""
        history = self.keys.setdefault(key, History())
        if history.versions:
            history.versions.pop()
        history.changes += 1
        return history.changes

    def touch(self, key: str, now: float) -> int:
        """Copy the object onto itself: same ETag, another LastModified."""
        found = self.current(key)
        if found is None:
            return 0
        stored, body = found
        return self._add(key, replace(stored, last_modified=datetime.fromtimestamp(int(now), UTC)), body)

    def open(self, stored: StoredObject) -> BinaryIO:
        """Open pinned to the ETag, as GetObject with IfMatch does."""
        found = self.current(stored.key)
        if found is None or found[0].etag != stored.etag:
            raise ObjectChangedError("changed")
        return io.BytesIO(found[1])

    def _add(self, key: str, stored: StoredObject, body: bytes | None) -> int:
        history = self.keys.setdefault(key, History())
        history.versions.append((stored, body))
        history.changes += 1
        return history.changes


def notification(key: str, sequencer: str | None, etag: str | None) -> str:
    """Return the body of a notification; a removal has no ETag, and some sources give no sequencer."""
    stored = {"key": key}
    if sequencer:
        stored["sequencer"] = sequencer
    if etag:
        stored["eTag"] = etag
    return orjson.dumps({"Records": [{"s3": {"bucket": {"name": BUCKET}, "object": stored}}]}).decode()
