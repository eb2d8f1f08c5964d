"""Names of months and weekdays, in English and in the Arabic of each region, and digits of every script used."""

from __future__ import annotations

from functools import lru_cache

_ENGLISH = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_ARABIC = (
    # The Levant and Iraq (of Aramaic origin), Egypt and the Gulf, Algeria and Tunisia (of French origin), Morocco.
    "كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول",
    "يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر",
    "جانفي|فيفري|مارس|أفريل|ماي|جوان|جويلية|أوت|سبتمبر|أكتوبر|نوفمبر|ديسمبر",
    "يناير|فبراير|مارس|أبريل|ماي|يونيو|يوليوز|غشت|شتنبر|أكتوبر|نونبر|دجنبر",
    "كانون ثاني|شباط|آذار|نيسان|نوار|حزيران|تموز|آب|أيلول|تشرين أول|تشرين ثاني|كانون أول",
    "يناير|فبراير|مارس|ابريل|مايو|يونية|يولية|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر",
)
_HIJRI = (
    "محرم|صفر|ربيع الأول|ربيع الثاني|جمادى الأولى|جمادى الآخرة|رجب|شعبان|رمضان|شوال|ذو القعدة|ذو الحجة",
    "المحرم|صفر|ربيع أول|ربيع ثاني|جمادى الأول|جمادى الثانية|رجب|شعبان|رمضان|شوال|ذي القعدة|ذي الحجة",
    "محرم|صفر|ربيع اول|ربيع الآخر|جماد الأول|جماد الثاني|رجب|شعبان|رمضان|شوال|ذو القعده|ذو الحجه",
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ARABIC_WEEKDAYS = ("الاثنين", "الثلاثاء", "الثلثاء", "الاربعاء", "الخميس", "الجمعه", "السبت", "الاحد")
_ARABIC_NUMBERS = dict(zip(ARABIC_WEEKDAYS, (0, 1, 1, 2, 3, 4, 5, 6), strict=True))

# One character for one, so that places in the plain form are places in the line: digits, commas, spaces, the letters
# that writers of Arabic use for each other. Direction marks become spaces.
_PLAIN: dict[int, str] = {ord(mark): " " for mark in "\xa0\u200e\u200f\u061c\u2009\u202f\u200b"}
_PLAIN |= {start + digit: str(digit) for start in (0x660, 0x6F0) for digit in range(10)}
_PLAIN |= dict(zip(map(ord, "أإآٱىیکة،؛–—−’٬"), "اااايىكه,;---',", strict=True))
_PLAIN[ord("ى")] = _PLAIN[ord("ی")] = "ي"


def plain(line: str) -> str:
    """Return a line with ASCII digits, commas and spaces and unified Arabic letters; its length stays the same."""
    if line.isascii():
        return line
    return _remembered(line) if len(line) <= _SHORT else line.translate(_PLAIN)


# Each short line of a page is asked for several times, as a head, a section, a button; translating takes a while.
_SHORT = 300


@lru_cache(maxsize=1024)
def _remembered(line: str) -> str:
    return line.translate(_PLAIN)


def _numbered(*lists: str) -> dict[str, int]:
    return {plain(name): number for names in lists for number, name in enumerate(names.split("|"), 1)}


ARABIC_MONTHS = _numbered(*_ARABIC)
HIJRI_MONTHS = _numbered(*_HIJRI)
ENGLISH_MONTHS = {name: number for number, name in enumerate(_ENGLISH, 1)}
ENGLISH_MONTHS |= {name[:3]: number for name, number in list(ENGLISH_MONTHS.items())} | {"sept": 9, "febr": 2}
MONTHS = ENGLISH_MONTHS | ARABIC_MONTHS


def weekday_number(text: str) -> int | None:
    """Return the weekday, from Monday as 0, whose name or first three letters a text in its plain form begins with."""
    for number, name in enumerate(WEEKDAYS):
        if text.startswith(name[:3]):
            return number
    arabic = next((name for name in ARABIC_WEEKDAYS if text.startswith(name)), None)
    return _ARABIC_NUMBERS[arabic] if arabic else None


def alternatives(names: dict[str, int]) -> str:
    """Return a pattern of these names, longer ones first."""
    return "|".join(sorted((name.replace(" ", r"\s") for name in names), key=len, reverse=True))
