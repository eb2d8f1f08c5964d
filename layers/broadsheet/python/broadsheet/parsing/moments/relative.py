"""Dates that count back from the moment a page was captured: ``3 hours ago``, ``منذ ساعتين``, ``Friday at 16:33``."""

from __future__ import annotations

import re

from broadsheet.parsing.moments.clock import CLOCK, read_clock
from broadsheet.parsing.moments.moment import Moment
from broadsheet.parsing.moments.months import ARABIC_WEEKDAYS, weekday_number

_MINUTE, _HOUR, DAY = 60, 3_600, 86_400
_UNITS = {"s": 1, "m": _MINUTE, "h": _HOUR, "d": DAY, "w": 7 * DAY, "mo": 30 * DAY, "y": 365 * DAY}
_UNIT = (
    r"s(?:ec(?:ond)?s?)?|mo(?:n(?:th)?)?s?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:(?:ee)?ks?)?"
    r"|y(?:(?:ea)?rs?)?"
)
_NUMBERS = {
    name: number
    for number, name in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
} | {"a": 1, "an": 1, "few": 3}
_DIGIT = re.compile(r"\d")
_AGO = re.compile(
    r"(?:\b(?:about|over|almost|around|less\sthan|more\sthan|nearly)\s)?(?:\ba\s(?=few))?"
    rf"\b(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)})\s?(?P<unit>{_UNIT})"
    rf"(?:,?\s(?:and\s)?\d{{1,2}}\s?(?:{_UNIT}))?\sago\b"
)
# "3h" alone between separators, as social networks write it.
_COMPACT = re.compile(
    rf"(?:(?<=[·•|])\s{{0,2}}|^)(?P<number>\d{{1,3}})\s?(?P<unit>(?:{_UNIT}))(?=\s{{0,2}}(?:$|[·•|]))"
)
_WORDS = re.compile(
    r"\b(?P<word>just\snow|(?:a\s(?:few\s)?)?moments?\sago|yesterday|today|last\sweek|last\smonth|last\syear)\b"
    r"|(?<!\w)(?P<arabic>امس|البارحه|اليوم|الان|قبل\sقليل|منذ\s(?:قليل|لحظات))(?!\w)"
)
_SPOKEN = ("just", "ago", "yesterday", "today", "last")
_BACK = {
    "yesterday": (1, DAY), "last week": (1, 7 * DAY), "last month": (1, 30 * DAY), "last year": (1, 365 * DAY),
    "امس": (1, DAY), "البارحه": (1, DAY), "today": (0, DAY), "اليوم": (0, DAY),
}  # fmt: skip
_ARABIC_UNITS = {
    "ثانيه": (1, 1), "ثانيتين": (2, 1), "ثواني": (3, 1), "ثوان": (3, 1),
    "دقيقه": (1, _MINUTE), "دقيقتين": (2, _MINUTE), "دقائق": (3, _MINUTE), "دقايق": (3, _MINUTE),
    "ساعه": (1, _HOUR), "ساعتين": (2, _HOUR), "ساعات": (3, _HOUR),
    "يوم": (1, DAY), "يوما": (1, DAY), "يومين": (2, DAY), "ايام": (3, DAY),
    "اسبوع": (1, 7 * DAY), "اسبوعين": (2, 7 * DAY), "اسابيع": (3, 7 * DAY),
    "شهر": (1, 30 * DAY), "شهرا": (1, 30 * DAY), "شهرين": (2, 30 * DAY), "اشهر": (3, 30 * DAY), "شهور": (3, 30 * DAY),
    "سنه": (1, 365 * DAY), "سنتين": (2, 365 * DAY), "سنوات": (3, 365 * DAY), "سنين": (3, 365 * DAY),
    "عام": (1, 365 * DAY), "عاما": (1, 365 * DAY), "عامين": (2, 365 * DAY), "اعوام": (3, 365 * DAY),
}  # fmt: skip
_ARABIC_AGO = re.compile(
    rf"(?<!\w)(?:منذ|قبل)\s(?:(?:حوالي|نحو)\s)?(?:(?P<number>\d{{1,3}})\s)?(?P<unit>{'|'.join(_ARABIC_UNITS)})(?!\w)"
)
_WEEKDAY = re.compile(
    r"(?:\b(?P<day>mon|tue|wed|thu|fri|sat|sun)(?:(?:s|nes|rs?|ur)?day)?\.?|(?<!\w)(?P<arabic>"
    + "|".join(ARABIC_WEEKDAYS)
    + r"))(?=[\s,]{1,3}(?:at\s|الساعه\s)?\d{1,2}(?:[:.]\d\d|\s?[ap]\.?m))"
)
_JOINT = re.compile(r"[\s,\-|]{0,3}(?:at\b|الساعه|في)?[\s,]{0,2}(?=\d)")


def find_relative(line: str) -> Moment | None:
    """Find the first relative date in a line in its plain form and lower case."""
    # Words that a pattern cannot do without are found many times as fast as the pattern says that they are not there.
    digits = _DIGIT.search(line) is not None
    found = _AGO.search(line) if "ago" in line else None
    if found := found or (_COMPACT.search(line) if digits else None):
        written, unit = found["number"], found["unit"]
        number = _NUMBERS.get(written) or int(written)
        size = _UNITS["mo" if unit.startswith("mo") else unit[0]]
        return Moment(found.start(), found.end(), "relative", ago=(number, size))
    spoken = not line.isascii() or any(word in line for word in _SPOKEN)
    if spoken and (found := _WORDS.search(line)):
        back = _BACK.get(" ".join((found["word"] or found["arabic"]).split()), (0, _MINUTE))
        return _with_clock(line, Moment(found.start(), found.end(), "relative", ago=back))
    if not line.isascii() and (found := _ARABIC_AGO.search(line)):
        number, size = _ARABIC_UNITS[found["unit"]]
        ago = (int(found["number"]) if found["number"] else number, size)
        return Moment(found.start(), found.end(), "relative", ago=ago)
    if digits and (found := _WEEKDAY.search(line)):
        return _with_clock(line, Moment(found.start(), found.end(), "weekday", weekday=weekday_number(found[0])))
    return None


def find_clock(line: str) -> Moment | None:
    """Find a clock time that stands alone."""
    for found in CLOCK.finditer(line):
        if clock := read_clock(line, found, strict=True):
            return Moment(clock.start, clock.end, "clock", hour=clock.hour, minute=clock.minute, offset=clock.offset)
    return None


def _with_clock(line: str, moment: Moment) -> Moment:
    joint = _JOINT.match(line, moment.end)
    if joint and (found := CLOCK.match(line, joint.end())) and (clock := read_clock(line, found, strict=True)):
        return moment._replace(end=clock.end, hour=clock.hour, minute=clock.minute, offset=clock.offset)
    found = None
    for found in CLOCK.finditer(line, max(0, moment.start - 20), moment.start):
        clock = read_clock(line, found, strict=True)
        if clock and not line[clock.end : moment.start].strip(" ,-"):
            return moment._replace(start=clock.start, hour=clock.hour, minute=clock.minute, offset=clock.offset)
    return moment
