"""Messages that were received too often, on their way back to the queue.

A loop of receive, send and delete of our own does what the redrive task of SQS does, and works wherever SQS does. A
message is sent before it is deleted: a second copy does no harm, since ingestion looks at the bucket, not at messages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from broadsheet.errors import ParameterProblem
from broadsheet.ports import DeadLetters, HintSender, JsonObject
from broadsheet.request_body import read_fields
from broadsheet.search.parameters import refusal

MOST_REDRIVEN = 10_000
REDRIVE_FIELDS: Mapping[str, type] = {"limit": int}


def read_limit(given: Mapping[str, Any]) -> int:
    """Return ``limit`` of a request, by default all that one call may take; raise RequestError."""
    limit: int = read_fields(given, REDRIVE_FIELDS).get("limit", MOST_REDRIVEN)
    if not 1 <= limit <= MOST_REDRIVEN:
        sentence = f"limit must be from 1 to {MOST_REDRIVEN}."
        raise refusal([ParameterProblem("limit", "out_of_range", sentence)])
    return limit


def redrive(dead: DeadLetters, sender: HintSender, *, limit: int, remaining: Callable[[], float]) -> JsonObject:
    """Send up to ``limit`` dead letters to the queue again, as long as ``remaining`` seconds are left.

    Answer ``{"redriven", "left"}``; ``left`` is about right, as SQS counts.
    """
    redriven = 0
    while redriven < limit and remaining() > 0:
        letters = dead.receive()
        if not letters:
            break
        # What is received beyond the limit shows again by itself.
        letters = letters[: limit - redriven]
        sender.send_all([letter.body for letter in letters])
        for letter in letters:
            dead.delete(letter.receipt_handle)
        redriven += len(letters)
    return {"redriven": redriven, "left": dead.count()}
