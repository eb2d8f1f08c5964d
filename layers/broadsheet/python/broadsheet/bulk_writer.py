"""One writer for a batch of files: collects actions, sends them in bounded bulks, reads every item's answer.

Every action belongs to a sink (its file), which hears what became of it. 409 means that somebody newer wrote the
document, which is as good as done; deleting what is missing is done too. A document the engine refuses is reported to
its sink and deleted at the same version, so that an older text of it does not stay.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, Protocol

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


class Action(NamedTuple):
    """A finished action; ``deletes`` tells a removal from a document."""

    sink: Sink
    alias: str
    doc_id: str
    version: int
    body: bytes
    deletes: bool = False


class Result(Protocol):
    """A call under way."""

    def result(self) -> Any:
        """Wait for its end; return what it returned, raise what it raised."""


class Background(Protocol):
    """Runs a call beside the caller, such as a thread pool of one."""

    def submit(self, function: Callable[[list[Action]], Any], actions: list[Action], /) -> Result:
        """Begin the call."""


@dataclass(frozen=True, slots=True)
class _Done:
    value: Any

    def result(self) -> Any:
        return self.value


class Inline:
    """No background: the call is done when ``submit`` returns."""

    def submit(self, function: Callable[[list[Action]], Any], actions: list[Action], /) -> Result:
        """Do the call."""
        return _Done(function(actions))


class BulkWriter:
    """Sends actions in bulks of at most ``max_bytes`` and ``max_actions``, one under way while the next one is built.

    Memory is bounded by two bulks. ``wait`` sleeps, ``remaining`` tells how many seconds may still be spent; both are
    passed in so that tests own the time. Sinks are called by the thread that uses the writer.
    """

    def __init__(
        self,
        engine: BulkEngine,
        *,
        max_bytes: int,
        max_actions: int,
        wait: Callable[[float], None],
        remaining: Callable[[], float],
        background: Background,
    ) -> None:
        self._engine = engine
        self._max_bytes = max_bytes
        self._max_actions = max_actions
        self._wait = wait
        self._remaining = remaining
        self._background = background
        self._pending: list[Action] = []
        self._bytes = 0
        self._under_way: Result | None = None
        self._sent = 0
        self._answered = 0

    def add(self, action: Action) -> None:
        """Take an action; sends what is pending when the next one would pass a bound."""
        size = len(action.body)
        if self._pending and (self._bytes + size > self._max_bytes or len(self._pending) >= self._max_actions):
            self._push()
        self._pending.append(action)
        self._bytes += size

    def ticket(self) -> int:
        """Return a number for everything added so far: it is in the engine once ``answered`` reaches this number."""
        return self._sent + bool(self._pending)

    @property
    def answered(self) -> int:
        """How many bulks have been answered in full."""
        return self._answered

    def flush(self) -> None:
        """Send everything pending and wait for all answers.

        Raise EngineError when the engine does not take it within the remaining time. After an error nothing is
        pending any more: whoever repeats the work gives the actions again.
        """
        self._push()
        self._settle_under_way()

    def drop(self, file: str) -> None:
        """Forget what is pending of a file whose claim ends, after waiting for what is under way.

        Sent later, without a lease, it could bring back what another worker has removed since. Files that fail side by
        side, before or after all writing, have nothing here: then this changes nothing, in whichever thread.
        """
        self._settle_under_way()
        prefix = f"{file}-"
        self._pending = [action for action in self._pending if not action.doc_id.startswith(prefix)]
        self._bytes = sum(len(action.body) for action in self._pending)

    def _push(self) -> None:
        actions, self._pending, self._bytes = self._pending, [], 0
        # Before the wait, so that the engine gets its next bulk at once.
        body = _body(actions)
        self._settle_under_way()
        if actions:
            self._sent += 1
            self._under_way = self._background.submit(partial(self._deliver, body), actions)

    def _settle_under_way(self) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            for tell in under_way.result():
                tell()
            self._answered = self._sent

    def _deliver(self, body: bytes, actions: list[Action]) -> list[Callable[[], None]]:
        """Send actions, of which ``body`` is made, until all are taken; return what their sinks are to be told."""
        news: list[Callable[[], None]] = []
        pause = _FIRST_WAIT
        while actions:
            actions = self._send(actions, news, body)
            if actions:
                body = _body(actions)
                delay = random.uniform(0, pause)  # noqa: S311 - jitter, not a secret
                if self._remaining() < delay:
                    raise EngineError("the engine was too busy to take all documents in time", code="engine_busy")
                self._wait(delay)
                pause = min(2 * pause, _LONGEST_WAIT)
        return news

    def _send(self, actions: list[Action], news: list[Callable[[], None]], body: bytes) -> list[Action]:
        """Send one bulk; return the actions that must be sent again."""
        try:
            items = self._engine.bulk(body)
        except ThrottledError:
            return actions
        except RequestTooLargeError as error:
            if len(actions) == 1:
                return _refuse(actions[0], error.message, news)
            middle = len(actions) // 2
            halves = (actions[:middle], actions[middle:])
            return [action for half in halves for action in self._send(half, news, _body(half))]
        if len(items) != len(actions):
            raise EngineError(f"the engine answered {len(items)} of {len(actions)} actions", code="engine_partial")
        again: list[Action] = []
        for action, item in zip(actions, items, strict=True):
            if item.status >= 300:
                again.extend(_settle(action, item, news))
        return again


def _body(actions: list[Action]) -> bytes:
    return b"".join([action.body for action in actions])


def _settle(action: Action, item: BulkItem, news: list[Callable[[], None]]) -> list[Action]:
    """Deal with an action that was not simply done; return what has to be sent because of it."""
    if action.deletes and item.status == _MISSING:
        return []
    if item.status == _CONFLICT:
        news.append(action.sink.conflict)
        return []
    if item.status in _BUSY:
        return [action]
    if item.status == 400 and not action.deletes:
        return _refuse(action, item.error or "refused by the engine", news)
    raise EngineError(f"the engine answered {item.status} to an action: {item.error}")


def _refuse(action: Action, reason: str, news: list[Callable[[], None]]) -> list[Action]:
    news.append(partial(action.sink.rejected, action.doc_id, reason))
    body = delete_action(action.alias, action.doc_id, action.version)
    return [Action(action.sink, action.alias, action.doc_id, action.version, body, deletes=True)]
