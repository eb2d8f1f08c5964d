"""Threads of a page that shows them without indentation: what clock times and names prove, and nothing more.

Pages show comments that start a thread oldest first and, under each, its replies oldest first. Where the time steps
back, a new thread must begin; and a comment later than the next certain start of a thread cannot start one itself.
Everything else stays undecided. On a page whose order contradicts this (newest first) the clock says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from broadsheet.model import Thread
from broadsheet.parsing.dates import LocalTime
from broadsheet.parsing.mentions import NOBODY, Addressed

_BY_PLACE = 0.95
_BY_CLOCK = 0.9
# An explicit @name of somebody with exactly one earlier comment in the same thread.
_BY_MENTION = 0.7
_BY_MENTION_ONLY = 0.6

_UNDECIDED = Thread()


def threads(
    times: Sequence[LocalTime | None], keys: Sequence[str | None], addressed: Sequence[Addressed]
) -> list[Thread]:
    """Return the place of each comment, in page order.

    ``keys`` are the authors' keys, ``addressed`` whom each comment addresses. Evidence is a list of short facts:
    ``first-on-page``, ``time-steps-back``, ``later-than-root:<ordinal>``, ``mentions:<author>``, ``names:<author>``.
    """
    roots = _certain_roots(times)
    certain = set(roots)
    remaining = roots[::-1]
    next_root: int | None = None
    next_time: LocalTime | None = None
    earlier: dict[str, int | None] = {}
    replies: dict[int, Thread] = {}
    placed = []
    for ordinal, (time, key, spoken_to) in enumerate(zip(times, keys, addressed, strict=True)):
        said = _said(spoken_to) if spoken_to is not NOBODY else ()
        if ordinal in certain:
            remaining.pop()
            next_root = remaining[-1] if remaining else None
            next_time = None if next_root is None else times[next_root]
            earlier.clear()
            placed.append(_root(ordinal, said))
        else:
            later = next_root if time and next_time and time > next_time else None
            if said:
                placed.append(_reply(later, _parent(spoken_to, earlier), said))
            elif later is None:
                placed.append(_UNDECIDED)
            else:
                placed.append(replies.get(later) or replies.setdefault(later, _reply(later, None, ())))
        if key is not None:
            earlier[key] = None if key in earlier else ordinal
    return placed


def _said(spoken_to: Addressed) -> tuple[str, ...]:
    said = [f"mentions:{key}" for key in spoken_to.known]
    said += [f"names:{key}" for key in spoken_to.named]
    return tuple(said)


def _root(ordinal: int, said: tuple[str, ...]) -> Thread:
    if ordinal == 0:
        return Thread("root", None, ("first-on-page", *said), _BY_PLACE)
    return Thread("root", None, ("time-steps-back", *said), _BY_CLOCK)


def _reply(later: int | None, parent: int | None, said: tuple[str, ...]) -> Thread:
    """Place a comment that is no certain root; ``later`` is the ordinal of the root further down that is older."""
    if later is not None:
        confidence = _BY_CLOCK if parent is None else _BY_MENTION
        return Thread("reply", parent, (f"later-than-root:{later}", *said), confidence)
    if parent is not None:
        return Thread("reply", parent, said, _BY_MENTION_ONLY)
    return Thread("undecided", None, said, 0.0)


def _parent(spoken_to: Addressed, earlier: Mapping[str, int | None]) -> int | None:
    """Return the only comment of the only person addressed; ``earlier`` has None for authors of several."""
    return earlier.get(spoken_to.known[0]) if len(spoken_to.known) == 1 else None


def _certain_roots(times: Sequence[LocalTime | None]) -> list[int]:
    roots = [0] if times else []
    previous = times[0] if times else None
    starts = [previous] if previous else []
    for ordinal, time in enumerate(times):
        if time is None:
            continue
        if previous and time < previous:
            if starts and time < starts[-1]:
                return [0]
            roots.append(ordinal)
            starts.append(time)
        previous = time
    return roots
