"""One run: a random schedule, then all faults end, everything is delivered, and the index must equal the bucket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.explore.invariants import broken, check_closed
from tests.explore.mutant import Mutant
from tests.explore.rules import Rules, Step
from tests.explore.schedules import Author
from tests.explore.steps import do
from tests.explore.world import World

AS_IT_IS = Mutant("everything")
MOST_CALLS = 2_000
MOST_DELIVERIES = 1_500
_LONGEST_STORY = 120


@dataclass(frozen=True)
class Divergence:
    """A schedule after which something is wrong, and what."""

    seed: int
    rules: Rules
    steps: tuple[Step, ...]
    sentences: tuple[str, ...]


def run(seed: int, subject: Mutant = AS_IT_IS) -> tuple[World, Divergence | None]:
    """Play the schedule of a seed; return the world at its end and what is wrong with it."""
    author = Author(seed)
    world = begin(seed, author.rules, subject)
    steps: list[Step] = []
    for _ in range(author.length):
        step = author.next(world)
        steps.append(step)
        do(world, step)
        if world.known.violations:
            break
    sentences = world.known.violations or settle(world)
    return world, Divergence(seed, author.rules, tuple(steps), tuple(sentences)) if sentences else None


def begin(seed: int, rules: Rules, subject: Mutant = AS_IT_IS, log: list[str] | None = None) -> World:
    """Make a world whose outcomes are checked when they are stored."""
    world = World(seed, rules, subject.execute, subject.operations, log)
    world.on_close = check_closed
    return world


def replay(
    seed: int, rules: Rules, steps: Iterable[Step], subject: Mutant = AS_IT_IS, log: list[str] | None = None
) -> list[str]:
    """Play given steps; return what is wrong in the end."""
    world = begin(seed, rules, subject, log)
    for step in steps:
        do(world, step)
        if world.known.violations:
            return world.known.violations
    return settle(world)


def settle(world: World) -> list[str]:
    """End all faults, deliver everything, repair what was lost by reconciling; return what is wrong then."""
    world.away = False
    world.late.clear()
    world.log("all faults end")
    drain(world)
    if not world.known.needs_reconcile and not world.known.restored and (sentences := broken(world)):
        return sentences
    if not reconciled(world):
        return [*broken(world), "reconciling finds differences again and again"]
    world.known.twins.clear()
    operations = world.operations
    if len(operations.active) > 1:
        swapped = max(operations.active) == operations.searched or operations.act("swap")
        if not swapped or not operations.act("drop"):
            return [*broken(world), "the new generation is not complete"]
    world.known.restored = False
    return broken(world)


def reconciled(world: World) -> bool:
    """Reconcile and deliver until nothing differs any more; False when that has no end."""
    for _ in range(3):
        # Work without a message is taken for abandoned only after its lease and a while.
        lease = world.timeout + world.settings.lease_margin_seconds
        do(world, ("tick", lease + 2 * world.rules.visibility))
        if not world.operations.reconcile():
            return True
        drain(world)
    return False


def drain(world: World) -> None:
    """Let the workers end and deliver messages until the queue is empty."""
    for name in list(world.workers):
        _finish(world, name)
    for number in range(MOST_DELIVERIES):
        if not world.queue.waiting or world.known.violations:
            return
        visible = world.queue.visible(world.now)
        if not visible:
            # Until all are: one by one they would find each other's leases.
            latest = max(queued.visible_at for queued in world.queue.waiting.values())
            do(world, ("tick", latest - world.now))
            visible = world.queue.visible(world.now)
        name = f"d{number}"
        do(world, ("start", name, tuple(visible[:10]), 0.0))
        _finish(world, name)
    world.violated(f"the queue is not empty after {MOST_DELIVERIES} deliveries")


def _finish(world: World, name: str) -> None:
    do(world, ("run", name, MOST_CALLS))
    if name in world.workers:
        world.violated(f"{name} does not end")


def shorten(divergence: Divergence, subject: Mutant = AS_IT_IS) -> Divergence:
    """Drop steps, then make them smaller, as long as anything stays wrong."""
    steps = list(divergence.steps)

    def wrong(candidate: Sequence[Step]) -> bool:
        return bool(replay(divergence.seed, divergence.rules, candidate, subject))

    if not wrong(steps):
        return divergence
    size = max(1, len(steps) // 2)
    while size:
        start, dropped = 0, False
        while start < len(steps):
            candidate = steps[:start] + steps[start + size :]
            if wrong(candidate):
                steps, dropped = candidate, True
            else:
                start += size
        if not dropped or size > 1:
            size //= 2
    for number, step in enumerate(steps):
        for smaller in _smaller(step):
            candidate = [*steps[:number], smaller, *steps[number + 1 :]]
            if wrong(candidate):
                steps = candidate
                break
    sentences = replay(divergence.seed, divergence.rules, steps, subject)
    return Divergence(divergence.seed, divergence.rules, tuple(steps), tuple(sentences))


def _smaller(step: Step) -> list[Step]:
    if step[0] == "run" and step[2] > 1:
        return [("run", step[1], calls, *step[3:]) for calls in range(1, min(step[2], 30))]
    if step[0] == "start":
        plain = [("start", step[1], (message,), step[3]) for message in step[2]] if len(step[2]) > 1 else []
        return [*plain, *([("start", step[1], step[2], 0.0)] if step[3] else [])]
    return []


def story(divergence: Divergence, subject: Mutant = AS_IT_IS) -> str:
    """Return a divergence as a person reads it: the steps with the calls they led to, and what is wrong."""
    log: list[str] = []
    sentences = replay(divergence.seed, divergence.rules, divergence.steps, subject, log)
    head = [f"seed {divergence.seed}, {divergence.rules}", *(f"    {step!r}," for step in divergence.steps), ""]
    if len(log) > _LONGEST_STORY:
        log[_LONGEST_STORY // 2 : -_LONGEST_STORY // 2] = ["          ..."]
    return "\n".join([*head, *log, "", *(f"=> {sentence}" for sentence in sentences)])
