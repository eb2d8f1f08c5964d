"""What stands in a query -> the engine clause that looks for it in some fields. User text is only ever a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from broadsheet.search.tree import Phrase, Word
from broadsheet.search.variants import Unit

Clause = dict[str, Any]

# What a fuzzy word may expand to, per field: the engine counts them against its limit of 1,024 clauses.
_MAX_EXPANSIONS = 20
# A word may be several tokens (al-Barazi), or none to the engine (①): such a word matches nothing, but beside others it
# must not make "all words" fail.
EVERY_TOKEN: Mapping[str, str] = {"operator": "and", "zero_terms_query": "none"}
REQUIRED: Mapping[str, str] = {"operator": "and", "zero_terms_query": "all"}
OPTIONAL: Mapping[str, str] = {"operator": "or", "zero_terms_query": "none"}


@dataclass(frozen=True, slots=True)
class Fields:
    """The text fields that are searched together, with weights; the exact ones are not stemmed."""

    stemmed: tuple[str, ...]
    exact: tuple[str, ...]


def leaf(item: Unit | Word | Phrase, where: Fields, options: Mapping[str, str], *, exact: bool) -> Clause:
    """Return the clause of one word, name or phrase; the best of a name's spellings counts."""
    match item:
        case Phrase():
            return phrase(item.text, where.exact, item.slop)
        case Word(form="prefix"):
            return _multi(item.text, "bool_prefix", where.exact, operator="and")
        case Word():
            return {"multi_match": {"type": "best_fields", "fields": [*where.exact], **fuzzy(item.text)}}
        case Unit():
            names = where.exact if exact or item.stopword else where.stemmed
            # The best counts, so that a rare spelling adds nothing on top.
            queries = [spelling(text, names, options) for text in (item.text, *item.others)]
            return queries[0] if len(queries) == 1 else {"dis_max": {"queries": queries}}


def spelling(text: str, names: Sequence[str], options: Mapping[str, str]) -> Clause:
    """Return the clause of one spelling: a word, whose tokens may stand in several fields, or words in a row."""
    return phrase(text, names) if is_row(text) else _multi(text, "cross_fields", names, tie_breaker=0.1, **options)


def phrase(text: str, names: Sequence[str], slop: int = 0) -> Clause:
    """Return the clause of words in this order, with at most ``slop`` moves of a word."""
    return _multi(text, "phrase", names, **({"slop": slop} if slop else {}))


def fuzzy(text: str) -> Clause:
    """Return the options of a word that similar ones match, too."""
    return {
        "query": text,
        "operator": "and",
        "fuzziness": "AUTO",
        "prefix_length": 1,
        "max_expansions": _MAX_EXPANSIONS,
    }


def is_row(text: str) -> bool:
    """Whether these are several words, which must stand in a row: only names are put together like this."""
    return " " in text


def _multi(text: str, how: str, names: Sequence[str], **options: Any) -> Clause:
    return {"multi_match": {"query": text, "type": how, "fields": [*names], **options}}
