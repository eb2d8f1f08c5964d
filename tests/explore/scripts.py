"""Schedules for rules whose loss takes more steps than chance finds soon: each shows what happens without one.

A worker runs ``until`` it waits in a call, so that a change elsewhere does not shift what happens where.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.explore.rules import TAKE_DOWNS, Rules, Step
from tests.explore.uploads import archive, page

A = "a.txt"
SIDECAR = "a.txt.meta.json"
END = 1_000


@dataclass(frozen=True)
class Script:
    """Steps under rules."""

    steps: tuple[Step, ...]
    rules: Rules = field(default_factory=Rules)


def _delivered(worker: str, *messages: str) -> tuple[Step, ...]:
    return (("start", worker, messages, 0.0), ("run", worker, END))


def _paused() -> tuple[Step, ...]:
    """Put an archive; the worker that reads it runs out of time after its first record and sends ``w1+1``."""
    return (
        ("put", "a1", A, archive(1, 3)),
        ("start", "w1", ("a1",), 0.0),
        ("until", "w1", "objects.read_on"),
        ("tick", 46.0),
        ("run", "w1", END),
    )


_RESURRECTED = (("put", "a1", A, page(1, 1)), ("start", "w1", ("a1",), 0.0), ("until", "w1", "engine.bulk"))


def _again_and_again(times: int, *steps: Step) -> tuple[Step, ...]:
    """Repeat steps; ``*`` in the name of a worker becomes the number of the time, and every lease ends in between."""
    return tuple(
        tuple(part.replace("*", str(number)) if isinstance(part, str) else part for part in step)
        for number in range(times)
        for step in (*steps, ("tick", 130.0))
    )


_FAILED_RELEASES = tuple(
    step
    for number in range(4)
    for step in (
        ("start", f"w{number}", ("a1", *(f"w{earlier}+1" for earlier in range(number))), 0.0),
        ("until", f"w{number}", "objects.open"),
        ("run", f"w{number}", 1, "fail"),
        ("run", f"w{number}", 1, "fail"),
        ("run", f"w{number}", END),
        ("tick", 130.0),
    )
)

SCRIPTS: Mapping[str, Script] = {
    # Two workers at once: the first one's documents come after the removal by the second, and the node forgot that.
    "no lease": Script((
        *_RESURRECTED, ("delete", "a2", A), *_delivered("w2", "a2"), ("restart",), ("run", "w1", END),
    )),
    # The worker's last bulk lands after another one has removed everything and the node has forgotten that.
    "no lease margin": Script((
        *_RESURRECTED, ("tick", 59.0), ("die", "w1", "late"), ("tick", 2.0),
        ("delete", "a2", A), *_delivered("w2", "a2"), ("restart",), ("land", 0),
    )),
    "lease released at once": Script((
        *_RESURRECTED, ("run", "w1", 1, "late"), ("run", "w1", END),
        ("delete", "a2", A), *_delivered("w2", "a2"), ("restart",), ("land", 0),
    )),
    # What was pending of a file that was given back goes out with the rest of its batch, without a lease.
    "nothing dropped": Script((
        ("put", "a1", A, archive(1, 3)), ("put", "b2", "b.txt", page(2, 1)), ("start", "w1", ("a1", "b2"), 0.0),
        ("until", "w1", "objects.read_on", "a.txt 2"), ("run", "w1", 1, "fail"),
        ("until", "w1", "queue.hold"), ("run", "w1", 1),
        ("delete", "a3", A), *_delivered("w2", "a3"), ("restart",), ("run", "w1", END),
    ), Rules(bulk_bytes=600)),
    # Whoever looked before the claim saw nothing yet, and removes what another one has indexed since.
    "read before the claim": Script((
        ("delete", "a1", A), ("start", "w1", ("a1",), 0.0), ("until", "w1", "objects.head"), ("run", "w1", 1),
        ("put", "a2", A, page(2, 1)), *_delivered("w2", "a2"), ("run", "w1", END),
    ), Rules(sequencers=False)),
    "generations before the claim": Script((
        ("put", "a1", A, page(1, 1)), ("start", "w1", ("a1",), 0.0), ("until", "w1", "ledger.add"),
        ("generation", "fill"), ("run", "w1", END),
    )),
    # Closed for the generations of its beginning; the message that comes again must not be taken for done.
    "generations settle": Script((
        ("put", "a1", A, page(1, 1)), ("start", "w1", ("a1",), 0.0), ("until", "w1", "engine.bulk"),
        ("generation", "fill"), ("until", "w1", "queue.delete"), ("kill", "w1"), ("tick", 400.0),
        *_delivered("w2", "a1"),
    )),
    "closes anyway": Script((
        ("put", "a1", A, page(1, 1)), ("start", "w1", ("a1",), 0.0), ("until", "w1", "receipts.put", "summary"),
        ("tick", 400.0), ("put", "a2", A, page(2, 1)), *_delivered("w2", "a2"), ("run", "w1", END),
    ), Rules(frozen=True, gc_seconds=1e9)),
    # The second worker takes the file for done, by an outcome that the first one believes not to have stored.
    "reopened": Script((
        ("put", "a1", A, page(1, 1)), ("start", "w1", ("a1",), 0.0), ("until", "w1", "receipts.put", "summary"),
        ("run", "w1", 1), ("run", "w1", 1, "lost"), ("start", "w2", ("a1",), 0.0), ("until", "w2", "queue.delete"),
        ("run", "w1", END), ("run", "w2", END),
    )),
    # The first record was written under the epoch that is used again: its new text is a conflict and the old one stays.
    "no new epoch on restart": Script((
        ("put", "a1", A, archive(1, 3)), ("start", "w1", ("a1",), 0.0), ("until", "w1", "objects.read_on", "2"),
        ("put", "a2", A, archive(2, 3)), ("run", "w1", END),
    ), Rules(bulk_bytes=600)),
    "object not pinned": Script((*_paused(), ("put", "a2", A, archive(2, 3)), *_delivered("w2", "w1+1"))),
    "sidecar not pinned": Script((
        *_paused(), ("put", "s2", SIDECAR, b'{"source": "Somewhere"}'), *_delivered("w2", "w1+1"),
    )),
    "list not pinned": Script((
        *_paused(), ("put", "t2", TAKE_DOWNS, b'{"author_key": "reader0"}'), *_delivered("w2", "w1+1"),
    )),
    "generations not pinned": Script((*_paused(), ("generation", "fill"), *_delivered("w2", "w1+1"))),
    # Another object was written over the first record meanwhile, and is gone again.
    "checkpoint kept": Script((
        *_paused(), ("put", "a2", A, page(2, 1)), ("start", "w2", ("a2",), 0.0),
        ("until", "w2", "receipts.put", "summary"), ("kill", "w2"), ("undelete", "a3", A),
    )),
    "no handing over": Script((("put", "a1", A, page(1, 1)), *_FAILED_RELEASES)),
    "one count for all": Script((
        ("put", "a1", A, page(1, 1, "POISON")),
        *(step for number in range(3) for step in (*_delivered(f"w{number}", "a1"), ("tick", 130.0))),
        ("put", "a2", A, page(2, 1)),
    )),
    "every return counts": Script((
        ("put", "a1", A, page(1, 1)),
        *_again_and_again(
            4, ("start", "w*", ("a1",), 0.0), ("until", "w*", "objects.open"), ("run", "w*", 1, "fail"),
            ("run", "w*", END),
        ),
    )),
    # Events of two states take turns.
    "reset by events": Script((
        ("put", "a1", A, page(1, 1)), ("put", "a2", A, page(2, 1, "POISON")),
        *_again_and_again(
            6, ("start", "w*", ("a1",), 0.0), ("run", "w*", END), ("tick", 130.0),
            ("start", "v*", ("a2",), 0.0), ("run", "v*", END),
        ),
    )),
    # Another file is always in one batch with the one that ends its worker.
    "not alone": Script((
        ("put", "a1", A, page(1, 1, "POISON")), ("put", "b2", "b.txt", page(2, 1)),
        *_again_and_again(4, ("start", "w*", ("a1", "b2"), 0.0), ("run", "w*", END)),
    )),
    "filled blindly": Script((
        ("put", "a1", A, page(1, 1)), *_delivered("w1", "a1"), ("generation", "fill"), ("generation", "swap"),
    )),
    "times not compared": Script((
        ("put", "a1", A, page(1, 1)), *_delivered("w1", "a1"), ("tick", 2.0), ("touch", "a2", A, True),
    )),
    # What was written to the generation that was given up counts for the one that has its number.
    "numbers used again": Script((
        ("put", "a1", A, page(1, 1)), ("generation", "fill"), *_delivered("w1", "a1", "again1-a.txt"),
        ("generation", "drop", 2), ("generation", "fill"),
    )),
    "deleted not filled": Script((
        ("put", "a1", A, page(1, 1)), ("delete", "a2", A), *_delivered("w1", "a1", "a2"), ("generation", "fill"),
    )),
    # The ledger has forgotten the two comments that were written after the snapshot.
    "no rebuild": Script((
        ("put", "a1", A, page(1, 1)), *_delivered("w1", "a1"), ("snapshot",),
        ("put", "a2", A, page(2, 4)), *_delivered("w2", "a2"), ("restore",),
        ("put", "a3", A, page(3, 1)),
    )),
    # The same within a fill: when the rebuild may be given up, the generation that was being filled is searched.
    "rebuild given up": Script((
        ("put", "a1", A, page(1, 1)), *_delivered("w1", "a1"), ("snapshot",), ("generation", "fill"),
        ("put", "a2", A, page(2, 4)), *_delivered("w2", "a2"), ("restore",), ("generation", "drop", 3),
        ("put", "a3", A, page(3, 1)),
    )),
    "latest list stored": Script((
        ("put", "a1", A, page(1, 1)), ("start", "w1", ("a1",), 0.0), ("until", "w1", "objects.read_on"),
        ("put", "t2", TAKE_DOWNS, b'{"author_key": "reader0"}'), ("run", "w1", END),
    )),
    "certain at once": Script((
        ("put", "a1", A, archive(1, 3)), ("start", "w1", ("a1",), 0.0), ("until", "w1", "objects.read_on", "1"),
        ("run", "w1", 2), ("kill", "w1"),
    ), Rules(bulk_bytes=600)),
    "refused stay": Script((
        ("put", "a1", A, page(1, 2)), *_delivered("w1", "a1"), ("put", "a2", A, page(2, 2, "REFUSED")),
    )),
}  # fmt: skip
