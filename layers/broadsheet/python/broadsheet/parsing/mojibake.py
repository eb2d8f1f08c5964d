"""UTF-8 that was once read in a code page and saved again ("Ã©" for "é", "Ø§Ù„" for "ال"): undone where it is certain.

Software that stores comments did this for years. It is certain when everything beyond ASCII in a stretch of text turns
back into bytes that are UTF-8 from the first to the last, exactly; nothing is guessed, and a text that only speaks of
such signs, or in which a single sign fits by chance, stays as it is.
"""

from __future__ import annotations

import re
import unicodedata

_RUN = re.compile("[^\x00-\x7f]+")
# The first signs of a sequence of two to four bytes as each code page shows them, and one of the others after it.
# Windows' 1252 leaves five bytes undefined, which browsers read as controls.
_MAYBE = re.compile("[\xc2-\xf4][\x80-\xbf\u0152-\u02dc\u2013-\u2122]|[\u0637\u0638][^\x00-\x7f\u0621-\u0652\\s]")
# In UTF-8 all letters of Latin-1 begin with this byte. The pairs are alef and lam, read in 1256.
_LATIN_1 = b"\xc3"
_PAIRS = ("ط§".encode(), "ظ„".encode())
# Continuation bytes that a line of its own needs; a whole text, which all agrees, needs fewer.
_ENOUGH_OF_LINE = 6
_ENOUGH_OF_TEXT = 2
_ENOUGH_OF_SCRIPT = 4
_PAGES = ("cp1252", "cp1256")
_MEANINGLESS = frozenset({"Cc", "Cn", "Co", "Cs"})


def repaired(text: str, beyond: bytes | None = None) -> tuple[str, int]:
    """Return the text with what is certainly mojibake undone, and in how many lines that was.

    ``beyond`` is the UTF-8 of all its characters beyond ASCII, in order, if the caller has it. Linear in the length of
    the text; for the text of most files it is one search that finds nothing.
    """
    if text.isascii() or (beyond is not None and not _is_possible(beyond)):
        return text, 0
    if not _is_possible(text.encode("utf-8", "surrogatepass")) or not _MAYBE.search(text):
        return text, 0
    whole = _undone(text, _ENOUGH_OF_TEXT)
    if whole is not None:
        return whole, sum(not line.isascii() for line in text.split("\n"))
    lines = text.split("\n")
    changed = 0
    for number, line in enumerate(lines):
        if line.isascii() or not _MAYBE.search(line):
            continue
        better = _undone(line, _ENOUGH_OF_LINE)
        if better is not None:
            lines[number] = better
            changed += 1
    return ("\n".join(lines), changed) if changed else (text, 0)


def _is_possible(utf8: bytes) -> bool:
    """Look, at a tenth of the cost of the pattern, for what all mojibake has: letters of Latin-1, or two pairs."""
    return _LATIN_1 in utf8 or _PAIRS[0] in utf8 or _PAIRS[1] in utf8


def _undone(text: str, enough: int) -> str | None:
    """Return the text that was meant, None unless each run beyond ASCII is mojibake of one code page."""
    for page in _PAGES:
        meant: dict[str, str] = {}
        saved = 0
        for found in _RUN.finditer(text):
            run = found[0]
            if run not in meant:
                better = _decoded(run, page)
                if better is None:
                    break
                meant[run] = better
            saved += len(run) - len(meant[run])
        else:
            if saved >= enough and _is_plausible("".join(meant.values())):
                return _RUN.sub(lambda found, meant=meant: meant[found[0]], text)  # type: ignore[misc]
    return None


def _decoded(run: str, page: str) -> str | None:
    try:
        better = _bytes(run, page).decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return None
    return better


def _bytes(run: str, page: str) -> bytes:
    if page != "cp1252":
        return run.encode(page)
    try:
        return run.encode(page)
    except UnicodeEncodeError:
        return b"".join(mark.encode("latin-1" if mark < "\xa0" else page) for mark in run)


def _is_plausible(marks: str) -> bool:
    """Refuse controls and a few signs of a far script: an accident of signs that stand together, as in "allé…”"."""
    if any(unicodedata.category(mark) in _MEANINGLESS or mark == "\ufffd" for mark in marks):
        return False
    far = sum("\u0700" <= mark < "\u2000" or "\u2e00" <= mark < "\ufb00" for mark in marks)
    return far == 0 or far >= _ENOUGH_OF_SCRIPT
