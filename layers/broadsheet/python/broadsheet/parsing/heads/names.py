"""How much a short text looks like the name of somebody who comments."""

from __future__ import annotations

import re
from functools import lru_cache

from broadsheet.parsing.heads.vocabulary import is_buttons
from broadsheet.parsing.moments.months import plain

MAX_CHARS = 70
_MAX_WORDS = 6
_MAX_COLON_CHARS = 30
# Words of sentences and headlines; names of people and handles do without, but "of" and "the" occur in nicknames.
_FUNCTION_WORDS_TEXT = """
    is are was were be been to that it with have has had not you we they he she i my your our their his her
    for and but or if so as at by from about into over after before will would can could should do does did
    all no yes what when where why how who which there here more most than then just also very this these
    those in on of an a the up out leaves enters opens closes signed says begins ends starts new first second
    third latest في علي من الي عن ان هذا هذه التي الذي مع بعد قبل لا ما هو هي كان كانت لم لن قد كل
"""
_FUNCTION_WORDS = frozenset(_FUNCTION_WORDS_TEXT.split())
_NICKNAME_WORDS_TEXT = """
    the of in a an no i my all for to from
"""
_NICKNAME_WORDS = frozenset(_NICKNAME_WORDS_TEXT.split())
_NO_NAMES_TEXT = """
    most day week chapter part stage lap minute act scene verse step item figure table
    update updated updates breaking home search menu share print email subscribe login register comment
    comments reply replies facebook twitter advertisement related tags categories archives page photo photos
    video watch next previous newer older top news sports sport business opinion more read source published
    posted filed edit trackback today yesterday tomorrow tonight live latest event events date time where when
    listed added created modified released issued expires started
    venue location price tickets deadline monday tuesday wednesday thursday friday saturday sunday am pm gmt
    est version copyright note editor's round kick-off full-time half-time kickoff january february march
    april may june july august september october november december تحديث عاجل الرئيسيه تعليق تعليقات المزيد
"""
_NO_NAMES = frozenset(_NO_NAMES_TEXT.split())
_SPOILED = re.compile(r"[?!…\"“”<>{}=;]|\.\.|https?:|[^\d]:\s|\d{5,}\s")
# A frequent name; the plain form of the word for "on" is the same.
_ALI = "علي"
_VERSION = re.compile(r"v?\d{1,4}(?:\.\d{1,5}){1,3}")
_INITIAL = re.compile(r"(?:^|[\s.])(?:[A-Za-z]|Jr|Sr|Mr|Mrs|Dr|St|Esq|Prof)\.$")


@lru_cache(maxsize=8192)
def likeness(text: str) -> float:
    """Return 0 (no name) to 1 (a handle or a capitalised name of few words) for a text; of "A > B" the least."""
    return min(map(_likeness, text.split(" > ", 1)))


def _likeness(text: str) -> float:
    name, comma, place = text.partition(", ")
    words = name.split()
    if (
        not words
        or len(text) > MAX_CHARS
        or len(words) > _MAX_WORDS
        or _SPOILED.search(text)
        or _VERSION.fullmatch(text)
    ):
        return 0.0
    if text[-1] == ":" and len(text) <= _MAX_COLON_CHARS:
        return 0.9 * likeness(text[:-1])
    if text[-1] in ".,:" and not _INITIAL.search(text):
        return 0.1
    lower = plain(text).lower()
    if is_buttons(lower) or not any(map(str.isalpha, text)):
        return 0.05
    if comma and (len(place.split()) > 6 or not (place[:1].isupper() or not place[:1].isascii())):
        return 0.15
    return _of_words(words, plain(name).lower().split())


def _of_words(words: list[str], lower: list[str]) -> float:
    if lower[0] in _NO_NAMES and not (len(lower) > 1 and words[1][0].isupper() and lower[1] not in _FUNCTION_WORDS):
        return 0.1
    if len(words) == 1:
        return 0.3 if lower[0] in _FUNCTION_WORDS else 1.0
    strange = [word for word, written in zip(lower, words, strict=False) if word in _FUNCTION_WORDS and written != _ALI]
    if strange:
        worse = sum(word not in _NICKNAME_WORDS for word in strange)
        return 0.35 if worse == 0 and len(words) <= 4 else 0.1
    capital = sum(not (word[0].isascii() and word[0].islower()) for word in words)
    if capital == len(words):
        return 1.0 if len(words) <= 3 else 0.7
    if len(words) == 2:
        return 0.6
    return 0.5 if capital * 2 >= len(words) and len(words) == 3 else 0.3
