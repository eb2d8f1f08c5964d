"""Dates as comment heads write them: month names, local clock times, and their offset in a zone."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from broadsheet.errors import ConfigurationError
from broadsheet.model import CommentTime, named_tuple
from broadsheet.text import fold

_ENGLISH = "January February March April May June July August September October November December"
# The Levant's names (of Aramaic origin) and Egypt's (of European origin), January first.
_LEVANT = (
    "كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول",
    "يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر",
)


def _months() -> dict[str, int]:
    table: dict[str, int] = {}
    for names in (_ENGLISH.split(), *(line.split("|") for line in _LEVANT)):
        for number, name in enumerate(names, 1):
            table[name] = table[fold(name)] = number
    return table


# "T00:00" .. "T23:59": formatting takes longer than all else that a comment's time needs.
_CLOCK = tuple(f"T{hour:02}:{minute:02}" for hour in range(24) for minute in range(60))

# Written as on the page, and folded (without hamza, lower case).
MONTHS = _months()


class LocalTime(NamedTuple):
    """A wall-clock minute in an unstated zone; compares in time order."""

    year: int
    month: int
    day: int
    hour: int
    minute: int


def month_number(name: str) -> int | None:
    """Return 1..12 for a month's full name in English or Arabic, else None; names are at most 20 characters."""
    number = MONTHS.get(name)
    if number is None and len(name) <= 20 and not name.isascii():
        number = MONTHS.get(fold(name))
    return number


def local_time(day: str, month: str, year: str, clock: str) -> LocalTime | None:
    """Build a time from its written parts (digits of any script), or None when they are none.

    The day may not exist in its month (``31 February``): a line that says so is still the head of a comment.
    """
    date = _date(day, month, year)
    minute = _clock(clock) if date else None
    return named_tuple(LocalTime, date + minute) if date and minute else None


# Pages of an archive repeat days and minutes; the arguments are parts of one short line.
@lru_cache(maxsize=4096)
def _date(day: str, month: str, year: str) -> tuple[int, int, int] | None:
    number = month_number(month)
    if number is None or len(year) != 4 or len(day) > 2 or not (year.isdecimal() and day.isdecimal()):
        return None
    date = int(year), number, int(day)
    return date if 1970 <= date[0] <= 2199 and 1 <= date[2] <= 31 else None


@lru_cache(maxsize=4096)
def _clock(text: str) -> tuple[int, int] | None:
    hour, _, minute = text.partition(":")
    if len(hour) > 2 or len(minute) != 2 or not (hour.isdecimal() and minute.isdecimal()):
        return None
    return (int(hour), int(minute)) if int(hour) <= 23 and int(minute) <= 59 else None


def load_zone(name: str) -> ZoneInfo:
    """Return the IANA zone of that name; raises ConfigurationError when there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ConfigurationError(f"There is no time zone {name!r}. Use an IANA name such as Asia/Beirut.") from error


def comment_time(time: LocalTime, zone: str) -> CommentTime | None:
    """Place a local time in its assumed zone; None when the day does not exist.

    Of a minute that occurs twice (end of summer time) the first is taken.
    """
    year, month, day, hour, minute = time
    placed = _day(zone, year, month, day)
    if placed is None:
        return None
    date, offset = placed
    if offset is None:
        value = datetime(*time, tzinfo=load_zone(zone)).isoformat(timespec="minutes")
    else:
        value = date + _CLOCK[hour * 60 + minute] + offset
    return named_tuple(CommentTime, (value, "stated", zone, True, None, None))


@lru_cache(maxsize=4096)
def _day(zone: str, year: int, month: int, day: int) -> tuple[str, str | None] | None:
    """Return ISO date and offset of a day; the offset is None when it changes that day. None for no such day."""
    info = load_zone(zone)
    try:
        start = datetime(year, month, day, tzinfo=info)
    except ValueError:
        return None
    end = start.replace(hour=23, minute=59)
    offset = None
    if start.utcoffset() == end.utcoffset():
        offset = start.isoformat(timespec="minutes")[16:]
    return start.date().isoformat(), offset
