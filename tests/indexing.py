"""Text straight into an engine, for tests and benches of what comes after ingestion."""

from __future__ import annotations

import io
from collections.abc import Iterable

from broadsheet.ids import PublicIds, file_id
from broadsheet.index.bulk import index_action
from broadsheet.index.documents import Origin, documents
from broadsheet.index.names import IndexNames
from broadsheet.model import ArticleRecord, Hints
from broadsheet.parsing import read
from broadsheet.ports import BulkEngine
from tests.fakes import BUCKET


def index_file(body: bytes, key: str, engine: BulkEngine, names: IndexNames) -> None:
    """Read a file and write its documents to generation 1, without ledger and queue."""
    records = []
    for record in read(io.BytesIO(body), Hints(name=key)):
        assert isinstance(record, ArticleRecord)
        records.append(record)
    index_records(records, key, engine, names)


def index_records(records: Iterable[ArticleRecord], key: str, engine: BulkEngine, names: IndexNames) -> None:
    """Write the documents of these records to generation 1, as if they were read from one file."""
    identity = file_id(BUCKET, key)
    ids = PublicIds(identity)
    origin = Origin(file_id=identity, bucket=BUCKET, key=key, stored_at="2026-05-09T13:33:00+00:00")
    actions = []
    counts = {"articles": 0, "comments": 0}
    for record in records:
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
            alias = names.write_alias(document.kind, 1)
            actions.append(index_action(alias, document.doc_id, 1, document.body))
    items = engine.bulk(b"".join(actions))
    refused = [item for item in items if item.status >= 300]
    assert not refused
