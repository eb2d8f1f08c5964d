"""Which encoding bytes are in that no mark and no declaration names: looked at a sample of them, never sure."""

from __future__ import annotations

import re
import unicodedata
from operator import itemgetter

# Looked at from the first byte on that is not UTF-8; more would take memory and tell no more.
SAMPLE_BYTES = 64 * 1024
# The detector misjudges a sentence and knows the page: a short sample is shown to it several times over.
_ENOUGH_BYTES = 4 * 1024
_ARABIC_RUN = re.compile("[\u0621-\u0652\u067e\u0679\u0686\u0688\u0691\u0698\u06a9\u06af\u06ba\u06be\u06c1\u06d2]{2,}")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")
_WELL_FORMED = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_SCRIPTS = bytes(range(7))
_HIGH = bytes(range(0x80, 0x100))
# Letters of Hebrew, where code page 1255 and ISO 8859-8 agree.
_HEBREW = bytes(range(0xE0, 0xFB))
# All that ISO 8859-6 defines.
_ISO_8859_6 = bytes([*range(0x80), 0xA0, 0xA4, 0xAC, 0xAD, 0xBB, 0xBF, *range(0xC1, 0xDB), *range(0xE0, 0xF3)])
# Each language of Western Europe uses few of the letters of code page 1252; a text in another code page that is read
# in 1252 shows letters of several: "Pøíliš žluouèký" is Czech. In this order: French, Spanish and Portuguese, German
# and Nordic, Italian, Icelandic.
_ALPHABETS = tuple(
    frozenset(letters + letters.upper())
    for letters in ("àâæçéèêëîïôœùûüÿ", "áéíóúüñçãõâêôàªº", "äöüßåæøéàëï", "àèéìíòóùú", "áéíóúýðþæö")
)
# What the same software writes around them.
_SIGNS = frozenset("«»‹›“”„‘’‚–—…•·°©®™€£¥§¿¡×½¼¾²³µ\xa0\xad†‡‰´`¨")
_BEFORE_WORDS, _AFTER_WORDS, _IN_WORDS = "«»“„”‘’‚¿¡\xa0—–•", "«»“”‘’…\xa0—–™®°،؛؟", "’\xad·–—\u200c\u200d"
# More than one in five: no encoding fits.
_MOST_SIGNS = 5
# The detector leaves them out for short texts. After its own candidates:
_CENTRAL = ("cp1250", "iso8859_2")
# What news is or was written in, and decodes in linear time.
_USUAL_NAMES = """
cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 koi8_r koi8_u iso8859_2 iso8859_5 iso8859_6
iso8859_7 iso8859_8 iso8859_9 iso8859_11 iso8859_15 cp437 cp720 cp737 cp850 cp852 cp857 cp862 cp864 cp866 cp1125
mac_roman mac_cyrillic mac_greek mac_turkish mac_iceland cp932 euc_jp euc_jis_2004 gb18030 big5 big5hkscs cp949
"""
_USUAL = frozenset(_USUAL_NAMES.split())


def is_damaged_utf8(sample: bytes) -> bool:
    """Tell whether bytes that are not UTF-8 are UTF-8 with a few damaged ones: half of the high bytes make sense."""
    high = len(sample) - len(sample.translate(None, _HIGH))
    return sum(len(sequence) for sequence in _WELL_FORMED.findall(sample)) * 2 > high


def detected(sample: bytes) -> str | None:
    """Return the Python name of the encoding that a sample is most likely in; None when nothing speaks for one.

    Arabic Windows and Western European text are told by their letters, which is surer than the statistics of
    charset-normalizer on short texts; what neither explains is left to it, among encodings that decode in linear time.
    """
    if is_damaged_utf8(sample):
        return None
    if arabic := _arabic(sample):
        return arabic
    if _is_western(sample):
        return "cp1252"
    if _is_hebrew(sample):
        return "cp1255"
    return _by_statistics(sample)


