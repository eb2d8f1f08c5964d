"""Whether a name begins with what somebody types, as the index of beginnings sees it."""

from __future__ import annotations

import re
import unicodedata

from broadsheet.text import words

# Letters that are no accented ones to Unicode, although the engine's folding makes them plain; and what the engine
# takes for a space.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "_": " "})
_POSSESSIVE = re.compile(r"['\u2019\u02bc]s\b", re.IGNORECASE)
# The article is optional before a word of at least two letters.
_ARTICLE = re.compile(r"^ال(?=\w{2})")


def begins(name: str, typed: str) -> bool:
    """Whether every word of ``typed`` is the beginning of some word of ``name``; or both, written as one word.

    Case, accents, Arabic letter variants and vowel marks, and the Arabic article do not count.

    >>> begins("José al-Barazi", "bar jose"), begins("الأسد", "اسد"), begins("M8ers", "ers")
    (True, True, False)
    """
    typed_words, name_words = _words(typed), _words(name)
    if "".join(name_words).startswith("".join(typed_words)):
        return bool(typed_words)
    known = [*name_words, *map(_without_article, name_words)]
    return all(any(word.startswith(beginning) for word in known) for beginning in map(_without_article, typed_words))


def _without_article(word: str) -> str:
    return _ARTICLE.sub("", word, count=1)


def _words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", text))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c) or "\u0653" <= c <= "\u0655")
    return words(plain.lower().translate(_PLAIN))
