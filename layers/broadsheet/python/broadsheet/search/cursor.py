"""Where a walk through results goes on: an opaque text that holds everything the next page needs.

It names the request and the generation it belongs to, so that it cannot be used with another one. There is no secret in
it: whoever changes it gets the results of what it then says.
"""

from __future__ import annotations

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from broadsheet.errors import ParameterProblem, RequestError
from broadsheet.ids import digest
from broadsheet.search.parameters import refusal

LONGEST = 8_192
"""Characters: one after a page of 100 results has about 4,000, and a gateway takes 10,240 of a URL and its headers."""

_VERSION = 2
_MOST_BYTES = 32_768
# The engine's places have 32 bits; its times have 64.
_LARGEST_PLACE = 2**31 - 1
# The end of the year 9999, the last one that dates can be counted from.
_LATEST = 253_402_300_799


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place after a page.

    ``request`` is the identity of the request, ``generation`` the number of the indices that answered (0: no hit told),
    ``at`` the time that relative dates count from, in seconds; ``relaxed`` says that not all words are required.
    ``after`` are the sort values of the page's last hit, ``point_in_time`` the engine's id of the state that is walked
    through (empty: the current one). ``shown`` are documents that come no more, by id: a first page in the order of
    relevance was asked of another state than the rest, whose scores differ. The rest then starts from the top
    (``after`` is empty) and leaves them out.
    """

    request: str
    generation: int
    at: int
    relaxed: bool
    point_in_time: str
    after: tuple[Any, ...]
    shown: tuple[str, ...] = ()


def encode(cursor: Cursor) -> str:
    """Return the cursor as text that needs no escapes in a URL; it has a checksum, zlib's own."""
    values = [_VERSION, cursor.request, cursor.generation, cursor.at, cursor.relaxed, cursor.point_in_time]
    return urlsafe_b64encode(zlib.compress(orjson.dumps([*values, cursor.after, cursor.shown]))).rstrip(b"=").decode()


def decode(text: str) -> Cursor:
    """Read a cursor; raise RequestError ``invalid_cursor`` for any text that ``encode`` does not write."""
    try:
        packed = zlib.decompressobj()
        # Bounded: a few bytes may stand for gigabytes.
        values = orjson.loads(packed.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), _MOST_BYTES))
    except (binascii.Error, ValueError, zlib.error):
        raise invalid() from None
    types = (int, str, int, int, bool, str, list, list)
    if not packed.eof or not isinstance(values, list) or list(map(type, values)) != list(types):
        raise invalid()
    version, request, generation, at, relaxed, point_in_time, after, shown = values
    if version != _VERSION or not 0 <= at <= _LATEST or not all(isinstance(each, str) for each in shown):
        raise invalid()
    return Cursor(request, generation, at, relaxed, point_in_time, tuple(after), tuple(shown))


def identity(values: Mapping[str, Any], *resource: str) -> str:
    """Return a name of what is walked through: everything but where the page begins and how long it is."""
    named = {name: value for name, value in values.items() if name not in {"cursor", "limit"}}
    return digest(*resource, orjson.dumps(named, default=list, option=orjson.OPT_SORT_KEYS).decode())


def of_request(text: str, request: str, kinds: tuple[type, ...], *, from_the_top: bool = False) -> Cursor | None:
    """Read the cursor of a request with this identity, None for none; raise RequestError for one of another request.

    ``kinds`` are the types of its sort values; whole numbers are those of an order or a time, which the engine can
    take. ``from_the_top`` allows a walk that starts over without what was shown.
    """
    cursor = decode(text) if text else None
    if cursor is None:
        return None
    if cursor.request != request:
        raise other_request()
    if from_the_top and cursor.shown and not cursor.after:
        return cursor
    if tuple(map(type, cursor.after)) != kinds or (kinds == (int,) and not 0 <= cursor.after[0] <= _LARGEST_PLACE):
        raise invalid()
    if any(isinstance(value, int) and not -(2**63) <= value < 2**63 for value in cursor.after):
        raise invalid()
    return cursor


def generation(before: Cursor | None, hits: Sequence[Mapping[str, Any]]) -> int:
    """Return the number of the generation that hits come from, 0 without any.

    Raise RequestError when it is not that of the page before.
    """
    number = hits[0]["_index"].rpartition("-v")[2] if hits else ""
    found = int(number) if number.isdecimal() else 0
    if before and before.generation and found and found != before.generation:
        raise other_generation()
    return found


def other_request() -> RequestError:
    """Return the error for a cursor of another request."""
    return _refused("cursor_mismatch", "cursor belongs to another request. Send the parameters that it came from.")


def other_generation() -> RequestError:
    """Return the error for a cursor from before a change of generation."""
    return _refused("cursor_expired", "cursor is from before the index was renewed. Start again without it.")


def invalid() -> RequestError:
    """Return the error for what is no cursor of ours."""
    return _refused("invalid_cursor", "cursor is not one that this archive gave. Start again without it.")


def _refused(code: str, sentence: str) -> RequestError:
    return refusal([ParameterProblem("cursor", code, sentence)])
