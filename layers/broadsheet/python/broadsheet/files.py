"""The use case behind the files function: what became of every file, and how the system is."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

from broadsheet import __version__
from broadsheet.errors import EngineError, NotFoundError, ParameterProblem
from broadsheet.ids import file_id
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.ledger import LedgerItem
from broadsheet.parsing import READER_VERSION
from broadsheet.ports import JsonObject, LedgerIndex, LedgerStore, SearchEngine
from broadsheet.search.parameters import Exact, Integer, Parameter, read_parameters, refusal

MOST_FILES = 200
_KEY_BYTES = 1024  # S3's bound for a key

FILES_PARAMETERS: tuple[Parameter, ...] = (
    Exact("key", "Only the file with exactly this key.", longest=_KEY_BYTES, default=""),
    Exact("prefix", "Only files whose key begins like this.", longest=_KEY_BYTES, default=""),
    Integer("limit", "How many files to return.", smallest=1, largest=MOST_FILES, default=50),
    Exact("cursor", "Where to go on: next of an earlier answer.", longest=2 * _KEY_BYTES, default=""),
)


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

    def files(self, parameters: Mapping[str, Sequence[str]]) -> JsonObject:
        """Answer ``{"files": [...], "next": cursor or None}``; ``parameters`` are those of the query string.

        Raise RequestError naming every wrong one.
        """
        values = read_parameters(FILES_PARAMETERS, parameters)
        if values["key"]:
            stored = self._store.get(file_id(self._bucket, values["key"]))
            return {"files": [file_json(LedgerItem.from_json(stored))] if stored else [], "next": None}
        items = self._index.by_key(prefix=values["prefix"], after=_key(values["cursor"]), limit=values["limit"])
        full = len(items) == values["limit"]
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
        status: JsonObject = {"status": "available"}
        for kind, answer in zip(KINDS, answers, strict=True):
            status[kind] = answer["hits"]["total"]["value"]
        return status


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


def _cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _key(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:
        problem = ParameterProblem("cursor", "unreadable", "cursor must be the next of an earlier answer.")
        raise refusal([problem]) from None
