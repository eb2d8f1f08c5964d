"""The query strings of the read side: which parameters there are, and the typed requests they become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from broadsheet.errors import ParameterProblem
from broadsheet.search import cursor as cursors
from broadsheet.search.cursor import Cursor
from broadsheet.search.facets import FACETS, INTERVALS, FacetName, Interval
from broadsheet.search.filters import FILTERS, Filters, compiled, counts_from
from broadsheet.search.highlights import HIGHLIGHTS, Highlight
from broadsheet.search.parameters import (
    Choice,
    Choices,
    Flag,
    Integer,
    Parameter,
    Span,
    Text,
    read_parameters,
    refusal,
)
from broadsheet.search.plan import Match
from broadsheet.search.shown import ARTICLE_FIELDS, COMMENT_FIELDS
from broadsheet.search.syntax import parse
from broadsheet.search.tree import Together, Word, leaves, tokens

ResultType = Literal["article", "comment", "all"]
Sort = Literal["relevance", "newest", "oldest", "discussed", "active"]

# Each word becomes a handful of engine clauses, and the engine allows 1,024 in one query.
MAX_WORDS = 32
# Each may stand for many words of the index.
MAX_PATTERNS = 4
_OF_ARTICLES = frozenset(("discussed", "active"))
# The types of what each order sorts by: a score, numbers and times, and at the end an id.
_SORTED_BY: Mapping[Sort, tuple[type, ...]] = {
    "relevance": (float, int, str),
    "newest": (int, str),
    "oldest": (int, str),
    "discussed": (int, int, str),
    "active": (int, str),
}

SEARCH_PARAMETERS: tuple[Parameter, ...] = (
    Text(
        "q",
        'What to look for: words, "phrases", "near words"~3, -words to leave out, OR, ( ), title:word, begin*, '
        "similar~. Up to three words must all occur; of more, the best matches come first. Without it, all there is.",
        shortest=0,
        longest=512,
        default="",
    ),
    Choice(
        "type",
        "Which results to return. Everything, unless the sort is one of articles only.",
        ("article", "comment", "all"),
        default="",
    ),
    *FILTERS,
    Choice(
        "sort",
        "The order: relevance; by date, newest or oldest first (what has none comes last); articles with the most "
        "comments (discussed) or the latest one (active) first. Without q, newest.",
        ("relevance", "newest", "oldest", "discussed", "active"),
        default="",
    ),
    Span("recency", "With the order of relevance: lets what is younger than this weigh up to twice as much."),
    Choice(
        "match",
        "Whether all words must occur, or any. auto requires up to three, and all in an order that is not relevance; "
        "where no result has them all or, by relevance, fewer than three do and at least ten have some of them, these "
        "follow (relaxed: true, with_all_words: how many have all).",
        ("auto", "all", "any"),
        "auto",
    ),
    Flag("variants", "Whether stems and other spellings of names match, too.", default=True),
    Integer("limit", "How many results to return.", smallest=1, largest=100, default=10),
    Text("cursor", "Where to go on: next of the page before.", shortest=1, longest=cursors.LONGEST, default=""),
    Choices("facet", "Values to count, among all that the other filters leave. May be repeated.", FACETS),
    Integer("facet_size", "Values per facet to return; years all come.", smallest=1, largest=100, default=10),
    Choice("timeline", "Counts over time, by steps of this length.", INTERVALS, default="none"),
    Choice(
        "highlight", "How matched words are marked: as HTML, as offsets, or not at all.", HIGHLIGHTS, default="html"
    ),
    Choices(
        "fields",
        "What to return of an article and of a comment beside its id. May be repeated.",
        tuple(dict.fromkeys((*ARTICLE_FIELDS, *COMMENT_FIELDS))),
    ),
    Flag("explain", "Adds how the query was read.", default=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A valid search; ``query`` is ``q`` as a tree, without nodes when everything is looked for.

    ``at`` is the time that relative dates count from, in seconds since the epoch: that of the walk's first page; 0 when
    nothing in the request is relative.
    ``identity`` names the request without its page: a cursor goes with it. ``recency`` is in seconds, 0 for none.
    """

    query: Together
    type: ResultType
    sort: Sort
    filters: Filters
    at: int
    identity: str
    match: Match = "auto"
    exact: bool = False
    recency: int = 0
    limit: int = 10
    cursor: Cursor | None = None
    facets: tuple[FacetName, ...] = ()
    facet_size: int = 10
    timeline: Interval = "none"
    highlight: Highlight = "html"
    fields: frozenset[str] = frozenset()
    explain: bool = False

    @property
    def relaxed(self) -> bool:
        """Whether an earlier page of the walk gave up that all words are required."""
        return self.cursor is not None and self.cursor.relaxed


def read_search(given: Mapping[str, Sequence[str]], now: float) -> SearchRequest:
    """Read the parameters of a search; raise RequestError with one problem per wrong parameter.

    ``now`` is in seconds since the epoch; a cursor brings the time of the walk's first page.
    """
    values = read_parameters(SEARCH_PARAMETERS, given)
    query = read_query(values["q"])
    sort: Sort = values["sort"] or ("relevance" if query.nodes else "newest")
    kind: ResultType = values["type"] or ("article" if sort in _OF_ARTICLES else "all")
    if sort in _OF_ARTICLES and kind != "article":
        raise _refused("sort", "only_of_articles", f"sort={sort} orders articles; ask for type=article.")
    identity = cursors.identity(values)
    cursor = cursors.of_request(values["cursor"], identity, _SORTED_BY[sort], from_the_top=sort == "relevance")
    at = cursor.at if cursor else counts_from(values, now)
    return SearchRequest(
        query=query,
        type=kind,
        sort=sort,
        filters=compiled(values, at),
        at=at,
        identity=identity,
        match=values["match"],
        exact=not values["variants"],
        recency=values["recency"],
        limit=values["limit"],
        cursor=cursor,
        facets=values["facet"],
        facet_size=values["facet_size"],
        timeline=values["timeline"],
        highlight=values["highlight"],
        fields=frozenset(values["fields"]),
        explain=values["explain"],
    )


def read_nothing(given: Mapping[str, Sequence[str]]) -> None:
    """Check that a resource without parameters got none; raise RequestError with one problem per parameter."""
    read_parameters((), given)


def read_query(q: str) -> Together:
    """Read the value of ``q``, which may be empty; raise RequestError when it has no word, or too many."""
    query = parse(q)
    if q and not query.nodes:
        raise _refused("q", "no_words", "q holds no word to look for, only punctuation or symbols.")
    if (size := tokens(query)) > MAX_WORDS:
        raise _refused("q", "too_many_words", f"q may have at most {MAX_WORDS} words; it has {size}.")
    patterns = sum(isinstance(leaf, Word) and leaf.form != "plain" for leaf in leaves(query))
    if patterns > MAX_PATTERNS:
        sentence = f"q may have at most {MAX_PATTERNS} words with * or ~; it has {patterns}."
        raise _refused("q", "too_many_patterns", sentence)
    return query


def _refused(parameter: str, code: str, sentence: str) -> Exception:
    return refusal([ParameterProblem(parameter, code, sentence)])
