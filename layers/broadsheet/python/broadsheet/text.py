"""Plain text made harmless and comparable: cleaning, folding, words, the language of a script.

All functions are linear in the length of their input.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# What must not reach a terminal, a log or the index: C0 and C1 controls but tab and line feed, lone surrogates (JSON
# allows them, UTF-8 does not), and the explicit bidirectional overrides and isolates that can disguise text. The
# marks LRM, RLM and ALM are harmless and needed in Arabic text.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]",
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Sorting combining marks takes quadratic time in unicodedata.normalize (80,000 in a row: 3.3 s), so a longer run than
# Unicode's stream-safe format allows (UAX #15, section 13: 30) is cut.
_MAX_MARKS = 30
_MARKS_RUN = re.compile(rf"[^\w\s\x00-\x7f]{{{_MAX_MARKS + 1},}}")
# Latin letters, dashes, quotes, and Arabic without vowel marks: what English and Arabic text has beside ASCII, and NFC
# leaves alone whatever of it stands beside it.
_HARMLESS = re.compile("[\xa0-\u02ff\u060c\u061b\u061f-\u064a\u0660-\u066d\u2010-\u2027\u2030-\u205e]*")
USUAL_ASCII = bytes(range(0x20, 0x7F)) + b"\t\n"
"""The ASCII characters that ``clean`` leaves alone: printable ones, tab and line feed."""

_ASCII_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ASCII_LETTER = re.compile("[a-zA-Z]")
# What str.lower() and str.split() make of it.
_FOLDED_ASCII = bytes(
    ord(" ") if chr(code).isspace() else ord(chr(code).lower()) if code < 0x80 else code for code in range(256)
)
_WORD = re.compile(r"\w+")
_ARABIC_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0640]")
_ARABIC_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه"})
# Arabic, Arabic Supplement, and the two blocks of presentation forms that old software wrote.
_ARABIC_BLOCKS = (("\u0600", "\u06ff"), ("\u0750", "\u077f"), ("\ufb50", "\ufdff"), ("\ufe70", "\ufefc"))
_ARABIC = re.compile("[\u0600-\u06ff]")


class Cleaned(NamedTuple):
    """Harmless text, and how many characters of which kind were dropped or replaced to get it."""

    text: str
    dropped: dict[str, int]


def clean(text: str, unusual: bytes | None = None) -> Cleaned:
    r"""Make text harmless and NFC; every line end becomes a line feed. Nothing is taken out without being counted.

    ``unusual`` is the text's UTF-8 without ``USUAL_ASCII``, if the caller has it: most of the work on usual text.

    >>> clean("a\x00b\r\nc")
    Cleaned(text='ab\nc', dropped={'control': 1})
    """
    rare = (unusual_of(text) if unusual is None else unusual).decode("utf-8", "surrogatepass")
    return Cleaned(text, {}) if _HARMLESS.fullmatch(rare) else _cleaned(text, rare)


def _cleaned(text: str, unusual: str) -> Cleaned:
    dropped: Counter[str] = Counter()

    def replace(match: re.Match[str]) -> str:
        kind = _kind(match.group())
        dropped[kind] += 1
        return REPLACEMENT if kind == "surrogate" else ""

    def shorten(match: re.Match[str]) -> str:
        kept = []
        run = 0
        for character in match.group():
            run = run + 1 if unicodedata.combining(character) else 0
            if run <= _MAX_MARKS:
                kept.append(character)
        dropped["combining_mark"] += len(match.group()) - len(kept)
        return "".join(kept)

    # Most text needs none of the slow passes: isprintable() refuses all that they look for, and little else.
    if not unusual.replace("\xa0", "").isprintable():
        text = _UNWANTED.sub(replace, _LINE_ENDS.sub("\n", text))
        unusual = unusual_of(text).decode("utf-8", "surrogatepass")  # what was between two marks may be gone
    if _MARKS_RUN.search(unusual):
        text = _MARKS_RUN.sub(shorten, text)
    return Cleaned(unicodedata.normalize("NFC", text), {kind: count for kind, count in dropped.items() if count})


def unusual_of(text: str) -> bytes:
    """Return all characters that are not printable ASCII, tab or line feed, in order, as UTF-8 (surrogates passed).

    bytes.translate takes a fiftieth of the time of a loop or a regular expression, and UTF-8 can be cut anywhere
    between characters.
    """
    return text.encode("utf-8", "surrogatepass").translate(None, USUAL_ASCII)


def _kind(character: str) -> str:
    if "\ud800" <= character <= "\udfff":
        return "surrogate"
    if character == "\ufeff":
        return "byte_order_mark"
    return "control" if ord(character) < 0x100 else "bidi_override"


def fold(text: str) -> str:
    """One comparable form: compatibility characters, case, Arabic letter variants, vowel marks and spaces made equal.

    >>> fold("  الأَسَد  Homs ")
    'الاسد homs'
    """
    if text.isascii():
        return _folded_ascii(text)
    if "\n" in text:
        # No rule looks across a line end, and most lines of English text are ASCII whatever quotes the others hold.
        return " ".join([folded for line in text.split("\n") if line and (folded := fold(line))])
    text = unicodedata.normalize("NFKC", text.replace("\xa0", " ")).casefold()
    if _ARABIC.search(text):
        text = _ARABIC_MARKS.sub("", text).translate(_ARABIC_LETTERS)
    return " ".join(text.split())


def _folded_ascii(text: str) -> str:
    """Fold most English text at a tenth of the cost: one table makes letters small and white space a space.

    Splitting into words and joining them again takes twice as long as all else here, so it is left to texts that need
    it; paragraphs alone do not.
    """
    if "\n" in text:
        text = text.replace("\n\n", " ")
    folded = text.encode("ascii").translate(_FOLDED_ASCII)
    return (b" ".join(folded.split()) if b"  " in folded else folded.strip(b" ")).decode("ascii")


def author_key(name: str) -> str:
    """Return the key under which spellings of one author's name meet (case, Arabic variants, spaces)."""
    return _remembered_key(name) if len(name) <= _USUAL_NAME else fold(name)


# The same few people write most comments, and each is asked for several times: as author, as addressee, for an id.
_USUAL_NAME = 100
_remembered_key = lru_cache(maxsize=4096)(fold)


def words(text: str) -> list[str]:
    """Return the folded words of a text, in order: what the word law compares."""
    return _WORD.findall(fold(text))


def language(text: str) -> str | None:
    """Return ``ar`` or ``en`` by the share of letters in each script; None without letters or for another script.

    Arabic wins at a third of the letters: names and quotes in Latin script are common inside Arabic text, the reverse
    is rare. Reads at most the first 20,000 characters.
    """
    text = text[:20_000]
    latin = arabic = other = 0
    if not text.isascii():
        for character, count in Counter(unusual_of(text).decode("utf-8", "surrogatepass")).items():
            if not character.isalpha():
                continue
            if _is_arabic(character):
                arabic += count
            elif character <= "\u024f":
                latin += count
            else:
                other += count
    if not arabic and not other:
        # Nothing to weigh against: one letter decides.
        return "en" if latin or _ASCII_LETTER.search(text) else None
    ascii_text = text.encode("ascii", "ignore")
    latin += len(ascii_text) - len(ascii_text.translate(None, _ASCII_LETTERS))
    letters = arabic + latin + other
    if other * 2 > letters:
        return None
    return "ar" if arabic * 3 >= letters else "en"


def _is_arabic(letter: str) -> bool:
    return any(first <= letter <= last for first, last in _ARABIC_BLOCKS)
