"""Bytes -> text: byte order mark, UTF-8, the declared encoding, then what the bytes look like; all loss is counted."""

from __future__ import annotations

import codecs
import re
from typing import Literal, NamedTuple

from broadsheet.model import Problem
from broadsheet.parsing.detection import SAMPLE_BYTES, detected, wide
from broadsheet.parsing.mojibake import repaired
from broadsheet.text import REPLACEMENT, USUAL_ASCII

Origin = Literal["mark", "declared", "valid", "detected", "assumed"]

# UTF-32 before UTF-16: its little-endian mark begins with the other one.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ANY_MARK = tuple(mark for mark, _ in _MARKS)
_CHARSET = re.compile(r"charset\s?=\s?[\"']?([a-zA-Z0-9_.:-]{2,30})", re.IGNORECASE)
_IN_MARKUP = re.compile(
    rb"<(?:\?xml|meta)\s[^<>]{0,300}?(?:charset|encoding)\s{0,5}=\s{0,5}[\"']?([a-zA-Z0-9_.:-]{2,30})", re.IGNORECASE
)
_MARKUP_BYTES = 4096
# Of what is UTF-8 before the first byte that is not: where that is more than accident, the file is UTF-8, damaged.
_BEFORE_BYTES = 4096
# Switches ISO 2022 to Japanese; all its bytes are ASCII. One byte is found twenty times as fast as three.
_ESCAPE = b"\x1b"
_JAPANESE_MAIL = b"\x1b$B"
# What a name may mean: others that Python knows are no text, or decode in more than linear time. As browsers do, the
# names of the smaller standards stand for the larger code pages that were used under them.
_LARGER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_DECLARABLE = re.compile(
    r"cp125\d|cp874|cp866|iso8859-(?:[2-8]|1[03-6])|koi8-[ru]|mac-(?:roman|cyrillic)|gb18030|big5hkscs|cp932|cp949"
    r"|euc_jp|iso2022_jp|utf-16(?:-[lb]e)?"
)


class Decoded(NamedTuple):
    """Text, the encoding it was read in, how many U+FFFD that put in, and the byte offset of the first.

    ``origin`` says where the encoding came from: a byte order ``mark``, ``valid`` UTF-8, a name that was ``declared``,
    ``detected`` by the looks of the bytes, or ``assumed`` for want of anything better. ``repaired`` counts the lines
    in which mojibake was undone. ``unusual`` is the text's UTF-8 without ``text.USUAL_ASCII`` where the file itself is
    that text: little is left of most, and ``text.clean`` need not look for it again.
    """

    text: str
    encoding: str
    replacements: int = 0
    first_offset: int | None = None
    origin: Origin = "valid"
    repaired: int = 0
    unusual: bytes | None = None

    def problems(self) -> tuple[Problem, ...]:
        """Say what was lost or guessed: ``undecodable_bytes``, ``encoding_guessed``, ``mojibake_repaired``."""
        problems = []
        if self.replacements:
            message = (
                f"{self.replacements} malformed sequences of {self.encoding} were replaced by U+FFFD, the first "
                f"at byte {self.first_offset}. Convert the file to UTF-8 and upload it again."
            )
            problems.append(Problem("undecodable_bytes", message, offset=self.first_offset))
        if self.origin == "detected":
            message = (
                f"The text is not UTF-8 and nothing says what else: it was read as {self.encoding}, which fits its "
                "bytes best. If its letters are wrong, convert the file to UTF-8 and upload it again."
            )
            problems.append(Problem("encoding_guessed", message))
        if self.repaired:
            message = (
                f"In {self.repaired} lines, UTF-8 had been saved as if it were Windows text (as in “Ã©”): the "
                "letters that were meant are back."
            )
            problems.append(Problem("mojibake_repaired", message))
        return tuple(problems)


