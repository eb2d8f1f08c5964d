"""The visible lines of one comment, with the part of a comment that the markup says each piece of them is."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NamedTuple

from lxml import etree

from broadsheet.parsing.html.dates import machine_time
from broadsheet.parsing.html.names import MAX_NAME_CHARS, joined
from broadsheet.parsing.html.rendering import BREAK, PARAGRAPH, UNSEEN, is_hidden, separator
from broadsheet.parsing.html.survey import Survey
from broadsheet.parsing.html.vocabulary import Role, role_of

_MARKED = frozenset(("a", "b", "strong"))


# A piece of a line: the part that its markup says it is, its text, and whether it is a link or set off. A tuple, since
# it is made for each of thousands and lives for a moment.
Segment = tuple[Role | None, str, bool]


class Line(NamedTuple):
    """Visible text between two line ends; ``gap`` says that a paragraph ends before it.

    ``roles`` are those of its segments, ``words`` counts its words.
    """

    segments: list[Segment]
    gap: bool
    text: str
    words: int
    roles: frozenset[Role | None]

    @property
    def head(self) -> str:
        """The text where its elements look apart by their style only, as the parts of a head do."""
        return self.text if len(self.segments) == 1 else joined([text for _, text, _ in self.segments])


class Reading:
    """Reads the elements of one comment: ``lines``, first time and author stated for machines, the avatar's text."""

    def __init__(self, survey: Survey, numbers: Sequence[int], without: Container[int]) -> None:
        """``without`` are the comments nested in it; of several elements the text between them counts too."""
        self.lines: list[Line] = []
        self.machine: str | None = None
        self.alt: str | None = None
        self.author: str | None = None
        self._segments: list[Segment] = []
        self._gap = False
        self._breaks = 0
        for number in numbers:
            self._read(survey, number, without)
            self._end_line(gap=True)
            if len(numbers) > 1 and (tail := survey.elements[number].tail):
                self._add(None, tail)
        self._end_line(gap=True)

    def _end_line(self, *, gap: bool) -> None:
        segments = self._segments
        if segments:
            if len(segments) == 1:
                text = " ".join(segments[0][1].split())
                roles = frozenset((segments[0][0],))
            else:
                text = " ".join("".join([text for _, text, _ in segments]).split())
                roles = frozenset([role for role, text, _ in segments if text != " "])
            if text:
                self.lines.append(Line(segments, self._gap, text, text.count(" ") + 1, roles))
                self._gap = False
            self._segments = []
        self._gap = self._gap or gap

    def _read(self, survey: Survey, first: int, without: Container[int]) -> None:  # noqa: C901, PLR0912 - one hot walk
        elements, ends, names = survey.elements, survey.end, survey.names
        last = ends[first]
        role: Role | None = None
        # What is open: where it ends, its number, how it separates, and the role around it.
        around: list[tuple[int, int, str, Role | None]] = []
        number = first
        preformatted = 0
        while True:
            while around and around[-1][0] <= number:
                _, closed, mark, role = around.pop()
                if mark and mark != BREAK:
                    self._end_line(gap=mark == PARAGRAPH)
                element = elements[closed]
                preformatted -= element.tag == "pre"
                if closed != first and (text := element.tail):
                    self._add(role, text, keep=preformatted > 0)
            if number >= last:
                return
            element = elements[number]
            tag = element.tag
            if number != first and (tag in UNSEEN or number in without or is_hidden(element)):
                if tag == "meta" and survey.stated:
                    self._property(element)
                number = ends[number]
                if text := element.tail:
                    self._add(role, text, keep=preformatted > 0)
                continue
            mark = separator(tag)
            around.append((ends[number], number, mark, role))
            if number != first:
                own = role_of(element, names[number], stated=bool(survey.stated))
                if own is not None and own != role and (role is None or _overrides(own, role)):
                    role = own
            if mark:
                self._breaks = self._breaks + 1 if mark == BREAK else 0
                # Cells are the columns of a comment that is a row of a table.
                self._end_line(gap=mark in (PARAGRAPH, " ") or self._breaks > 1)
            if tag == "img":
                self._image(element)
            elif role != "body" and self.machine is None:
                self.machine = machine_time(element)
            preformatted += tag == "pre"
            if text := element.text:
                self._add(role, text, keep=preformatted > 0, marked=tag in _MARKED)
            number += 1

    def _add(self, role: Role | None, text: str, *, keep: bool = False, marked: bool = False) -> None:
        if text.isspace():
            if self._segments:
                self._segments.append((self._segments[-1][0], " ", False))
            return
        self._breaks = 0
        if keep and "\n" in text:
            first, *rest = text.split("\n")
            self._segments.append((role, first, marked))
            for each in rest:
                self._end_line(gap=False)
                self._segments.append((role, each, marked))
        else:
            self._segments.append((role, text, marked))

    def _property(self, element: etree._Element) -> None:
        """Take what microdata states without showing it."""
        if self.machine is None:
            self.machine = machine_time(element)
        content = element.get("content")
        if content and self.author is None and (element.get("itemprop") or "").lower() in ("author", "creator"):
            self.author = content.strip()[:MAX_NAME_CHARS] or None

    def _image(self, element: etree._Element) -> None:
        alt = element.get("alt")
        if alt and self.alt is None and len(alt) <= MAX_NAME_CHARS:
            self.alt = alt.strip() or None


def _overrides(own: Role, around: Role) -> bool:
    """Tell whether a part inside another is its own: names in a head are, a title in a body is not."""
    if around in ("control", "quote"):
        return False
    return around != "body" or own in ("control", "author", "date", "quote")
