"""One comment's elements -> its head, author, date and body."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import NamedTuple

from broadsheet.parsing.html.dates import CLOCK, DATE, find_date, has_number
from broadsheet.parsing.html.kinds import MAX_HEAD_WORDS, Kind, kinds_of
from broadsheet.parsing.html.lines import Line, Reading, Segment
from broadsheet.parsing.html.names import (
    answers,
    clean_name,
    is_control,
    joined,
    name_in_head,
    said_in,
)
from broadsheet.parsing.html.survey import Survey

_CONTROL_CHARS = 40
# Of a name that nothing marks as one.
_MAX_NAME_CHARS = 40
_MAX_NAME_WORDS = 4
_MAX_BEFORE_DATE = 25
_WORD = re.compile(r"\w")
# When an author joined the site is no date of a comment.
_JOINED = re.compile(r"(?:joined|join date|member since|registered|since|here since)\s?:?\s?(?:on\s)?$", re.IGNORECASE)
_SAID = re.compile(r"\s*(?:says|said|wrote|writes)\b\s?[:,.…]*", re.IGNORECASE)
_INITIAL = re.compile(r"\b\w\.$")
# Of a comment that says nothing else, this is what it says: elsewhere "+1" counts votes.
_FAINT = re.compile(r"\+\s?1\W{0,3}|[:;=]['-]?[()DPp/]{1,3}|<3|[!?♥❤]{1,10}")


class Parts(NamedTuple):
    """What one comment consists of. ``machine`` is a time stated for machines, ``alt`` the avatar's text.

    ``dated`` is the part of the head with its date, ``controls`` counts the words of links such as "Share"; ``says``
    tells whether the head has that word, ``answerable`` whether there is a control that only comments have ("Reply").
    """

    head: str
    author: str | None
    machine: str | None
    dated: str | None
    body: str
    alt: str | None
    controls: int
    author_by_markup: bool
    says: bool
    answerable: bool


def parts_of(survey: Survey, numbers: Sequence[int], without: Container[int]) -> Parts:
    """Take one comment apart, given the numbers of its elements; ``without`` are those of comments nested in it.

    Of several elements all are siblings, and the text between them counts too.
    """
    reading = Reading(survey, numbers, without)
    lines = [line for line in reading.lines if line.words > 1 or _WORD.search(line.text)]
    kinds = kinds_of(lines)
    sorted_lines = _Sorted(lines, kinds)
    heads, titles, body = sorted_lines.heads, sorted_lines.titles, sorted_lines.body
    author, marked = (reading.author, True) if reading.author else _author(lines, kinds, heads, titles)
    if not titles and len(body) < (1 if author else 2):
        body = [*body, *[line.text for line in reading.lines if _says_little(line)][:1]]
    if author is None and not titles:
        author, body = _name_above(body, sorted_lines.before_head)
        if author:
            heads.insert(0, author)
    return Parts(
        " ".join([*titles, *heads]),
        author,
        reading.machine,
        _dated(heads),
        "".join(body).strip(),
        reading.alt,
        sorted_lines.controls,
        marked,
        any(map(said_in, heads)),
        any(
            answers(segment[1])
            for line in lines
            if "body" not in line.roles
            for segment in line.segments
            if 1 < len(segment[1]) <= _CONTROL_CHARS
        ),
    )


class _Sorted:
    """The lines of a comment sorted into head, title and body.

    ``before_head`` counts the body's lines that stand above the head, ``controls`` the words of controls.
    """

    def __init__(self, lines: Sequence[Line], kinds: Sequence[Kind]) -> None:
        named = sum(len(line.text) for line, kind in zip(lines, kinds, strict=True) if kind == "named-body")
        rest = sum(len(line.text) for line, kind in zip(lines, kinds, strict=True) if kind == "body")
        self._body_is_named = named > 0 and named * 2 >= rest
        self.heads: list[str] = []
        self.titles: list[str] = []
        self.body: list[str] = []
        self.controls = 0
        self.before_head: int | None = None
        for line, kind in zip(lines, kinds, strict=True):
            if kind == "control":
                self.controls += line.words
            elif kind == "head":
                self._take_head(line)
            else:
                self._take_body(line, kind)

    def _take_head(self, line: Line) -> None:
        text, cut = _without_controls(line)
        self.controls += cut
        if text:
            if self.before_head is None:
                self.before_head = len(self.body)
            self.heads.append(text)

    def _take_body(self, line: Line, kind: Kind) -> None:
        text = line.text
        if kind == "split":
            head, text = _split_head(line)
            self.heads.append(head)
        elif kind == "body":
            if self._body_is_named and line.words <= MAX_HEAD_WORDS and not self.body:
                self.titles.append(text)
                return
            if "control" in line.roles or len(line.segments) > 1:
                text, cut = _without_controls(line)
                self.controls += cut
        if text:
            self.body.append(("\n\n" if line.gap and self.body else "\n" if self.body else "") + text)


def _says_little(line: Line) -> bool:
    return "control" not in line.roles and _FAINT.fullmatch(line.text) is not None


def _dated(heads: Sequence[str]) -> str | None:
    """Return the date in the lines of a head, with the clock time that may be a line of its own."""
    for place, head in enumerate(heads):
        if dated := dated_in(head):
            if not CLOCK.search(dated):
                beside = (*heads[place + 1 : place + 2], *heads[max(0, place - 1) : place])
                clock = next((found[0] for line in beside if (found := CLOCK.search(line))), None)
                return f"{dated} {clock}" if clock else dated
            return dated
    return None


def dated_in(head: str) -> str | None:
    """Return the part of a head that holds the comment's date, with the clock time beside it."""
    if not has_number(head):
        return None
    for found in DATE.finditer(head):
        start = found.start()
        if _JOINED.search(head, max(0, start - 20), start):
            continue
        if clock := CLOCK.search(head, max(0, start - _MAX_BEFORE_DATE), start):
            start = clock.start()
        return head[start : found.end() + 40].rstrip(" :")
    return None