def decode(data: bytes, content_type: str | None = None, *, markup: bool = False) -> Decoded:
    """Decode a whole file; ``content_type`` may declare a charset, with ``markup`` the file itself in its first 4 KiB.

    A declaration is believed when the file is not UTF-8: nothing else is UTF-8 by accident, and many pages that are
    declare what they were before. Never fails: what no rule explains is read as UTF-8 with every malformed sequence
    replaced and counted.
    """
    decoded = _decoded(data, content_type, markup=markup)
    text, lines = repaired(decoded.text, decoded.unusual)
    return decoded._replace(text=text, repaired=lines, unusual=None) if lines else decoded


def encoding_of(part: bytes, opening: bytes, content_type: str | None = None, *, markup: bool = False) -> Decoded:
    """Say by a part of a stream, the first that is not ASCII, what the stream is in; the text is left out.

    ``opening`` is the beginning of the stream; the part may end within a character.
    """
    for mark, encoding in _MARKS:
        if opening.startswith(mark):
            return Decoded("", encoding, origin="mark")
    if two_bytes := wide(opening):
        return Decoded("", two_bytes, origin="detected")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(part)
    except UnicodeDecodeError as error:
        sample = part[max(0, error.start - _BEFORE_BYTES) : error.start + SAMPLE_BYTES]
    else:
        return Decoded("", "utf-8")
    declared = _declared(content_type) or (_declared_inside(opening[:_MARKUP_BYTES]) if markup else None)
    if declared:
        return Decoded("", declared, origin="declared")
    guess = detected(sample)
    return Decoded("", guess, origin="detected") if guess else Decoded("", "utf-8", origin="assumed")


def _python_name(label: str) -> str | None:
    """Return the encoding that a declared name means; None for one that is unknown or refused."""
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    name = _LARGER.get(name, name)
    return name if _DECLARABLE.fullmatch(name) else None


def _decoded(data: bytes, content_type: str | None, *, markup: bool) -> Decoded:
    if data.startswith(_ANY_MARK):
        mark, encoding = next(known for known in _MARKS if data.startswith(known[0]))
        return _lenient(data, encoding, len(mark))._replace(origin="mark")
    opening = data[:_MARKUP_BYTES]
    if two_bytes := wide(opening):
        return _lenient(data, two_bytes, 0)._replace(origin="detected")
    declared = _declared(content_type) or (_declared_inside(opening) if markup else None)
    try:
        text = data.decode("utf-8")
        if _ESCAPE not in data or _JAPANESE_MAIL not in data or not text.isascii():
            return Decoded(text, "utf-8", unusual=data.translate(None, USUAL_ASCII))
        sample, declared = b"", "iso2022_jp"
    except UnicodeDecodeError as error:
        sample = data[max(0, error.start - _BEFORE_BYTES) : error.start + SAMPLE_BYTES]
    if declared and (found := _strict(data, declared)):
        return Decoded(found, declared, origin="declared" if sample else "detected")
    if sample and (guess := detected(sample)) and (found := _strict(data, guess)):
        return Decoded(found, guess, origin="detected")
    return _lenient(data, "utf-8", 0)._replace(origin="assumed")


def _declared(content_type: str | None) -> str | None:
    found = _CHARSET.search(content_type[:200]) if content_type else None
    return _python_name(found[1]) if found else None


def _declared_inside(opening: bytes) -> str | None:
    found = _IN_MARKUP.search(opening)
    name = _python_name(found[1].decode("ascii")) if found else None
    # A declaration that can be read as ASCII is not in UTF-16.
    return None if name and name.startswith("utf-16") else name


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeError:  # a byte that means nothing there
        return None


def _lenient(data: bytes, encoding: str, start: int) -> Decoded:
    data = data[start:]
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        text = data.decode(encoding, "replace")
        genuine = data.decode(encoding, "ignore").count(REPLACEMENT)
        return Decoded(text, encoding, text.count(REPLACEMENT) - genuine, start + error.start)
