"""The read side: search, one article, its discussion, one comment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from broadsheet.errors import InfrastructureError, NotFoundError
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.ports import JsonObject, WalkEngine
from broadsheet.search import page, query, shown
from broadsheet.search.clauses import Weights
from broadsheet.search.plan import Plan, plan
from broadsheet.search.request import CommentsRequest, SearchRequest
from broadsheet.text import clean

# What ids.digest makes. Anything else needs no question to the engine.
_ID = re.compile("[a-z2-7]{26}")
_SHOWN_CHARACTERS = 40
POINT_IN_TIME_SECONDS = 120
# It ran out (404), or there are too many (429).
_NO_POINT_IN_TIME = frozenset(("engine_not_found", "throttled"))


@dataclass(frozen=True, slots=True)
class Archive:
    """What can be read of the archive.

    Every method returns the JSON of its resource and raises EngineError when the engine gives no complete answer.
    """

    engine: WalkEngine
    names: IndexNames
    timeout_ms: int
    weights: Weights = field(default_factory=Weights)

    def search(self, request: SearchRequest) -> JsonObject:
        """Return one page of results: one round trip to the engine for comments, a second one with articles.

        One more when a query that finds nothing is relaxed, and when a walk in the order of relevance gets its point
        in time. Raise RequestError for a cursor of another generation, or a timeline of too many steps.
        """
        planned = self._plan(request, relaxed=request.relaxed)
        found, drift = self._page(request, planned)
        relaxed = request.relaxed
        if not found["hits"]["total"]["value"] and not request.cursor and request.match == "auto" and planned.strict:
            planned = self._plan(request, relaxed=True)
            found, drift = self._page(request, planned)
            relaxed = True
        following = page.next_cursor(request, found, relaxed=relaxed)
        matching = query.matching_comments_body(request, planned, page.article_ids(found), timeout_ms=self.timeout_ms)
        without_text = page.comment_doc_ids(found) if request.type == "all" else []
        bodies = query.comment_bodies_body(without_text, timeout_ms=self.timeout_ms) if without_text else None
        comments = self.names.search_alias("comments")
        second = [(comments, body) for body in (matching, bodies) if body]
        answers = iter(self.engine.multi_search(second) if second else ())
        results = page.search_page(
            request,
            found,
            matching_comments=next(answers) if matching else None,
            bodies=next(answers) if bodies else None,
        )
        results["next"] = following
        if relaxed:
            results["relaxed"] = True
        if drift:
            results["drift"] = True
        if request.explain:
            results["query"] = page.explanation(request, planned)
        return results

    def _plan(self, request: SearchRequest, *, relaxed: bool) -> Plan:
        return plan(
            request.query,
            match="any" if relaxed else request.match,
            exact=request.exact,
            ranked=request.sort == "relevance",
        )

    def _page(self, request: SearchRequest, planned: Plan) -> tuple[JsonObject, bool]:
        """Ask for the hits of a page, and tell whether scores may have drifted since the page before.

        In the order of relevance a walk takes place in a point in time from its second page on: scores change with
        every document that arrives. Orders by date need none.
        """
        body = query.search_body(request, planned, timeout_ms=self.timeout_ms, weights=self.weights)
        index = self._aliases(request)
        if not request.cursor or request.sort != "relevance":
            return self.engine.search(index, body), False
        try:
            state = request.cursor.point_in_time or self.engine.open_point_in_time(index, POINT_IN_TIME_SECONDS)
            kept = {"pit": {"id": state, "keep_alive": f"{POINT_IN_TIME_SECONDS}s"}}
            return self.engine.search("", body | kept), False
        except InfrastructureError as error:
            # The engine keeps a bounded number of them, each for a while.
            if error.code not in _NO_POINT_IN_TIME:
                raise
        return self.engine.search(index, body), True

    def article(self, article_id: str) -> JsonObject:
        """Return one article with its text; raise NotFoundError."""
        parts = self._article_parts(article_id)
        if not parts:
            raise _unknown("article", article_id)
        return {"article": shown.whole_article(parts)}

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
        return {"comment": shown.whole_comment(source), "article": shown.article_of_comment(source)}

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
    asked = clean(public_id[:_SHOWN_CHARACTERS]).text
    return NotFoundError(f"There is no {what} {asked}. Ids come from /search.", code=f"{what}_not_found")
