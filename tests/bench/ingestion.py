"""Ingestion through the real handler against the engine's own ``_bulk`` with the same documents, ready made."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from time import process_time
from typing import Any, NamedTuple

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, client
from broadsheet.generations import ensure_generations
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.settings import EngineSettings, IndicesSettings
from tests.bench import family
from tests.bench.measure import Line, taking_turns
from tests.fakes import MemoryLedger
from tests.memory_system import Delayed, MemorySystem

ROUNDS = 5
START = 1_800_000_000.0
CEILING = "_bulk with finished bodies"
ARTICLES_PER_ARCHIVE = 1_500
FILES = 400
BATCH = 10
LATE_SECONDS = 0.015
"""What each call of S3, SQS and DynamoDB takes within a region: a small GET is usually quoted at 10 to 30 ms."""
INVOCATIONS = 8
"""Invocations at a time, each in a process of its own, as Lambda has them. A batch of ten waits about 110 ms for its
services and keeps the engine busy for 35. They share the cores of one machine with it: more would only take them
away."""


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


class _Done(NamedTuple):
    """What a run of the handler took of our CPU, in seconds, and the bodies it sent."""

    cpu: float
    bodies: list[bytes]


def _archives(settings: EngineSettings) -> Iterator[Line]:
    invocations = _Invocations(settings, late_seconds=0)
    invocations.system.objects.put("a.jsonl.gz", family.archive(ARTICLES_PER_ARCHIVE))

    def handler(now: float) -> _Done:
        return invocations.deliver(["a.jsonl.gz"], now)

    name = f"archive of {ARTICLES_PER_ARCHIVE:,} articles, NDJSON.gz"
    yield from _compared(name, ARTICLES_PER_ARCHIVE * family.DOCUMENTS, handler, settings)


def _objects(settings: EngineSettings) -> Iterator[Line]:
    batches = [[f"{number}.txt" for number in range(first, first + BATCH)] for first in range(0, FILES, BATCH)]
    # Not forked: there are threads.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(INVOCATIONS, spawn, initializer=_begin, initargs=(settings,)) as lambdas:

        def handler(now: float) -> _Done:
            done = list(lambdas.map(_invoke, batches, [now] * len(batches)))
            return _Done(sum(one.cpu for one in done), [body for one in done for body in one.bodies])

        name = f"one object per article, {BATCH} a batch, {INVOCATIONS} at a time, {LATE_SECONDS * 1000:.0f} ms a call"
        yield from _compared(name, FILES * family.DOCUMENTS, handler, settings)


class _Invocations:
    """The function in one process."""

    def __init__(self, settings: EngineSettings, *, late_seconds: float) -> None:
        self._engine = _Recording(OpenSearchBulk(client(settings)))
        self.system = MemorySystem(
            self._engine,
            index_prefix=settings.index_prefix,
            around=(lambda port: Delayed(port, late_seconds)) if late_seconds else (lambda port: port),
        )

    def deliver(self, keys: Sequence[str], now: float) -> _Done:
        """Deliver a batch at a time that gives its documents their version."""
        self.system.clock.now = now
        self._engine.bodies.clear()
        before = process_time()
        self.system.deliver(keys)
        return _Done(process_time() - before, list(self._engine.bodies))


_own: dict[str, _Invocations] = {}
"""What a process of the pool keeps between invocations."""


def _begin(settings: EngineSettings) -> None:
    invocations = _own["invocations"] = _Invocations(settings, late_seconds=LATE_SECONDS)
    for number in range(FILES):
        invocations.system.objects.put(f"{number}.txt", family.text(number))


def _invoke(keys: Sequence[str], now: float) -> _Done:
    done = _own["invocations"].deliver(keys, now)
    # The bodies of the first run are all that is needed: to carry 20 MB to another process is no work of the function.
    return done if now == START else done._replace(bodies=[])


def _compared(name: str, documents: int, handler: Callable[[float], _Done], settings: EngineSettings) -> Iterator[Line]:
    """Time the handler and the bodies it made, in turns."""
    direct = OpenSearchBulk(client(settings))
    made_at = now = START
    bodies = handler(made_at).bodies

    def next_version() -> tuple[float, list[bytes]]:
        nonlocal now
        now += 1
        return now, _with_version(bodies, made_at, now)

    def ceiling(given: tuple[float, Sequence[bytes]]) -> None:
        for body in given[1]:
            assert all(item.status < 300 for item in direct.bulk(body))

    work = {"ceiling": ceiling, "handler": lambda given: handler(given[0])}
    times = taking_turns(work, before=next_version, rounds=ROUNDS)
    engines = _cpu_seconds(settings)
    ours = handler(next_version()[0]).cpu
    engines = _cpu_seconds(settings) - engines
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
