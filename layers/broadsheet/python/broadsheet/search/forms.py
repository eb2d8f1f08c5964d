"""One word -> how the same is written otherwise by rule: numbers, ordinals, hyphens, the article al-, -ise and -ize."""

from __future__ import annotations

import re

from broadsheet.text import fold

_LONGEST = 40  # beyond it, a run of letters is no word
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3}){1,4}")
_WHOLE = re.compile(r"[1-9]\d{3,14}")
_DECIMAL = re.compile(r"(\d{1,3})([.,])(\d{1,2})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ORDINAL = re.compile(r"([1-9]\d?)(st|nd|rd|th)")
_DAY = re.compile(r"[1-9]|[12]\d|3[01]")
_HYPHENS = re.compile("[-\u2010\u2011]")
_COMPOUND = re.compile(r"[a-z]+(?:-[a-z]+){1,3}")
_ARTICLE = re.compile(r"(?:al|el|as|ash|an|ar|at|ad|az|ed|es|et|ez|er|en)-([a-z]{3,})")
_ISE = re.compile(r"([a-z]{3,})(is|iz)(e[ds]?|ing|ers?|ations?)")
_SUFFIXES = {1: "st", 2: "nd", 3: "rd"}
# The separators that Arabic text has of its own.
_SEPARATORS = str.maketrans({"\u066c": ",", "\u066b": "."})


def other_forms(text: str) -> tuple[str, ...]:
    """Return how a word is written otherwise, without the form given; most words have none.

    >>> other_forms("1,500"), other_forms("17"), other_forms("al-Barazi"), other_forms("organised"), other_forms("Homs")
    (('1500',), ('17th',), ('barazi', 'albarazi'), ('organized',), ())
    """
    if len(text) > _LONGEST:
        return ()
    word = fold(text)
    if text[:1].isdecimal():
        return tuple(_of_number(_western(word.translate(_SEPARATORS))))
    if not word.isascii():
        word = _HYPHENS.sub("-", word)
    if "-" in word:
        return tuple(_of_compound(word))
    found = _ISE.fullmatch(word)
    return (f"{found[1]}{'iz' if found[2] == 'is' else 'is'}{found[3]}",) if found else ()


def _of_number(word: str) -> list[str]:
    if _THOUSANDS.fullmatch(word):
        return [word.replace(",", "")]
    if found := _DECIMAL.fullmatch(word):
        return [f"{found[1]}{',' if found[2] == '.' else '.'}{found[3]}"]
    if found := _ORDINAL.fullmatch(word):
        return [found[1]]
    if _DAY.fullmatch(word):
        return [word + _suffix(int(word))]
    # A year is not written with a comma, but two thousand is.
    if _WHOLE.fullmatch(word) and (word.endswith("00") or not _YEAR.fullmatch(word)):
        return [f"{int(word):,}"]
    return []


def _of_compound(word: str) -> list[str]:
    if not _COMPOUND.fullmatch(word):
        return []
    named = _ARTICLE.fullmatch(word)
    return ([named[1]] if named else []) + [word.replace("-", "")]


def _suffix(number: int) -> str:
    return "th" if 10 < number < 14 else _SUFFIXES.get(number % 10, "th")


def _western(word: str) -> str:
    """Return Arabic-Indic and other decimal digits as those of ASCII."""
    return word if word.isascii() else "".join(str(int(c)) if c.isdecimal() else c for c in word)
