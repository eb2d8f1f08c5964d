"""Files that are not text: what their first bytes say they are."""

from __future__ import annotations

import re

from broadsheet.parsing.detection import wide

_UNPACK = "Unpack it and upload the files in it."
_PAGE_TEXT = "Upload the page's text instead."
_SAVE_AS_TEXT = "Save it as plain text (UTF-8) and upload that."

# The formats' own magic numbers, each long enough not to be the beginning of a text ("ID3 tags explained").
_SIGNATURES: tuple[tuple[re.Pattern[bytes], str, str], ...] = tuple(
    (re.compile(magic, re.DOTALL), name, advice)
    for magic, name, advice in (
        (rb"%PDF-\d", "a PDF document", "Extract its text and upload that."),
        (rb"\x89PNG\r\n\x1a\n", "a PNG image", _PAGE_TEXT),
        (rb"\xff\xd8\xff", "a JPEG image", _PAGE_TEXT),
        (rb"GIF8[79]a", "a GIF image", _PAGE_TEXT),
        (rb"RIFF....WEBP", "a WebP image", _PAGE_TEXT),
        (rb"PK(?:\x03\x04|\x05\x06)", "a ZIP archive or an Office document", _UNPACK),
        (rb"\x1f\x8b", "gzip", _UNPACK),
        (rb"BZh[1-9]1AY&SY", "bzip2", _UNPACK),
        (rb"\xfd7zXZ\x00", "xz", _UNPACK),
        (rb"\x28\xb5\x2f\xfd", "Zstandard", _UNPACK),
        (rb"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
        (rb"Rar!\x1a\x07", "a RAR archive", _UNPACK),
        (rb".{257}ustar[\x00 ]", "a tar archive", _UNPACK),
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document", _SAVE_AS_TEXT),
        (rb"{\\rtf", "an RTF document", _SAVE_AS_TEXT),
        (rb"SQLite format 3\x00", "an SQLite database", "Export the articles as text."),
        (rb"\x7fELF|MZ[\x00\x90]", "a program", "Upload text."),
        (rb"ID3[\x02-\x04]|OggS\x00|\x00\x00\x00.ftyp", "an audio or video file", "Upload text."),
    )
)
# What they begin with, but for a tar archive's, which stands at its place: few texts begin with one of these bytes.
_FIRST_BYTES = frozenset(b"%\x89\xffGRP\x1fB\xfd(7\xd0{S\x7fMIO\x00")
_TAR_AT = slice(257, 262)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
# C0 controls but tab, line ends, backspace and escape (terminal recordings are text).
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\b\x1b")) + b"\x7f"
# Random bytes hold one such control in ten, text none; a stray NUL in a long text must not make it binary.
_MAX_CONTROL_SHARE = 0.01


def binary_kind(opening: bytes) -> str | None:
    """Say what a file is that cannot be text, and what to do about it; None when it may be text.

    >>> binary_kind(b"%PDF-1.7 ...")
    'a PDF document. Extract its text and upload that.'
    """
    if opening and (opening[0] in _FIRST_BYTES or opening[_TAR_AT] == b"ustar"):
        for magic, name, advice in _SIGNATURES:
            if magic.match(opening):
                return f"{name}. {advice}"
    if opening.startswith(_WIDE_MARKS):
        return None
    controls = len(opening) - len(opening.translate(None, _CONTROLS))
    if controls <= len(opening) * _MAX_CONTROL_SHARE:
        return None
    if wide(opening):
        return None
    kind = "NUL bytes" if b"\x00" in opening else "control characters"
    return f"a binary file: {controls} of its first {len(opening)} bytes are {kind}. Upload text."
