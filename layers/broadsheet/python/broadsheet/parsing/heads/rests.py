"""What is left of a head's line beside its date: the name, once labels, verbs, buttons and separators are off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from broadsheet.parsing.heads.vocabulary import BUTTONS, LABELS, SAYING

_EDGES = ' \t,|•·—–-@[]:;*/\\»«›‹~+،؛"“”'
_WORD = re.compile(r"[^\s|•·:()\[\],@#]+|[@#]")
_EARLY_BUTTONS = frozenset(
    ("permalink", "reply", "quote", "edit", "like", "unlike", "share", "report", "flag", "edited", "follow", "unfollow")
)
_COUNTED = frozenset(("points", "point", "likes", "rep"))
# A site may name its own writer so: "Author says:".
_ROLES = frozenset(("author", "user", "guest", "message", "name"))

_Words = Sequence[tuple[int, int]]


class Rest(NamedTuple):
    """The name that is left, the words taken off, in order, and the comment's number behind a #."""

    name: str
    labels: tuple[str, ...]
    number: int | None


def rest_before(line: str, lower: str, start: int, end: int) -> Rest:
    """Read ``line[start:end]``, which stands before a date or has none; ``lower`` is its plain form in lower case."""
    words = _words(lower, start, end)
    first = _after_early_buttons(lower, words)
    first, labels = _after_labels(lower, words, first)
    last = len(words)
    ends: list[str] = []
    while last > first:
        word = _at(lower, words, last - 1).strip(".…")
        counted = word.isdecimal() and last < len(words) and _at(lower, words, last) in _COUNTED
        if word in SAYING or word in LABELS or not word:
            ends.append(word)
        elif not (counted or word in _COUNTED or not any(map(str.isalnum, word))):
            break
        last -= 1
    if first >= last and words and _at(lower, words, 0) in _ROLES and line[words[0][1] : words[0][1] + 1] != ":":
        taken = [_at(lower, words, index) for index in range(1, len(words))]
        return Rest(line[slice(*words[0])], tuple(taken), None)
    return Rest(_name(line, words, first, last, end), (*labels, *ends[::-1]), None)


def rest_behind(line: str, lower: str, start: int) -> Rest:
    """Read ``line[start:]``, which stands behind a date, where most words are buttons."""
    words = _words(lower, start, len(line))
    first, labels = _after_labels(lower, words, 0)
    last = len(words)
    ends: list[str] = []
    number = None
    while last > first:
        word = _at(lower, words, last - 1).strip(".…")
        if word in ("from", "by") or (word not in BUTTONS and (word in SAYING or word in LABELS or not word)):
            ends.append(word)
        elif word.isdecimal() and lower[words[last - 1][0] - 1] == "#":
            number = int(word)
        elif not (word in BUTTONS or word.isdecimal() or not any(map(str.isalnum, word))):
            break
        last -= 1
    while first < last and (_at(lower, words, first) in BUTTONS or _at(lower, words, first).isdecimal()):
        first += 1
    return Rest(_name(line, words, first, last, len(line)), (*labels, *ends[::-1]), number)


def _words(lower: str, start: int, end: int) -> _Words:
    return [found.span() for found in _WORD.finditer(lower, start, end)]


def _at(lower: str, words: _Words, index: int) -> str:
    return lower[words[index][0] : words[index][1]]


def _after_early_buttons(lower: str, words: _Words) -> int:
    """Pass over "Like · Reply · 7 ·"."""
    first = 0
    while first < len(words):
        word = _at(lower, words, first)
        followed = word == "post" and first and _at(lower, words, first - 1) in ("follow", "unfollow")
        if word not in _EARLY_BUTTONS and not (first and word.isdecimal()) and not followed:
            break
        first += 1
    return first


def _after_labels(lower: str, words: _Words, first: int) -> tuple[int, list[str]]:
    """Take labels off the front; a verb only after a label, or in Arabic, which has it first."""
    labels: list[str] = []
    while first < len(words):
        word = _at(lower, words, first).strip(".")
        if word and word not in LABELS and not (word in SAYING and (labels or not word.isascii())):
            break
        labels.append(word)
        first += 1
    return first, labels


def _name(line: str, words: _Words, first: int, last: int, end: int) -> str:
    if first >= last:
        return ""
    begun, ended = words[first][0], words[last - 1][1]
    name = line[begun:ended]
    closing = end if last == len(words) else words[last][0]
    if "(" in name and ")" in line[ended:closing]:
        name += ")"
    if begun and line[begun - 1] == "[" and line[ended : ended + 1] == "]":
        return f"[{name}]"  # "[deleted]"
    return name.partition(" [")[0].strip(_EDGES).strip()  # "ann [S]": the mark of who opened the thread
