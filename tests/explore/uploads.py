"""The files that schedules upload: small pages and small archives, some with a fault in them."""

from __future__ import annotations

POISON = b"POISON"
"""Reading a record with this word ends the worker, as one does that needs too much memory."""
BUGGY = b"BUGGY"
"""Reading a record with this word raises an error nobody expects."""
BROKEN = b'{"title": \n'
"""A line of an archive that is cut off."""
WORDS = ("POISON", "BUGGY", "REFUSED", "EMPTY", "BINARY", "BROKEN")
_PAGE = "Title {number}\n\nText of {number}{word}.\n\nComments {count}\n"
_HEAD = "Thumb reader{each} 09 May 2014, 16:{each:02}\n\nText {number}.{each}{word}\n\n"


def page(number: int, comments: int, word: str = "") -> bytes:
    """Return a small page of the sample's family; its texts name the upload. A word of ``WORDS`` says what is wrong."""
    if word == "EMPTY":
        return b""
    if word == "BINARY":
        return b"\x7fELF" + bytes(40)
    refused, inside = (f" {word}", "") if word == "REFUSED" else ("", f" {word}" if word else "")
    heads = (_HEAD.format(number=number, each=each, word="" if each else refused) for each in range(comments))
    return (_PAGE.format(number=number, word=inside, count=comments) + "".join(heads)).encode()


def archive(number: int, records: int, word: str = "", at: int = 0) -> bytes:
    """Return JSON Lines with one comment for each article; ``word`` stands in one of the records."""
    lines = []
    for each in range(records):
        inside = f" {word}" if word and each == at else ""
        if word == "BROKEN" and each == at:
            lines.append(BROKEN.decode().rstrip("\n"))
            continue
        article = f'"title": "Title {number}-{each}", "body": "Text {number}-{each}{inside}"'
        comment = f'{{"author": "reader{each % 3}", "body": "Said {number}-{each}"}}'
        lines.append(f'{{{article}, "comments": [{comment}]}}')
    return ("\n".join(lines) + "\n").encode()


def is_archive(body: bytes) -> bool:
    """Tell whether a file has more than one record."""
    return body.startswith(b"{")


def line_of(body: bytes, number: int) -> bytes:
    """Return what one record is made of."""
    return body.split(b"\n")[number] if is_archive(body) else body
