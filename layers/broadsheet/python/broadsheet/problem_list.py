"""Every single problem of a file, page by page, from the receipt of its outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import orjson

from broadsheet.errors import ConflictError, NotFoundError
from broadsheet.file_order import cursor_of, place_of, unreadable_cursor
from broadsheet.ledger_item import LedgerItem
from broadsheet.ports import JsonObject, ReceiptReader
from broadsheet.search.parameters import Exact, Integer, Parameter, read_parameters

PROBLEMS_PARAMETERS: tuple[Parameter, ...] = (
    Integer("limit", "How many problems to return.", smallest=1, largest=200, default=50),
    Exact("cursor", "Where to go on: next of an earlier answer.", longest=200, default=""),
)
# Of half a megabyte each: an archive without problems may have thousands. Then a page is short, and its cursor goes on.
_MOST_PARTS = 8
_FIELDS = ("code", "message", "record", "member", "article_id", "line", "offset", "count")


def problem_page(receipts: ReceiptReader, item: LedgerItem, parameters: Mapping[str, Sequence[str]]) -> JsonObject:
    """Answer ``{"problems": [...], "next": cursor or None}`` for the last outcome of a file.

    First those of the file as a whole, with how often they came (``count``), then those of its records in order. A page
    may be shorter than its limit and still have a next one.

    Raise RequestError for wrong parameters; ConflictError (``outcome_changed``) when the cursor is one of an earlier
    outcome; NotFoundError (``receipt_gone``) when the receipt is no longer kept.
    """
    values = read_parameters(PROBLEMS_PARAMETERS, parameters)
    part, passed = _read_cursor(values["cursor"], item)
    if item.receipt is None:
        return {"problems": [], "next": None}
    summary = orjson.loads(_stored(receipts, f"{item.receipt}summary.json"))
    found: list[JsonObject] = []
    parts = 1 if "records" in summary else summary["parts"]
    for number in range(part, min(parts, part + _MOST_PARTS)):
        missing = values["limit"] - len(found)
        page = list(islice(_problems(receipts, item.receipt, summary, number), passed, passed + missing + 1))
        found += page[:missing]
        if len(page) > missing:
            return {"problems": found, "next": _cursor(item, number, passed + missing)}
        passed = 0
    more = part + _MOST_PARTS < parts
    return {"problems": found, "next": _cursor(item, part + _MOST_PARTS, 0) if more else None}


def _problems(receipts: ReceiptReader, prefix: str, summary: JsonObject, part: int) -> Iterator[JsonObject]:
    if part == 0:
        yield from (_shown(entry) for entry in summary["problems"] if "record" not in entry)
    details = summary.get("records")
    if details is None:
        lines = _stored(receipts, f"{prefix}part-{part:05}.ndjson").splitlines()
        details = map(orjson.loads, lines)
    for detail in details:
        where = {name: detail[name] for name in ("record", "member", "article_id") if name in detail}
        if "problem" in detail:
            yield _shown({**where, **detail["problem"]})
        for problem in detail.get("problems", ()):
            yield _shown({**where, **problem})


def _shown(problem: Mapping[str, Any]) -> JsonObject:
    return {name: problem[name] for name in _FIELDS if problem.get(name) is not None}


def _stored(receipts: ReceiptReader, key: str) -> bytes:
    body = receipts.get(key)
    if body is None:
        sentence = "the details of this outcome are no longer kept; retry the file to have them again"
        raise NotFoundError(sentence, code="receipt_gone")
    return body


def _read_cursor(cursor: str, item: LedgerItem) -> tuple[int, int]:
    """Return the part of the receipt to go on in, and how many problems of it were shown."""
    place = place_of(cursor, "problems", 3)
    if not place:
        return 0, 0
    receipt, part, passed = place
    if receipt != item.receipt:
        raise ConflictError("the file was read again meanwhile; begin again without a cursor", code="outcome_changed")
    if not (part.isdecimal() and passed.isdecimal()):
        raise unreadable_cursor()
    return int(part), int(passed)


def _cursor(item: LedgerItem, part: int, passed: int) -> str:
    return cursor_of("problems", (item.receipt or "", str(part), str(passed)))
