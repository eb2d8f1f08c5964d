"""The discussion under an article, on answers of the engine: flat and as a tree, page by page."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.archive import Archive
from broadsheet.errors import RequestError
from broadsheet.index.names import IndexNames
from broadsheet.model import Article
from broadsheet.search import cursor as cursors
from broadsheet.search.discussion import flat_body, read_discussion
from broadsheet.search.shown import TEXT_BYTES
from broadsheet.search.threads import DEEPEST
from tests.engine_answers import ScriptedEngine, found, hit, stored_documents
from tests.records import comment, record

ARTICLE, *COMMENTS = stored_documents()
ARTICLE_ID = ARTICLE["article_id"]


def read(*answers, **parameters):
    engine = ScriptedEngine(*answers)
    request = read_discussion(ARTICLE_ID, {name: [value] for name, value in parameters.items()})
    return Archive(engine, IndexNames("t"), 5_000).comments(request), engine


def by_page(source):
    return hit(source) | {"sort": [source["ordinal"]]}


def threads(sources, limit=100, total=None):
    """The answers to both questions of a tree: its threads, and their comments."""
    roots = list(dict.fromkeys(source["root_id"] for source in sources))
    counted = found(*(hit({"kind": "comment", "doc_id": "d", "root_id": root}) for root in roots[: limit + 1]))
    totals = {"comments": {"value": total or len(sources)}, "threads": {"value": len(roots)}}
    of_page = [source for source in sources if source["root_id"] in roots[:limit]]
    buckets = []
    for root in roots[:limit]:
        of_root = [source for source in of_page if source["root_id"] == root]
        last = max(source["tree_order"] for source in of_root)
        buckets.append({"key": root, "doc_count": len(of_root), "last": {"value": float(last)}})
    tree = found(*map(hit, of_page)) | {"aggregations": {"threads": {"buckets": buckets}}}
    return counted | {"aggregations": totals}, tree


def chain(length):
    """The documents of comments of which each answers the one before."""
    replies = (comment(n, f"no {n}", parent=n - 1 if n else None) for n in range(length))
    return stored_documents(record(Article("t", "b"), *replies))[1:]


def test_a_discussion_is_shown_in_page_order_and_says_how_to_go_on():
    page, _ = read(found(*map(by_page, COMMENTS[:3]), total=4), limit="2")
    assert [entry["ordinal"] for entry in page["comments"]] == [0, 1]
    assert page["comments"][0]["head"] == "Thumb popeye 09 May 2014, 16:33"
    assert (page["view"], page["total"]) == ("flat", {"value": 4, "relation": "eq"})
    page, engine = read(found(*map(by_page, COMMENTS[2:]), total=4), limit="2", cursor=page["next"])
    assert engine.asked[0][1]["search_after"] == [1]
    assert page["next"] is None


def test_a_stretch_ends_early_when_its_texts_are_too_long_for_one_answer():
    long = [COMMENTS[0] | {"body": '"' * (TEXT_BYTES // 8), "ordinal": ordinal} for ordinal in range(4)]
    page, _ = read(found(*map(by_page, long), total=4))
    assert len(page["comments"]) == 2
    _, engine = read(found(), found(hit(ARTICLE)), cursor=page["next"])
    assert engine.asked[0][1]["search_after"] == [1]


def test_an_article_without_comments_is_not_a_missing_one():
    page, _ = read(found(), found(hit(ARTICLE)))
    assert (page["total"]["value"], page["comments"], page["next"]) == (0, [], None)
    none = {"aggregations": {"comments": {"value": 0}, "threads": {"value": 0}}}
    page, engine = read(found() | none, found(hit(ARTICLE)), view="tree")
    assert (page["total"]["value"], page["comments"], page["next"], engine.round_trips) == (0, [], None, 2)


def test_words_and_authors_narrow_the_flat_view():
    request = read_discussion(ARTICLE_ID, {"q": ["siege OR war"], "author": ["Popeye", "-cedre"], "sort": ["newest"]})
    body = flat_body(request, timeout_ms=5_000)
    narrowed = orjson.dumps(body["query"]).decode()
    assert all(text in narrowed for text in ('"siege"', '"war"', '"popeye"', '"cedre"', ARTICLE_ID))
    assert list(body["sort"][0]) == ["sort_date"]


def test_a_tree_holds_replies_inside_of_replies():
    page, engine = read(*threads(COMMENTS), view="tree")
    first, last = page["comments"]
    assert (first["ordinal"], last["ordinal"]) == (0, 3)
    (second,) = first["replies"]
    (third,) = second["replies"]
    assert (second["ordinal"], third["ordinal"], third["replies"]) == (1, 2, [])
    assert (page["total"]["value"], page["threads"]["value"], page["next"]) == (4, 2, None)
    assert engine.round_trips == 2


def test_a_tree_pages_by_whole_threads():
    page, _ = read(*threads(COMMENTS, limit=1), view="tree", limit="1")
    assert [entry["ordinal"] for entry in page["comments"]] == [0]
    page, engine = read(*threads(COMMENTS[3:], total=4), view="tree", limit="1", cursor=page["next"])
    assert engine.asked[0][1]["post_filter"] == {"range": {"tree_order": {"gt": 2}}}
    assert [entry["ordinal"] for entry in page["comments"]] == [3]
    assert page["next"] is None


def test_a_thread_that_does_not_fit_any_more_is_left_to_the_next_page():
    long = [source | {"body": "x" * (TEXT_BYTES - 9)} if source["ordinal"] == 3 else source for source in COMMENTS]
    page, _ = read(*threads(long), view="tree")
    assert [entry["ordinal"] for entry in page["comments"]] == [0]
    assert page["next"]


def test_of_a_thread_too_long_for_any_page_the_rest_is_counted():
    counted, tree = threads(COMMENTS)
    tree["aggregations"]["threads"]["buckets"][0]["doc_count"] = 1_700
    page, _ = read(counted, tree, view="tree")
    assert [entry["ordinal"] for entry in page["comments"]] == [0]
    assert page["comments"][0]["replies_omitted"] == 1_697
    assert page["next"]


@settings(deadline=None)
@given(st.lists(st.none() | st.integers(0, 30), min_size=1, max_size=30), st.integers(1, 6))
def test_every_comment_stands_once_under_the_one_that_it_answers_whatever_the_pages(stated, limit):
    parents = [parent if parent is not None and parent < place else None for place, parent in enumerate(stated)]
    replies = (comment(place, "x", parent=parent) for place, parent in enumerate(parents))
    left = sorted(stored_documents(record(Article("t", "b"), *replies))[1:], key=lambda source: source["tree_order"])
    shown: dict[int, int | None] = {}
    cursor: dict[str, str] = {}
    while True:
        page, _ = read(*threads(left, limit), view="tree", limit=str(limit), **cursor)
        waiting = [(entry, None) for entry in page["comments"]]
        assert len(waiting) <= limit
        while waiting:
            entry, parent = waiting.pop()
            assert entry["ordinal"] not in shown
            shown[entry["ordinal"]] = parent
            waiting += [(reply, entry["ordinal"]) for reply in entry["replies"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
        _, again = read(*threads(left, limit), view="tree", limit=str(limit), **cursor)
        after = again.asked[0][1]["post_filter"]["range"]["tree_order"]["gt"]
        left = [source for source in left if source["tree_order"] > after]
    assert [shown[place] for place in range(len(parents))] == parents


def test_replies_to_a_comment_that_is_not_there_are_not_lost():
    page, _ = read(*threads(COMMENTS[1:]), view="tree")
    assert [(entry["ordinal"], len(entry["replies"])) for entry in page["comments"]] == [(1, 1), (3, 0)]
    assert page["comments"][0]["thread"]["parent"] == COMMENTS[0]["comment_id"]


def test_a_very_deep_thread_can_still_be_written_down():
    page, _ = read(*threads(chain(DEEPEST + 400)), view="tree")
    orjson.dumps(page)
    entry, depth = page["comments"][0], 0
    while len(entry["replies"]) == 1:
        entry, depth = entry["replies"][0], depth + 1
    assert depth == DEEPEST - 1
    assert len(entry["replies"]) == 400


@pytest.mark.parametrize(
    ("name", "value"), [("q", "war"), ("author", "popeye"), ("author_kind", "guest"), ("sort", "newest")]
)
def test_what_works_on_single_comments_is_refused_for_the_tree(name, value):
    with pytest.raises(RequestError) as caught:
        read_discussion(ARTICLE_ID, {"view": ["tree"], name: [value]})
    assert [(problem.parameter, problem.code) for problem in caught.value.problems] == [(name, "only_flat")]


@pytest.mark.parametrize("changed", [{"sort": ["newest"]}, {"view": ["tree"]}, {"q": ["war"]}])
def test_a_cursor_belongs_to_its_request_and_its_article(changed):
    page, _ = read(found(*map(by_page, COMMENTS[:3]), total=4), limit="2")
    cursor = {"cursor": [page["next"]]}
    for article, parameters in ((ARTICLE_ID, changed | cursor), ("b" * 26, cursor)):
        with pytest.raises(RequestError) as caught:
            read_discussion(article, parameters)
        assert caught.value.problems[0].code == "cursor_mismatch"


def test_a_cursor_of_another_generation_has_expired():
    page, _ = read(found(*map(by_page, COMMENTS[:3]), total=4), limit="2")
    newer = [by_page(source) | {"_index": "t-comments-v2"} for source in COMMENTS[2:]]
    with pytest.raises(RequestError) as caught:
        read(found(*newer, total=4), limit="2", cursor=page["next"])
    assert caught.value.problems[0].code == "cursor_expired"


@pytest.mark.parametrize("after", [("x",), (None,), (1.5,), (True,), (-1,), (2**31,), (1, "x")])
def test_a_cursor_that_somebody_wrote_is_refused_before_the_engine_sees_it(after):
    page, _ = read(found(*map(by_page, COMMENTS[:3]), total=4), limit="2")
    forged = cursors.encode(replace(cursors.decode(page["next"]), after=after))
    with pytest.raises(RequestError) as caught:
        read_discussion(ARTICLE_ID, {"cursor": [forged]})
    assert caught.value.problems[0].code == "invalid_cursor"
