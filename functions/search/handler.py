"""HTTP requests -> what the archive holds: search, articles, discussions, comments."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

from broadsheet.adapters.http import Api, Request
from broadsheet.adapters.opensearch import OpenSearchSearch, client
from broadsheet.adapters.telemetry import PowertoolsTelemetry
from broadsheet.archive import Archive
from broadsheet.index.names import IndexNames
from broadsheet.ports import JsonObject, Telemetry
from broadsheet.search.request import read_comments, read_nothing, read_search
from broadsheet.settings import SearchSettings

# The engine gives up first and says so; this is for an engine that says nothing. API Gateway waits for 29 seconds.
_ANSWER_MARGIN_SECONDS = 3


def make_api(archive: Archive, telemetry: Telemetry) -> Api:
    """Return the routes of the read side on this archive."""
    api = Api(telemetry)

    def search(request: Request) -> JsonObject:
        return archive.search(read_search(request.query, time.time()))

    def article(request: Request) -> JsonObject:
        read_nothing(request.query)
        return archive.article(request.path["article_id"])

    def comments(request: Request) -> JsonObject:
        return archive.comments(request.path["article_id"], read_comments(request.query))

    def comment(request: Request) -> JsonObject:
        read_nothing(request.query)
        return archive.comment(request.path["comment_id"])

    api.get("/search", search)
    api.get("/articles/{article_id}", article)
    api.get("/articles/{article_id}/comments", comments)
    api.get("/comments/{comment_id}", comment)
    return api


@cache
def build_runtime() -> Api:
    """Build the API from the environment; raise ConfigurationError naming what is missing."""
    settings = SearchSettings.from_environ()
    timeout = settings.engine_timeout_ms / 1000 + _ANSWER_MARGIN_SECONDS
    engine = OpenSearchSearch(client(settings, timeout_seconds=timeout))
    archive = Archive(engine, IndexNames(settings.index_prefix), settings.engine_timeout_ms)
    return make_api(archive, PowertoolsTelemetry("search"))


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer a REST proxy event."""
    return build_runtime().resolve(event, context)
