"""The read side: search, one article, its discussion, one comment."""

from __future__ import annotations

import re
from dataclasses import dataclass

from broadsheet.errors import NotFoundError
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.ports import JsonObject, SearchEngine
from broadsheet.search import page, query
from broadsheet.search.request import CommentsRequest, SearchRequest
from broadsheet.text import clean

# What ids.digest makes. Anything else needs no question to the engine.
_ID = re.compile("[a-z2-7]{26}")
_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Archive:
    """What can be read of the archive.

    Every method returns the JSON of its resource and raises EngineError when the engine gives no complete answer.
    """

    engine: SearchEngine
    names: IndexNames
    timeout_ms: int

    def search(self, request: SearchRequest) -> JsonObject:
        """Return one page of results: one round trip to the engine for comments, a second one with articles."""
        found = self.engine.search(self._aliases(request), query.search_body(request, timeout_ms=self.timeout_ms))
        comments = self.names.search_alias("comments")
        matching = query.matching_comments_body(request, page.article_ids(found), timeout_ms=self.timeout_ms)
        without_text = page.comment_doc_ids(found) if request.type == "all" else []
        bodies = query.comment_bodies_body(without_text, timeout_ms=self.timeout_ms) if without_text else None
        second = [(comments, body) for body in (matching, bodies) if body]
        answers = iter(self.engine.multi_search(second) if second else ())
        return page.search_page(
            found,
            matching_comments=next(answers) if matching else None,
            bodies=next(answers) if bodies else None,
        )

    def article(self, article_id: str) -> JsonObject:
        """Return one article with its text; raise NotFoundError."""
        parts = self._article_parts(article_id)
        if not parts:
            raise _unknown("article", article_id)
        return {"article": page.whole_article(parts)}

    def comments(self, article_id: str, request: CommentsRequest) -> JsonObject:
        """Return a stretch of an article's discussion in page order; raise NotFoundError for an unknown article."""
        _check("article", article_id)
        body = query.comments_body(article_id, request, timeout_ms=self.timeout_ms)
        found = self.engine.search(self.names.search_alias("comments"), body)
        if not found["hits"]["total"]["value"] and not self._article_parts(article_id):
            raise _unknown("article", article_id)
        return page.comments_page(article_id, found, request)

    def comment(self, comment_id: str) -> JsonObject:
        """Return one comment with its article; raise NotFoundError."""
        _check("comment", comment_id)
        body = query.comment_body(comment_id, timeout_ms=self.timeout_ms)
        hits = self.engine.search(self.names.search_alias("comments"), body)["hits"]["hits"]
        if not hits:
            raise _unknown("comment", comment_id)
        source = hits[0]["_source"]
        return {"comment": page.whole_comment(source), "article": page.article_of_comment(source)}

    def _article_parts(self, article_id: str) -> list[JsonObject]:
        _check("article", article_id)
        body = query.article_body(article_id, timeout_ms=self.timeout_ms)
        found = self.engine.search(self.names.search_alias("articles"), body)
        return [hit["_source"] for hit in found["hits"]["hits"]]

    def _aliases(self, request: SearchRequest) -> str:
        kinds = {"article": KINDS[:1], "comment": KINDS[1:], "all": KINDS}[request.type]
        return ",".join(self.names.search_alias(kind) for kind in kinds)


def _check(what: str, public_id: str) -> None:
    if not _ID.fullmatch(public_id):
        raise _unknown(what, public_id)


def _unknown(what: str, public_id: str) -> NotFoundError:
    shown = clean(public_id[:_SHOWN_CHARACTERS]).text
    return NotFoundError(f"There is no {what} {shown}. Ids come from /search.", code=f"{what}_not_found")
