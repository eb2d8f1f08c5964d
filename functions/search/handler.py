"""HTTP requests -> what the archive holds: search, articles, discussions, comments, authors, suggestions.

And what the API is: its description for programs and for people.
"""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from broadsheet.adapters.http import Api, Request
from broadsheet.adapters.http_answers import Document, with_query
from broadsheet.adapters.opensearch import OpenSearchSearch, client
from broadsheet.adapters.telemetry import PowertoolsTelemetry
from broadsheet.archive import Archive
from broadsheet.completion import Completion
from broadsheet.index.names import IndexNames
from broadsheet.ports import JsonObject, Telemetry
from broadsheet.search.discussion import read_discussion
from broadsheet.search.request import read_nothing, read_search
from broadsheet.search.similar import read_similar
from broadsheet.search.suggest import read_suggest
from broadsheet.search.timeline import read_timeline
from broadsheet.settings import SearchSettings

if TYPE_CHECKING:
    from broadsheet.people import People

# The engine gives up first and says so; this is for an engine that says nothing. API Gateway waits for 29 seconds.
_ANSWER_MARGIN_SECONDS = 3
# After these an export begins no other page; the last one still has the time of a search.
_EXPORT_SECONDS = 12.0


def make_api(archive: Archive, telemetry: Telemetry) -> Api:
    """Return the routes of the read side on this archive."""
    api = Api(telemetry)
    _add_search(api, archive)
    _add_articles(api, archive)
    _add_people(api, archive)
    _add_descriptions(api)
    return api


def _add_search(api: Api, archive: Archive) -> None:
    completion = Completion(archive.engine, archive.names, archive.timeout_ms)

    def search(request: Request) -> JsonObject:
        return archive.search(read_search(request.query, time.time()))

    def feed(request: Request) -> Document:
        # Loaded here, as below: most requests need none of it.
        from broadsheet.search import feed as feeds

        asked = feeds.read_feed(request.query, time.time())
        page = archive.search(asked)
        address, following = request.address, page["next"]
        text = feeds.atom(
            page,
            q=" ".join(request.query.get("q", ())),
            identity=asked.identity,
            address=with_query(address, request.query),
            following=with_query(address, request.query, following) if following else None,
            root=address.removesuffix("/feeds/search.atom"),
        )
        return Document(text, feeds.MEDIA_TYPE, following)

    def export(request: Request) -> Document:
        from broadsheet.export import Export
        from broadsheet.search import export as exports

        asked = exports.read_export(request.query, time.time())
        end = time.monotonic() + _EXPORT_SECONDS
        done = Export(archive).export(asked, remaining=lambda: end - time.monotonic())
        name = f'attachment; filename="broadsheet.{asked.format}"'
        return Document(done.text, exports.media_type(asked), done.following, {"Content-Disposition": name})

    def suggest(request: Request) -> JsonObject:
        return completion.suggest(read_suggest(request.query))

    def timeline(request: Request) -> JsonObject:
        return archive.timeline(read_timeline(request.query, time.time()))

    api.get("/search", search)
    api.get("/feeds/search.atom", feed)
    api.get("/export", export)
    api.get("/suggest", suggest)
    api.get("/timeline", timeline)


def _add_articles(api: Api, archive: Archive) -> None:
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

    api.get("/articles/{article_id}", article)
    api.get("/articles/{article_id}/comments", comments)
    api.get("/articles/{article_id}/similar", similar)
    api.get("/comments/{comment_id}", comment)


def _add_people(api: Api, archive: Archive) -> None:
    def people() -> People:
        from broadsheet.people import People

        return People(archive.engine, archive.names, archive.timeout_ms)

    def authors(request: Request) -> JsonObject:
        from broadsheet.search.authors import read_authors

        return people().authors(read_authors(request.query, time.time()))

    def author(request: Request) -> JsonObject:
        read_nothing(request.query)
        # The gateway passes escapes of the path on as they are.
        return people().author(unquote(request.path["key"]))

    api.get("/authors", authors)
    api.get("/authors/{key}", author)


def _add_descriptions(api: Api) -> None:
    def openapi(request: Request) -> JsonObject:
        read_nothing(request.query)
        # Loaded here: it knows what all functions do.
        from broadsheet.api.openapi import description

        return description(request.address.removesuffix("/openapi.json"))

    def reference(request: Request) -> Document:
        read_nothing(request.query)
        from broadsheet.api import reference as references
        from broadsheet.api.openapi import description

        document = description(request.address.removesuffix("/reference"))
        return Document(references.reference(document), references.MEDIA_TYPE, headers=references.HEADERS)

    api.get("/openapi.json", openapi)
    api.get("/reference", reference)


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
