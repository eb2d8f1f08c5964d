"""The article's date as its byline states it: ``Posted on May 8, 2014 by Hazel`` between headline and text."""

from __future__ import annotations

import re
from datetime import date

from broadsheet.model import Dated
from broadsheet.parsing.moments import find_moment, place
from broadsheet.parsing.moments.months import plain

_MAX_CHARS = 110
_LINES = 6
_LABEL = re.compile(
    r"(?:by|posted|published|updated|last updated|written|submitted|first published|on|date"
    r"|نشرت?|تاريخ|بتاريخ|كتبت?|بقلم)\b",
    re.IGNORECASE,
)
_SURE = 0.9
# The article has begun at its first sentence.
_SENTENCE_ENDS = '.!?؟…"”'
_LEAST_SPACES = 3


def byline_date(body: str, zone: str, first_comment: date | None) -> Dated | None:
    """Read the first lines of an article's body up to its first paragraph; None where they state no date with its year.

    A date that can be read two ways, or is later than the first comment, is none.
    """
    seen = 0
    for line in body.split("\n", 4 * _LINES)[: 4 * _LINES]:
        text = line.strip()
        if not text:
            continue
        seen += 1
        if seen > _LINES or len(text) > _MAX_CHARS or (text[-1] in _SENTENCE_ENDS and text.count(" ") >= _LEAST_SPACES):
            return None
        if any(map(str.isdecimal, text)) and (found := _stated(text, zone)):
            return found if first_comment is None or found.value[:10] <= first_comment.isoformat() else None
    return None


def _stated(text: str, zone: str) -> Dated | None:
    moment = find_moment(text)
    if moment is None or moment.year is None or moment.form not in {"month", "iso", "numeric"}:
        return None
    if moment.pair and max(moment.pair) <= 12 and moment.pair[0] != moment.pair[1]:
        return None
    if (moment.end - moment.start) * 2 < len(text) and not _LABEL.match(plain(text)):
        return None
    at = place(moment, zone, None, None)
    return Dated(at.value, "byline", _SURE) if at else None
