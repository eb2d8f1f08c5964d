"""Lines that may be part of a comment's head: those with a date, a verb of saying, a label or a mark.

An anchor proves nothing; the layouts put anchors together to readings of a page, and those are weighed.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from broadsheet.parsing.heads.names import likeness
from broadsheet.parsing.heads.rests import rest_before, rest_behind
from broadsheet.parsing.heads.vocabulary import SAYING, STRONG_LABELS
from broadsheet.parsing.moments import Moment, find_moment
from broadsheet.parsing.moments.months import plain

MAX_CHARS = 170
# What is left of a line beside its date may be a name with a town, no sentence.
_MAX_REST_CHARS = 75
_MAX_REST_WORDS = 9
# Behind name and date only buttons and short marks stand; a name beside a number alone is short.
_MAX_BEHIND_CHARS = 30
_MAX_NUMBERED = 40
_NAME = 0.5
_BY = frozenset(("by", "from", "name", "user", "username", "author", "guest", "بواسطه", "الاسم", "الكاتب"))

Kind = Literal["date", "name_date", "date_name", "says", "by", "avatar", "guest", "number"]


class Anchor(NamedTuple):
    """One line read as part of a head.

    ``name`` is what is left beside date and labels; ``labels`` are the words taken off, in order, and ``spoken`` says
    that one of them is a verb or a strong label. ``number`` is the comment's own number on the page.
    """

    unit: int
    kind: Kind
    name: str
    moment: Moment | None
    labels: tuple[str, ...]
    spoken: bool
    marked: bool
    number: int | None

    @property
    def likeness(self) -> float:
        """How much the name looks like one."""
        return likeness(self.name) if self.name else 0.0


# What makes a line worth a closer look. One pass over a short line, literal words only.
_HINTS = re.compile(
    r"\d|[:…]$|\.\.\.$|\bago\b|yesterday|today|just now|\bsa(?:ys|id)\b|wrote|writes|commented|replied"
    r"|responded|posted by|comment by|^by "
    r"|^(?:name|user|username|author|guest|from|الاسم)\s?:|"
    r"submitted by|written by|avatar|gravatar|picture|guest|verified|"
    r"منذ|قبل|امس|اليوم|يقول|قال|كتب|زائر|ضيف|بواسطه|علق"
)
# What every hint of several letters or of one place has: tried one by one they are found, or not, at a quarter of the
# pattern's cost, and most lines of bodies have none.
_DIGIT = re.compile(r"\d")
_HINT_WORDS = (
    "ago", "yesterday", "today", "just now", "say", "said", "wrote", "writes", "commented", "replied", "responded",
    "by", "avatar", "picture", "guest", "verified", ":", "...",
)  # fmt: skip
_OPENING = re.compile(
    r"\s*(?:[•*▪»>◦‣·–—-]\s?|\[[–—+-]\]\s?|[▲△▼↑↓]\s?){0,4}"
    r"(?:(?:comment|post|reply|تعليق|رقم)\s?(?:number|no\.?|num)?\s?#?(\d{1,5})\b[.:)]?\s?"
    r"|(?:no\.?\s)?#\s?(\d{1,5})[.:)]?\s?|(\d{1,5})[.)]\s{1,3}|(\d{1,4})\s[-–]\s|\((\d{1,4})\)\s?)?",
)
_GUEST = re.compile(
    r"[(\[](?:guest|not verified|unverified|visitor|زائر|ضيف|غير مسجل)[)\]]|^(?:guest|anonymous user|زائر|ضيف)\b"
)
_AVATAR = re.compile(
    r"(?:user )?(?:avatar|gravatar|profile (?:photo|picture|image)|photo|picture|icon)(?: (?:for|of|by) (?P<after>.+))?"
    r"|(?P<before>.+?)(?:'s)?\s(?:avatar|gravatar|picture|profile (?:photo|picture|image))"
)
# "Well said" is what a comment says, not who says it.
_NOBODY = frozenset(("well", "enough", "nuff", "as", "that"))
# Header lines of quoted e-mails.
_MAIL = ("sent:", "to:", "cc:", "subject:")


def anchor_of(unit: int, line: str) -> Anchor | None:
    """Read one stripped line; None for what cannot be part of a head."""
    if len(line) > MAX_CHARS:
        return None
    text = plain(line)
    lower = text.lower()
    if len(lower) != len(text):
        lower = text
    if not _is_hinted(lower):
        return None
    if lower.startswith(_MAIL):
        return None
    opening = _OPENING.match(lower)
    start = opening.end() if opening else 0
    number = None
    if opening and opening.lastindex:
        number = int(opening[opening.lastindex])
        if start == len(lower):
            return Anchor(unit, "number", "", None, (), False, False, number)
    moment = find_moment(line)
    if moment and moment.start < start:
        later = find_moment(line[start:])
        if later and later.form == "month" and later.year:  # "3. April 4, 2012" has one, whatever "3. April" is
            moment = later._replace(start=later.start + start, end=later.end + start)
        else:  # "1. 5. 2014" has no number of its own
            start, number = 0, None
    anchor = Anchor(unit, "date", "", None, (), False, bool(_GUEST.search(lower)), number)
    return _dated(anchor, line, lower, start, moment) if moment else _undated(anchor, line, lower, start)


def _is_hinted(lower: str) -> bool:
    if _DIGIT.search(lower):
        return True
    if lower.isascii() and not any(word in lower for word in _HINT_WORDS):
        return False
    return _HINTS.search(lower) is not None


def _dated(anchor: Anchor, line: str, lower: str, start: int, moment: Moment) -> Anchor | None:
    before = rest_before(line, lower, start, moment.start)
    after = rest_behind(line, lower, moment.end)
    rest = max(before.name, after.name, key=len)
    if len(rest) > _MAX_REST_CHARS or rest.count(" ") >= _MAX_REST_WORDS:
        return None
    if before.name and after.name and (likeness(before.name) < _NAME or len(after.name) > _MAX_BEHIND_CHARS):
        return None
    labels = before.labels + after.labels
    kind: Kind = "name_date" if before.name else "date_name" if after.name else "date"
    return anchor._replace(
        kind=kind,
        name=before.name or after.name,
        moment=moment,
        labels=labels,
        spoken=any(label in SAYING or label in STRONG_LABELS for label in labels),
        number=after.number if anchor.number is None else anchor.number,
    )


def _undated(anchor: Anchor, line: str, lower: str, start: int) -> Anchor | None:
    name, labels, _ = rest_before(line, lower, start, len(line))
    if not any(map(str.isalpha, name)) or len(name) > _MAX_REST_CHARS or name.count(" ") >= _MAX_REST_WORDS:
        return None
    named = anchor._replace(name=name, labels=labels)
    if _speaks(lower, start, name, labels):
        return named._replace(kind="says", spoken=True)
    if labels and labels[-1] in _BY and lower[start : start + 12].lstrip().startswith(labels[0]):
        return named._replace(kind="by", spoken=any(label in STRONG_LABELS for label in labels))
    if found := _AVATAR.fullmatch(lower, start):
        begun, ended = found.span("after" if found["after"] else "before")
        owner = line[begun:ended].strip() if begun >= 0 else ""
        return anchor._replace(kind="avatar", name=owner, marked=True) if likeness(owner) >= _NAME else None
    if likeness(name) < _NAME or not (anchor.marked or (anchor.number is not None and len(name) <= _MAX_NUMBERED)):
        return None
    return anchor._replace(kind="guest" if anchor.marked else "number", name=name)


def _speaks(lower: str, start: int, name: str, labels: tuple[str, ...]) -> bool:
    """Tell whether a line ends in a verb of saying after a name, or begins with one in Arabic."""
    if name.lower() in _NOBODY or not any(label in SAYING for label in labels):
        return False
    if lower.rstrip().endswith((":", "...", "…")):
        return True
    last = lower.rsplit(maxsplit=1)[-1]
    return (last in SAYING and len(name) < _MAX_NUMBERED) or (labels[0] in SAYING and not lower[start].isascii())
