"""The read side's view of authors: a list of them, and one with the company they keep."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.errors import NotFoundError
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.ports import JsonObject, SearchEngine
from broadsheet.search import author, authors
from broadsheet.search.authors import AuthorsRequest
from broadsheet.text import author_key, clean

_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class People:
    """Those who wrote articles or comments.

    Every method returns the JSON of its resource and raises EngineError when the engine gives no complete answer.
    """

    engine: SearchEngine
    names: IndexNames
    timeout_ms: int

    def authors(self, request: AuthorsRequest) -> JsonObject:
        """Return a page of authors: a round trip for who they are, and one for what is known of them."""
        found = self.engine.search(self._both(), authors.keys_body(request, timeout_ms=self.timeout_ms))
        keys, complete, following = authors.page_keys(request, found)
        details = None
        if keys:
            body = authors.details_body(keys, request.filters, timeout_ms=self.timeout_ms)
            details = self.engine.search(self._both(), body)
        return authors.authors_page(keys, details, complete=complete, following=following)

    def author(self, name: str) -> JsonObject:
        """Return one author by key, or by any spelling of the name, in two round trips; raise NotFoundError."""
        key = author_key(clean(name[: author.LONGEST_KEY + 1]).text)
        if not 0 < len(key) <= author.LONGEST_KEY:
            raise _unknown(name)
        found, answering = self.engine.multi_search(
            [
                (self._both(), author.author_body(key, timeout_ms=self.timeout_ms)),
                (self.names.search_alias("comments"), author.answered_body(key, timeout_ms=self.timeout_ms)),
            ]
        )
        if not found["hits"]["total"]["value"]:
            raise _unknown(name)
        answered = author.answered_keys(found)
        names = None
        if answered:
            body = author.names_body(answered, timeout_ms=self.timeout_ms)
            names = self.engine.search(self.names.search_alias("comments"), body)
        return author.author_page(key, found, answering, names)

    def _both(self) -> str:
        return ",".join(self.names.search_alias(kind) for kind in KINDS)


def _unknown(name: str) -> NotFoundError:
    asked = clean(name[:_SHOWN_CHARACTERS]).text
    return NotFoundError(f"There is no author {asked}. Keys come from /authors.", code="author_not_found")