def _split_head(line: Line) -> tuple[str, str]:
    """Split a line that begins with its author and goes on with what they say."""
    end = 0
    segments = line.segments
    while end < len(segments) and (segments[end][0] in ("author", "date", "head", "control") or not end):
        end += 1
        while end < len(segments) and not _WORD.search(segments[end][1]):
            end += 1
    head = [text for _, text, _ in segments[:end]]
    body = "".join([text for _, text, _ in segments[end:]])
    if said := _SAID.match(body):
        head.append(said[0])
        body = body[said.end() :]
    return joined(head), " ".join(body.split())


def _without_controls(line: Line) -> tuple[str, int]:
    """Return a line without its controls, and how many words these have."""
    if len(line.segments) == 1:
        return line.text, 0
    kept = [segment[1] for segment in line.segments if not _is_cut(segment)]
    if len(kept) == len(line.segments):
        return line.head, 0
    text = joined(kept)
    return text, line.words - len(text.split())


def _is_cut(segment: Segment) -> bool:
    role, text, _ = segment
    return (role == "control" and not find_date(text)) or (text != " " and is_control(text))


def _author(
    lines: Sequence[Line], kinds: Sequence[Kind], heads: Sequence[str], titles: Sequence[str]
) -> tuple[str | None, bool]:
    """Return who wrote a comment, and whether markup says so."""
    for line, kind in zip(lines, kinds, strict=True):
        if kind not in ("head", "split") or "author" not in line.roles:
            continue
        segments = [segment for segment in line.segments if segment[0] == "author" and _WORD.search(segment[1])]
        linked = (name for _, text, is_marked in segments if is_marked and (name := clean_name(text)))
        if name := next(linked, None) or clean_name(joined([text for _, text, _ in segments])):
            return name, True
    dated = [head for head in heads if find_date(head)]
    ordered = tuple(dict.fromkeys((*dated, *heads, *titles)))
    said = (name for head in ordered if (name := name_in_head(head, says_only=True)))
    beside = (name for head in ordered if (name := name_in_head(head)))
    return next(said, None) or _link_that_begins(lines, kinds) or next(beside, None), False


def _link_that_begins(lines: Sequence[Line], kinds: Sequence[Kind]) -> str | None:
    """Return the link, or the bold words, that a head with a date begins with: "<a>Ann</a> 42p, 3 weeks ago"."""
    for line, kind in zip(lines, kinds, strict=True):
        first = next((segment for segment in line.segments if _WORD.search(segment[1])), None)
        if kind == "head" and first and first[2] and find_date(line.head) and (name := clean_name(first[1])):
            return name
    return None


def _name_above(body: list[str], before_date: int | None) -> tuple[str | None, list[str]]:
    """Take a short first line of a comment without a name, or a short line just above its date, for its author's."""
    for place in dict.fromkeys((0, (before_date or 1) - 1)):
        if len(body) < 2 or place >= len(body):
            break
        line = body[place].strip()
        if not line or len(line) > _MAX_NAME_CHARS or len(line.split()) > _MAX_NAME_WORDS:
            continue
        if line[-1] in ".!?…" and not _INITIAL.search(line):
            continue
        if name := clean_name(line):
            return name, body[:place] + body[place + 1 :]
    return None, body
