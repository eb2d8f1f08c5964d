"""The use case behind the files function: what became of every file, and how the system is."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from broadsheet import __version__
from broadsheet.errors import EngineError, NotFoundError, ParameterProblem, RequestError
from broadsheet.ids import file_id
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.ledger import LedgerItem
from broadsheet.parsing import READER_VERSION
from broadsheet.ports import JsonObject, LedgerIndex, LedgerStore, SearchEngine

MOST_FILES = 200
DEFAULT_FILES = 50
_PARAMETERS = ("key", "prefix", "limit", "cursor")


class Files:
    """Outcomes by key or id, and in order of keys; the state of ledger and engine."""

    def __init__(
        self, store: LedgerStore, index: LedgerIndex, engine: SearchEngine, *, bucket: str, names: IndexNames
    ) -> None:
        self._store = store
        self._index = index
        self._engine = engine
        self._bucket = bucket
        self._names = names

    def files(self, parameters: dict[str, list[str]]) -> JsonObject:
        """Answer ``{"files": [...], "next": cursor or None}``.

        ``parameters`` are those of the query string: ``key`` for one file, else ``prefix``, ``limit`` (1 to 200,
        50 unless stated) and ``cursor``. Raise RequestError naming every wrong one.
        """
        values = _read(parameters)
        if "key" in values:
            stored = self._store.get(file_id(self._bucket, values["key"]))
            return {"files": [file_json(LedgerItem.from_json(stored))] if stored else [], "next": None}
        limit = values.get("limit", DEFAULT_FILES)
        items = self._index.by_key(prefix=values.get("prefix", ""), after=values.get("cursor", ""), limit=limit)
        full = len(items) == limit
        return {
            "files": [file_json(LedgerItem.from_json(item)) for item in items],
            "next": _cursor(items[-1]["key"]) if full else None,
        }

    def file(self, identity: str) -> JsonObject:
        """Answer one file by its id; raise NotFoundError (``file_not_found``)."""
        stored = self._store.get(identity)
        if not stored or "key" not in stored:
            raise NotFoundError("no file has this id", code="file_not_found")
        return file_json(LedgerItem.from_json(stored))

    def status(self) -> JsonObject:
        """Answer how many files have which status and how many documents can be found; never fails for the engine."""
        return {
            "version": __version__,
            "reader": READER_VERSION,
            "bucket": self._bucket,
            "files": self._index.count_by_status(),
            "engine": self._engine_status(),
        }

    def _engine_status(self) -> JsonObject:
        count = {"size": 0, "track_total_hits": True}
        try:
            answers = self._engine.multi_search([(self._names.search_alias(kind), count) for kind in KINDS])
        except EngineError as error:
            return {"status": "unavailable", "code": error.code}
        totals = {kind: answer["hits"]["total"]["value"] for kind, answer in zip(KINDS, answers, strict=True)}
        return {"status": "available", **totals}


def file_json(item: LedgerItem) -> JsonObject:
    """Return a ledger item as the API shows it."""
    shown: JsonObject = {
        "file_id": item.file_id,
        "bucket": item.bucket,
        "key": item.key,
        "status": item.status,
        "counts": dict(item.counts),
        "problems": [dict(problem) for problem in item.problems],
        "etag": item.etag,
        "size": item.size,
        "last_modified": item.last_modified,
        "reader": item.reader,
        "updated_at": item.updated_at,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _read(parameters: dict[str, list[str]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    problems: list[ParameterProblem] = []
    for name, given in parameters.items():
        problem = _problem(name, given, parameters)
        if problem:
            problems.append(ParameterProblem(name, *problem))
        elif name == "limit":
            values[name] = int(given[0])
        elif name == "cursor":
            values[name] = _key(given[0])
        else:
            values[name] = given[0]
    if problems:
        raise RequestError("the request has wrong parameters", tuple(problems))
    return values


def _problem(name: str, given: list[str], parameters: dict[str, list[str]]) -> tuple[str, str] | None:
    if name not in _PARAMETERS:
        return "unknown_parameter", f"{name} is not a parameter of this resource; known are {', '.join(_PARAMETERS)}"
    if len(given) != 1:
        return "repeated", f"{name} may be given once"
    value = given[0]
    if name == "limit" and not (value.isascii() and value.isdigit() and 1 <= len(value) <= 3 and _fits(int(value))):
        return "out_of_range", f"limit is a whole number from 1 to {MOST_FILES}"
    if name == "key" and len(parameters) > 1:
        return "excludes_others", "key asks for one file and goes with no other parameter"
    if name == "key" and not value:
        return "empty", "key must not be empty"
    if name == "cursor" and _key(value) is None:
        return "unreadable", "cursor must be the next of an earlier answer"
    return None


def _fits(limit: int) -> bool:
    return 1 <= limit <= MOST_FILES


def _cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _key(cursor: str) -> str | None:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode() or None
    except (ValueError, binascii.Error):
        return None
