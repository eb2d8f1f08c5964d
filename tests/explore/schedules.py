"""Random schedules: which kinds of steps and faults a run has, and how often, is itself drawn for each run.

Runs that have everything at once are all alike; leaving out half of the kinds in each makes them differ ("swarm
testing", Groce et al., ISSTA 2012).
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from broadsheet.ids import digest, file_id
from tests.explore.bucket import BUCKET, SIDECAR
from tests.explore.rules import KEYS, TAKE_DOWNS, Rules, Step
from tests.explore.uploads import WORDS, archive, page
from tests.explore.world import World

SKEWS = (-15.0, 0.0, 15.0)
FAULTS = ("fail", "lost", "late", "twice", "busy", "part", "throttled")
_TICKS = (0.5, 2.0, 16.0, 31.0, 47.0, 61.0, 130.0, 400.0)


class Author:
    """Writes one schedule while it is played: every step is chosen knowing the world as it stands."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - schedules, not secrets
        draw = self.random.random
        frozen = draw() < 0.2
        self.rules = Rules(
            frozen=frozen,
            gc_seconds=1e9 if frozen else self.random.choice((1.0, 1.0, 60.0)),
            timeout=self.random.choice((60.0, 60.0, 15.4, 15.25, 15.25)),
            visibility=self.random.choice((360.0, 360.0, 150.0, 20.0)),
            bulk_bytes=self.random.choice((5_000_000, 2_000, 600)),
            bulk_actions=self.random.choice((5_000, 3)),
            sequencers=draw() < 0.9,
        )
        self.length = self.random.choice((12, 20, 30, 45, 70))
        self._keys = KEYS[: self.random.choice((1, 1, 2, 3))]
        self._skews = SKEWS if draw() < 0.5 else (0.0,)
        self._number = 0
        self._planned: list[Step] = []
        self._loss = 0.3 if draw() < 0.2 else 0.0
        self._faults = [fault for fault in FAULTS if draw() < 0.4]
        self._words = [word for word in WORDS if draw() < 0.25]
        self._archives = draw() < 0.5
        kinds: list[tuple[float, float, Callable[[World], Step | None]]] = [
            (1.0, 3.0, self._change),
            (1.0, 4.0, self._start),
            (1.0, 5.0, self._run),
            (0.8, 1.5, self._fault),
            (0.6, 1.0, self._kill),
            (0.9, 2.0, lambda _world: ("tick", self.random.choice(_TICKS))),
            (0.8, 2.0, lambda world: ("land", self.random.randrange(len(world.late))) if world.late else None),
            (0.4, 1.0, self._copy),
            (0.0 if frozen else 0.4, 0.7, lambda _world: ("restart",)),
            (0.2, 0.4, lambda world: ("away", not world.away)),
            (0.3, 1.2, self._generation),
            (0.35, 1.0, self._sidecar),
            (0.3, 0.8, self._take_down),
            (0.3, 0.5, lambda _world: ("reconcile",)),
            (0.1, 0.5, lambda _world: ("snapshot",) if self.random.random() < 0.6 else ("restore",)),
        ]
        chosen = [
            (weight * self.random.choice((0.5, 1.0, 2.0)), kind) for share, weight, kind in kinds if draw() < share
        ]
        self._weights = [weight for weight, _ in chosen]
        self._kinds = [kind for _, kind in chosen]

    def next(self, world: World) -> Step:
        """Return the next step."""
        if self._planned:
            return self._planned.pop()
        while True:
            (kind,) = self.random.choices(self._kinds, self._weights)
            step = kind(world)
            if step:
                return step

    def _name(self, letter: str) -> str:
        self._number += 1
        return f"{letter}{self._number}"

    def _change(self, world: World) -> Step:
        key = self.random.choice(self._keys)
        name, lost = self._name(key[0]), self.random.random() < self._loss
        kind = self.random.random()
        if kind < 0.65:
            return ("put", name, key, self._body(), lost)
        if kind < 0.85:
            return ("delete", name, key, lost)
        return ("undelete" if kind < 0.93 else "touch", name, key, lost)

    def _body(self) -> bytes:
        draw = self.random
        word = draw.choice(self._words) if self._words and draw.random() < 0.3 else ""
        if self._archives and draw.random() < 0.6:
            records = draw.randint(1, 6)
            return archive(self._number, records, word, draw.randrange(records))
        return page(self._number, draw.choice((0, 1, 1, 2, 4)) if word != "REFUSED" else 2, word)

    def _start(self, world: World) -> Step | None:
        if len(world.workers) >= 4:
            return None
        visible = world.queue.visible(world.now)
        if not visible or self.random.random() < 0.1:
            visible = list(world.queue.waiting)
        if not visible:
            return None
        count = min(len(visible), self.random.choice((1, 1, 2, 3)))
        name = self._name("w")
        # Half of them go on to their end at once; the others are left at any depth.
        self._planned.append(("run", name, 200 if self.random.random() < 0.5 else self.random.randint(1, 20)))
        return ("start", name, tuple(self.random.sample(visible, count)), self.random.choice(self._skews))

    def _worker(self, world: World) -> str | None:
        return self.random.choice(list(world.workers)) if world.workers else None

    def _run(self, world: World) -> Step | None:
        name = self._worker(world)
        if not name:
            return None
        if world.workers[name].strands and self.random.random() < 0.5:
            return ("run", name, self.random.choice((1, 1, 2, 4)), "ok", self.random.randrange(3))
        return ("run", name, self.random.choice((1, 1, 2, 3, 5, 8, 100)))

    def _fault(self, world: World) -> Step | None:
        name = self._worker(world)
        if not name or not self._faults:
            return None
        if self.random.random() < 0.5:
            # What is written to the engine is where most depends on it.
            writing = [each for each, worker in world.workers.items() if worker.part().reached[0] == "engine.bulk"]
            name = self.random.choice(writing) if writing else name
        strand = (self.random.randrange(3),) if world.workers[name].strands and self.random.random() < 0.5 else ()
        return ("run", name, 1, self.random.choice(self._faults), *strand)

    def _kill(self, world: World) -> Step | None:
        name = self._worker(world)
        if not name or (max(world.known.kills.values(), default=0) >= 2 and self.random.random() < 0.9):
            return None
        how = self.random.choice(("kill", "die", "late"))
        return ("kill", name) if how == "kill" else ("die", name, how)

    def _copy(self, world: World) -> Step | None:
        names = list(world.queue.waiting)
        return ("copy", self.random.choice(names)) if names else None

    def _generation(self, world: World) -> Step | None:
        active = world.operations.active
        if len(active) == 1:
            return ("generation", "fill")
        action = self.random.choice(("swap", "rollback", "drop", "give up"))
        return ("generation", "drop", active[-1]) if action == "give up" else ("generation", action)

    def _sidecar(self, world: World) -> Step:
        key = self.random.choice(self._keys) + SIDECAR
        name, lost = self._name("s"), self.random.random() < self._loss
        if self.random.random() < 0.7:
            return ("put", name, key, b'{"source": "Source %d"}' % self._number, lost)
        return ("delete", name, key, lost)

    def _take_down(self, world: World) -> Step:
        name = self._name("t")
        kind = self.random.random()
        if kind < 0.2:
            return ("delete", name, TAKE_DOWNS, False)
        line = b'{"author_key": "reader%d"}' % self.random.randrange(3)
        if kind < 0.5:
            key = self.random.choice(self._keys)
            identity = digest(file_id(BUCKET, key), f"Title {self.random.randrange(self._number) + 1}", "0")
            line = b'{"article_id": "%s"}' % identity.encode()
        return ("put", name, TAKE_DOWNS, line, False)
