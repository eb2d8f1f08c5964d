"""A plan -> the engine clauses that match, rank and explain it, for articles and for comments.

Each user word is a clause of its own, so that it can be required and can take the other spellings of a name; the scores
are the same as those of one clause over all words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from broadsheet.index import fields
from broadsheet.search.plan import AllOf, AnyOf, InField, Item, NoneOf, Plan, leaves
from broadsheet.search.ranking import COMMENT, Kind, on_top
from broadsheet.search.terms import EVERY_TOKEN, OPTIONAL, REQUIRED, Clause, Fields, fuzzy, is_row, leaf, spelling
from broadsheet.search.tree import FieldName, Phrase, Word
from broadsheet.search.variants import Unit

_KEYWORDS: Mapping[str, str] = {"source": fields.SOURCE, "lang": fields.LANG, "tag": fields.TAGS}
# Which of the user's field names speak of a text: what is marked in it, and why it was found.
_SPEAKING: Mapping[str, frozenset[FieldName]] = {
    fields.TITLE: frozenset(("title",)),
    fields.BODY: frozenset(("body",)),
    fields.DISCUSSION: frozenset(("discussion",)),
}
EXACT_OF: Mapping[str, str] = {
    fields.TITLE: fields.TITLE_EXACT,
    fields.BODY: fields.BODY_EXACT,
    fields.DISCUSSION: fields.DISCUSSION_EXACT,
}
"""The fields that hold the same texts unstemmed."""
_OF_COMMENTS: frozenset[FieldName] = frozenset(("body", "discussion"))


def matching(planned: Plan, kind: Kind, also: Iterable[Clause] = ()) -> Clause:
    """Return the scoring clause for one kind of document; ``also`` are filters that it must pass."""
    options = OPTIONAL
    if planned.all_words:
        options = REQUIRED if len(planned.words) > 1 else EVERY_TOKEN
    words = [leaf(word, kind.every, options, exact=planned.exact) for word in planned.words]
    must = [_clause(item, kind, kind.every, planned) for item in planned.bound]
    own = "" if planned.exact else planned.own_spelling()
    should = [{"match": {fields.BODY_EXACT: {"query": own, "boost": kind.weights.own_spelling}}}] if own else []
    if planned.all_words:
        must += words
    else:
        should = words + should
    should += on_top(planned, kind)
    if not must:
        # Together one required clause: beside it the engine takes away what lets everything pass, and scores in bulk.
        must = [{"bool": {"should": should, "minimum_should_match": 1}} if should else {"match_all": {}}]
        should = []
    return _bool(planned, kind, also, must=must, should=should)


def any_of(planned: Plan, also: Iterable[Clause] = ()) -> Clause | None:
    """Return the scoring clause of comments that any word or phrase of the query satisfies; None if there is none."""
    options = EVERY_TOKEN if planned.all_words else OPTIONAL
    wanted = leaves((*planned.words, *planned.bound), _OF_COMMENTS)
    should = [leaf(each, COMMENT.every, options, exact=planned.exact) for each in wanted]
    return _bool(planned, COMMENT, also, must=[{"bool": {"should": should}}]) if should else None


def in_field(planned: Plan, name: str, *, of_comment: bool = False) -> Clause | None:
    """Return what of the query one field of texts can match, as it is looked for: the reason of a hit.

    None when nothing of it speaks of that field.
    """
    looked_for = _speaking(planned, name, of_comment=of_comment)
    return _one_of(looked_for, planned, name, partial(_as_spelled, EXACT_OF[name]))


def marked(planned: Plan, name: str, *, of_comment: bool = False) -> tuple[str, Clause] | None:
    """Return what is marked in one field of texts: the field to mark it by, and the query; None for nothing.

    A query of which nothing is soft is marked as it is spelled. Beside a word whose forms are marked, forms of the
    others are marked, too: the engine marks a text by one field. Phrase queries keep stop words (the field's
    ``search_quote_analyzer``), also when they have one word only.
    """
    looked_for = _speaking(planned, name, of_comment=of_comment)
    soft = any(_is_soft(each, planned) for each in looked_for)
    field = name if soft else EXACT_OF[name]
    wanted = _one_of(looked_for, planned, name, partial(_in_stems if soft else _as_spelled, field))
    return (field, wanted) if wanted else None


def spellings(planned: Plan, kind: Kind) -> dict[str, Clause]:
    """Return for every spelling that the user did not write, but that is looked for, the clause that finds it."""
    found = {}
    for each in leaves((*planned.words, *planned.bound), frozenset()):
        if isinstance(each, Unit):
            for text in each.others:
                found[text] = spelling(text, kind.every.exact, EVERY_TOKEN)
    return found


def _speaking(planned: Plan, name: str, *, of_comment: bool) -> list[Unit | Word | Phrase]:
    """Return what of the query speaks of one field."""
    return [*leaves((*planned.words, *planned.bound), _OF_COMMENTS if of_comment else _SPEAKING[name])]


def _is_soft(item: Unit | Word | Phrase, planned: Plan) -> bool:
    """Whether other forms of a word match it, too."""
    return isinstance(item, Unit) and not item.stopword and not planned.exact


def _one_of(
    looked_for: Sequence[Unit | Word | Phrase],
    planned: Plan,
    name: str,
    hard: Callable[[Unit | Word | Phrase], Clause],
) -> Clause | None:
    """Return what any of these matches: soft words with their spellings in this field, the others as ``hard`` says."""
    should: list[Clause] = []
    together: list[str] = []
    for each in looked_for:
        if isinstance(each, Unit) and _is_soft(each, planned):
            for text in (each.text, *each.others):
                if is_row(text):
                    should.append({"match_phrase": {name: text}})
                else:
                    together.append(text)
        else:
            should.append(hard(each))
    if together:
        should.append({"match": {name: " ".join(together)}})
    return {"bool": {"should": should}} if should else None


def _as_spelled(exact: str, item: Unit | Word | Phrase) -> Clause:
    match item:
        case Phrase():
            return {"match_phrase": {exact: {"query": item.text, "slop": item.slop}}}
        case Word(form="prefix"):
            return {"match_bool_prefix": {exact: {"query": item.text, "operator": "and"}}}
        case Word():
            return {"match": {exact: fuzzy(item.text)}}
        case Unit():
            return {"match": {exact: {"query": item.text, "operator": "and"}}}


def _in_stems(stemmed: str, item: Unit | Word | Phrase) -> Clause:
    match item:
        case Phrase():
            return {"match_phrase": {stemmed: {"query": item.text, "slop": item.slop}}}
        case Word(form="prefix"):
            return {"match_phrase_prefix": {stemmed: item.text}}
        case Word():
            return {"match": {stemmed: fuzzy(item.text)}}
        case Unit():
            return {"match_phrase": {stemmed: item.text}}


def _bool(
    planned: Plan,
    kind: Kind,
    also: Iterable[Clause],
    *,
    must: Sequence[Clause],
    should: Sequence[Clause] = (),
) -> Clause:
    must_not = [_clause(item, kind, kind.every, planned) for item in planned.excluded]
    clauses = {"filter": [*also], "must": [*must], "should": [*should], "must_not": must_not}
    return {"bool": {occur: some for occur, some in clauses.items() if some}}


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
            return leaf(item, where, EVERY_TOKEN, exact=planned.exact)


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
