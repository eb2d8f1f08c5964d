"""The discussion under one article: what may be asked of it, and the answer comment by comment.

``threads`` has the answer as a tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from broadsheet.errors import ParameterProblem
from broadsheet.index import fields
from broadsheet.search import cursor as cursors
from broadsheet.search import stored
from broadsheet.search.clauses import matching
from broadsheet.search.cursor import Cursor
from broadsheet.search.filters import FILTERS, compiled
from broadsheet.search.parameters import Choice, Integer, Parameter, Text, read_parameters, refusal
from broadsheet.search.plan import plan
from broadsheet.search.ranking import COMMENT
from broadsheet.search.request import read_query
from broadsheet.search.shown import TEXT_BYTES, weight, whole_comment
from broadsheet.search.terms import Clause

Json = dict[str, Any]
View = Literal["flat", "tree"]
Sort = Literal["page", "newest"]

TREE_COMMENTS = 1_000
"""Comments of one answer of the tree; of a longer thread, the rest is counted, and found in the flat view."""

DISCUSSION_PARAMETERS: tuple[Parameter, ...] = (
    Choice("view", "One comment after the other, or each with its replies inside.", ("flat", "tree"), default="flat"),
    Choice("sort", "In the order of the page, or newest first (flat only).", ("page", "newest"), default="page"),
    Integer(
        "limit",
        f"How many comments to return; in the tree, how many threads, with {TREE_COMMENTS:,} comments together.",
        smallest=1,
        largest=1_000,
        default=100,
    ),
    Text("cursor", "Where to go on: next of the page before.", shortest=1, longest=cursors.LONGEST, default=""),
    Text("q", "Only comments with these words, as in /search (flat only).", shortest=0, longest=512, default=""),
    *(filter_ for filter_ in FILTERS if filter_.name in {"author", "author_kind"}),
)


@dataclass(frozen=True, slots=True)
class DiscussionRequest:
    """A valid request for a stretch of an article's discussion; ``filters`` narrow it to some comments."""

    article_id: str
    view: View
    sort: Sort
    limit: int
    cursor: Cursor | None
    filters: tuple[Clause, ...]
    identity: str


def read_discussion(article_id: str, given: Mapping[str, Sequence[str]]) -> DiscussionRequest:
    """Read the parameters of a discussion; raise RequestError with one problem per wrong parameter."""
    values = read_parameters(DISCUSSION_PARAMETERS, given)
    query = read_query(values["q"])
    filters = compiled(values, 0).but(())
    if values["view"] == "tree":
        wrong = [name for name in ("q", "author", "author_kind") if values[name]]
        if values["sort"] == "newest":
            wrong.append("sort")
        if wrong:
            raise refusal([_only_flat(name) for name in wrong])
    if query.nodes:
        # Nothing is ranked here, so every word counts.
        filters.append(matching(plan(query, ranked=False), COMMENT))
    identity = cursors.identity(values, article_id)
    kinds = (int, str) if values["sort"] == "newest" else (int,)
    return DiscussionRequest(
        article_id=article_id,
        view=values["view"],
        sort=values["sort"],
        limit=values["limit"],
        cursor=cursors.of_request(values["cursor"], identity, kinds),
        filters=tuple(filters),
        identity=identity,
    )


def flat_body(request: DiscussionRequest, *, timeout_ms: int) -> Json:
    """Return the search for a stretch of an article's comments, with the number of all that pass the filters."""
    body: Json = {
        "query": {"bool": {"filter": [*comments_of(request.article_id), *request.filters]}},
        # One more, to know whether there is a next page.
        "size": request.limit + 1,
        "sort": stored.NEWEST if request.sort == "newest" else [{fields.ORDINAL: "asc"}],
        "track_total_hits": True,
        "timeout": f"{timeout_ms}ms",
        "_source": [*stored.COMMENT, *stored.COMMENT_BODY, stored.HEAD],
    }
    if request.cursor:
        body["search_after"] = [*request.cursor.after]
    return body


def flat_page(request: DiscussionRequest, found: Json) -> Json:
    """Return a stretch of a discussion, and ``next`` where it goes on; null at its end.

    A page ends early when its texts pass what one answer can hold. Raise RequestError when the engine's hits are of
    another generation than those of the page before.
    """
    hits = found["hits"]["hits"]
    generation = cursors.generation(request.cursor, hits)
    shown = fitting(hits[: request.limit])
    return {
        "article_id": request.article_id,
        "view": "flat",
        "total": {"value": found["hits"]["total"]["value"], "relation": found["hits"]["total"]["relation"]},
        "comments": shown,
        "next": following(request, generation, hits[len(shown) - 1]["sort"]) if len(shown) < len(hits) else None,
    }


def comments_of(article_id: str) -> list[Clause]:
    """Return the filters for the comments of an article."""
    return [{"term": {fields.ARTICLE_ID: article_id}}, stored.IS_COMMENT, stored.FIRST_PART]


def fitting(hits: Iterable[Json], room: int = TEXT_BYTES) -> list[Json]:
    """Return the comments whose texts fit into so many bytes, at least the first one when there is all the room."""
    shown: list[Json] = []
    left = room
    for hit in hits:
        entry = whole_comment(hit["_source"])
        left -= weight(entry["body"])
        if left < 0 and (shown or room < TEXT_BYTES):
            break
        shown.append(entry)
    return shown


def following(request: DiscussionRequest, generation: int, after: Sequence[Any]) -> str:
    """Return the cursor of the page after these sort values."""
    return cursors.encode(Cursor(request.identity, generation, 0, False, "", tuple(after)))


def _only_flat(name: str) -> ParameterProblem:
    return ParameterProblem(name, "only_flat", f"{name} works on single comments; ask for view=flat with it.")
