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
_NAMES = [(name, weekday) for weekday, names in enumerate(_WEEKDAYS) for name in names]
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
    named = sorted(
        (place, weekday) for name, weekday in _NAMES if name in text and (place := _find_word(text, name)) >= 0
    )
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
    days = {time[:3] for time in times}
    for day in sorted(days):
        try:
            return date(*day)
        except ValueError:  # 31 February
            continue
    return None


def _find_word(text: str, word: str) -> int:
    place = text.find(word)
    while place >= 0:
        before = text[max(0, place - 2) : place]
        after = text[place + len(word) : place + len(word) + 1]
        if before[-1:] in _ARABIC_PREFIXES and not before.isascii():
            before = before[:-1]
        if not before[-1:].isalnum() and not after.isalnum():
            return place
        place = text.find(word, place + len(word))
    return -1
