"""Exports on the real engine: answer after answer, exactly what the search shows, with whole texts."""

from __future__ import annotations

import csv
import io
from uuid import uuid4

import orjson
import pytest

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, OpenSearchSearch, client
from broadsheet.archive import Archive
from broadsheet.export import Export
from broadsheet.index.generations import index_body
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.index.pieces import BODY_LIMIT
from broadsheet.model import Article
from broadsheet.search.export import read_export
from broadsheet.search.request import read_search
from broadsheet.settings import EngineSettings
from tests.indexing import index_records
from tests.records import comment, record

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("search")]

NOW = 1_400_000_000
ARTICLES = 60
ENDLESS = "heron " * (BODY_LIMIT // 6 + 100_000)


@pytest.fixture(scope="module")
def archive(engine_url):
    engine = client(EngineSettings(opensearch_url=engine_url, sign_requests=False))
    names = IndexNames(f"x{uuid4().hex[:12]}")
    admin = OpenSearchAdmin(engine)
    indices = {kind: names.index(kind, 1) for kind in KINDS}
    try:
        for kind, index in indices.items():
            admin.create(index, index_body(kind, 1, shards=2, replicas="0-1", refresh_interval="-1", names=names))
            admin.point(names.search_alias(kind), index)
        records = [
            record(
                Article(
                    title=f"Heron {n}", body=f"A heron, {'or a stork, ' * (n % 7)}stood.\n\n" + "word " * (n * 31 % 400)
                ),
                *(comment(c, f'={c} heron "{n}"\nنعم', author="قارئ") for c in range(n % 5)),
            )
            for n in range(ARTICLES)
        ]
        records.append(record(Article(title="Endless", body=ENDLESS)))
        index_records(records, "herons.json", OpenSearchBulk(engine), names)
        engine.indices.refresh(index=",".join(indices.values()))
        yield Archive(OpenSearchSearch(engine), names, 5_000)
    finally:
        for index in indices.values():
            admin.delete(index)


def shown(archive, **parameters):
    """Walk through a search as a client does; return what it shows, in order."""
    given = {"limit": "9", **parameters}
    found = []
    while True:
        page = archive.search(read_search({name: [value] for name, value in given.items()}, NOW))
        found += [result[result["type"]][f"{result['type']}_id"] for result in page["results"]]
        if not page["next"]:
            return found
        given["cursor"] = page["next"]


def exported(archive, answer_bytes, **parameters):
    """Return the texts of all answers of an export."""
    texts = []
    while True:
        asked = read_export({name: [value] for name, value in parameters.items()}, NOW)
        done = Export(archive, answer_bytes).export(asked, remaining=lambda: 60)
        texts.append(done.text)
        if not done.following:
            return texts
        parameters["cursor"] = done.following


@pytest.mark.parametrize("order", ["newest", "relevance", "oldest"])
@pytest.mark.parametrize("kind", ["article", "comment"])
@pytest.mark.parametrize("answer_bytes", [1, 5_000, 5_000_000])
def test_an_export_is_the_walk_through_the_search_however_small_its_answers(archive, kind, order, answer_bytes):
    asked = {"q": "heron", "type": kind, "sort": order}
    texts = exported(archive, answer_bytes, **asked)
    rows = [orjson.loads(line) for text in texts for line in text.splitlines()]
    # The parts of a long text are results of their own; an export has the whole once in an answer.
    assert list(dict.fromkeys(row[kind][f"{kind}_id"] for row in rows)) == list(dict.fromkeys(shown(archive, **asked)))
    if answer_bytes == 5_000:
        assert 3 < len(texts) < len(rows)
        assert all(len(orjson.dumps(text)) <= 6_000 or text.count("\n") == 1 for text in texts)
    assert (len(texts) == 1) == (answer_bytes == 5_000_000)


def test_a_text_in_parts_is_whole(archive):
    (text,) = exported(archive, 5_000_000, q="title:endless")
    (row,) = map(orjson.loads, text.splitlines())
    assert row["article"]["body"].split() == ENDLESS.split()


def test_the_answers_of_a_table_are_one_table(archive):
    texts = exported(archive, 5_000, q="heron", type="comment", format="csv")
    assert len(texts) > 1
    rows = list(csv.DictReader(io.StringIO("".join(texts), newline="")))
    assert [row["comment_id"] for row in rows] == shown(archive, q="heron", type="comment")
    assert all(row["body"].startswith("'=") and row["body"].endswith("\nنعم") for row in rows)
    assert all(row["author"] == "قارئ" and row["article_title"].startswith("Heron") for row in rows)


def test_filters_narrow_an_export(archive):
    (text,) = exported(archive, 5_000_000, min_comments="4")
    assert len(text.splitlines()) == ARTICLES // 5


def test_an_export_ends_when_its_time_is_up_and_goes_on(archive):
    asked = read_export({"q": ["heron"], "sort": ["newest"]}, NOW)
    done = Export(archive).export(asked, remaining=lambda: 0)
    assert done.following
    assert 0 < done.text.count("\n") < ARTICLES
