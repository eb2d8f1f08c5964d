"""HTTP requests -> what the archive holds: search, articles, discussions, comments, authors, suggestions."""

from __future__ import annotations

import time
from functools import cache
from typing import Any
from urllib.parse import unquote

from broadsheet.adapters.http import Api, Request
from broadsheet.adapters.opensearch import OpenSearchSearch, client
from broadsheet.adapters.telemetry import PowertoolsTelemetry
from broadsheet.archive import Archive
from broadsheet.completion import Completion
from broadsheet.index.names import IndexNames
from broadsheet.people import People
from broadsheet.ports import JsonObject, Telemetry
from broadsheet.search.authors import read_authors
from broadsheet.search.discussion import read_discussion
from broadsheet.search.request import read_nothing, read_search
from broadsheet.search.similar import read_similar
from broadsheet.search.suggest import read_suggest
from broadsheet.settings import SearchSettings

# The engine gives up first and says so; this is for an engine that says nothing. API Gateway waits for 29 seconds.
_ANSWER_MARGIN_SECONDS = 3


def make_api(archive: Archive, telemetry: Telemetry) -> Api:
    """Return the routes of the read side on this archive."""
    api = Api(telemetry)
    people = People(archive.engine, archive.names, archive.timeout_ms)
    completion = Completion(archive.engine, archive.names, archive.timeout_ms)

    def search(request: Request) -> JsonObject:
        return archive.search(read_search(request.query, time.time()))

    def article(request: Request) -> JsonObject:
        read_nothing(request.query)
        return archive.article(request.path["article_id"])

    def comments(request: Request) -> JsonObject:
        return archive.comments(read_discussion(request.path["article_id"], request.query))

    def similar(request: Request) -> JsonObject:
        return archive.similar(request.path["article_id"], read_similar(request.query))

    def comment(request: Request) -> JsonObject:
        read_nothing(request.query)
        return archive.comment(request.path["comment_id"])

    def authors(request: Request) -> JsonObject:
        return people.authors(read_authors(request.query, time.time()))

    def author(request: Request) -> JsonObject:
        read_nothing(request.query)
        # The gateway passes escapes of the path on as they are.
        return people.author(unquote(request.path["key"]))

    def suggest(request: Request) -> JsonObject:
        return completion.suggest(read_suggest(request.query))

    api.get("/search", search)
    api.get("/articles/{article_id}", article)
    api.get("/articles/{article_id}/comments", comments)
    api.get("/articles/{article_id}/similar", similar)
    api.get("/comments/{comment_id}", comment)
    api.get("/authors", authors)
    api.get("/authors/{key}", author)
    api.get("/suggest", suggest)
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
