"""Did you mean: other words for a query that found next to nothing, out of those that the archive holds.

Offered and never applied, and only when the engine says that the corrected query finds more. Corrected are words
and phrases that are looked for in texts: not what is excluded, not patterns, not values of other fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from broadsheet.index import fields
from broadsheet.search import query
from broadsheet.search.names import FAMILIES
from broadsheet.search.plan import Match, plan
from broadsheet.search.request import SearchRequest
from broadsheet.search.tree import Either, Excluded, Node, Phrase, Together, Within, Word, written
from broadsheet.text import fold

Json = dict[str, Any]

SUSPICIOUS = 3
"""A query with fewer matches of all its words may be misspelled."""
# Words per query, and queries to try: the engine looks through its dictionary for each word.
_WORDS = 8
_OPTIONS = 3
_TRIED = 5
# A shorter word has too many neighbours.
_SHORTEST = 4
_OF_TEXTS = frozenset(("title", "body", "discussion"))


@dataclass(frozen=True, slots=True)
class _Span:
    """Where a word of the query may be changed: the number of its leaf, and the UTF-16 units from ``start`` on."""

    leaf: int
    start: int
    length: int


def dictionary_body(wanted: Together, *, timeout_ms: int) -> Json | None:
    """Return the search for words like those that the index lacks; None when the query has nothing to correct."""
    texts = _texts(wanted)
    if not texts or len(texts) > _WORDS:
        return None
    similar = {
        "field": fields.BODY_EXACT,
        "suggest_mode": "missing",
        "min_word_length": _SHORTEST,
        "size": _OPTIONS,
    }
    # Each shard proposes words for what it lacks itself: what others hold is known by counting.
    held = {
        str(leaf): {"match": {fields.BODY_EXACT: {"query": text, "operator": "and"}}} for leaf, text in enumerate(texts)
    }
    return {
        "size": 0,
        "track_total_hits": False,
        "timeout": f"{timeout_ms}ms",
        "suggest": {"words": {"text": " ".join(texts), "term": similar}},
        "aggs": {"held": {"filters": {"filters": held}}},
    }


def corrected(wanted: Together, answer: Json) -> list[Together]:
    """Return corrected queries, the most promising first; ``answer`` is that to ``dictionary_body``.

    Each word takes the most similar one of the archive; then, one at a time, the next ones, and names of the list.
    """
    texts = _texts(wanted)
    options: dict[_Span, list[str]] = {}
    held = answer["aggregations"]["held"]["buckets"]
    for entry in answer["suggest"]["words"]:
        span = _span(texts, entry["offset"], entry["length"])
        if held[str(span.leaf)]["doc_count"] and " " not in texts[span.leaf]:
            continue
        found = [option["text"] for option in entry["options"]]
        if name := _name_like(entry["text"]):
            found.append(name)
        if found:
            options[span] = found
    if not options:
        return []
    best = {span: found[0] for span, found in options.items()}
    tried = [best]
    tried += [{**best, span: other} for span, found in options.items() for other in found[1:]]
    queries = [_with(wanted, texts, changes) for changes in tried]
    return list(dict.fromkeys(each for each in queries if each != wanted))[:_TRIED]


def count_body(request: SearchRequest, wanted: Together, *, relaxed: bool, timeout_ms: int) -> Json:
    """Return the search that tells how much a corrected query finds, up to SUSPICIOUS.

    With all its words, where that was given up for the query as it was typed.
    """
    asked = replace(request, query=wanted, cursor=None, facets=(), timeline="none", highlight="none")
    match: Match = "all" if relaxed else request.match
    planned = plan(wanted, match=match, exact=request.exact, ranked=request.sort == "relevance")
    body = query.search_body(asked, planned, timeout_ms=timeout_ms)
    return {"query": body["query"], "size": 0, "track_total_hits": SUSPICIOUS, "timeout": body["timeout"]}


def chosen(queries: Iterable[Together], answers: Iterable[Json], matches: int) -> str | None:
    """Return the first corrected query that finds more than the one typed, as text; None when none does."""
    for wanted, answer in zip(queries, answers, strict=True):
        if answer["hits"]["total"]["value"] > matches:
            return written(wanted)
    return None


def _texts(wanted: Together) -> list[str]:
    texts: list[str] = []

    def collect(text: str) -> str:
        texts.append(text)
        return text

    _changed(wanted, collect)
    return texts


def _with(wanted: Together, texts: Sequence[str], changes: dict[_Span, str]) -> Together:
    spelled = [text.encode("utf-16-le", "surrogatepass") for text in texts]
    # From the end, so that what stands before keeps its place.
    for span, word in sorted(changes.items(), key=lambda change: -change[0].start):
        text = spelled[span.leaf]
        old = text[2 * span.start : 2 * (span.start + span.length)].decode("utf-16-le", "replace")
        new = word.capitalize() if old[:1].isupper() else word
        spelled[span.leaf] = text[: 2 * span.start] + new.encode("utf-16-le") + text[2 * (span.start + span.length) :]
    following = iter(spelled)
    changed = _changed(wanted, lambda _: next(following).decode("utf-16-le", "replace"))
    return changed if isinstance(changed, Together) else Together((changed,))


def _changed(node: Node, change: Callable[[str], str]) -> Node:
    """Return the tree with every text changed that may be corrected, in the order typed."""
    match node:
        case Word(form="plain"):
            return Word(change(node.text))
        case Phrase():
            return Phrase(change(node.text), node.slop)
        case Within(field=name) if name in _OF_TEXTS:
            return Within(name, _changed(node.node, change))
        case Either():
            return Either(tuple(_changed(child, change) for child in node.nodes))
        case Together():
            return Together(tuple(_changed(child, change) for child in node.nodes))
        case Word() | Within() | Excluded():
            return node


def _span(texts: Sequence[str], offset: int, length: int) -> _Span:
    """Return the place of a word that the engine found in the texts, joined by spaces."""
    for leaf, text in enumerate(texts):
        size = len(text.encode("utf-16-le", "surrogatepass")) // 2
        if offset <= size:
            return _Span(leaf, offset, length)
        offset -= size + 1
    raise ValueError("the engine names a word beyond the text it was given")


@cache
def _names() -> frozenset[str]:
    spellings = (fold(spelling) for family in FAMILIES for spelling in family)
    return frozenset(name for name in spellings if " " not in name and len(name) >= _SHORTEST)


@cache
def _letters() -> str:
    return "".join(sorted({letter for name in _names() for letter in name}))


def _name_like(word: str) -> str | None:
    """Return a listed name that is one edit away: its other spellings may be what the archive holds."""
    if len(word) < _SHORTEST or word in _names():
        return None
    return min((name for name in _edits(word) if name in _names()), default=None)


def _edits(word: str) -> Iterator[str]:
    letters = _letters()
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
            for letter in letters:
                yield before + letter + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in letters:
            yield before + letter + after
