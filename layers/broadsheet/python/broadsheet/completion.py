"""The read side's help while somebody types."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.index.names import KINDS, IndexNames
from broadsheet.ports import JsonObject, SearchEngine
from broadsheet.search import suggest
from broadsheet.search.suggest import SuggestRequest


@dataclass(frozen=True, slots=True)
class Completion:
    """Titles, authors and tags by the beginnings of their words."""

    engine: SearchEngine
    names: IndexNames
    timeout_ms: int

    def suggest(self, request: SuggestRequest) -> JsonObject:
        """Return suggestions in one round trip; when there is none, in a second one whether there can be any.

        Raise EngineError when the engine gives no complete answer.
        """
        articles, comments = (self.names.search_alias(kind) for kind in KINDS)
        places = {"title": articles, "author": f"{articles},{comments}", "tag": articles}
        asked = [
            (places[kind], suggest.suggest_body(kind, request, timeout_ms=self.timeout_ms)) for kind in request.kinds
        ]
        found = dict(zip(request.kinds, self.engine.multi_search(asked), strict=True))
        answer: JsonObject = {
            "titles": suggest.titles(request, found["title"]) if "title" in found else [],
            "authors": suggest.authors(request, found["author"]) if "author" in found else [],
            "tags": suggest.tags(request, found["tag"]) if "tag" in found else [],
        }
        if not (answer["titles"] or answer["authors"] or answer["tags"]):
            lacking = self.engine.search(articles, suggest.not_prepared_body(timeout_ms=self.timeout_ms))
            if lacking["hits"]["total"]["value"]:
                answer["reason"] = suggest.NOT_PREPARED
        return answer
