"""The judged set is what its README says, and the measure is the known one."""

from __future__ import annotations

import io
from collections import Counter

import orjson
import pytest

from broadsheet.model import ArticleRecord, Hints
from broadsheet.parsing import read
from tests.quality.search.judged import (
    GRADES,
    NOISY_COMMENTS,
    PARTS,
    read_articles,
    read_floors,
    read_queries,
    source_id,
    with_comments_in_the_body,
    with_noise,
    with_quotations,
)
from tests.quality.search.metrics import ndcg
from tests.quality.search.score import groups


def test_every_judgement_is_about_an_article_of_the_set():
    known = {source_id(record) for record in read_articles()}
    for query in read_queries():
        assert query.relevant.keys() <= known
        assert set(query.relevant.values()) <= set(GRADES)
        assert 3 in query.relevant.values()


def test_ids_and_titles_are_unique():
    records = read_articles()
    for values in ([source_id(each) for each in records], [each["article"]["title"] for each in records]):
        assert Counter(values).most_common(1)[0][1] == 1


def test_every_group_has_queries_of_both_parts_and_floors():
    floors = read_floors()
    for group, queries in groups(read_queries()).items():
        assert len(queries) >= 6
        for part in PARTS:
            assert any(query.part == part for query in queries)
            assert f"{group} {part}" in floors


def test_the_real_reader_reads_every_article_and_comment_as_written():
    records = read_articles()
    body = b"\n".join(map(orjson.dumps, records))
    for stated, found in zip(records, read(io.BytesIO(body), Hints(name="judged.jsonl")), strict=True):
        assert isinstance(found, ArticleRecord)
        assert (found.article.title, found.article.body) == (stated["article"]["title"], stated["article"]["body"])
        assert [each.body for each in found.comments] == [each["body"] for each in stated["comments"]]


def test_the_answer_of_a_discussion_only_query_is_in_no_body():
    bodies = {source_id(each): each for each in read_articles()}
    for query in groups(read_queries())["discussion-only"]:
        for article in query.relevant:
            text = f"{bodies[article]['article']['title']} {bodies[article]['article']['body']}".lower()
            assert not all(word.lower() in text for word in query.q.split())


def test_noise_adds_comments_and_is_the_same_every_time():
    records = read_articles()[:3]
    noisy = list(with_noise(records))
    assert noisy == list(with_noise(records))
    assert noisy != list(with_noise(records, draw=1))
    for before, after in zip(records, noisy, strict=True):
        assert len(after["comments"]) == len(before["comments"]) + NOISY_COMMENTS
        assert after["article"] == before["article"]


def test_quotations_are_sentences_of_articles_in_the_same_language():
    records = read_articles()
    bodies = {
        language: " ".join(each["article"]["body"] for each in records if each["article"]["language"] == language)
        for language in ("en", "ar")
    }
    quoting = next(with_quotations(records))
    added = quoting["comments"][len(records[0]["comments"]) :]
    assert len(added) == NOISY_COMMENTS
    assert all(each["body"] in bodies[quoting["article"]["language"]] for each in added)


def test_comments_in_the_body_are_the_end_of_the_body():
    record = next(each for each in read_articles() if each["comments"])
    [moved] = with_comments_in_the_body([record])
    assert moved["comments"] == []
    assert moved["article"]["body"].startswith(record["article"]["body"])
    assert moved["article"]["body"].endswith(record["comments"][-1]["body"])


@pytest.mark.parametrize(
    ("ranked", "expected"),
    [
        (["a", "b"], 1.0),
        (["x", "a", "b"], (7 / 1.584962500721156 + 1 / 2) / (7 + 1 / 1.584962500721156)),
        (["b"], 1 / (7 + 1 / 1.584962500721156)),
        ([], 0.0),
        (["x"] * 10 + ["a", "b"], 0.0),
    ],
)
def test_ndcg_of_known_rankings(ranked, expected):
    assert ndcg(ranked, {"a": 3, "b": 1}) == pytest.approx(expected)
