"""Where a walk through results goes on: an opaque text that holds everything the next page needs.

It names the request and the generation it belongs to, so that it cannot be used with another one. There is no secret in
it: whoever changes it gets the results of what it then says.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import astuple, dataclass, fields
from typing import Any

import orjson

from broadsheet.errors import ParameterProblem, RequestError
from broadsheet.search.parameters import refusal

LONGEST = 4_096
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place after a page.

    ``request`` is the identity of the request, ``generation`` the number of the indices that answered (0: no hit told),
    ``at`` the time that relative dates count from, in seconds; ``relaxed`` says that not all words are required.
    ``after`` are the sort values of the page's last hit, ``point_in_time`` the engine's id of the state that is walked
    through (empty: the current one).
    """

    request: str
    generation: int
    at: int
    relaxed: bool
    point_in_time: str
    after: tuple[Any, ...]


def encode(cursor: Cursor) -> str:
    """Return the cursor as text that needs no escapes in a URL."""
    return urlsafe_b64encode(orjson.dumps([_VERSION, *astuple(cursor)])).rstrip(b"=").decode()


def decode(text: str) -> Cursor:
    """Read a cursor; raise RequestError ``invalid_cursor`` for any text that ``encode`` does not write."""
    try:
        version, *values = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, TypeError):
        raise _invalid() from None
    types = (str, int, int, bool, str, list)
    if version != _VERSION or len(values) != len(fields(Cursor)) or any(map(_is_not, values, types)):
        raise _invalid()
    if not 1 <= len(values[-1]) <= 4 or any(isinstance(value, (list, dict)) for value in values[-1]):
        raise _invalid()
    request, generation, at, relaxed, point_in_time, after = values
    return Cursor(request, generation, at, relaxed, point_in_time, tuple(after))


def other_request() -> RequestError:
    """Return the error for a cursor of another request."""
    return _refused("cursor_mismatch", "cursor belongs to another request. Send the parameters that it came from.")


def other_generation() -> RequestError:
    """Return the error for a cursor from before a change of generation."""
    return _refused("cursor_expired", "cursor is from before the index was renewed. Start again without it.")


def _invalid() -> RequestError:
    return _refused("invalid_cursor", "cursor is not one that this archive gave. Start again without it.")


def _refused(code: str, sentence: str) -> RequestError:
    return refusal([ParameterProblem("cursor", code, sentence)])


def _is_not(value: Any, kind: type) -> bool:
    return not isinstance(value, kind) or (kind is int and isinstance(value, bool))
