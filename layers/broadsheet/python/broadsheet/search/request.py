"""The query strings of the read side: which parameters there are, and the typed requests they become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from broadsheet.errors import ParameterProblem
from broadsheet.search.parameters import Choice, Integer, Parameter, Text, read_parameters, refusal
from broadsheet.search.syntax import parse
from broadsheet.search.tree import Together, Word, leaves, tokens

ResultType = Literal["article", "comment", "all"]

# Each word becomes a handful of engine clauses, and the engine allows 1,024 in one query.
MAX_WORDS = 32
# Each may stand for many words of the index.
MAX_PATTERNS = 4

SEARCH_PARAMETERS: tuple[Parameter, ...] = (
    Text(
        "q",
        'What to look for: words, "phrases", "near words"~3, -words to leave out, OR, ( ), title:word, begin*, '
        "similar~. Up to three words must all occur; of more, the best matches come first.",
        shortest=1,
        longest=512,
    ),
    Choice("type", "Which results to return.", ("article", "comment", "all"), default="all"),
    Integer("limit", "How many results to return.", smallest=1, largest=100, default=10),
    Choice("highlight", "How matched words are marked: as HTML, or not at all.", ("html", "none"), default="html"),
)

COMMENTS_PARAMETERS: tuple[Parameter, ...] = (
    Integer("limit", "How many comments to return.", smallest=1, largest=1_000, default=100),
    Integer("after", "Return comments after this ordinal.", smallest=-1, largest=2_147_483_647, default=-1),
)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A valid search; ``query`` is ``q`` as a tree and has at least one node."""

    q: str
    query: Together
    type: ResultType = "all"
    limit: int = 10
    highlight: bool = True


@dataclass(frozen=True, slots=True)
class CommentsRequest:
    """A valid request for a stretch of a discussion in page order: up to ``limit`` comments after an ordinal."""

    limit: int = 100
    after: int = -1


def read_search(given: Mapping[str, Sequence[str]]) -> SearchRequest:
    """Read the parameters of a search; raise RequestError with one problem per wrong parameter."""
    values = read_parameters(SEARCH_PARAMETERS, given)
    query = parse(values["q"])
    if not query.nodes:
        raise refusal([ParameterProblem("q", "no_words", "q holds no word to look for, only punctuation or symbols.")])
    if (size := tokens(query)) > MAX_WORDS:
        sentence = f"q may have at most {MAX_WORDS} words; it has {size}."
        raise refusal([ParameterProblem("q", "too_many_words", sentence)])
    patterns = sum(isinstance(leaf, Word) and leaf.form != "plain" for leaf in leaves(query))
    if patterns > MAX_PATTERNS:
        sentence = f"q may have at most {MAX_PATTERNS} words with * or ~; it has {patterns}."
        raise refusal([ParameterProblem("q", "too_many_patterns", sentence)])
    return SearchRequest(
        q=values["q"],
        query=query,
        type=values["type"],
        limit=values["limit"],
        highlight=values["highlight"] == "html",
    )


def read_comments(given: Mapping[str, Sequence[str]]) -> CommentsRequest:
    """Read the parameters of a discussion; raise RequestError with one problem per wrong parameter."""
    return CommentsRequest(**read_parameters(COMMENTS_PARAMETERS, given))


def read_nothing(given: Mapping[str, Sequence[str]]) -> None:
    """Check that a resource without parameters got none; raise RequestError with one problem per parameter."""
    read_parameters((), given)
