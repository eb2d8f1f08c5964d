"""The read side: search, one article, its discussion, one comment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from broadsheet.errors import InfrastructureError, NotFoundError
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.ports import JsonObject, WalkEngine
from broadsheet.search import context, corrections, discussion, page, query, shown, similar, threads, timeline
from broadsheet.search import cursor as cursors
from broadsheet.search.discussion import DiscussionRequest
from broadsheet.search.plan import Plan, plan
from broadsheet.search.ranking import Weights
from broadsheet.search.request import SearchRequest
from broadsheet.text import clean

# What ids.digest makes. Anything else needs no question to the engine.
_ID = re.compile("[a-z2-7]{26}")
_SHOWN_CHARACTERS = 40
POINT_IN_TIME_SECONDS = 120
# It ran out (404), there are too many (429), or the engine lets us open none (403).
_NO_POINT_IN_TIME = frozenset(("engine_not_found", "throttled", "engine_refused"))


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

        One more when a query that finds next to nothing is relaxed, and when a walk in the order of relevance gets its
        point in time; two more where a spelling may be wrong. Raise RequestError for a cursor of another generation, or
        a timeline of too many steps.
        """
        planned = self._plan(request, relaxed=request.relaxed)
        found, drift = self._page(request, planned)
        relaxed, strictly = request.relaxed, None
        softly = request.match == "auto" and not request.exact and planned.strict
        if not request.cursor and softly and page.is_too_little(request, found):
            wider = self._plan(request, relaxed=True)
            more, drift = self._page(request, wider)
            if page.goes_on(found, more):
                planned, found, relaxed, strictly = wider, more, True, page.total(found)
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
        if strictly:
            results["with_all_words"] = strictly
        if drift:
            results["drift"] = True
        matches = strictly["value"] if strictly else results["total"]["value"]
        if not request.cursor and matches < corrections.SUSPICIOUS and (relaxed or not matches):
            results |= self._did_you_mean(request, relaxed=relaxed, matches=matches)
        if request.explain:
            results["query"] = page.explanation(request, planned)
        return results

    def timeline(self, request: SearchRequest) -> JsonObject:
        """Return how many results there are over time, in one round trip; raise RequestError for too many steps."""
        body = timeline.timeline_body(request, timeout_ms=self.timeout_ms)
        return timeline.timeline_page(request, self.engine.search(self._aliases(request), body))

    def _did_you_mean(self, request: SearchRequest, *, relaxed: bool, matches: int) -> JsonObject:
        """Return a corrected query that finds more; two small round trips, for queries that found next to nothing."""
        asked = corrections.dictionary_body(request.query, timeout_ms=self.timeout_ms)
        if asked is None:
            return {}
        # All texts have one vocabulary: who mistypes a word of the comments wants it in articles, too.
        everything = ",".join(self.names.search_alias(kind) for kind in KINDS)
        queries = corrections.corrected(request.query, self.engine.search(everything, asked))
        if not queries:
            return {}
        index = self._aliases(request)
        counts = [
            (index, corrections.count_body(request, each, relaxed=relaxed, timeout_ms=self.timeout_ms))
            for each in queries
        ]
        better = corrections.chosen(queries, self.engine.multi_search(counts), matches)
        return {"did_you_mean": better} if better else {}

    def _plan(self, request: SearchRequest, *, relaxed: bool) -> Plan:
        return plan(
            request.query,
            match=request.match,
            exact=request.exact,
            ranked=request.sort == "relevance",
            relaxed=relaxed,
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
            if request.cursor.point_in_time and error.code == "engine_refused":
                raise cursors.invalid() from error
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

    def comments(self, request: DiscussionRequest) -> JsonObject:
        """Return a stretch of an article's discussion: in one round trip, as a tree in two.

        Raise NotFoundError for an unknown article, RequestError for a cursor of another generation.
        """
        _check("article", request.article_id)
        alias = self.names.search_alias("comments")
        if request.view == "flat":
            found = self.engine.search(alias, discussion.flat_body(request, timeout_ms=self.timeout_ms))
            answer = discussion.flat_page(request, found)
        else:
            counted = self.engine.search(alias, threads.threads_body(request, timeout_ms=self.timeout_ms))
            roots = threads.root_ids(request, counted)
            body = threads.tree_body(request, roots, timeout_ms=self.timeout_ms)
            answer = threads.tree_page(request, counted, self.engine.search(alias, body) if roots else None)
        if not answer["total"]["value"] and not self._article_parts(request.article_id):
            raise _unknown("article", request.article_id)
        return answer

    def comment(self, comment_id: str) -> JsonObject:
        """Return one comment with its article, ancestors and replies, in two round trips; raise NotFoundError."""
        _check("comment", comment_id)
        alias = self.names.search_alias("comments")
        body = context.comment_body(comment_id, timeout_ms=self.timeout_ms)
        hits = self.engine.search(alias, body)["hits"]["hits"]
        if not hits:
            raise _unknown("comment", comment_id)
        source = hits[0]["_source"]
        around = [context.replies_body(comment_id, timeout_ms=self.timeout_ms)]
        if above := context.ancestors_body(source, timeout_ms=self.timeout_ms):
            around.append(above)
        replies, *ancestors = self.engine.multi_search([(alias, body) for body in around])
        return context.context_page(source, ancestors[0] if ancestors else None, replies)

    def similar(self, article_id: str, limit: int) -> JsonObject:
        """Return up to ``limit`` articles that share an article's rarest words, in two round trips.

        Raise NotFoundError for an unknown article.
        """
        _check("article", article_id)
        alias = self.names.search_alias("articles")
        body = similar.subject_body(article_id, timeout_ms=self.timeout_ms)
        hits = self.engine.search(alias, body)["hits"]["hits"]
        if not hits:
            raise _unknown("article", article_id)
        alike = similar.similar_body(article_id, hits[0]["_source"], limit, timeout_ms=self.timeout_ms)
        return similar.similar_page(article_id, self.engine.search(alias, alike))

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
