"""The write side of the engine: external versions, and tombstones that are forgotten after a while or at a restart."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import orjson

from broadsheet.ports import BulkItem

REFUSED = b"REFUSED"
"""A document with this word is one that the engine's mapping cannot take."""
# Of an action without an external version, which none of ingestion's is.
_UNVERSIONED = 0
_DONE = BulkItem(200, None)
_CREATED = BulkItem(201, None)
_MISSING = BulkItem(404, None)
_CONFLICT = BulkItem(409, "version_conflict_engine_exception")
_MALFORMED = BulkItem(400, "mapper_parsing_exception")
_NO_ALIAS = BulkItem(404, "index_not_found_exception")


class Action(NamedTuple):
    """One action of a bulk; ``source`` is None for a removal."""

    alias: str
    doc_id: str
    version: int
    source: bytes | None


class _Entry(NamedTuple):
    version: int
    source: bytes | None
    at: float


class Engine:
    """Documents by write alias and id. ``fell`` hears of documents that went back to an older version."""

    def __init__(self, clock: Callable[[], float], gc_seconds: float, fell: Callable[[Action, int], None]) -> None:
        self._clock = clock
        self._gc_seconds = gc_seconds
        self._fell = fell
        self._entries: dict[str, dict[str, _Entry]] = {}
        self._highest: dict[tuple[str, str], int] = {}

    @property
    def aliases(self) -> list[str]:
        """The write aliases there are."""
        return list(self._entries)

    def create(self, alias: str) -> bool:
        """Make an empty index behind a write alias; False when there is one."""
        if alias in self._entries:
            return False
        self._entries[alias] = {}
        return True

    def drop(self, alias: str) -> None:
        """Remove an index and its alias."""
        self._entries.pop(alias, None)
        self._highest = {place: version for place, version in self._highest.items() if place[0] != alias}

    def documents(self, alias: str, file: str = "") -> dict[str, bytes] | None:
        """Return what can be found, of one file if it is named; None when there is no such index any more."""
        entries = self._entries.get(alias)
        if entries is None:
            return None
        return {
            name: entry.source for name, entry in entries.items() if entry.source is not None and name.startswith(file)
        }

    def restart(self) -> None:
        """Forget all tombstones, as a restarted node does."""
        for entries in self._entries.values():
            for name in [name for name, entry in entries.items() if entry.source is None]:
                del entries[name]

    def apply(self, actions: Iterable[Action]) -> list[BulkItem]:
        """Apply actions in order and return an answer for each."""
        return [self._apply(action) for action in actions]

    def _apply(self, action: Action) -> BulkItem:
        entries = self._entries.get(action.alias)
        if entries is None:
            return _NO_ALIAS
        now = self._clock()
        old = entries.get(action.doc_id)
        if old and old.source is None and now - old.at >= self._gc_seconds:
            del entries[action.doc_id]
            old = None
        if action.source is not None and REFUSED in action.source:
            return _MALFORMED
        if action.version == _UNVERSIONED:
            action = action._replace(version=old.version + 1 if old else 1)
        if old and action.version <= old.version:
            return _CONFLICT
        there = old is not None and old.source is not None
        if there or action.source is not None:
            place = (action.alias, action.doc_id)
            highest = self._highest.get(place, 0)
            if action.version < highest:
                self._fell(action, highest)
            self._highest[place] = max(highest, action.version)
        entries[action.doc_id] = _Entry(action.version, action.source, now)
        if action.source is None:
            return _DONE if there else _MISSING
        return _DONE if there else _CREATED


def read_bulk(body: bytes) -> list[Action]:
    """Read a bulk body."""
    lines = iter(body.removesuffix(b"\n").split(b"\n"))
    actions = []
    for line in lines:
        ((kind, head),) = orjson.loads(line).items()
        actions.append(Action(head["_index"], head["_id"], head["version"], next(lines) if kind == "index" else None))
    return actions
