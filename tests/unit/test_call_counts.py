from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from broadsheet.index.names import KINDS, IndexNames
from tests.call_counts import (
    BATCH,
    BATCH_OF_DUPLICATES,
    DUPLICATE,
    NEW_FILE,
    OVERWRITE,
    REMOVAL,
    WAITS,
    Calls,
    table,
)
from tests.fakes import MemoryEngine
from tests.memory_system import MemorySystem
from tests.samples import HOMS

KEYS = ["a.txt", "b.txt", "c.txt"]


class World:
    """Ingestion whose calls of S3, DynamoDB and SQS are counted."""

    def __init__(self):
        aliases = {IndexNames("t").write_alias(kind, 1) for kind in KINDS}
        self.made: Counter[tuple[str, str]] = Counter()
        self.system = MemorySystem(MemoryEngine(aliases), index_prefix="t", around=self.counting)

    def counting(self, port):
        made = self.made

        class Counting:
            def __getattr__(self, name):
                def call(*values, **named):
                    answer = getattr(port, name)(*values, **named)
                    refused = name == "add" and answer is not None
                    made[type(port).__name__, "refused" if refused else name] += 1
                    return answer

                return call

        return Counting()

    def put(self, *keys):
        for key in keys:
            self.system.objects.put(key, HOMS.read_bytes() + key.encode())
        return [self.system.event(key) for key in keys]

    def delete(self, *keys):
        for key in keys:
            self.system.objects.delete(key)
        return [self.system.event(key) for key in keys]

    def calls(self, events):
        """Deliver events as one batch; return the calls it took."""
        self.made.clear()
        self.system.clock.sleep(1)
        self.system.deliver_events(events)
        made = self.made
        calls = Calls(
            s3_heads=made.pop(("MemoryObjects", "head"), 0),
            s3_gets=made.pop(("MemoryObjects", "open"), 0),
            s3_puts=made.pop(("MemoryReceipts", "put"), 0),
            ledger_reads=made.pop(("MemoryLedger", "get"), 0),
            ledger_writes=made.pop(("MemoryLedger", "add"), 0) + made.pop(("MemoryLedger", "put"), 0),
            ledger_refused=made.pop(("MemoryLedger", "refused"), 0),
            sqs=made.pop(("RecordingQueue", "hold"), 0) + made.pop(("RecordingQueue", "send"), 0),
        )
        assert not made, "calls that nobody counts"
        return calls


@pytest.fixture
def world():
    return World()


@pytest.mark.parametrize("keys", [KEYS[:1], KEYS])
def test_a_new_file_an_overwrite_and_a_removal_take_so_many_calls(world, keys):
    files = len(keys)

    assert world.calls(world.put(*keys)) == BATCH.plus(NEW_FILE.times(files))
    for key in keys:
        world.system.objects.put(key, b"Shorter\n\nNow.")
    assert world.calls([world.system.event(key) for key in keys]) == BATCH.plus(OVERWRITE.times(files))
    assert world.calls(world.delete(*keys)) == BATCH.plus(REMOVAL.times(files))


@pytest.mark.parametrize("keys", [KEYS[:1], KEYS])
def test_an_event_that_comes_again_takes_one_write_that_is_refused(world, keys):
    events = world.put(*keys)
    world.calls(events)

    assert world.calls(events) == BATCH_OF_DUPLICATES.plus(DUPLICATE.times(len(keys)))


def test_a_batch_of_new_files_waits_for_so_many_calls_one_after_another(world):
    """Every call takes one second of a clock that goes back for what is done side by side."""
    now = 0

    class Slow:
        def __init__(self, port):
            self._port = port

        def __getattr__(self, name):
            def call(*values, **named):
                nonlocal now
                now += 1
                return getattr(self._port, name)(*values, **named)

            return call

    def side_by_side(function, items):
        nonlocal now
        begun, ends, results = now, [now], []
        for item in items:
            now = begun
            results.append(function(item))
            ends.append(now)
        now = max(ends)
        return results

    runtime = world.system.runtime
    slow = {name: Slow(getattr(runtime, name)) for name in ("objects", "receipts", "ledger", "queue")}
    events = world.put(*(f"{number}.txt" for number in range(10)))
    world.system.runtime = replace(runtime, **slow, each=side_by_side)

    world.system.deliver_events(events)

    assert now == WAITS


def test_the_readme_shows_what_is_counted_here():
    assert table() in (Path(__file__).parents[2] / "README.md").read_text("utf-8")
