"""What a person types -> a small tree: words, "phrases", and -words or -"phrases" to leave out.

Every input has a reading; nothing here raises. Straight, curly and angle quotes (as in Arabic print) mean the same, a
quote without its partner means nothing, and so does punctuation. Time is linear, and nothing nests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import category

# " U+0022, “ ” „ ‟ U+201C-F, « » U+00AB and U+00BB, ″ U+2033, ＂ U+FF02, ❝ ❞ U+275D-E: any one opens, any one closes.
_QUOTES = '"\u201c-\u201f\u00ab\u00bb\u2033\uff02\u275d\u275e'
_TERM = re.compile(rf"(?P<no>-?)[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]|(?P<word>[^\s{_QUOTES}]+)")
_WORD_CHARACTER = re.compile(r"[^\W_]")
_RUN = re.compile(r"[^\W_]{1,255}")
# Scripts without spaces (Han, kana, Yi) and pictographs: the engine makes one token of each character.
_ALONE = (("\u203c", "\u2bff"), ("\u2e80", "\ua4cf"), ("\uf900", "\ufaff"), ("\U00010000", "\U0003ffff"))


@dataclass(frozen=True, slots=True)
class Word:
    """One word as typed, punctuation inside included (``al-Barazi``, ``U.S.``)."""

    text: str
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order without gaps, exactly as spelled."""

    text: str
    excluded: bool = False


Term = Word | Phrase


@dataclass(frozen=True, slots=True)
class Query:
    """The terms of a query in the order typed."""

    terms: tuple[Term, ...]

    def size(self) -> int:
        """Return how many tokens the engine will see at most."""
        return sum(_tokens(term.text) for term in self.terms)


def parse(text: str) -> Query:
    """Read a query.

    >>> parse('Homs -Hama "pull out"').terms
    (Word(text='Homs', excluded=False), Word(text='Hama', excluded=True), Phrase(text='pull out', excluded=False))
    """
    terms: list[Term] = []
    for match in _TERM.finditer(text):
        word = match["word"]
        term: Term
        if word is None:
            term = Phrase(" ".join(match["phrase"].split()), excluded=bool(match["no"]))
        else:
            term = Word(word.lstrip("-"), excluded=word.startswith("-"))
        if _WORD_CHARACTER.search(term.text):
            terms.append(term)
    return Query(tuple(terms))


def _tokens(text: str) -> int:
    if text.isascii():
        return len(_RUN.findall(text))
    # Vowel signs and accents do not end a word, though they are no word characters.
    letters = "".join(c for c in text if not category(c).startswith("M"))
    return len(_RUN.findall(letters)) + sum(first <= c <= last for c in letters for first, last in _ALONE)
