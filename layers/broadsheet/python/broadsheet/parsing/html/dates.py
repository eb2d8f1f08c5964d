"""What looks like a date in the markup of a page: short texts, and attributes made for machines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from lxml import etree

# Longer texts are prose, in which a date says nothing of the element.
MAX_DATE_CHARS = 120
MAX_DATE_WORDS = 20


def spelt(words: str) -> str:
    """Return a pattern of words apart by "|", in small letters, with a capital (or one each), or in capitals.

    Telling the words apart by their first letter, as the engine does where case counts, takes a tenth of the time that
    trying each of them regardless of case takes.

    >>> spelt("ab|ac")
    '(?=[Aa])(?:ab|Ab|AB|ac|Ac|AC)'
    """
    cases = (str, str.capitalize, str.title, str.upper)
    forms = dict.fromkeys(case(word) for word in words.split("|") for case in cases)
    first = "".join(sorted({form[0] for form in forms}))
    return f"(?=[{first}])(?:{'|'.join(map(re.escape, forms))})"


_MONTHS = spelt(
    "june|july|juni|juli|junio|julio|junho|julho|giugno|luglio|ocak|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|fév|févr|avr|mai|juin|juil|août|aoû|déc|ene|abr|ago|dic|mär|okt|dez"
    "|mag|giu|lug|set|ott|gen|fev|out|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек|oca|şub|nis|haz|tem|ağu|eyl"
)
# How the names go on, so that "Martin, 12" and "7 Julia" are no dates.
_REST = (
    r"(?:(?i:uary|ruary|ch|il|ust|tember|t|ober|ember|vier|rier|s|let|tembre|obre|embre|ro|rero|zo|iembre|tiembre|ubre|uar"
    r"|ruar|z|naio|braio|ile|gio|sto|osto|eiro|ereiro|ço|embro|o|ca|ts|usti|аря|раля|та|реля|ня|ля|уста|тября|ября|at|an"
    r"|ıs|iran|muz|stos|ül))?(?![^\W\d_])"
)
_ARABIC_MONTHS = (
    "كانون|شباط|آذار|اذار|نيسان|أيار|ايار|حزيران|تموز|آب|أيلول|ايلول|تشرين|يناير|فبراير|مارس|أبريل|ابريل|مايو|يونيو|يوليو"
    "|أغسطس|اغسطس|سبتمبر|أكتوبر|اكتوبر|نوفمبر|ديسمبر"
)
_UNITS = "seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|mos?|years?|yrs?"
# What begins with a digit, inside a word too; what begins a word; and what has no capitals.
DATE = re.compile(
    # "knit2 May 3, 2012" is knit2's: the month's own day follows it.
    r"(?=\d)(?:(?:(?<!\w)|(?!\d{1,2}\s[^\W\d_]{3,9}\.?\s\d{1,2},?\s\d{4}))"
    rf"\d{{1,2}}(?i:st|nd|rd|th)?[\s.,/\-]{{0,3}}(?i:of\s|de\s|di\s)?(?:{_MONTHS}{_REST}|{_ARABIC_MONTHS})"
    r"|(?<!\d)\d{1,4}([/.\-])\d{1,2}\1\d{2,4}(?!\d)|\d年\d)"
    rf"|\b(?:{_MONTHS}{_REST}\.?[\s,\-]{{1,3}}\d{{1,2}}(?!\d)"
    rf"|(?:\d{{1,3}}|{spelt('an|a|one|two|few')})\+?\s(?i:{_UNITS})\b[^.!?]{{0,30}}\b(?i:ago)\b"
    rf"|\d{{1,3}}(?i:[smhdwy]\sago)\b|{spelt('yesterday|today')}\b.{{0,6}}\d{{1,2}}:\d{{2}})|منذ\s"
)
CLOCK = re.compile(r"(?<![\d:])\d{1,2}[:.]\d{2}(?::\d{2})?\s?(?:[ap]\.?m\b)?", re.IGNORECASE)
_DIGIT, _ASCII_DIGIT = re.compile(r"\d"), re.compile("[0-9]")
_MACHINE = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:?\d{2}.{0,20})?|\d{10}(?:\d{3})?|\d{8}T\d{4,6}Z?"
    r"|[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}.{0,10}"
)
_TIME_ATTRIBUTES = (
    "datetime",
    "data-datetime",
    "data-timestamp",
    "data-time",
    "data-utime",
    "data-date",
    "data-created",
)
_TIMED_NAMES = frozenset((*_TIME_ATTRIBUTES, "content", "title"))
_TIMED_PROPERTIES = re.compile(r"(?:date|time|created|published|uploaded)", re.IGNORECASE)


def has_number(text: str) -> bool:
    """Tell at little cost whether a text may hold a date."""
    digit = _ASCII_DIGIT if text.isascii() else _DIGIT
    return digit.search(text) is not None or "ago" in text or "esterday" in text or "منذ" in text


def date_in(text: str) -> str | None:
    """Return a short text if it looks as if it held a date.

    >>> date_in(" Posted May 9, 2014 ")
    'Posted May 9, 2014'
    """
    if not 3 < len(text) <= 4 * MAX_DATE_CHARS or not has_number(text):
        return None
    text = " ".join(text.split())
    return text if len(text) <= MAX_DATE_CHARS and find_date(text) else None


def find_date(text: str) -> re.Match[str] | None:
    """Find the first date in a text, at little cost where there is none or where it was just found."""
    if not has_number(text):
        return None
    return _found(text) if len(text) <= _REMEMBERED else DATE.search(text)


# A head is looked at several times: to find it, to judge it, to read it.
_REMEMBERED = 150
_found = lru_cache(maxsize=2048)(DATE.search)


def machine_time(element: etree._Element) -> str | None:
    """Return what an element states about time for machines: ISO 8601, seconds or milliseconds since 1970.

    ``datetime`` and its relatives, ``content`` of a property that is a time, and a ``title`` that is a date.
    """
    if _TIMED_NAMES.isdisjoint(element.keys()):
        return None
    attributes: Mapping[str, str] = element.attrib
    for name in _TIME_ATTRIBUTES:
        if (value := attributes.get(name)) and (found := _MACHINE.fullmatch(value.strip()[:40])):
            return found[0]
    if (value := attributes.get("content")) and _TIMED_PROPERTIES.search(attributes.get("itemprop", "")):
        return value.strip()[:40]
    title = attributes.get("title")
    if title and 8 <= len(title) <= 60:
        title = title.strip()
        if _MACHINE.fullmatch(title) or (DATE.search(title) and re.search(r"\d{4}|\d:\d\d", title)):
            return title
    return None
