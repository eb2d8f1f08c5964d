"""The pieces of a JSON file, each the bytes of one value or the reason why there is none, and their decoding."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from broadsheet.model import Problem

# What Piece.value holds before it is known; None is a value.
UNREAD = object()


class Piece(NamedTuple):
    """One value and where it begins: ``line`` counts from 1, ``offset`` in bytes.

    ``problem`` says that it could not even be cut out of its file; then ``data`` is empty. ``value`` is there when the
    cutting needed it.
    """

    line: int
    offset: int
    data: bytes
    problem: Problem | None = None
    value: Any = UNREAD


def decode(piece: Piece) -> Any:
    """Return the value of a piece, or the Problem that keeps it from being one.

    orjson refuses what json.loads lets pass or fails on: NaN and Infinity, numbers beyond a double, lone surrogates,
    more than 1,024 levels.
    """
    if piece.value is not UNREAD:
        return piece.value
    if piece.problem:
        return piece.problem
    try:
        return orjson.loads(piece.data)
    except orjson.JSONDecodeError as error:
        return _problem(piece, error)


def _problem(piece: Piece, error: orjson.JSONDecodeError) -> Problem:
    reason = error.msg.partition(": line ")[0]
    if reason.startswith("depth limit"):
        code, message = "json_too_deep", "The record is nested deeper than 1,024 levels. Make its lists flat."
    elif reason.startswith("str is not valid UTF-8"):
        code, message = "json_not_utf8", "The record is not UTF-8. Convert the file to UTF-8 and upload it again."
    else:
        # error.pos counts characters, where the offset counts bytes: that of the record is exact.
        code, message = "json_invalid", f"The record is not JSON: {reason} (character {error.pos + 1} of the record)."
    return Problem(code, message, piece.line, piece.offset)
