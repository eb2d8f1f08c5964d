"""A page prepared for the layouts: its visible lines as units, its anchors, its sections and feet."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from broadsheet.model import Furniture
from broadsheet.parsing.heads.anchors import MAX_CHARS, Anchor, anchor_of
from broadsheet.parsing.heads.feet import is_foot
from broadsheet.parsing.heads.sections import MAX_CHARS as MAX_SECTION_CHARS
from broadsheet.parsing.heads.sections import Section, section_of
from broadsheet.parsing.heads.texture import Texture, texture_of
from broadsheet.parsing.heads.vocabulary import DETAILS, MAX_BUTTON_CHARS, is_buttons
from broadsheet.parsing.moments.months import plain

# Heads that a page breaks into lines at every element: "Comment by" / name / date / "at 2:36 pm".
_OPENER_WORDS = (
    "comment by", "comment from", "posted by", "submitted by", "written by", "by", "from", "author", "name",
    "بواسطه", "كتب", "بقلم", "الاسم",
)  # fmt: skip
_OPENERS = frozenset([*_OPENER_WORDS, *(f"{words}:" for words in _OPENER_WORDS)]) - {"author", "name", "الاسم"}
_CLOSERS = re.compile(
    r"(?:says?|said|wrote|writes|commented|replied|يقول|قال|كتب)\s?(?::|\.\.\.|…)|says|said"
    r"|[•·|,—–-]|on|at|(?:at|@|,|\||-)\s\d{1,2}[:.]\d\d.{0,12}"
)
_MAX_FRAGMENT_CHARS = 24
_MAX_NAME_CHARS = 70


_CLOCK_LINE = re.compile(r"(?:at\s)?\d{1,2}[:.]\d\d(?::\d\d)?\s?(?:[ap]\.?m\.?|[صم])?(?:\s[a-z]{2,4})?")
_DAY_LINE = re.compile(r"[^:]{0,30}\b(?:19|20)?\d\d\b[^:\d]{0,3}")


# How letters to the editor begin and end.
_SALUTATIONS = (
    "dear ", "sir,", "sir:", "sir -", "sirs,", "madam", "to the editor", "yours ", "sincerely", "kind regards",
    "sent: ", "السيد ",
)  # fmt: skip
# How the stories of a front page end.
_TEASER_ENDS = (
    "read more",
    "read more…",
    "read more...",
    "read more »",
    "full story",
    "continue reading",
    "continue reading →",
    "اقرا المزيد",
)


_T = TypeVar("_T")


class Unit(NamedTuple):
    """Visible lines ``line`` to ``end`` (exclusive) that are read as one; ``text`` is stripped."""

    line: int
    end: int
    text: str
    indent: int


class _Remembered(dict[int, _T]):
    """What a function says of units, asked once for each: its ``__getitem__`` is that function, at a look-up's cost.

    The function must not hold the page, which would keep both alive until the collector comes by.
    """

    def __init__(self, ask: Callable[[int], _T]) -> None:
        self._ask = ask

    def __missing__(self, number: int) -> _T:
        said = self[number] = self._ask(number)
        return said


class Page:
    """What the layouts look at. Units count from 0; the title is not among them.

    Of a unit, ``lower`` returns the text in its plain form and lower case, ``buttons`` whether it has nothing but
    buttons or details of an author, ``texture`` what ``texture_of`` says; each is asked for many times.
    """

    def __init__(self, lines: Sequence[str], start: int) -> None:
        self.lines = lines
        self.units = _units(lines, start)
        self.anchors: dict[int, Anchor] = {}
        self.sections: list[Section] = []
        self.feet: list[int] = []
        self.teasers = self.salutations = 0
        self.lengths = [len(unit.text) for unit in self.units]
        self.lower: Callable[[int], str] = _Remembered(partial(_lower, self.units)).__getitem__
        self.buttons: Callable[[int], bool] = _Remembered(partial(_is_buttons, self.units, self.lower)).__getitem__
        self.texture: Callable[[int], Texture] = _Remembered(partial(_texture, self.lower)).__getitem__
        known: dict[str, Anchor | None] = {}
        for number, unit in enumerate(self.units):
            text = unit.text
            if len(text) > MAX_SECTION_CHARS:
                continue
            if len(text) <= MAX_CHARS:
                if text in known:
                    anchor = known[text]
                    anchor = anchor and anchor._replace(unit=number)
                else:
                    anchor = known[text] = anchor_of(number, text)
                if anchor:
                    self.anchors[number] = anchor
            lower = self.lower(number)
            self.salutations += lower.startswith(_SALUTATIONS)
            self.teasers += lower.endswith(_TEASER_ENDS)
            section = section_of(number, lower)
            if section and not (number in self.anchors and self.anchors[number].moment):
                self.sections.append(section)
                if section.declared is not None:
                    self.anchors.pop(number, None)
            if is_foot(lower):
                self.feet.append(number)
        self.strong = [
            number
            for number, anchor in self.anchors.items()
            if anchor.kind == "says"
            or (anchor.kind == "date" and anchor.moment and anchor.moment.form != "clock")
            or (anchor.moment and anchor.likeness >= 0.5)
        ]
        self.declared = {section.unit: section.declared for section in self.sections if section.declared is not None}
        self.feet_set = frozenset(self.feet)
        self.section_units = {section.unit: section for section in self.sections}

    def furniture(self, number: int, why: str) -> list[Furniture]:
        """Return the lines of a unit as furniture."""
        unit = self.units[number]
        return [
            Furniture(line + 1, text, why) for line in range(unit.line, unit.end) if (text := self.lines[line].strip())
        ]

    def foot_after(self, number: int) -> int:
        """Return the first unit after ``number`` that ends a discussion, or the number of units."""
        index = bisect_left(self.feet, number + 1)
        return self.feet[index] if index < len(self.feet) else len(self.units)


def _lower(units: Sequence[Unit], number: int) -> str:
    return plain(units[number].text).lower()


def _is_buttons(units: Sequence[Unit], lower: Callable[[int], str], number: int) -> bool:
    if len(units[number].text) > MAX_BUTTON_CHARS:
        return False
    line = lower(number)
    return is_buttons(line) or bool(DETAILS.fullmatch(line))


def _texture(lower: Callable[[int], str], number: int) -> Texture:
    return texture_of(lower(number))


def _closes(before: str, lower: str) -> bool:
    """Tell whether a short line goes on with the head begun in the line before it."""
    if _CLOSERS.fullmatch(lower):
        return True
    return lower[:1].isdecimal() and bool(_CLOCK_LINE.fullmatch(lower)) and bool(_DAY_LINE.fullmatch(before))


def _units(lines: Sequence[str], start: int) -> list[Unit]:
    units: list[Unit] = []
    opened = False
    for number in range(start, len(lines)):
        line = lines[number]
        text = line.strip()
        if not text:
            continue
        if len(text) <= _MAX_FRAGMENT_CHARS:
            lower = plain(text).lower()
            if units and not opened and len(units[-1].text) <= _MAX_NAME_CHARS and _closes(units[-1].text, lower):
                last = units[-1]
                units[-1] = Unit(last.line, number + 1, f"{last.text} {text}", last.indent)
                opened = lower in ("•", "·", "on", "at", "|", ",")
                continue
            if lower in _OPENERS and not opened:
                units.append(Unit(number, number + 1, text, len(line) - len(line.lstrip())))
                opened = True
                continue
        if opened and len(text) <= _MAX_NAME_CHARS:
            last = units[-1]
            units[-1] = Unit(last.line, number + 1, f"{last.text} {text}", last.indent)
        else:
            units.append(Unit(number, number + 1, text, len(line) - len(line.lstrip())))
        opened = False
    return units
