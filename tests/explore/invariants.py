"""What must hold when everything is quiet; each function returns sentences about what does not.

``check_closed`` looks at every outcome when it is stored. ``World`` itself watches the rest of what must hold always:
epochs never fall, no document goes back to an older version, nothing is acknowledged before it was read and closed (or
handed on to another message), and what is read is what was looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import orjson

from broadsheet.index.names import KINDS
from broadsheet.ports import JsonObject
from tests.explore.bucket import SIDECAR
from tests.explore.following import Desired, State, desired, follows, records_in
from tests.explore.rules import KEYS, NAMES
from tests.explore.worker import Worker
from tests.explore.world import World

MOST_POISONED = 10
"""Three workers may end, and three more for every record that is indexed in between."""
MOST_KILLS = 2
"""A file may be given up on when more workers than this were ended while they had it."""


def check_closed(world: World, worker: Worker, item: JsonObject) -> None:
    """Always: when an outcome is stored, the index holds exactly what follows from the state it names.

    In every generation that was active when the file was claimed and still is.
    """
    key = item["key"]
    if missing := set(worker.active.get(key, ())) & set(world.operations.active) - set(item["generations"]):
        world.violated(f"{key} was closed without generation {missing}")
    if key not in KEYS or world.known.restored:
        return
    given_up = any(problem["code"] == "crashed" for problem in item["problems"])
    state = State(
        key, item.get("etag"), item.get("last_modified"), item.get("sidecar_etag"), item.get("suppression", "")
    )
    wanted: Desired = {kind: {} for kind in KINDS} if given_up else follows(world, state)[1]
    for generation in item["generations"]:
        for kind in KINDS:
            there = world.engine.documents(NAMES.write_alias(kind, generation), item["file_id"])
            if there is not None and there != wanted[kind]:
                world.violated(f"{key} was closed, but its {kind} in generation {generation} are not what it says")


def index_equals_bucket(world: World) -> Iterator[str]:
    """I1, I2: every generation holds what follows from the bucket, by id and content, and nothing else."""
    wanted: Desired = {kind: {} for kind in KINDS}
    for key in KEYS:
        _, documents_of_key = desired(world, key)
        if _given_up(world, key):
            continue
        for kind, found in documents_of_key.items():
            wanted[kind].update(found)
    for generation in world.operations.active:
        for kind in KINDS:
            there = world.engine.documents(NAMES.write_alias(kind, generation)) or {}
            for name in sorted(there.keys() | wanted[kind].keys()):
                if there.get(name) != wanted[kind].get(name):
                    key = world.keys_of[name.partition("-")[0]]
                    what = "stale" if name not in wanted[kind] else "missing" if name not in there else "old"
                    yield f"{what}: {key} {name.partition('-')[2]} in {kind} of generation {generation}"


def every_status_is_right(world: World) -> Iterator[str]:
    """I3: every object has one item that tells its status, its state, its counts and all generations."""
    items = world.items()
    for key in KEYS:
        if key in items:
            yield from _wrong(world, key, items[key])
        elif world.bucket.current(key):
            yield f"{key} has no ledger item"


def _wrong(world: World, key: str, item: JsonObject) -> Iterator[str]:
    status, documents_of_key = desired(world, key)
    if _given_up(world, key):
        status = "failed"
    if item["status"] == "processing" and key in world.known.twins:
        return
    if item["status"] != status:
        yield f"{key} is {item['status']} in the ledger and should be {status}"
        return
    given_up = any(problem["code"] == "crashed" for problem in item["problems"])
    if item["lease_until"] or (item["attempts"] and not given_up):
        yield f"{key} is closed, but has a lease or open attempts"
    for name, place in (("etag", key), ("sidecar_etag", key + SIDECAR)):
        found = world.bucket.current(place)
        if item.get(name) != (found[0].etag if found else None):
            yield f"{key} was closed with another {name}"
    if not set(world.operations.active) <= set(item["generations"]):
        yield f"{key} lacks a generation"
    if status == "indexed" and any(item["counts"][kind] != len(documents_of_key[kind]) for kind in KINDS):
        yield f"{key} has wrong counts"


def every_receipt_is_complete(world: World) -> Iterator[str]:
    """I3: a receipt lies where the ledger says, agrees with it, and tells of every record once."""
    for key, item in world.items().items():
        if item["status"] == "processing":
            continue
        prefix = item["receipt"]
        if f"{prefix}summary.json" not in world.receipts:
            yield f"{key} has no receipt"
            continue
        summary = orjson.loads(world.receipts[f"{prefix}summary.json"])
        if (summary["status"], summary["counts"]) != (item["status"], item["counts"]):
            yield f"{key} has a receipt of another outcome"
        parts = [world.receipts.get(f"{prefix}part-{number:05}.ndjson") for number in range(summary.get("parts", 0))]
        if None in parts:
            yield f"{key} lacks a part of its receipt"
            continue
        lines = [orjson.loads(line) for part in parts for line in (part or b"").splitlines()]
        told = sorted(line["record"] for line in [*lines, *summary.get("records", [])])
        if item["status"] in {"indexed", "partial"} and told != list(range(records_in(world, item["etag"]))):
            yield f"{key} has a receipt of records {told}"


def nothing_is_dead(world: World) -> Iterator[str]:
    """I8: faults of services and of workers end no message."""
    for name, queued in world.queue.dead.items():
        yield f"{name} became a dead letter after {queued.receives} deliveries"


def no_file_ends_many_workers(world: World) -> Iterator[str]:
    """I7: a file that ends its workers is given up soon, whatever events there are of it."""
    for (key, _), count in world.known.poisoned.items():
        if count > MOST_POISONED:
            yield f"{key} ended {count} workers in one state"


def _given_up(world: World, key: str) -> bool:
    """Tell whether a file was rightly given up on: more workers died with it than may."""
    item = world.items().get(key)
    return bool(
        item
        and item["status"] == "failed"
        and world.known.kills.get(key, 0) > MOST_KILLS
        and any(problem["code"] == "crashed" for problem in item["problems"])
    )


INVARIANTS: tuple[Callable[[World], Iterator[str]], ...] = (
    no_file_ends_many_workers,
    index_equals_bucket,
    every_status_is_right,
    every_receipt_is_complete,
    nothing_is_dead,
)


def broken(world: World) -> list[str]:
    """Return everything that is wrong with a quiet world."""
    return [*world.known.violations, *(sentence for check in INVARIANTS for sentence in check(world))]
