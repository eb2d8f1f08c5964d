"""User words -> search units: each word, or a known name of several, with its other spellings.

The expansion happens when a query is compiled, not in the index: an edit of the list acts at once, and every spelling
is looked for in every field (so that "all words" and the reason of a hit come out right).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from broadsheet.search.forms import other_forms
from broadsheet.search.names import FAMILIES
from broadsheet.search.stopwords import ARABIC, ENGLISH
from broadsheet.text import fold, words

# Words of other spellings that a whole query may gain. Each becomes up to twelve clauses, in the fields of articles and
# of comments, and twelve more with what counts on top; with 32 words of the user's own, the engine's limit of 1,024
# clauses in a query stays out of reach.
MAX_OTHER_WORDS = 48
_LONGEST_NAME = 4  # user words that may form one name together: الجيش السوري الحر, Deir ez-Zor
_POSSESSIVE = re.compile(r"['\u2019\u02bc]s\b", re.IGNORECASE)
# I.S.I.S. is one word to the engine's analyzers, too.
_INITIAL = re.compile(r"(?<!\w)([^\W\d_])\.(?=[^\W\d_](?!\w))")


@dataclass(frozen=True, slots=True)
class Unit:
    """What must match as one: ``text`` as the user wrote it, or any of ``others``.

    ``name`` marks what is listed, whose words belong together; ``stopword`` a word that says little.
    """

    text: str
    others: tuple[str, ...] = ()
    name: bool = False
    stopword: bool = False

    @property
    def other_words(self) -> int:
        """How many words the other spellings have together."""
        return sum(len(text.split()) for text in self.others)


def units(texts: Sequence[str], other_words: int = MAX_OTHER_WORDS) -> tuple[Unit, ...]:
    """Put user words together to units, the longest listed name first; order is kept.

    Their other spellings have at most so many words; what would gain more stands for itself.

    >>> [unit.text for unit in units(["حزب", "الله", "في", "Homs"])]
    ['حزب الله', 'في', 'Homs']
    """
    keys = [_key(text) for text in texts]
    found: list[Unit] = []
    left = other_words
    at = 0
    while at < len(texts):
        unit, taken = _longest(texts, keys, at)
        if unit.other_words > left:
            unit = replace(unit, others=())
        left -= unit.other_words
        found.append(unit)
        at += taken
    return tuple(found)


def _longest(texts: Sequence[str], keys: Sequence[str], at: int) -> tuple[Unit, int]:
    for taken in range(min(_LONGEST_NAME, len(texts) - at), 0, -1):
        key = " ".join(keys[at : at + taken])
        family = _family(key)
        if family:
            others = [spelling for other, spelling in family.items() if other != key]
            others += other_forms(texts[at]) if taken == 1 else ()
            return Unit(" ".join(texts[at : at + taken]), _distinct(others), name=True), taken
    stopword = keys[at] in _stopwords() and not _INITIAL.search(texts[at])  # I.T. is not it
    return Unit(texts[at], () if stopword else other_forms(texts[at]), stopword=stopword), 1


def _distinct(spellings: Sequence[str]) -> tuple[str, ...]:
    """Return each spelling once, whatever its capitals."""
    return tuple({spelling.casefold(): spelling for spelling in reversed(spellings)}.values())[::-1]


def _family(key: str) -> dict[str, str] | None:
    families = _families()
    return families.get(key) or (families.get(key[3:]) if key.startswith(("al ", "el ")) else None)


@cache
def _families() -> dict[str, dict[str, str]]:
    """Return for the key of every spelling its family, as spellings by key."""
    by_key: dict[str, dict[str, str]] = {}
    for spellings in FAMILIES:
        family = {_key(spelling): spelling for spelling in spellings}
        by_key.update(dict.fromkeys(family, family))
    return by_key


def _key(text: str) -> str:
    """Return the words that are left of a spelling after folding: ``Da'esh``, ``da’esh`` and ``DA ESH`` are one."""
    plain = _POSSESSIVE.sub("", fold(text))
    return " ".join(words(_INITIAL.sub(r"\1", plain) if "." in plain else plain))


@cache
def _stopwords() -> frozenset[str]:
    return frozenset(_key(word) for word in (ENGLISH + ARABIC).split())
