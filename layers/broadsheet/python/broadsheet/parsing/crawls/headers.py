"""Headers as WARC and HTTP write them: names and values in lines, up to a blank one."""

from __future__ import annotations

from collections.abc import Callable

_MOST_BYTES = 64 * 1024
_LINE_BYTES = 16 * 1024


def read_headers(line: Callable[[int], bytes]) -> dict[str, str] | None:
    """Return the values by their names in lower case, of several the first; None if they do not end within 64 KiB.

    ``line`` returns the next line, of at most so many bytes. A line that begins with a blank goes on with the value
    before it.
    """
    headers: dict[str, str] = {}
    name = ""
    size = 0
    while size < _MOST_BYTES:
        data = line(_LINE_BYTES)
        size += len(data)
        if not data.endswith(b"\n"):
            return None
        text = data.decode("utf-8", "replace").rstrip("\r\n")
        if not text:
            return headers
        if text[0] in " \t" and name in headers:
            headers[name] += " " + text.strip()
            continue
        before, colon, value = text.partition(":")
        name = before.strip().lower()
        if colon:
            headers.setdefault(name, value.strip())
    return None


def length_of(headers: dict[str, str], most_digits: int = 15) -> int | None:
    """Return the stated length of what follows; None for none."""
    stated = headers.get("content-length", "")
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) <= most_digits else None
