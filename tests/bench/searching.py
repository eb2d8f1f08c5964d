"""The search handler against the same question asked of the engine directly."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
from opensearchpy import OpenSearch

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, OpenSearchSearch, client
from broadsheet.archive import Archive
from broadsheet.generations import ensure_generations
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.ports import JsonObject
from broadsheet.settings import EngineSettings, IndicesSettings
from functions.search.handler import make_api
from infra.local.invocation import invocation
from infra.resources import FUNCTIONS
from tests.bench.measure import Line, cpu, interleaved, wall
from tests.fakes import MemoryLedger, RecordingTelemetry
from tests.indexing import index_file
from tests.samples import HOMS, load_event

TIMEOUT_MS = 5_000
REQUESTS = 100
FILES = 50
CLIENTS, EACH = 32, 25
_FUNCTION = next(function for function in FUNCTIONS if function.name == "search")
_ALL = {"facet": ["source", "author", "lang"], "timeline": ["month"], "highlight": ["html"]}
# What is asked, and how many round trips to the engine that may take.
_CASES: Mapping[str, tuple[Mapping[str, list[str]], int]] = {
    "type=article": ({"type": ["article"]}, 2),
    "type=comment": ({"type": ["comment"]}, 1),
    "type=all": ({"type": ["all"]}, 2),
    "type=comment, no highlights": ({"type": ["comment"], "highlight": ["none"]}, 1),
    "type=article, 3 facets, timeline, highlights": ({"type": ["article"], **_ALL}, 2),
    "type=all, 3 facets, timeline, highlights": ({"type": ["all"], **_ALL}, 2),
}


class _Recording(OpenSearchSearch):
    """The search engine; keeps the requests it is sent."""

    def __init__(self, engine: OpenSearch) -> None:
        super().__init__(engine)
        self.requests: list[tuple[str, bytes]] = []

    def search(self, index: str, body: JsonObject) -> JsonObject:
        self.requests.append((f"/{index}/_search", orjson.dumps(body)))
        return super().search(index, body)

    def multi_search(self, searches: Sequence[tuple[str, JsonObject]]) -> list[JsonObject]:
        lines = [orjson.dumps(part) for index, body in searches for part in ({"index": index.split(",")}, body)]
        self.requests.append(("/_msearch", b"\n".join(lines) + b"\n"))
        return super().multi_search(searches)


def measure(opensearch_url: str, prefix: str) -> Iterator[Line]:
    """Yield the CPU that the handler adds to each round trip to the engine, and how long many wait at a time."""
    settings = EngineSettings(opensearch_url=opensearch_url, index_prefix=prefix, sign_requests=False)
    names = IndexNames(prefix)
    ensure_generations(
        OpenSearchAdmin(client(settings)),
        MemoryLedger(),
        IndicesSettings(opensearch_url=opensearch_url, index_prefix=prefix, ledger_table="unused", replicas="false"),
    )
    for number in range(FILES):
        index_file(HOMS.read_bytes(), f"{number}.txt", OpenSearchBulk(client(settings)), names)
    client(settings).indices.refresh(index=f"{prefix}-*")
    try:
        yield from _added(settings, names)
        yield from _concurrent(settings, names)
    finally:
        for kind in KINDS:
            client(settings).indices.delete(index=names.index(kind, 1))


def _added(settings: EngineSettings, names: IndexNames) -> Iterator[Line]:
    engine = _Recording(client(settings))
    api = make_api(Archive(engine, names, TIMEOUT_MS), RecordingTelemetry())
    raw = client(settings)
    for what, (given, round_trips) in _CASES.items():
        event, context = _event(given), invocation(_FUNCTION)
        engine.requests.clear()
        found = api.resolve(event, context)
        asked = list(engine.requests)
        if found["statusCode"] != 200 or len(asked) != round_trips:
            raise RuntimeError(f"{what}: {found['statusCode']}, {len(asked)} round trips and not {round_trips}")

        def handler(event: Any = event, context: Any = context) -> None:
            for _ in range(REQUESTS):
                api.resolve(event, context)

        def directly(asked: Any = asked) -> None:
            for _ in range(REQUESTS):
                for path, body in asked:
                    raw.transport.perform_request("POST", path, body=body)

        times = interleaved({"handler": handler, "raw": directly}, rounds=7, clock=cpu)
        added = (times["handler"] - times["raw"]) / REQUESTS / len(asked) * 1000
        yield Line(
            f"search, {what}, 10 hits, {len(asked)} round trips",
            added,
            "ms CPU added per round trip",
            "the same requests by opensearch-py",
            times["handler"] / times["raw"],
        )


def _concurrent(settings: EngineSettings, names: IndexNames) -> Iterator[Line]:
    """Yield how long 32 people wait who search at the same time, and how long for the engine's answers alone."""
    event, context = _event({"type": ["comment"]}), invocation(_FUNCTION)
    recording = _Recording(client(settings))
    make_api(Archive(recording, names, TIMEOUT_MS), RecordingTelemetry()).resolve(event, context)
    ((path, body),) = recording.requests

    def handler() -> Callable[[], object]:
        api = make_api(Archive(OpenSearchSearch(client(settings)), names, TIMEOUT_MS), RecordingTelemetry())
        return lambda: api.resolve(event, context)

    def directly() -> Callable[[], object]:
        raw = client(settings)
        return lambda: raw.transport.perform_request("POST", path, body=body)

    waits: dict[str, list[float]] = {"handler": [], "raw": []}
    for _ in range(5):
        waits["handler"].append(_p99(handler))
        waits["raw"].append(_p99(directly))
    ours, theirs = (statistics.median(measured) for measured in waits.values())
    yield Line(
        f"search, {CLIENTS} at a time, p99", ours * 1000, "ms", "the same requests by opensearch-py", ours / theirs
    )


def _p99(client_of: Callable[[], Callable[[], object]]) -> float:
    """Return the wait that one of a hundred requests passes, with a client for each person; in seconds."""
    waits: list[float] = []

    def person(ask: Callable[[], object]) -> None:
        for _ in range(EACH):
            start = wall()
            ask()
            waits.append(wall() - start)

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(person, [client_of() for _ in range(CLIENTS)]))
    return statistics.quantiles(waits, n=100)[98]


def _event(given: Mapping[str, list[str]]) -> dict[str, Any]:
    event = load_event("search/search")
    event["multiValueQueryStringParameters"] = {"q": ["Syrian people"], **given}
    return event
