"""A page prepared for the layouts: its visible lines as units, its anchors, its sections and feet."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from broadsheet.model import Furniture
from broadsheet.parsing.heads.anchors import MAX_CHARS, Anchor, anchor_of
from broadsheet.parsing.heads.feet import is_foot
from broadsheet.parsing.heads.sections import MAX_CHARS as MAX_SECTION_CHARS
from broadsheet.parsing.heads.sections import Section, section_of
from broadsheet.parsing.heads.texture import texture_of
from broadsheet.parsing.heads.vocabulary import DETAILS, is_buttons
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
    "dear ", "sir,", "sir:", "sir -", "sirs,", "madam", "to the editor", "yours ", "sincerely", "kind regards", "السيد "
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


class Unit(NamedTuple):
    """Visible lines ``line`` to ``end`` (exclusive) that are read as one; ``text`` is stripped."""

    line: int
    end: int
    text: str
    indent: int


class Page:
    """What the layouts look at. Units count from 0; the title is not among them."""

    def __init__(self, lines: Sequence[str], start: int) -> None:
        self.lines = lines
        self.units = _units(lines, start)
        self.anchors: dict[int, Anchor] = {}
        self.sections: list[Section] = []
        self.feet: list[int] = []
        self.teasers = self.salutations = 0
        self._plain: dict[int, str] = {}
        self._buttons: dict[int, bool] = {}
        self._textures: dict[int, tuple[int, int, int]] = {}
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

    def lower(self, number: int) -> str:
        """Return the text of a unit in its plain form and lower case."""
        text = self._plain.get(number)
        if text is None:
            text = self._plain[number] = plain(self.units[number].text).lower()
        return text

    def buttons(self, number: int) -> bool:
        """Tell whether a unit has nothing but buttons or details of an author."""
        known = self._buttons.get(number)
        if known is None:
            if len(self.units[number].text) > 80:
                known = False
            else:
                lower = self.lower(number)
                known = is_buttons(lower) or bool(DETAILS.fullmatch(lower))
            self._buttons[number] = known
        return known

    def texture(self, number: int) -> tuple[int, int, int]:
        """Return what ``texture_of`` says of a unit."""
        known = self._textures.get(number)
        if known is None:
            known = self._textures[number] = texture_of(self.lower(number))
        return known

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
