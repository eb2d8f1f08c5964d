"""One comment in its place, on answers of the engine."""

from __future__ import annotations

from broadsheet.archive import Archive
from broadsheet.index.names import IndexNames
from broadsheet.search.context import ANCESTORS, ancestors_body
from broadsheet.search.shown import TEXT_BYTES
from tests.engine_answers import ScriptedEngine, found, hit, stored_documents

ARTICLE, *COMMENTS = stored_documents()
COMMENT_ID = COMMENTS[1]["comment_id"]


def read(*answers):
    engine = ScriptedEngine(*answers)
    return Archive(engine, IndexNames("t"), 5_000).comment(COMMENT_ID), engine


def test_a_comment_comes_with_its_article_its_ancestors_and_its_replies_in_two_round_trips():
    shown, engine = read(found(hit(COMMENTS[1])), [found(hit(COMMENTS[2])), found(hit(COMMENTS[0]))])
    assert shown["comment"]["head"] == "Missing الأسد (Guest) 09 May 2014, 15:05"
    assert shown["article"]["article_id"] == ARTICLE["article_id"]
    assert [entry["ordinal"] for entry in shown["ancestors"]] == [0]
    assert (shown["replies"]["total"], [entry["ordinal"] for entry in shown["replies"]["comments"]]) == (1, [2])
    assert "ancestors_omitted" not in shown
    assert engine.round_trips == 2


def test_a_root_has_no_ancestors_to_ask_for():
    shown, engine = read(found(hit(COMMENTS[0])), [found()])
    assert (shown["ancestors"], shown["replies"]) == ([], {"total": 0, "comments": []})
    assert len(engine.asked) == 2


def test_ancestors_come_from_the_root_down_and_the_farthest_are_counted():
    deep = COMMENTS[2] | {"depth": ANCESTORS + 3, "tree_order": 500}
    nearest_first = [COMMENTS[1] | {"ordinal": n} for n in range(ANCESTORS, 0, -1)]
    shown, _ = read(found(hit(deep)), [found(), found(*map(hit, nearest_first))])
    assert [entry["ordinal"] for entry in shown["ancestors"]] == [*range(1, ANCESTORS + 1)]
    assert shown["ancestors_omitted"] == 3
    asked = ancestors_body(deep, timeout_ms=5_000) or {}
    assert (asked["collapse"], asked["sort"]) == ({"field": "depth"}, [{"tree_order": "desc"}])


def test_what_does_not_fit_into_one_answer_is_left_out_and_counted():
    long = COMMENTS[1] | {"body": "x" * (TEXT_BYTES - 100)}
    reply = COMMENTS[2] | {"body": "y" * 90}
    shown, _ = read(found(hit(long)), [found(hit(reply), hit(reply)), found(hit(COMMENTS[0]))])
    assert len(shown["comment"]["body"]) == TEXT_BYTES - 100
    assert [len(shown["ancestors"]), len(shown["replies"]["comments"]), shown["replies"]["total"]] == [1, 0, 2]


def test_a_comment_longer_than_one_document_says_that_it_is_truncated():
    shown, _ = read(found(hit(COMMENTS[0] | {"part": 0})), [found()])
    assert shown["comment"]["truncated"] is True
