"""Dates as exports write them: ISO 8601, seconds or milliseconds since 1970, the format of e-mail."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from broadsheet.model import CommentTime, Dated
from broadsheet.parsing.dates import LocalTime, comment_time, load_zone

# Longer is no date.
_MAX_CHARS = 64
_FIRST_YEAR, _LAST_YEAR = 1000, 2199
# Seconds of the years 1973 to 2199; a thousand times as much is milliseconds.
_SECONDS = (100_000_000, 7_258_118_400)


class Moment(NamedTuple):
    """A point in time as stated: a day, or a time with or without its offset."""

    value: str
    zone: str | None
    """``UTC`` where the source says so; None for another offset, or none."""
    local: datetime | None
    """The local time, where the source states no offset."""


def article_date(stated: Any, zone: str | None) -> Dated | None:
    """Return the date of an article; None for what is no date.

    A time without offset is placed in ``zone``, or is UTC by its field's definition when that is None.
    """
    moment = _moment(stated)
    if moment is None:
        return None
    if moment.local is None:
        return Dated(moment.value, "stated", 1.0)
    if zone is None:
        return Dated(_written(moment.local.replace(tzinfo=UTC)), "stated", 1.0)
    # The time is stated, the offset is not.
    return Dated(_placed(moment.local, zone).value, "stated", 0.9)


def posted_at(stated: Any, zone: str | None) -> CommentTime | None:
    """Return the time of a comment, as ``article_date`` does; None for what is no time."""
    if isinstance(stated, str):
        return _posted(stated, zone) if len(stated) <= _MAX_CHARS else None
    return _comment_time(_moment(stated), zone)


# A discussion repeats nothing to the second, but exports that only know the day or the minute do.
@lru_cache(maxsize=4096)
def _posted(text: str, zone: str | None) -> CommentTime | None:
    return _comment_time(_read(text), zone)


def _comment_time(moment: Moment | None, zone: str | None) -> CommentTime | None:
    if moment is None:
        return None
    if moment.local is None:
        return CommentTime(moment.value, "stated", moment.zone, zone_assumed=False)
    if zone is None:
        return CommentTime(_written(moment.local.replace(tzinfo=UTC)), "stated", "UTC", zone_assumed=False)
    return _placed(moment.local, zone)


def _placed(local: datetime, zone: str) -> CommentTime:
    if not local.second:
        placed = comment_time(LocalTime(local.year, local.month, local.day, local.hour, local.minute), zone)
        if placed:
            return placed
    return CommentTime(_written(local.replace(tzinfo=load_zone(zone))), "stated", zone, zone_assumed=True)


def _moment(stated: Any) -> Moment | None:
    if isinstance(stated, str):
        return _read(stated) if len(stated) <= _MAX_CHARS else None
    if isinstance(stated, dict):
        # MongoDB's export: {"$date": ...}
        inner = stated.get("$date")
        return _moment(inner) if isinstance(inner, (str, int, float)) else None
    if isinstance(stated, (int, float)) and not isinstance(stated, bool):
        return _since_1970(stated)
    return None


def _read(text: str) -> Moment | None:
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) > 8:
        return _since_1970(int(text))
    if len(text) == 10:
        return _day(text)
    time = _iso(text) or _mail(text)
    if time is None or not _FIRST_YEAR <= time.year <= _LAST_YEAR:
        return None
    offset = time.utcoffset()
    if offset is None:
        return Moment("", None, time)
    # An offset with seconds is none that the engine knows.
    return None if offset.total_seconds() % 60 else Moment(_written(time), None if offset else "UTC", None)


def _day(text: str) -> Moment | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return Moment(text, None, None) if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.removesuffix(" UTC") + "Z" if text.endswith(" UTC") else text)
    except ValueError:
        return None


def _mail(text: str) -> datetime | None:
    # Rare, and slow to load.
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _since_1970(number: float) -> Moment | None:
    for _ in range(3):
        if _SECONDS[0] <= number <= _SECONDS[1]:
            return Moment(_written(datetime.fromtimestamp(int(number), UTC)), "UTC", None)
        number /= 1000
    return None


def _written(time: datetime) -> str:
    return time.isoformat(timespec="seconds" if time.second else "minutes")
