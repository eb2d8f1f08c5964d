"""The search handler against the same question asked of the engine directly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, OpenSearchSearch, client
from broadsheet.archive import Archive
from broadsheet.generations import ensure_generations
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.settings import EngineSettings, IndicesSettings
from functions.search.handler import make_api
from infra.local.invocation import invocation
from infra.resources import FUNCTIONS
from tests.bench.measure import Line, cpu, interleaved
from tests.fakes import MemoryLedger, RecordingTelemetry
from tests.indexing import index_file
from tests.samples import HOMS, load_event

REQUESTS = 100
FILES = 50


class _Recording:
    """A search engine that keeps the requests it passes on."""

    def __init__(self, engine: OpenSearchSearch) -> None:
        self._engine = engine
        self.requests: list[tuple[str, bytes]] = []

    def search(self, index: str, body: Any) -> Any:
        self.requests.append((f"/{index}/_search", orjson.dumps(body)))
        return self._engine.search(index, body)

    def multi_search(self, searches: Any) -> Any:
        lines = [orjson.dumps(part) for index, body in searches for part in ({"index": index.split(",")}, body)]
        self.requests.append(("/_msearch", b"\n".join(lines) + b"\n"))
        return self._engine.multi_search(searches)


def measure(opensearch_url: str, prefix: str) -> Iterator[Line]:
    """Yield the CPU the handler adds per request and per engine round trip, for articles and for comments."""
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
    engine = _Recording(OpenSearchSearch(client(settings)))
    api = make_api(Archive(engine, names, 5_000), RecordingTelemetry())
    function = next(function for function in FUNCTIONS if function.name == "search")
    raw = client(settings)
    for kind in ("article", "comment"):
        event = load_event("search/search")
        event["queryStringParameters"] = {"q": "Homs rebels", "type": kind}
        event["multiValueQueryStringParameters"] = {"q": ["Homs rebels"], "type": [kind]}
        engine.requests.clear()
        context = invocation(function)
        found = api.resolve(event, context)
        assert found["statusCode"] == 200, found
        asked = list(engine.requests)

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
            f"search handler, type={kind}, 10 hits, {len(asked)} round trips",
            added,
            "ms CPU added per round trip",
            "the same requests by opensearch-py",
            times["handler"] / times["raw"],
        )
    for index_kind in KINDS:
        raw.indices.delete(index=names.index(index_kind, 1))
