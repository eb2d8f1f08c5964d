"""A plan -> the engine clauses that match, rank and explain it, for articles and for comments.

The ranking starts from what judged collections in both languages showed best: title, body and discussion as one field
per word (``cross_fields``), plus the unstemmed body for one's own spelling. Each user word is a clause of its
own, so that it can be required and can take the other spellings of a name; the scores are the same as those of one
clause over all words. User text only ever stands as the value of a match, term or prefix query.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from broadsheet.index import fields
from broadsheet.search.plan import AllOf, AnyOf, InField, Item, NoneOf, Plan, leaves
from broadsheet.search.tree import FieldName, Phrase, Word
from broadsheet.search.variants import Unit

Clause = dict[str, Any]

# What a fuzzy word may expand to, per field: the engine counts them against its limit of 1,024 clauses.
_MAX_EXPANSIONS = 20
# A word may be several tokens (al-Barazi), or none to the engine (①): such a word matches nothing, but beside others it
# must not make "all words" fail.
_EVERY_TOKEN: Clause = {"operator": "and", "zero_terms_query": "none"}
_REQUIRED: Clause = {"operator": "and", "zero_terms_query": "all"}
_OPTIONAL: Clause = {"operator": "or", "zero_terms_query": "none"}
_KEYWORDS: Mapping[str, str] = {"source": fields.SOURCE, "lang": fields.LANG, "tag": fields.TAGS}


@dataclass(frozen=True, slots=True)
class Weights:
    """What a match counts for, where one in an article's body counts 1 (from judged collections in both languages).

    ``own_spelling`` is for a body that has the user's words unstemmed.
    """

    title: float = 2.0
    discussion: float = 0.4
    own_spelling: float = 0.4


@dataclass(frozen=True, slots=True)
class Fields:
    """The text fields that are searched together, with weights; the exact ones are not stemmed."""

    stemmed: tuple[str, ...]
    exact: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """The fields of one kind of document: those of a word without a field, and what the user's field names mean."""

    every: Fields
    named: Mapping[FieldName, Fields] = field(default_factory=dict)
    own_spelling: float = Weights().own_spelling


_TITLE = Fields((fields.TITLE,), (fields.TITLE_EXACT,))
_BODY = Fields((fields.BODY,), (fields.BODY_EXACT,))
_DISCUSSION = Fields((fields.DISCUSSION,), (fields.DISCUSSION_EXACT,))
_ITS_TITLE = Fields((fields.ARTICLE_TITLE,), (fields.ARTICLE_TITLE,))
_AUTHOR = Fields((fields.AUTHOR_TEXT,), (fields.AUTHOR_TEXT,))


@cache
def articles(weights: Weights) -> Kind:
    """Return the fields of articles, weighted."""
    title, discussion = f"^{weights.title:g}", f"^{weights.discussion:g}"
    return Kind(
        every=Fields(
            stemmed=(fields.TITLE + title, fields.BODY, fields.DISCUSSION + discussion),
            exact=(fields.TITLE_EXACT + title, fields.BODY_EXACT, fields.DISCUSSION_EXACT + discussion),
        ),
        named={"title": _TITLE, "body": _BODY, "discussion": _DISCUSSION, "author": _AUTHOR},
        own_spelling=weights.own_spelling,
    )


COMMENT = Kind(
    every=_BODY,
    named={"title": _ITS_TITLE, "body": _BODY, "discussion": _BODY, "author": _AUTHOR},
)
# Which of the user's field names speak of a text: what is marked in it, and why it was found.
_SPEAKING: Mapping[str, frozenset[FieldName]] = {
    fields.TITLE: frozenset(("title",)),
    fields.BODY: frozenset(("body",)),
    fields.DISCUSSION: frozenset(("discussion",)),
}
_OF_COMMENTS: frozenset[FieldName] = frozenset(("body", "discussion"))


def matching(planned: Plan, kind: Kind, also: Iterable[Clause] = ()) -> Clause:
    """Return the scoring clause for one kind of document; ``also`` are filters that it must pass."""
    options = _OPTIONAL
    if planned.all_words:
        options = _REQUIRED if len(planned.words) > 1 else _EVERY_TOKEN
    words = [_leaf(word, kind.every, planned, options) for word in planned.words]
    must = [_clause(item, kind, kind.every, planned) for item in planned.bound]
    own = "" if planned.exact else planned.own_spelling()
    should = [{"match": {fields.BODY_EXACT: {"query": own, "boost": kind.own_spelling}}}] if own else []
    if planned.all_words:
        must += words
    else:
        should = words + should
    if not must and not should:
        must = [{"match_all": {}}]
    return _bool(planned, kind, also, must=must, should=should, at_least=0 if must else 1)


def any_of(planned: Plan, also: Iterable[Clause] = ()) -> Clause | None:
    """Return the scoring clause of comments that any word or phrase of the query satisfies; None if there is none."""
    options = _EVERY_TOKEN if planned.all_words else _OPTIONAL
    wanted = leaves((*planned.words, *planned.bound), _OF_COMMENTS)
    should = [_leaf(leaf, COMMENT.every, planned, options) for leaf in wanted]
    return _bool(planned, COMMENT, also, should=should, at_least=1) if should else None


