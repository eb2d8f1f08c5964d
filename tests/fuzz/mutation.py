"""Damage: a file changed at random in the ways that files are broken, or are broken on purpose."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

# What means something to one reader or another.
TOKENS = [
    *(each.encode() for each in ("\u202e", "\u2028", "\ufeff", "\ufffd", "Ã©", "ط§ظ„", "é", "٩", "\u0301" * 40)),
    b"\x00",
    b"\xff",
    b"\xc3",
    b"\xe2\x80",
    b"\r",
    b"\r\n\r\n",
    b"\n\n",
    b"\x1b[31m",
    b'"',
    b'""',
    b"\\",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"null",
    b"NaN",
    b"1e999",
    b"<",
    b">",
    b"&",
    b"&amp;",
    b"&#0;",
    b"&#x110000;",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"</item>",
    b"<item>",
    b"<div>",
    b"</div>",
    b"<script>",
    b"<table>",
    b"<!DOCTYPE a [",
    b"\n-----\n",
    b"\n--------\n",
    b"COMMENT:\n",
    b"WARC/1.0\r\n",
    b"Content-Length: 99999999\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Encoding: gzip\r\n",
    b"\x1f\x8b\x08\x00",
    b"BZh91AY&SY",
    b"PK\x03\x04",
    b"ustar",
    b"\n\nThumb ann 09 May 2014, 16:33\n\n",
    b"Comments 3\n",
    b"2014-13-45T99:99:99Z",
    b"0000-00-00 00:00:00",
]
_NUMBER = re.compile(rb"\d+")
_MOST_BYTES = 200_000


def mutated(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """Return a file with one to eight damages; ``other`` is one to take pieces of."""
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        data = chance.choice(_DAMAGES)(data, other, chance)[:_MOST_BYTES]
    return data


def _piece(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 2, 4, 16, 100, 1000)))


def _flip(data: bytes, _: bytes, chance: random.Random) -> bytes:
    if not data:
        return data
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]


def _overwrite(data: bytes, _: bytes, chance: random.Random) -> bytes:
    start, end = _piece(data, chance)
    return data[:start] + chance.randbytes(end - start) + data[end:]


def _leave_out(data: bytes, _: bytes, chance: random.Random) -> bytes:
    start, end = _piece(data, chance)
    return data[:start] + data[end:]


def _repeat(data: bytes, _: bytes, chance: random.Random) -> bytes:
    start, end = _piece(data, chance)
    return data[:start] + data[start:end] * chance.choice((2, 3, 50)) + data[end:]


def _insert(data: bytes, _: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.choice(TOKENS) * chance.choice((1, 1, 1, 2, 300)) + data[place:]


def _splice(data: bytes, other: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data) + 1)
    start, end = _piece(other, chance)
    return data[:place] + other[start:end] + data[place:]


def _cut(data: bytes, _: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _renumber(data: bytes, _: bytes, chance: random.Random) -> bytes:
    numbers = list(_NUMBER.finditer(data[:50_000]))
    if not numbers:
        return data
    found = chance.choice(numbers)
    number = chance.choice((b"0", b"-1", b"1", b"99999999999999999999", str(chance.getrandbits(40)).encode()))
    return data[: found.start()] + number + data[found.end() :]


def _swap(data: bytes, _: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    if len(lines) > 1:
        one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[one], lines[two] = lines[two], lines[one]
    return b"\n".join(lines)


_DAMAGES: tuple[Callable[[bytes, bytes, random.Random], bytes], ...] = (
    _flip, _overwrite, _leave_out, _repeat, _insert, _insert, _splice, _cut, _renumber, _swap
)  # fmt: skip
