"""A query tree -> the engine clauses that match, rank and explain it, for articles and for comments.

The ranking starts from what judged collections in both languages showed best: title, body and discussion as one field
per word (``cross_fields``), plus the unstemmed body at 0.4 for one's own spelling. Each user word is a clause of its
own, so that it can be required and can take the other spellings of a name; the scores are the same as those of one
clause over all words. User text only ever stands as the value of a match query.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from broadsheet.index import fields
from broadsheet.search.syntax import Phrase, Query, Word
from broadsheet.search.variants import Unit, units

Clause = dict[str, Any]

# Short queries are keywords, of which every one counts. Natural questions lose their answers when words are required
# (measured: nDCG@10 -.036 with three quarters required), so longer queries are only ranked.
ALL_REQUIRED_UP_TO = 3
EXACT_BOOST = 0.4
# A word may be several tokens (al-Barazi), or none to the engine (①): such a word matches nothing, but beside others it
# must not make "all words" fail.
_EVERY_TOKEN: Clause = {"operator": "and", "zero_terms_query": "none"}
_REQUIRED: Clause = {"operator": "and", "zero_terms_query": "all"}
_OPTIONAL: Clause = {"operator": "or", "zero_terms_query": "none"}


@dataclass(frozen=True, slots=True)
class Plan:
    """A query ready for compilation.

    ``exact`` says that it has nothing but stop words, which only the unstemmed fields keep; ``all_words`` that every
    word is required.
    """

    words: tuple[Unit, ...]
    phrases: tuple[str, ...]
    excluded_words: tuple[Unit, ...]
    excluded_phrases: tuple[str, ...]
    exact: bool
    all_words: bool

    @property
    def positive(self) -> bool:
        """Whether the query says what to find, not only what to leave out."""
        return bool(self.words or self.phrases)


@dataclass(frozen=True, slots=True)
class Fields:
    """The text fields of one kind of document, with weights; the exact ones are not stemmed."""

    stemmed: tuple[str, ...]
    exact: tuple[str, ...]
    body_exact: str


ARTICLE = Fields(
    stemmed=(f"{fields.TITLE}^2", fields.BODY, f"{fields.DISCUSSION}^0.4"),
    exact=(f"{fields.TITLE_EXACT}^2", fields.BODY_EXACT, f"{fields.DISCUSSION_EXACT}^0.4"),
    body_exact=fields.BODY_EXACT,
)
COMMENT = Fields(stemmed=(fields.BODY,), exact=(fields.BODY_EXACT,), body_exact=fields.BODY_EXACT)


def plan(query: Query) -> Plan:
    """Decide which words count, which belong together, and whether all of them are required."""
    wanted = units([term.text for term in query.terms if isinstance(term, Word) and not term.excluded])
    phrases = tuple(term.text for term in query.terms if isinstance(term, Phrase) and not term.excluded)
    content = tuple(unit for unit in wanted if not unit.stopword)
    exact = not content and not phrases
    return Plan(
        words=wanted if exact else content,
        phrases=phrases,
        excluded_words=units([term.text for term in query.terms if isinstance(term, Word) and term.excluded]),
        excluded_phrases=tuple(term.text for term in query.terms if isinstance(term, Phrase) and term.excluded),
        exact=exact,
        all_words=len(content) <= ALL_REQUIRED_UP_TO,
    )


def matching(planned: Plan, kind: Fields, also: Iterable[Clause] = ()) -> Clause:
    """Return the scoring clause for one kind of document; ``also`` are filters that it must pass."""
    options = _OPTIONAL
    if planned.all_words:
        options = _REQUIRED if len(planned.words) > 1 else _EVERY_TOKEN
    words = _words(planned, kind, options)
    must = [_phrase(text, kind.exact) for text in planned.phrases]
    should = [] if planned.exact or not words else [_own_spelling(planned, kind)]
    if planned.all_words:
        must += words
    else:
        should = words + should
    if not must and not should:
        must = [{"match_all": {}}]
    return _bool(planned, kind, also, must=must, should=should, at_least=0 if must else 1)


def any_of(planned: Plan, kind: Fields, also: Iterable[Clause] = ()) -> Clause:
    """Return the scoring clause that any word or phrase of the query satisfies."""
    should = [_phrase(text, kind.exact) for text in planned.phrases]
    should += _words(planned, kind, _EVERY_TOKEN if planned.all_words else _OPTIONAL)
    return _bool(planned, kind, also, should=should, at_least=1)


def in_field(planned: Plan, name: str) -> Clause:
    """Return what of the query one stemmed field can match: the reason of a hit, and what is marked in it.

    Phrase queries keep stop words (the field's ``search_quote_analyzer``), also when they have one word only.
    """
    spellings = [spelling for unit in planned.words for spelling in (unit.text, *unit.others)]
    rows = spellings if planned.exact else [text for text in spellings if _is_row(text)]
    should: list[Clause] = [{"match_phrase": {name: text}} for text in (*planned.phrases, *rows)]
    if len(rows) < len(spellings):
        should.append({"match": {name: " ".join(text for text in spellings if not _is_row(text))}})
    return {"bool": {"should": should}}


def _bool(
    planned: Plan,
    kind: Fields,
    also: Iterable[Clause],
    *,
    must: Sequence[Clause] = (),
    should: Sequence[Clause] = (),
    at_least: int,
) -> Clause:
    must_not = [_word(unit, kind.stemmed, _EVERY_TOKEN) for unit in planned.excluded_words]
    must_not += [_phrase(text, kind.exact) for text in planned.excluded_phrases]
    clauses = {"filter": [*also], "must": [*must], "should": [*should], "must_not": must_not}
    return {"bool": {occur: some for occur, some in clauses.items() if some} | {"minimum_should_match": at_least}}


def _words(planned: Plan, kind: Fields, options: Clause) -> list[Clause]:
    names = kind.exact if planned.exact else kind.stemmed
    return [_word(unit, names, options) for unit in planned.words]


def _own_spelling(planned: Plan, kind: Fields) -> Clause:
    own = " ".join(unit.text for unit in planned.words)
    return {"match": {kind.body_exact: {"query": own, "boost": EXACT_BOOST}}}


def _word(unit: Unit, names: Sequence[str], options: Clause) -> Clause:
    """Return the clause of one unit: the best of its spellings counts, so that a rare one adds nothing on top."""
    queries = [
        _phrase(text, names) if _is_row(text) else _tokens(text, names, options) for text in (unit.text, *unit.others)
    ]
    return queries[0] if len(queries) == 1 else {"dis_max": {"queries": queries}}


def _tokens(text: str, names: Sequence[str], options: Clause) -> Clause:
    fixed = {"query": text, "type": "cross_fields", "tie_breaker": 0.1, "fields": [*names]}
    return {"multi_match": fixed | options}


def _phrase(text: str, names: Sequence[str]) -> Clause:
    return {"multi_match": {"query": text, "type": "phrase", "fields": [*names]}}


def _is_row(text: str) -> bool:
    """Whether these are several words, which must stand in a row: only names are put together like this."""
    return " " in text