def in_field(planned: Plan, name: str, *, of_comment: bool = False) -> Clause | None:
    """Return what of the query one stemmed field can match: the reason of a hit, and what is marked in it.

    None when nothing of it speaks of that field. Phrase queries keep stop words (the field's
    ``search_quote_analyzer``), also when they have one word only.
    """
    speaking = _OF_COMMENTS if of_comment else _SPEAKING[name]
    should: list[Clause] = []
    together: list[str] = []
    for leaf in leaves((*planned.words, *planned.bound), speaking):
        match leaf:
            case Phrase():
                should.append({"match_phrase": {name: {"query": leaf.text, "slop": leaf.slop}}})
            case Word(form="prefix"):
                should.append({"match_phrase_prefix": {name: leaf.text}})
            case Word():
                should.append({"match": {name: _fuzzy(leaf.text)}})
            case Unit():
                for text in (leaf.text, *leaf.others):
                    if leaf.stopword or _is_row(text):
                        should.append({"match_phrase": {name: text}})
                    else:
                        together.append(text)
    if together:
        should.append({"match": {name: " ".join(together)}})
    return {"bool": {"should": should}} if should else None


def spellings(planned: Plan, kind: Kind) -> dict[str, Clause]:
    """Return for every spelling that the user did not write, but that is looked for, the clause that finds it."""
    found = {}
    for leaf in leaves((*planned.words, *planned.bound), frozenset()):
        if isinstance(leaf, Unit):
            for text in leaf.others:
                found[text] = _spelling(text, kind.every.exact, _EVERY_TOKEN)
    return found


def _bool(
    planned: Plan,
    kind: Kind,
    also: Iterable[Clause],
    *,
    must: Sequence[Clause] = (),
    should: Sequence[Clause] = (),
    at_least: int,
) -> Clause:
    must_not = [_clause(item, kind, kind.every, planned) for item in planned.excluded]
    clauses = {"filter": [*also], "must": [*must], "should": [*should], "must_not": must_not}
    return {"bool": {occur: some for occur, some in clauses.items() if some} | {"minimum_should_match": at_least}}


def _clause(item: Item, kind: Kind, where: Fields, planned: Plan) -> Clause:
    """Return the clause of an item that must match in these fields."""
    match item:
        case AllOf():
            inner = [_clause(each, kind, where, planned) for each in item.items]
            return {"bool": {"must": inner}}
        case AnyOf():
            inner = [_clause(each, kind, where, planned) for each in item.items]
            return {"bool": {"should": inner, "minimum_should_match": 1}}
        case NoneOf():
            return {"bool": {"must_not": [_clause(item.item, kind, where, planned)]}}
        case InField(field=name):
            if name in _KEYWORDS:
                return {"bool": {"filter": [_value(item.item, _KEYWORDS[name])]}}
            return _clause(item.item, kind, kind.named[name], planned)
        case _:
            return _leaf(item, where, planned, _EVERY_TOKEN)


def _leaf(leaf: Unit | Word | Phrase, where: Fields, planned: Plan, options: Clause) -> Clause:
    match leaf:
        case Phrase():
            return _phrase(leaf.text, where.exact, leaf.slop)
        case Word(form="prefix"):
            return _multi(leaf.text, "bool_prefix", where.exact, operator="and")
        case Word():
            fuzzy = _fuzzy(leaf.text)
            return {"multi_match": {"type": "best_fields", "fields": [*where.exact], **fuzzy}}
        case Unit():
            return _unit(leaf, where.exact if planned.exact or leaf.stopword else where.stemmed, options)


def _unit(unit: Unit, names: Sequence[str], options: Clause) -> Clause:
    """Return the clause of one unit: the best of its spellings counts, so that a rare one adds nothing on top."""
    queries = [_spelling(text, names, options) for text in (unit.text, *unit.others)]
    return queries[0] if len(queries) == 1 else {"dis_max": {"queries": queries}}


def _value(item: Item, name: str) -> Clause:
    """Return the clause of a value that is not a text: all of it must match, in upper or lower case."""
    match item:
        case AllOf():
            return {"bool": {"filter": [_value(each, name) for each in item.items]}}
        case AnyOf():
            return {"bool": {"should": [_value(each, name) for each in item.items], "minimum_should_match": 1}}
        case NoneOf():
            return {"bool": {"must_not": [_value(item.item, name)]}}
        case InField():
            return _value(item.item, name)
        case Word(form="prefix"):
            return {"prefix": {name: {"value": item.text, "case_insensitive": True}}}
        case Word() | Phrase() | Unit():
            return {"term": {name: {"value": item.text, "case_insensitive": True}}}


def _spelling(text: str, names: Sequence[str], options: Clause) -> Clause:
    if _is_row(text):
        return _phrase(text, names)
    return _multi(text, "cross_fields", names, tie_breaker=0.1, **options)


def _phrase(text: str, names: Sequence[str], slop: int = 0) -> Clause:
    return _multi(text, "phrase", names, **({"slop": slop} if slop else {}))


def _multi(text: str, how: str, names: Sequence[str], **options: Any) -> Clause:
    return {"multi_match": {"query": text, "type": how, "fields": [*names], **options}}


def _fuzzy(text: str) -> Clause:
    return {
        "query": text,
        "operator": "and",
        "fuzziness": "AUTO",
        "prefix_length": 1,
        "max_expansions": _MAX_EXPANSIONS,
    }


def _is_row(text: str) -> bool:
    """Whether these are several words, which must stand in a row: only names are put together like this."""
    return " " in text
