"""Bytes -> text: byte order mark, UTF-8, the declared encoding, Arabic Windows, and last UTF-8 with replacements."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from broadsheet.text import REPLACEMENT

# UTF-32 before UTF-16: its little-endian mark begins with the other one.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Single-byte encodings only: others that Python knows are no text, or decode in more than linear time.
_DECLARED = re.compile(r"charset\s?=\s?\"?((?:windows-|cp)125\d|iso-8859-\d{1,2}|koi8-[ru])\b", re.IGNORECASE)
_ARABIC_RUN = re.compile("[\u0621-\u0652\u067e\u0679\u0686\u0688\u0691\u0698\u06a9\u06af\u06ba\u06be\u06c1\u06d2]{2,}")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")
# Looked at from the first byte on that is not UTF-8; more would take memory and tell no more.
_SAMPLE_BYTES = 64 * 1024
_WELL_FORMED = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was read in, how many U+FFFD that put in, and the byte offset of the first."""

    text: str
    encoding: str
    replacements: int = 0
    first_offset: int | None = None


def decode(data: bytes, content_type: str | None = None) -> Decoded:
    """Decode a whole file; ``content_type`` may declare a charset, which is believed when it is not UTF-8 after all.

    Never fails: what no rule explains is read as UTF-8 with every malformed sequence replaced and counted.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _lenient(data, encoding, len(mark))
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        sample = data[error.start : error.start + _SAMPLE_BYTES]
    for single_byte in (_declared(content_type), "cp1256" if _is_arabic_windows(sample) else None):
        if single_byte:
            try:
                return Decoded(data.decode(single_byte), single_byte)
            except UnicodeDecodeError:  # a byte that means nothing there
                continue
    return _lenient(data, "utf-8", 0)


def _declared(content_type: str | None) -> str | None:
    found = _DECLARED.search(content_type[:200]) if content_type else None
    return codecs.lookup(found[1]).name if found else None


def _lenient(data: bytes, encoding: str, start: int) -> Decoded:
    data = data[start:]
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        text = data.decode(encoding, "replace")
        genuine = data.decode(encoding, "ignore").count(REPLACEMENT)
        return Decoded(text, encoding, text.count(REPLACEMENT) - genuine, start + error.start)


def _is_arabic_windows(sample: bytes) -> bool:
    """Tell whether bytes that are not UTF-8 are Arabic in code page 1256, by a sample of them.

    UTF-8 with a few damaged bytes would look like it too (its Arabic lead bytes are letters there), so well-formed
    sequences must be few. Letters must stand together: Spanish or French in Latin-1 gives single Arabic letters.
    """
    high = len(sample) - len(sample.translate(None, bytes(range(0x80, 0x100))))
    if sum(len(sequence) for sequence in _WELL_FORMED.findall(sample)) * 2 > high:
        return False
    letters = [run for run in _BEYOND_ASCII.findall(sample.decode("cp1256", "replace")) if run.isalpha()]
    arabic = sum(len(run) for piece in letters for run in _ARABIC_RUN.findall(piece))
    return arabic * 10 >= sum(map(len, letters)) * 7 and arabic > 0
