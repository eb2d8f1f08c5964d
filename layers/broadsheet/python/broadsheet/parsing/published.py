"""An article's date, estimated from the weekdays it names and the time of its first comment.

News agencies write "Friday" and mean the last one. On all four pages of the sample family whose weekday and first
comment are both visible, the last such weekday not after the first comment is the day of publication.
"""

from __future__ import annotations

from datetime import date, timedelta

from broadsheet.model import Dated
from broadsheet.parsing.dates import LocalTime

# Monday first, as date.weekday() counts; Arabic names with and without hamza.
_WEEKDAYS: tuple[tuple[str, ...], ...] = (
    ("Monday", "الاثنين", "الإثنين"),
    ("Tuesday", "الثلاثاء", "الثلثاء"),
    ("Wednesday", "الأربعاء", "الاربعاء"),
    ("Thursday", "الخميس"),
    ("Friday", "الجمعة"),
    ("Saturday", "السبت"),
    ("Sunday", "الأحد", "الاحد"),
)
# The English ones by the three letters before "day", which tell them apart.
_ENGLISH = {names[0][-6:-3]: (names[0], weekday) for weekday, names in enumerate(_WEEKDAYS)}
_ARABIC = [(name, weekday) for weekday, names in enumerate(_WEEKDAYS) for name in names[1:]]
# All the Arabic names begin with it.
_ARABIC_ARTICLE = "ال"
# Arabic writes "and", "in", "so", "for" as one letter before the word.
_ARABIC_PREFIXES = "وبفل"
_AGREED = 0.8
_DISAGREED = 0.6
# Without a weekday all that is known is that comments follow the article, most of them on the same day.
_COMMENT_ONLY = 0.4


def estimate(text: str, times: list[LocalTime]) -> Dated | None:
    """Estimate the date of an article with this text whose comments were posted at ``times``; None without times.

    The value is the day of the weekday named first, which is the lead's; the span is that of all weekdays named.
    """
    first_comment = earliest(times)
    if first_comment is None:
        return None
    named = _weekdays(text)
    if not named:
        day = first_comment.isoformat()
        return Dated(day, "first-comment", _COMMENT_ONLY, latest=day)
    days = [first_comment - timedelta(days=(first_comment.weekday() - weekday) % 7) for _, weekday in named]
    return Dated(
        days[0].isoformat(),
        "weekday-before-first-comment",
        _AGREED if len(days) == 1 else _DISAGREED,
        min(days).isoformat(),
        max(days).isoformat(),
    )


def earliest(times: list[LocalTime]) -> date | None:
    """Return the first day that exists among these times."""
    if not times:
        return None
    # The least time is of the first day; the others are looked at only where that one does not exist.
    first = _existing(min(times)[:3])
    return first or next(filter(None, map(_existing, sorted({time[:3] for time in times}))), None)


def _existing(day: tuple[int, int, int]) -> date | None:
    try:
        return date(*day)
    except ValueError:  # 31 February
        return None


def _weekdays(text: str) -> list[tuple[int, int]]:
    """Return where each weekday's name stands first in a text, and the weekday, in the order of the text."""
    named: dict[str, tuple[int, int]] = {}
    # One search finds what all seven English names end in.
    place = text.find("day")
    while place >= 0:
        end = place + 3
        if known := _ENGLISH.get(text[place - 3 : place]):
            name, weekday = known
            begin = end - len(name)
            if name not in named and text.startswith(name, begin) and _stands_alone(text, begin, end):
                named[name] = begin, weekday
        place = text.find("day", end)
    if not text.isascii() and _ARABIC_ARTICLE in text:
        for name, weekday in _ARABIC:
            if name in text and (begin := _find_word(text, name)) >= 0:
                named[name] = begin, weekday
    return sorted(named.values())


def _find_word(text: str, word: str) -> int:
    place = text.find(word)
    while place >= 0 and not _stands_alone(text, place, place + len(word)):
        place = text.find(word, place + len(word))
    return place


def _stands_alone(text: str, begin: int, end: int) -> bool:
    before = text[max(0, begin - 2) : begin]
    if before[-1:] in _ARABIC_PREFIXES and not before.isascii():
        before = before[:-1]
    return not before[-1:].isalnum() and not text[end : end + 1].isalnum()
