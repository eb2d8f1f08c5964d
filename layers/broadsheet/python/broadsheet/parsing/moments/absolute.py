"""Dates that name their day: ``May 9th, 2014 at 4:33 pm``, ``Fri, 05/09/2014 - 16:33``, ``٩ أيار ٢٠١٤، ١٦:٣٣``."""

from __future__ import annotations

import re

from broadsheet.parsing.moments.clock import CLOCK, Clock, read_clock, read_zone
from broadsheet.parsing.moments.hijri import gregorian
from broadsheet.parsing.moments.moment import Form, Moment
from broadsheet.parsing.moments.months import (
    ARABIC_MONTHS,
    ARABIC_WEEKDAYS,
    HIJRI_MONTHS,
    MONTHS,
    alternatives,
    weekday_number,
)

_ENGLISH_MONTH = (
    r"jan(?:uary)?|febr?(?:uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_MONTH = rf"(?:{_ENGLISH_MONTH}|{alternatives(ARABIC_MONTHS)})(?![^\W\d_])"
_HIJRI = rf"(?:{alternatives(HIJRI_MONTHS)})(?!\w)"
_YEAR = r"(?:19|20|21)\d\d"
_DAY = r"\d{1,2}"
_DATE = re.compile(
    rf"(?<![\w:])(?:"
    rf"(?P<y3>{_YEAR})(?P<s3>[-/.])(?P<m3>{_DAY})(?P=s3)(?P<d3>{_DAY})(?!\d)"
    rf"|(?P<a>{_DAY})\s?(?P<s4>[-/.])\s?(?P<b>{_DAY})\s?(?P=s4)\s?(?P<y4>{_YEAR}|\d\d)(?![\d/.]\d|\d)(?:\s?م(?!\w))?"
    rf"|(?P<y5>{_YEAR})\s{{0,2}}[\s,\-]\s?(?P<m5>{_MONTH})\s{{0,2}}[\s,\-]\s?(?P<d5>{_DAY})(?!\d)"
    rf"|(?P<d6>{_DAY})\s(?P<m6>{_HIJRI})[\s,]{{1,3}}(?P<y6>1[345]\d\d)(?!\d)(?:\s?هـ?)?"
    rf"|(?P<d8>{_DAY})\s?[-/.]\s?(?P<m8>{_DAY})\s?[-/.]\s?(?P<y8>1[345]\d\d)\s?هـ?"
    rf"|(?P<d2>{_DAY})(?:st|nd|rd|th)?(?:\s{{0,2}}[\s\-/.,]\s?|(?=[^\W\d_]))(?:of\s)?(?P<m2>{_MONTH})\.?(?:\s?[/(]\s?{_MONTH}\)?)?"
    rf"(?:[\s,\-/.']{{0,3}}(?P<y2>{_YEAR}(?!\d)|\d\d(?![\d:]|\s?[ap]\.?m))(?:\sم(?!\w))?)?"
    rf"|(?P<m1>{_MONTH})\.?[\s\-]{{0,2}}(?P<d1>{_DAY})(?:st|nd|rd|th)?(?![\d:])(?:[\s,.\-]{{1,4}}(?P<y1>{_YEAR})(?!\d)|,?\s?'(?P<y7>\d\d)(?!\d))?"
    rf")"
)
# What stands between a date and its clock time, either way.
_JOINT = re.compile(
    r"(?:[\s,;|·•@(\-/.]{0,4}(?:at\b|time:?|(?:علي\s|في\s)?الساعه|عند|في)?[\s,:\-]{0,3}|t(?=\d))(?=\d)",
)
_JOINT_BACK = re.compile(r"[\s,;|·•)(\-/.]{0,4}(?:\b(?:on|of|the)\b|في|بتاريخ|يوم)?[\s,]{0,3}")
_WEEKDAY_BEFORE = re.compile(
    r"(?:\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?|"
    rf"(?:{'|'.join(ARABIC_WEEKDAYS)}))\s?,?\s{{0,2}}(?:the\s)?[-–]?\s?$"
)
_LATE_YEAR = re.compile(rf"[\s,]{{1,3}}({_YEAR})(?!\d)")
_WINDOW = 30


def find_absolute(line: str) -> Moment | None:
    """Find the first date in a line in its plain form and lower case."""
    found = _DATE.search(line)
    while found:
        moment = _date(found)
        if moment and moment.form == "hijri" and (beside := _DATE.search(line, found.end(), found.end() + _WINDOW)):
            # Both calendars are written: the Gregorian day is exact.
            other = _date(beside)
            if other and other.form != "hijri":
                return _with_clock(line, other)._replace(start=moment.start)
        if moment:
            return _with_clock(line, moment)
        found = _DATE.search(line, found.start() + 1)
    return None


def _date(found: re.Match[str]) -> Moment | None:
    """Read what _DATE found; its alternatives are told apart by the group of their year or day."""
    parts = found.groupdict()
    if parts["y4"]:
        return _numeric(found)
    form: Form = "month"
    year: int | None
    if parts["y3"]:
        form, year, month, day = "iso", int(parts["y3"]), int(parts["m3"]), int(parts["d3"])
    elif parts["y5"]:
        year, month, day = int(parts["y5"]), _month(parts["m5"]), int(parts["d5"])
    elif parts["y6"] or parts["y8"]:
        named = parts["m6"] and HIJRI_MONTHS[" ".join(parts["m6"].split())]
        date = gregorian(int(parts["y6"] or parts["y8"]), named or int(parts["m8"]), int(parts["d6"] or parts["d8"]))
        form, year, month, day = ("hijri", date.year, date.month, date.day) if date else ("hijri", 0, 0, 0)
    else:
        short = parts["y2"] or parts["y1"] or parts["y7"]
        year = _full_year(short) if short else None
        month, day = _month(parts["m2"] or parts["m1"]), int(parts["d2"] or parts["d1"])
    exists = 1 <= month <= 12 and 1 <= day <= 31
    return Moment(found.start(), found.end(), form, year, month, day) if exists else None


def _numeric(found: re.Match[str]) -> Moment | None:
    pair = int(found["a"]), int(found["b"])
    if not (1 <= min(pair) <= 12 and 1 <= max(pair) <= 31):
        return None
    return Moment(found.start(), found.end(), "numeric", _full_year(found["y4"]), pair=pair, separator=found["s4"])


def _month(name: str) -> int:
    return MONTHS[" ".join(name.split())]


def _full_year(written: str) -> int:
    year = int(written)
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def _with_clock(line: str, moment: Moment) -> Moment:
    """Widen a date by its weekday and by the clock time behind it or before it."""
    start, end = moment.start, moment.end
    weekday = None
    if named := _WEEKDAY_BEFORE.search(line, max(0, start - _WINDOW), start):
        start = named.start()
        weekday = weekday_number(named[0])
    clock = None
    joint = _JOINT.match(line, end)
    if joint and (found := CLOCK.match(line, joint.end())):
        clock = read_clock(line, found, strict=False)
        if clock:
            end = clock.end
    if clock is None:
        clock = _clock_before(line, start)
        if clock:
            start = clock.start
    year = moment.year
    if year is None and (late := _LATE_YEAR.match(line, end)):
        year, end = int(late[1]), late.end()
    if clock is None:
        return moment._replace(start=start, end=end, year=year, weekday=weekday)
    offset = clock.offset
    if offset is None and end > clock.end:
        offset, end = read_zone(line, end)
    return moment._replace(
        start=start,
        end=end,
        year=year,
        hour=clock.hour,
        minute=clock.minute,
        second=clock.second,
        half_day=clock.half_day,
        offset=offset,
        weekday=weekday,
    )


def _clock_before(line: str, start: int) -> Clock | None:
    """Find a clock time that ends where the date begins but for a joint."""
    begun = max(0, start - _WINDOW)
    for found in CLOCK.finditer(line, begun, start):
        clock = read_clock(line, found, strict=False)
        if clock is None or clock.end > start:
            continue
        joint = _JOINT_BACK.match(line, clock.end, start)
        if joint and joint.end() == start:
            return clock
    return None