def wide(opening: bytes) -> str | None:
    """Return ``utf-16-le`` or ``utf-16-be`` for text of two bytes per character without a byte order mark.

    Every other byte is then the number of a script: 0 for Latin, 3 to 6 for Greek, Cyrillic, Hebrew, Arabic.
    """
    opening = opening[: len(opening) // 2 * 2]
    if len(opening) < 8 or b"\x00" not in opening:
        return None
    for encoding, high, low in (("utf-16-le", opening[1::2], opening[::2]), ("utf-16-be", opening[::2], opening[1::2])):
        if len(high.translate(None, _SCRIPTS)) * 10 <= len(high) and low.count(0) * 50 <= len(low):
            return encoding if _is_printable(opening.decode(encoding, "replace")) else None
    return None


def _is_printable(text: str) -> bool:
    odd = sum(not (mark.isprintable() or mark.isspace()) for mark in text[:2000])
    return odd * 50 <= len(text[:2000])


def _arabic(sample: bytes) -> str | None:
    """Arabic in the code page of Windows or in ISO 8859-6, which have alef in one place and lam in two.

    Letters must stand together: Spanish or French in Latin-1 gives single Arabic letters. A fifth of all letters are
    alef and lam, as they are not when Russian is read so.
    """
    if not sample.translate(None, _ISO_8859_6) and sample.count(0xE4) > sample.count(0xE1):
        return "iso8859_6"
    letters = [run for run in _BEYOND_ASCII.findall(sample.decode("cp1256", "replace")) if run.isalpha()]
    arabic = "".join(run for piece in letters for run in _ARABIC_RUN.findall(piece))
    usual = sum(map(arabic.count, "\u0627\u0644"))
    is_arabic = arabic and len(arabic) * 10 >= sum(map(len, letters)) * 7 and usual * 12 >= len(arabic)
    return "cp1256" if is_arabic else None


def _is_western(sample: bytes) -> bool:
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    used = set("".join(_BEYOND_ASCII.findall(text))) - _SIGNS
    if not any(used <= alphabet for alphabet in _ALPHABETS):
        return False
    return _signs_in_words(text) * 10 <= sum(map(len, _BEYOND_ASCII.findall(text)))


def _is_hebrew(sample: bytes) -> bool:
    """All high bytes are in a range that is Hebrew in 1255, and nothing but capitals in KOI8."""
    high = [byte for byte in sample if byte >= 0x80]
    return len(high) >= 20 and sum(byte in _HEBREW for byte in high) * 100 >= len(high) * 97


def _by_statistics(sample: bytes) -> str | None:
    # Few files need it, and it takes 20 ms to load.
    from charset_normalizer import from_bytes

    shown = sample * (_ENOUGH_BYTES // len(sample) + 1) if len(sample) < _ENOUGH_BYTES else sample
    candidates = [match.encoding for match in from_bytes(shown) if match.encoding in _USUAL]
    # min() returns the first of those that are alike: the detector's order stands.
    signs, best = min(
        ((_signs_in_words(sample.decode(encoding, "replace")), encoding) for encoding in (*candidates, *_CENTRAL)),
        key=itemgetter(0),
    )
    return best if signs * _MOST_SIGNS <= len(sample) - len(sample.translate(None, _HIGH)) else None


def _signs_in_words(text: str) -> int:
    """Count marks that stand inside words, where only a wrong encoding puts them: "¯ó³ta" is Polish read in 1252."""
    count = 0
    for found in _BEYOND_ASCII.finditer(text):
        inner = found[0]
        if not text[found.start() - 1 : found.start()].isalpha():
            inner = inner.lstrip(_BEFORE_WORDS)
        if not text[found.end() : found.end() + 1].isalpha():
            inner = inner.rstrip(_AFTER_WORDS)
        count += sum(not (mark.isalpha() or mark in _IN_WORDS or unicodedata.combining(mark)) for mark in inner)
    return count
