"""The steps of a schedule: tuples of plain values, so that they can be printed, shortened and done again.

The first value names the step. A step that makes no sense where it stands does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from broadsheet.index.names import KINDS
from tests.explore.bucket import SIDECAR
from tests.explore.rules import CALL_SECONDS, LATE_SECONDS, NAMES, START, TAKE_DOWNS, Step
from tests.explore.worker import Worker
from tests.explore.world import World

# Of files in work nobody can say yet where they will be.
_NOT_COMPARED = frozenset({"failed", "skipped", "processing"})
_MOST_CALLS = 200


def do(world: World, step: Step) -> None:
    """Do one step of a schedule."""
    if world.story is not None:
        world.story.append(f"{world.now - START:8.2f}  {' '.join(map(str, step))}")
    STEPS[step[0]](world, *step[1:])


def _put(world: World, name: str, key: str, body: bytes, lost: bool = False) -> None:
    if key == TAKE_DOWNS:
        # No event tells the files that they are concerned.
        world.known.needs_reconcile = True
    world.announce(name, key, world.bucket.put(key, body, world.now), lost=lost)


def _delete(world: World, name: str, key: str, lost: bool = False) -> None:
    world.announce(name, key, world.bucket.delete(key, world.now), lost=lost)


def _undelete(world: World, name: str, key: str, lost: bool = False) -> None:
    world.announce(name, key, world.bucket.undelete(key), lost=lost)


def _touch(world: World, name: str, key: str, lost: bool = False) -> None:
    change = world.bucket.touch(key, world.now)
    if change:
        world.announce(name, key, change, lost=lost)


def _copy(world: World, name: str) -> None:
    world.queue.copy(name)


def _start(world: World, name: str, messages: tuple[str, ...], skew: float) -> None:
    received = [message for each in messages if (message := world.queue.receive(each, world.now))]
    if received and name not in world.workers:
        worker = world.workers[name] = Worker(world, name, received, skew)
        worker.files = {
            key.removesuffix(SIDECAR)
            for each in messages
            if each in world.queue.waiting
            for key in world.queue.waiting[each].duty
        }
        world.resume(worker, "ok")


def _run(world: World, name: str, calls: int, how: str = "ok", strand: int | None = None) -> None:
    """Let a worker make calls, or one of the strands beside it; the last of them ends as ``how`` says."""
    for number in range(calls):
        worker = world.workers.get(name)
        if worker is None:
            return
        world.pass_time(max(CALL_SECONDS, worker.wakes(strand) - world.now))
        if not worker.dead:
            world.resume(worker, how if number == calls - 1 else "ok", strand)


def _until(world: World, name: str, port: str, subject: str = "") -> None:
    """Let a worker make calls until it waits in one of this port (and this key)."""
    for _ in range(_MOST_CALLS):
        worker = world.workers.get(name)
        if worker is None or (worker.part().reached[0] == port and subject in _subject(world, worker)):
            return
        _run(world, name, 1)


def _subject(world: World, worker: Worker) -> str:
    subject = worker.part().reached[1]
    return world.keys_of.get(subject, subject)


def _kill(world: World, name: str) -> None:
    world.kill(name)


def _die(world: World, name: str, how: str) -> None:
    """Kill a worker whose present call is done all the same: at once, or late."""
    worker = world.workers.get(name)
    if worker is None:
        return
    if how == "late":
        world.resume(worker, "late")
        world.kill(name)
    else:
        world.resume(worker, "die")


def _land(world: World, number: int) -> None:
    """Do a late request at the last moment it may be done."""
    if number < len(world.late):
        late = world.late.pop(number)
        world.pass_time(late.until - world.now - CALL_SECONDS)
        world.log(f"late: {late.text}")
        world.note("late request done")
        world.landing = True
        late.effect()
        world.landing = False


def _tick(world: World, seconds: float) -> None:
    world.pass_time(seconds)


def _restart(world: World) -> None:
    world.engine.restart()


def _away(world: World, away: bool) -> None:
    world.away = away


def _generation(world: World, action: str, generation: int | None = None) -> None:
    """Take a step in the life of a generation, and compare with the bucket at once, as people are told to."""
    if world.operations.act(action, generation):
        # What is in work while a fill begins is found by a later walk.
        world.known.needs_reconcile = True
        world.operations.reconcile()
        if action == "swap":
            _check_swap(world)


def _check_swap(world: World) -> None:
    """Nothing that could be found before may be missing because a file was never written to the new generation."""
    searched = world.operations.searched
    for key, item in world.items().items():
        aliases = [NAMES.write_alias(kind, older) for older in world.operations.active for kind in KINDS]
        shown = any(world.engine.documents(alias, item["file_id"]) for alias in aliases)
        if shown and searched not in item["generations"] and item["status"] not in _NOT_COMPARED:
            world.violated(f"generation {searched} is searched, and {key} is not in it")


def _reconcile(world: World) -> None:
    world.operations.reconcile()


def _snapshot(world: World) -> None:
    world.snapshot = dict(world.ledger)


def _restore(world: World) -> None:
    """Put an older ledger in place of the present one, when all leases are over."""
    if world.snapshot is None:
        return
    for name in list(world.workers):
        world.kill(name)
    world.pass_time(world.timeout + world.settings.lease_margin_seconds + LATE_SECONDS)
    world.ledger = dict(world.snapshot)
    world.known.restored = True
    world.known.closed = {}
    world.operations.restored()


STEPS: Mapping[str, Callable[..., None]] = {
    "put": _put,
    "delete": _delete,
    "undelete": _undelete,
    "touch": _touch,
    "copy": _copy,
    "start": _start,
    "run": _run,
    "until": _until,
    "kill": _kill,
    "die": _die,
    "land": _land,
    "tick": _tick,
    "restart": _restart,
    "away": _away,
    "generation": _generation,
    "reconcile": _reconcile,
    "snapshot": _snapshot,
    "restore": _restore,
}
