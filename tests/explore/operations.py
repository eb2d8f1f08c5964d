"""What people and schedules do beside ingestion, by the real code: reconciling, filling a generation, recovering.

Each is one step that nothing interrupts; the messages it sends are worked on like any others.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from broadsheet.errors import BroadsheetError
from broadsheet.generations import ensure_generations, read_control
from broadsheet.model import StoredObject
from broadsheet.ports import JsonObject
from broadsheet.rebuild import Rebuild
from broadsheet.reconcile import ReconcileRequest, ReconcileRuntime, reconcile
from broadsheet.settings import IndicesSettings
from tests.explore.bucket import BUCKET, SIDECAR

if TYPE_CHECKING:
    from tests.explore.world import World

SETTINGS = IndicesSettings(opensearch_url="http://unused", index_prefix="x", ledger_table="unused")
WRITE = "-write"
# Where the class has a method of that name.
Names = list[str]
Items = list[JsonObject]


class Operations:
    """Every port that these use cases need, over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sent = 0
        self._search: dict[str, str] = {}
        ensure_generations(self, self, SETTINGS)
        self._rebuild = Rebuild(self, self, self, self, SETTINGS)

    def act(self, action: str, generation: int | None = None) -> bool:
        """Do one step in the life of a generation; False when something else has to come first."""
        given: dict[str, Any] = {"action": action, "accept_difference": True}
        if action == "swap":
            self._rebuild.state(remaining=lambda: 1.0)
        try:
            self._rebuild.act(given if generation is None else {**given, "generation": generation}, remaining=lambda: 1)
        except BroadsheetError as error:
            self._world.log(f"{action}: {error}")
            return False
        return True

    def restored(self) -> None:
        """Do what has to follow when the ledger was restored."""
        self.act("recover")

    def reconcile(self) -> int:
        """Compare the bucket with the ledger; return how many messages were sent."""
        runtime = ReconcileRuntime(
            bucket=BUCKET,
            objects=self,
            lister=self,
            ledger=self,
            index=self,
            sender=self,
            telemetry=self._world.telemetry,
            clock=lambda: self._world.now,
            visibility_seconds=int(self._world.rules.visibility),
        )
        return reconcile(ReconcileRequest(), runtime, remaining=lambda: 1.0).sent

    @property
    def active(self) -> tuple[int, ...]:
        """The generations that are written."""
        return read_control(self).active

    @property
    def searched(self) -> int:
        """The generation that is searched."""
        return read_control(self).search

    # ports.LedgerStore, LedgerIndex, LedgerScan

    def get(self, name: str) -> JsonObject | None:
        return self._world.ledger_get(name)

    def add(self, item: JsonObject) -> JsonObject | None:
        stored = self._world.ledger_get(item["file_id"])
        if stored is None:
            self._world.ledger[item["file_id"]] = orjson.dumps(item)
        return stored

    def put(self, item: JsonObject, *, expected: Mapping[str, Any]) -> bool:
        if item["file_id"] not in self._world.ledger:
            return False
        self._world.ledger[item["file_id"]] = orjson.dumps(item)
        return True

    def by_key(self, *, prefix: str, after: str, limit: int) -> Items:
        return [item for key, item in sorted(self._world.items().items()) if key > after]

    def by_time(self, **_values: Any) -> Items:
        raise NotImplementedError

    def count_by_status(self) -> dict[str, int]:
        raise NotImplementedError

    def scan(self, *, after: str) -> Iterator[JsonObject]:
        items = sorted(self._world.items().values(), key=lambda item: item["file_id"])
        yield from (item for item in items if item["file_id"] > after)

    # ports.ObjectStore, ObjectLister

    def head(self, bucket: str, key: str) -> StoredObject | None:
        found = self._world.bucket.current(key)
        return found[0] if found else None

    def open(self, stored: StoredObject) -> BinaryIO:
        return self._world.bucket.open(stored)

    def list(self, bucket: str, *, after: str = "", prefix: str = "") -> Iterator[StoredObject]:
        for key in sorted(self._world.bucket.keys):
            found = self._world.bucket.current(key)
            if key > after and found:
                yield found[0]

    # ports.HintSender

    def send_all(self, bodies: Sequence[str]) -> None:
        for body in bodies:
            self._sent += 1
            key = orjson.loads(body)["key"]
            duty = {each: self._world.bucket.changes(each) for each in (key, key + SIDECAR)}
            self._world.queue.send(f"again{self._sent}-{key}", body, duty, self._world.now)

    def waiting(self) -> int:
        return len(self._world.queue.waiting)

    # ports.GenerationAdmin, SearchEngine

    def create(self, index: str, body: JsonObject) -> bool:
        return self._world.engine.create(index + WRITE)

    def aliases(self, name: str) -> Names:
        if not name.endswith(WRITE):
            return [self._search[name]] if name in self._search else []
        known = self._world.engine.aliases
        return sorted(alias.removesuffix(WRITE) for alias in known if fnmatch.fnmatchcase(alias, name))

    def point(self, alias: str, index: str) -> None:
        self._search[alias] = index

    def move(self, targets: Mapping[str, str]) -> None:
        self._search.update(targets)

    def delete(self, index: str) -> None:
        self._world.engine.drop(index + WRITE)

    def search(self, index: str, body: JsonObject) -> JsonObject:
        raise NotImplementedError

    def multi_search(self, searches: Sequence[tuple[str, JsonObject]]) -> Items:
        found = (len(self._world.engine.documents(alias) or ()) for alias, _ in searches)
        return [{"hits": {"total": {"value": count}}} for count in found]
