"""The use case behind the files function: what became of every file, and how the system is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from broadsheet import __version__
from broadsheet.errors import ConflictError, EngineError, InfrastructureError, NotFoundError
from broadsheet.file_order import KeyOrder, TimeOrder, read_place
from broadsheet.ids import file_id
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.ledger_item import STATUSES, LedgerItem
from broadsheet.object_keys import no_file
from broadsheet.ports import (
    Clock,
    DeadLetters,
    JsonObject,
    LedgerIndex,
    LedgerStore,
    ObjectLinks,
    ObjectStore,
    ReceiptReader,
    SearchEngine,
)
from broadsheet.problem_list import problem_page
from broadsheet.reader_version import READER_VERSION
from broadsheet.search.parameters import Choices, Exact, Integer, Moment, Parameter, read_parameters
from broadsheet.suppression import KEY as SUPPRESSION_KEY

MOST_FILES = 200
LINK_SECONDS = 15 * 60
_KEY_BYTES = 1024  # S3's bound for a key
# A filter may leave out nearly all; then a page is short, and its cursor goes on.
_MOST_LOOKED_AT = 2_000
_FILTERED_PAGE = 500

FILES_PARAMETERS: tuple[Parameter, ...] = (
    Exact("key", "Only the file with exactly this key.", longest=_KEY_BYTES, default=""),
    Exact("prefix", "Only files whose key begins like this.", longest=_KEY_BYTES, default=""),
    Choices("status", "Only files with this status; may be repeated. The latest come first.", STATUSES),
    Moment("since", "Only outcomes of this time or later. The latest come first."),
    Moment("until", "Only outcomes of this time or earlier. The latest come first."),
    Integer("limit", "How many files to return.", smallest=1, largest=MOST_FILES, default=50),
    Exact("cursor", "Where to go on: next of an earlier answer.", longest=2 * _KEY_BYTES, default=""),
)


class Files:
    """Outcomes by key, id and time; problems; originals; the state of ledger, engine and queue."""

    def __init__(
        self,
        store: LedgerStore,
        index: LedgerIndex,
        engine: SearchEngine,
        *,
        objects: ObjectStore,
        links: ObjectLinks,
        receipts: ReceiptReader,
        dead_letters: DeadLetters,
        clock: Clock,
        bucket: str,
        names: IndexNames,
    ) -> None:
        self._store = store
        self._index = index
        self._engine = engine
        self._objects = objects
        self._links = links
        self._receipts = receipts
        self._dead_letters = dead_letters
        self._clock = clock
        self._bucket = bucket
        self._names = names

    def files(self, parameters: Mapping[str, Sequence[str]]) -> JsonObject:
        """Answer ``{"files": [...], "next": cursor or None}``; ``parameters`` are those of the query string.

        By time, the latest first, when a status or a time is asked for without a prefix; else in the order of keys. A
        page may be shorter than its limit and still have a next one. Raise RequestError naming every wrong parameter.
        """
        values = read_parameters(FILES_PARAMETERS, parameters)
        if values["key"]:
            stored = self._store.get(file_id(self._bucket, values["key"]))
            shown = [stored] if stored and _fits(stored, values) else []
            return {"files": [file_json(LedgerItem.from_json(item)) for item in shown], "next": None}
        filtered = bool(values["status"] or values["since"] or values["until"])
        by_time = filtered and not values["prefix"]
        order = self._by_time(values) if by_time else KeyOrder(self._index, values["prefix"])
        found, place = [], read_place(values["cursor"], order)
        looked_at = 0
        page = _FILTERED_PAGE if filtered and not by_time else values["limit"]
        for item in islice(order.items(place, page), _MOST_LOOKED_AT):
            looked_at += 1
            place = order.place(item)
            if _fits(item, values):
                found.append(file_json(LedgerItem.from_json(item)))
                if len(found) == values["limit"]:
                    break
        more = len(found) == values["limit"] or looked_at == _MOST_LOOKED_AT
        return {"files": found, "next": order.cursor(place) if more and place else None}

    def file(self, identity: str) -> JsonObject:
        """Answer one file by its id; raise NotFoundError (``file_not_found``)."""
        return file_json(read_item(self._store, identity))

    def problems(self, identity: str, parameters: Mapping[str, Sequence[str]]) -> JsonObject:
        """Answer ``{"problems": [...], "next": cursor or None}``: every single problem of one file.

        Raise NotFoundError (``file_not_found``), and what ``problem_page`` raises.
        """
        return problem_page(self._receipts, read_item(self._store, identity), parameters)

    def original(self, identity: str) -> JsonObject:
        """Answer ``{"url", "expires_at"}`` of the file an outcome is about.

        Raise NotFoundError when there is no such file (any more), or when some of it was taken down; ConflictError when
        the file, or the list of take-downs, was replaced since.
        """
        item = read_item(self._store, identity)
        if no_file(item.key):
            raise NotFoundError("this is no file of the archive", code="original_withheld")
        if item.counts.get("suppressed"):
            # A reader must not find in the original what may no longer be found.
            raise NotFoundError("parts of this file were taken down; it is not given out", code="original_withheld")
        stored = self._objects.head(item.bucket, item.key)
        taken_down = self._objects.head(item.bucket, SUPPRESSION_KEY)
        if stored is None:
            raise NotFoundError("the file is no longer in the bucket", code="original_gone")
        if stored.etag != item.etag or (taken_down.etag if taken_down else "") != item.suppression:
            raise ConflictError(
                "the file or the list of take-downs was replaced since this outcome; ask again when there is a new one",
                code="original_changed",
            )
        expires = datetime.fromtimestamp(self._clock() + LINK_SECONDS, UTC)
        return {
            "url": self._links.link(stored, seconds=LINK_SECONDS),
            "expires_at": expires.isoformat(timespec="seconds"),
        }

    def status(self) -> JsonObject:
        """Answer how many files have which status, how many documents can be found, and how many dead letters wait.

        Never fails for the engine or the queue.
        """
        return {
            "version": __version__,
            "reader": READER_VERSION,
            "bucket": self._bucket,
            "files": self._index.count_by_status(),
            "dead_letters": _or_none(self._dead_letters.count),
            "engine": self._engine_status(),
        }

    def _by_time(self, values: Mapping[str, Any]) -> TimeOrder:
        return TimeOrder(self._index, values["status"] or STATUSES, values["since"], values["until"])

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


def read_item(store: LedgerStore, identity: str) -> LedgerItem:
    """Return the ledger item of a file by its id; raise NotFoundError (``file_not_found``)."""
    stored = store.get(identity)
    if not stored or "key" not in stored:
        raise NotFoundError("no file has this id", code="file_not_found")
    return LedgerItem.from_json(stored)


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


def _fits(item: JsonObject, values: Mapping[str, Any]) -> bool:
    return (
        (not values["status"] or item["status"] in values["status"])
        and item["key"].startswith(values["prefix"])
        and item["updated_at"] >= values["since"]
        and (not values["until"] or item["updated_at"] <= values["until"])
    )


def _or_none(count: Callable[[], int]) -> int | None:
    try:
        return count()
    except InfrastructureError:
        return None
