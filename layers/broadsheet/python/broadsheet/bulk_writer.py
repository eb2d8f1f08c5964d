"""One writer for a batch of files: collects actions, sends them in bounded bulks, reads every item's answer.

Every action belongs to a sink (its file), which hears what became of it. 409 means that somebody newer wrote the
document, which is as good as done; deleting what is missing is done too. A document the engine refuses is reported to
its sink and deleted at the same version, so that an older text of it does not stay.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from broadsheet.errors import EngineError, RequestTooLargeError, ThrottledError
from broadsheet.index.bulk import delete_action
from broadsheet.ports import BulkEngine, BulkItem

_CONFLICT = 409
_MISSING = 404
_BUSY = frozenset({429, 502, 503, 504})
# Back-off between tries of actions the engine was too busy for: full jitter, doubling.
_FIRST_WAIT = 0.2
_LONGEST_WAIT = 10.0


class Sink(Protocol):
    """Hears the outcome of its actions."""

    def conflict(self) -> None:
        """Note that a newer version of a document exists."""

    def rejected(self, doc_id: str, reason: str) -> None:
        """Note that the engine refuses a document for good."""


@dataclass(frozen=True, slots=True)
class Action:
    """A finished action; ``deletes`` tells a removal from a document."""

    sink: Sink
    alias: str
    doc_id: str
    version: int
    body: bytes
    deletes: bool = False


class BulkWriter:
    """Sends actions in bulks of at most ``max_bytes`` and ``max_actions``; memory is bounded by one bulk.

    ``wait`` sleeps, ``remaining`` tells how many seconds may still be spent; both are passed in so that tests own
    the time.
    """

    def __init__(
        self,
        engine: BulkEngine,
        *,
        max_bytes: int,
        max_actions: int,
        wait: Callable[[float], None],
        remaining: Callable[[], float],
    ) -> None:
        self._engine = engine
        self._max_bytes = max_bytes
        self._max_actions = max_actions
        self._wait = wait
        self._remaining = remaining
        self._pending: list[Action] = []
        self._bytes = 0

    def add(self, action: Action) -> None:
        """Take an action; sends what is pending when the next one would pass a bound."""
        size = len(action.body)
        if self._pending and (self._bytes + size > self._max_bytes or len(self._pending) >= self._max_actions):
            self.flush()
        self._pending.append(action)
        self._bytes += size

    def flush(self) -> None:
        """Send everything pending; raise EngineError when the engine does not take it within the remaining time.

        After an error nothing is pending any more: whoever repeats the work gives the actions again.
        """
        actions, self._pending, self._bytes = self._pending, [], 0
        pause = _FIRST_WAIT
        while actions:
            actions = self._send(actions)
            if actions:
                delay = random.uniform(0, pause)  # noqa: S311 - jitter, not a secret
                if self._remaining() < delay:
                    raise EngineError("the engine was too busy to take all documents in time", code="engine_busy")
                self._wait(delay)
                pause = min(2 * pause, _LONGEST_WAIT)

    def _send(self, actions: list[Action]) -> list[Action]:
        """Send one bulk; return the actions that must be sent again."""
        try:
            items = self._engine.bulk(b"".join(action.body for action in actions))
        except ThrottledError:
            return actions
        except RequestTooLargeError as error:
            if len(actions) == 1:
                return self._refuse(actions[0], error.message)
            middle = len(actions) // 2
            return self._send(actions[:middle]) + self._send(actions[middle:])
        if len(items) != len(actions):
            raise EngineError(f"the engine answered {len(items)} of {len(actions)} actions", code="engine_partial")
        again: list[Action] = []
        for action, item in zip(actions, items, strict=True):
            again.extend(self._settle(action, item))
        return again

    def _settle(self, action: Action, item: BulkItem) -> list[Action]:
        if item.status < 300 or (action.deletes and item.status == _MISSING):
            return []
        if item.status == _CONFLICT:
            action.sink.conflict()
            return []
        if item.status in _BUSY:
            return [action]
        if item.status == 400 and not action.deletes:
            return self._refuse(action, item.error or "refused by the engine")
        raise EngineError(f"the engine answered {item.status} to an action: {item.error}")

    @staticmethod
    def _refuse(action: Action, reason: str) -> list[Action]:
        action.sink.rejected(action.doc_id, reason)
        body = delete_action(action.alias, action.doc_id, action.version)
        return [Action(action.sink, action.alias, action.doc_id, action.version, body, deletes=True)]
