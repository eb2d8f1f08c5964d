"""Ingestion through the real handler against the engine's own ``_bulk`` with the same documents, ready made."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import process_time
from typing import Any

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, client
from broadsheet.generations import ensure_generations
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.settings import EngineSettings, IndicesSettings
from functions.ingest.handler import _SWITCH_SECONDS
from tests.bench import family
from tests.bench.measure import Line, taking_turns
from tests.fakes import MemoryLedger
from tests.memory_system import Delayed, MemorySystem

ROUNDS = 5
CEILING = "_bulk with finished bodies"
ARTICLES_PER_ARCHIVE = 1_500
FILES = 400
BATCH = 10
LATE_SECONDS = 0.015
"""What each call of S3, SQS and DynamoDB takes within a region: a small GET is usually quoted at 10 to 30 ms."""
INVOCATIONS = 8
"""Invocations at a time. A batch of ten waits about 200 ms for its services and keeps the engine busy for 35: fewer
leave it idle."""


class _Recording:
    """A bulk engine that passes bodies on and keeps them."""

    def __init__(self, engine: OpenSearchBulk) -> None:
        self._engine = engine
        self.bodies: list[bytes] = []

    def bulk(self, body: bytes) -> Any:
        self.bodies.append(body)
        return self._engine.bulk(body)


def measure(opensearch_url: str, prefix: str) -> Iterator[Line]:
    """Yield the rates of archives and of single objects; storage and ledger are in memory.

    Every round writes the same documents under a higher version: handler and ceiling do the same to the engine. Neither
    refreshes, and there are no replicas. The engine's own work varies from round to round: the best of each count.
    """
    settings = EngineSettings(opensearch_url=opensearch_url, index_prefix=prefix, sign_requests=False)
    ensure_generations(
        OpenSearchAdmin(client(settings)),
        MemoryLedger(),
        IndicesSettings(
            opensearch_url=opensearch_url,
            index_prefix=prefix,
            ledger_table="unused",
            replicas="false",
            refresh_interval="-1",
        ),
    )
    try:
        yield from _archives(settings)
        yield from _objects(settings)
    finally:
        for kind in KINDS:
            client(settings).indices.delete(index=IndexNames(prefix).index(kind, 1))


def _archives(settings: EngineSettings) -> Iterator[Line]:
    engine = _Recording(OpenSearchBulk(client(settings)))
    system = MemorySystem(engine, index_prefix=settings.index_prefix)
    system.objects.put("a.jsonl.gz", family.archive(ARTICLES_PER_ARCHIVE))

    def handler() -> None:
        # As the function has it in a process of its own; the many invocations of the next bench share one.
        usual = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_SECONDS)
        system.deliver(["a.jsonl.gz"])
        sys.setswitchinterval(usual)

    name = f"archive of {ARTICLES_PER_ARCHIVE:,} articles, NDJSON.gz"
    yield from _compared(name, ARTICLES_PER_ARCHIVE * family.DOCUMENTS, handler, engine, settings, system)


def _objects(settings: EngineSettings) -> Iterator[Line]:
    engine = _Recording(OpenSearchBulk(client(settings)))
    system = MemorySystem(engine, index_prefix=settings.index_prefix, around=_late)
    for number in range(FILES):
        system.objects.put(f"{number}.txt", family.text(number))

    batches = [[f"{number}.txt" for number in range(first, first + BATCH)] for first in range(0, FILES, BATCH)]

    with ThreadPoolExecutor(INVOCATIONS) as lambdas:

        def handler() -> None:
            deque(lambdas.map(system.deliver, batches), maxlen=0)

        name = f"one object per article, {BATCH} a batch, {INVOCATIONS} at a time, {LATE_SECONDS * 1000:.0f} ms a call"
        yield from _compared(name, FILES * family.DOCUMENTS, handler, engine, settings, system)


def _late(port: Any) -> Delayed:
    return Delayed(port, LATE_SECONDS)


def _compared(
    name: str,
    documents: int,
    handler: Callable[[], None],
    engine: _Recording,
    settings: EngineSettings,
    system: MemorySystem,
) -> Iterator[Line]:
    """Time the handler and the bodies it made, in turns."""
    direct = OpenSearchBulk(client(settings))
    system.clock.sleep(1)
    handler()
    bodies = list(engine.bodies)
    made_at = system.clock()

    def next_version() -> list[bytes]:
        system.clock.sleep(1)
        engine.bodies.clear()
        return _with_version(bodies, made_at, system.clock())

    def ceiling(ready: Sequence[bytes]) -> None:
        for body in ready:
            assert all(item.status < 300 for item in direct.bulk(body))

    work = {"ceiling": ceiling, "handler": lambda _: handler()}
    times = taking_turns(work, before=next_version, rounds=ROUNDS)
    next_version()
    ours, engines = process_time(), _cpu_seconds(settings)
    handler()
    ours, engines = process_time() - ours, _cpu_seconds(settings) - engines
    size = sum(map(len, bodies)) / len(bodies) / 1024
    yield Line(f"{CEILING} of {size:,.0f} KiB, one after another", documents / times["ceiling"], "documents/s")
    yield Line(name, documents / times["handler"], "documents/s", CEILING, times["ceiling"] / times["handler"])
    articles = documents / family.DOCUMENTS
    yield Line("  our CPU for it", ours / articles * 1_000_000, "us per article", "the engine's CPU", ours / engines)


def _cpu_seconds(settings: EngineSettings) -> float:
    """Return the CPU time of all nodes so far."""
    nodes = client(settings).nodes.stats(metric="process")["nodes"].values()
    return float(sum(node["process"]["cpu"]["total_in_millis"] for node in nodes)) / 1000


def _with_version(bodies: Sequence[bytes], old: float, new: float) -> list[bytes]:
    """Give finished bodies a version above the last one; not part of what is timed."""
    before, after = (f'"version":{int(seconds * 1000)},'.encode() for seconds in (old, new))
    assert bodies[0].count(before)
    return [body.replace(before, after) for body in bodies]
