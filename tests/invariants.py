"""What must hold whenever everything is quiet, said once, for a bucket and an index of any kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol

import orjson

from broadsheet.adapters.opensearch import OpenSearchSearch
from broadsheet.errors import PermanentError
from broadsheet.ids import PublicIds, file_id
from broadsheet.index import fields
from broadsheet.index.documents import Origin, documents
from broadsheet.index.names import KINDS, IndexNames, Kind
from broadsheet.ledger_item import LedgerItem
from broadsheet.model import ArticleRecord, StoredObject
from broadsheet.notifications import SIDECAR_SUFFIX
from broadsheet.object_keys import CONTROL_PREFIX
from broadsheet.parsing import read
from broadsheet.ports import JsonObject, ObjectLister, ObjectStore
from broadsheet.sidecar import hints_of
from tests.fakes import MemoryEngine

Documents = dict[Kind, dict[str, JsonObject]]
"""Documents by kind and id."""

NOT_GIVEN_BACK = frozenset({fields.DISCUSSION})
"""What a real engine indexes and does not give back."""

# More than any test stores; the engine gives no more in one answer.
_MOST = 10_000


class Bucket(ObjectStore, ObjectLister, Protocol):
    """Objects that can be listed and read."""


def documents_of(bucket: Bucket, name: str, *, zone: str) -> Documents:
    """Return the documents that follow from what lies in a bucket now, by nothing but reading it."""
    wanted: Documents = {kind: {} for kind in KINDS}
    for stored in bucket.list(name):
        if not stored.key.endswith(("/", SIDECAR_SUFFIX)) and not stored.key.startswith(CONTROL_PREFIX):
            _add_documents(bucket, stored, zone, wanted)
    return wanted


def _add_documents(bucket: Bucket, listed: StoredObject, zone: str, wanted: Documents) -> None:
    stored = bucket.head(listed.bucket, listed.key)
    assert stored
    hints, _ = hints_of(stored, _content(bucket, stored.bucket, stored.key + SIDECAR_SUFFIX))
    identity = file_id(stored.bucket, stored.key)
    ids = PublicIds(identity)
    origin = Origin(file_id=identity, bucket=stored.bucket, key=stored.key, stored_at=stored.last_modified.isoformat())
    counts = dict.fromkeys(KINDS, 0)
    try:
        with bucket.open(stored) as stream:
            for record in read(stream, hints, zone=zone):
                if isinstance(record, ArticleRecord):
                    article_id, comment_ids = ids.assign(record)
                    for document in documents(
                        record,
                        article_id=article_id,
                        comment_ids=comment_ids,
                        origin=origin,
                        first_article=counts["articles"],
                        first_comment=counts["comments"],
                    ):
                        counts[document.kind] += 1
                        wanted[document.kind][document.doc_id] = orjson.loads(document.body)
    except PermanentError:
        # What was read before the file turned out to be unreadable stays.
        return


def _content(bucket: Bucket, name: str, key: str) -> bytes | None:
    stored = bucket.head(name, key)
    if stored is None:
        return None
    with bucket.open(stored) as stream:
        return stream.read()


def in_memory(engine: MemoryEngine, names: IndexNames, generation: int = 1) -> Documents:
    """Return the documents of one generation in the engine in memory."""
    return {kind: engine.found(names.write_alias(kind, generation)) for kind in KINDS}


def in_engine(client: Any, names: IndexNames, generation: int = 1) -> Documents:
    """Return the documents of one generation in a real engine, after a refresh; they lack NOT_GIVEN_BACK."""
    client.transport.perform_request("POST", f"/{names.prefix}-*/_refresh")
    search = OpenSearchSearch(client)
    found: Documents = {}
    for kind in KINDS:
        answer = search.search(names.index(kind, generation), {"size": _MOST, "query": {"match_all": {}}})
        hits = answer["hits"]["hits"]
        assert len(hits) < _MOST
        found[kind] = {hit["_id"]: hit["_source"] for hit in hits}
    return found


def assert_index_equals_bucket(
    bucket: Bucket, name: str, found: Documents, *, zone: str = "Asia/Beirut", without: Collection[str] = ()
) -> None:
    """Assert that an index holds what reading the bucket gives, by id and content, and nothing else.

    Fields named in ``without`` are not compared.
    """
    wanted = documents_of(bucket, name, zone=zone)
    for kind in KINDS:
        shown = {doc_id: _without(source, without) for doc_id, source in found[kind].items()}
        expected = {doc_id: _without(source, without) for doc_id, source in wanted[kind].items()}
        stale, missing = sorted(shown.keys() - expected.keys()), sorted(expected.keys() - shown.keys())
        old = sorted(doc_id for doc_id in shown.keys() & expected.keys() if shown[doc_id] != expected[doc_id])
        assert (stale, missing, old) == ([], [], []), f"{kind}: stale, missing, other content"


def _without(source: JsonObject, names: Collection[str]) -> JsonObject:
    return {name: value for name, value in source.items() if name not in names}


def assert_outcomes_agree(bucket: Bucket, name: str, items: Iterable[Mapping[str, Any]], found: Documents) -> None:
    """Assert that every object has one closed outcome that is about it, and that outcomes and index count alike."""
    outcomes = {item["key"]: LedgerItem.from_json(dict(item)) for item in items}
    stored = {listed.key: listed for listed in bucket.list(name)}
    files = {key for key in stored if not key.endswith(SIDECAR_SUFFIX) and not key.startswith(CONTROL_PREFIX)}
    assert files <= outcomes.keys(), "files without an outcome"
    counted: Counter[str] = Counter()
    for key, item in outcomes.items():
        assert item.status != "processing", f"{key} is not closed"
        assert (item.lease_until, item.attempts, item.checkpoint) == (0, 0, None), f"{key} has open work"
        assert item.etag == (stored[key].etag if key in stored else None), f"{key} was closed with another ETag"
        counted.update({kind: item.counts[kind] for kind in KINDS})
    assert {kind: counted[kind] for kind in KINDS} == {kind: len(found[kind]) for kind in KINDS}
