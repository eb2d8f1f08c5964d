"""What a match counts for: the weights, the fields of each kind of document, and what counts on top.

The fields and their weights are what judged collections in both languages showed best: title, body and discussion as
one field per word, plus the unstemmed body for one's own spelling. What counts on top was chosen with the judged
queries of this project: a short query asks for documents that have all of its words, and a discussion says something
where one comment has them all; words that are strewn over many comments say little.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from broadsheet.index import fields
from broadsheet.search.plan import Plan
from broadsheet.search.terms import REQUIRED, Clause, Fields, is_row, leaf
from broadsheet.search.tree import FieldName
from broadsheet.search.variants import Unit

# Words between the first and the last of the query's in one comment. The engine keeps 100 between two comments.
_WITHIN_A_COMMENT = 60
# The engine looks for every combination of the words' spellings, and counts them as clauses.
_COMBINATIONS = 24
# Letters and digits that always make a token. An interval without any (of ①, of stop words) makes the engine refuse the
# whole search ("Sub-iterators of ConjunctionDISI are not on the same document"), so other words get none.
_SURELY_A_TOKEN = re.compile(
    "[A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0391-\u03a1\u03a3-\u03a9\u03b1-\u03c9\u0410-\u044f\u05d0-\u05ea"
    "\u0620-\u063f\u0641-\u064a\u0660-\u0669]"
)


@dataclass(frozen=True, slots=True)
class Weights:
    """What a match counts for, where one in an article's body counts 1.

    ``own_spelling`` is for a body that has the user's words unstemmed. The others count on top, for queries of a few
    words, in multiples of what the words count for: ``all_words`` where an article has all of them itself,
    ``one_comment`` where a single comment has all of them, and in a relaxed search ``all_but_one`` where an article
    lacks one of at least three (elsewhere it gained next to nothing and cost a quarter of the engine's time) and
    ``required`` for what the words as required would have found: it comes first. ``comment`` is what a comment counts
    for beside an article: in its few words each weighs more than it says.
    """

    title: float = 2.0
    discussion: float = 0.4
    own_spelling: float = 0.4
    all_words: float = 2.0
    all_but_one: float = 1.0
    one_comment: float = 4.0
    required: float = 10.0
    comment: float = 0.6


@dataclass(frozen=True, slots=True)
class Kind:
    """The fields of one kind of document: those of a word without a field, and what the user's field names mean.

    ``itself`` are those in which having all words counts on top, ``discussion`` those in which one comment may.
    """

    every: Fields
    itself: Fields
    discussion: Fields | None = None
    named: Mapping[FieldName, Fields] = field(default_factory=dict)
    weights: Weights = Weights()


_TITLE = Fields((fields.TITLE,), (fields.TITLE_EXACT,))
_BODY = Fields((fields.BODY,), (fields.BODY_EXACT,))
_DISCUSSION = Fields((fields.DISCUSSION,), (fields.DISCUSSION_EXACT,))
_ITS_TITLE = Fields((fields.ARTICLE_TITLE,), (fields.ARTICLE_TITLE,))
_AUTHOR = Fields((fields.AUTHOR_TEXT,), (fields.AUTHOR_TEXT,))


@cache
def articles(weights: Weights) -> Kind:
    """Return the fields of articles, weighted."""
    title, discussion = f"^{weights.title:g}", f"^{weights.discussion:g}"
    itself = Fields((fields.TITLE + title, fields.BODY), (fields.TITLE_EXACT + title, fields.BODY_EXACT))
    return Kind(
        every=Fields(
            stemmed=(*itself.stemmed, fields.DISCUSSION + discussion),
            exact=(*itself.exact, fields.DISCUSSION_EXACT + discussion),
        ),
        itself=itself,
        discussion=_DISCUSSION,
        named={"title": _TITLE, "body": _BODY, "discussion": _DISCUSSION, "author": _AUTHOR},
        weights=weights,
    )


COMMENT = Kind(
    every=_BODY,
    itself=_BODY,
    named={"title": _ITS_TITLE, "body": _BODY, "discussion": _BODY, "author": _AUTHOR},
)


def on_top(planned: Plan, kind: Kind) -> list[Clause]:
    """Return what counts on top for documents in which a few words stand together; it requires nothing."""
    if not planned.few:
        return []
    clauses: list[Clause] = []
    if planned.relaxed:
        every = [leaf(word, kind.every, REQUIRED, exact=planned.exact) for word in planned.words]
        clauses.append({"bool": {"must": every, "boost": kind.weights.required}})
    words = [leaf(word, kind.itself, REQUIRED, exact=planned.exact) for word in planned.words]
    clauses.append({"bool": {"must": words, "boost": kind.weights.all_words}})
    if planned.relaxed and len(words) > 2:
        some = {"should": words, "minimum_should_match": len(words) - 1, "boost": kind.weights.all_but_one}
        clauses.append({"bool": some})
    units = [word for word in planned.words if isinstance(word, Unit) and _SURELY_A_TOKEN.search(word.text)]
    if kind.discussion and len(units) == len(words):
        said = [leaf(unit, kind.discussion, REQUIRED, exact=planned.exact) for unit in units]
        near = _near(units, kind.discussion, exact=planned.exact)
        clauses.append({"bool": {"must": said, "filter": [near], "boost": kind.weights.one_comment}})
    return clauses


def _near(units: Sequence[Unit], where: Fields, *, exact: bool) -> Clause:
    # The analyzers of the index: those of queries take stop words away.
    (name,), analyzer = (where.exact, "news_exact") if exact else (where.stemmed, "news_text")
    each = []
    for unit, others in zip(units, _alternatives(units), strict=True):
        spellings = [_interval(text, analyzer) for text in (unit.text, *others)]
        each.append(spellings[0] if len(spellings) == 1 else {"any_of": {"intervals": spellings}})
    return {"intervals": {name: {"all_of": {"intervals": each, "ordered": False, "max_gaps": _WITHIN_A_COMMENT}}}}


def _alternatives(units: Sequence[Unit]) -> list[tuple[str, ...]]:
    """Return the other spellings of each; where there are too many combinations, the largest families go without."""
    found: list[tuple[str, ...]] = [()] * len(units)
    combinations = 1
    for place, unit in sorted(enumerate(units), key=lambda each: len(each[1].others)):
        combinations *= len(unit.others) + 1
        if combinations > _COMBINATIONS:
            break
        found[place] = unit.others
    return found


def _interval(text: str, analyzer: str) -> dict[str, Any]:
    return {"match": {"query": text, "ordered": True, "max_gaps": 0 if is_row(text) else -1, "analyzer": analyzer}}
