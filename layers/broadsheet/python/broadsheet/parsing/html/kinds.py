"""What each line of a comment is: its head, its body, both, or controls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from broadsheet.parsing.html.dates import CLOCK, DATE, find_date, has_number
from broadsheet.parsing.html.lines import Line
from broadsheet.parsing.html.names import MAX_NAME_WORDS, is_control, said_in, words_after_name

Kind = Literal["control", "head", "split", "named-body", "body"]
"""``split`` is a line whose beginning is the head; ``named-body`` is called a body by the markup."""

MAX_HEAD_WORDS = 25
_MAX_DATED_WORDS = 16
_FEW = 6
_AFTER_SAYS = 5
_LETTERS = re.compile(r"[^\W\d_]{3}")
_HEAD_ROLES = frozenset(("date", "head", "control", "author", None))
_BODY_ROLES = frozenset(("body", "quote"))


def kinds_of(lines: Sequence[Line]) -> list[Kind]:
    """Return what each line of a comment is."""
    kinds: list[Kind] = []
    has_author = has_date = False
    last = len(lines) - 1
    for index, line in enumerate(lines):
        kind, is_dated = _kind(line, has_author=has_author, has_date=has_date, is_edge=index in (0, last), index=index)
        if kind in ("head", "split"):
            has_author = has_author or "author" in line.roles
            has_date = has_date or is_dated
        kinds.append(kind)
    return kinds


def _kind(  # noqa: C901, PLR0911 - one rule after another, each with its own answer
    line: Line, *, has_author: bool, has_date: bool, is_edge: bool, index: int
) -> tuple[Kind, bool]:
    """Return which part of the comment a line is, and whether it has a date (as far as that was looked at)."""
    roles, words = line.roles, line.words
    is_named_body = roles <= _BODY_ROLES
    is_body: Kind = "named-body" if roles & _BODY_ROLES else "body"
    if words > 2 * MAX_HEAD_WORDS or (is_named_body and words > _MAX_DATED_WORDS):
        return ("split" if "author" in roles and not has_author and _starts_with_author(line) else is_body), False
    text = line.head
    dated = find_date(text)
    if roles == {"control"}:
        return ("head" if not has_date and words <= 12 and dated else "control"), True
    if is_control(text):
        return "control", False
    if words > MAX_HEAD_WORDS:
        return ("split" if "author" in roles and not has_author and _starts_with_author(line) else is_body), False
    if "author" in roles and not has_author:
        if not _is_long_after_author(line):
            return "head", dated is not None
        if _starts_with_author(line):
            return "split", dated is not None
    if roles <= _HEAD_ROLES and ("date" in roles or "head" in roles or (words <= _FEW and roles - {None, "control"})):
        return "head", dated is not None
    if words <= _FEW and CLOCK.search(text) and not _LETTERS.search(CLOCK.sub("", text)):
        return "head", False
    if dated and not has_date and (not is_named_body or is_edge) and _is_mostly_date(text, words, dated):
        return "head", True
    if not (has_author or is_named_body) and index <= 2 and _may_say(text, words) and _is_saying(text):
        return "head", dated is not None
    return is_body, False


def _is_mostly_date(text: str, words: int, dated: re.Match[str]) -> bool:
    """Tell whether a line is little more than a date: a name, a date, a clock time, "Posted by ... at"."""
    return words <= 9 or (words <= _MAX_DATED_WORDS and (dated.end() >= len(text) - 25 or dated.start() <= 25))


def _may_say(text: str, words: int) -> bool:
    """Tell at little cost whether a line may be no more than a name, "says" and a date."""
    return words <= MAX_NAME_WORDS + _AFTER_SAYS + 3 or has_number(text)


def _is_saying(text: str) -> bool:
    """Tell whether a line is a name and "says", with a date at the most."""
    found = said_in(text)
    return (
        found is not None
        and len(text[: found.start()].split()) <= MAX_NAME_WORDS
        and len(DATE.sub("", text[found.end() :]).split()) <= _AFTER_SAYS
    )


def _is_long_after_author(line: Line) -> bool:
    """Tell whether more than a head follows the author on the same line."""
    after = False
    words = 0
    most = 8
    for role, text, _ in line.segments:
        if role == "author":
            after = True
            # A name and a colon: what follows is said.
            most = 0 if text.rstrip().endswith(":") else most
        elif after and role in (None, "body"):
            words += words_after_name(text)
    return words > most


def _starts_with_author(line: Line) -> bool:
    before = 0
    for role, text, _ in line.segments:
        if role == "author":
            return before <= 4
        before += len(text.split())
    return False
