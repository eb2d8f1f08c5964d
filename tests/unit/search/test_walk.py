"""Walking through the pages of a search: what the engine is asked on each, and what the cursor carries on."""

from __future__ import annotations

import orjson
import pytest

from broadsheet.archive import POINT_IN_TIME_SECONDS, Archive
from broadsheet.errors import EngineError, InfrastructureError, RequestError, ThrottledError
from broadsheet.index.names import IndexNames
from broadsheet.model import Article
from broadsheet.search import cursor as cursors
from broadsheet.search.request import read_search
from broadsheet.search.shown import ARTICLE_FIELDS, COMMENT_CHARACTERS, COMMENT_FIELDS, selected
from tests.engine_answers import ScriptedEngine, found, hit, stored_documents, unknown_words
from tests.records import comment, record

NOW = 1_400_000_000
COMMENTS = stored_documents(record(Article("t", "b"), *(comment(number, f"homs {number}") for number in range(6))))[1:]
IDS = [source["doc_id"] for source in COMMENTS]


class Walk:
    """A walk through comments, two on each page, at an engine that gives these answers."""

    def __init__(self, *answers, **parameters):
        self.engine = ScriptedEngine(*answers)
        self._archive = Archive(self.engine, IndexNames("t"), 5_000)
        self._given = {"q": ["homs"], "type": ["comment"], "limit": ["2"]}
        self._given |= {name: [value] for name, value in parameters.items()}
        self._next = None
        self._at = NOW

    def page(self):
        cursor = {"cursor": [self._next]} if self._next else {}
        answer = self._archive.search(read_search(self._given | cursor, self._at))
        self._at += 3_600
        self._next = answer["next"]
        return answer

    @property
    def cursor(self):
        return cursors.decode(self._next or "")

    @property
    def asked(self):
        return self.engine.asked[-1]


def page(first, *, pit=None, total=6):
    hits = [hit(source, 9.0 - place) for place, source in enumerate(COMMENTS[first : first + 2], first)]
    return found(*hits, total=total) | ({"pit_id": pit} if pit else {})


def test_relevance_is_walked_in_one_state_from_the_second_page_on():
    walk = Walk(page(0), "p1", page(2, pit="p2", total=4), page(4, pit="p3", total=4))
    assert [walk.page()["total"]["value"], walk.engine.round_trips] == [6, 1]
    assert (walk.cursor.shown, walk.cursor.after) == (tuple(IDS[:2]), ())

    # Scores of the first page are those of another state: the walk starts over, without what was shown.
    assert walk.page()["total"]["value"] == 6
    index, body = walk.asked
    assert (index, body["pit"]) == ("", {"id": "p1", "keep_alive": f"{POINT_IN_TIME_SECONDS}s"})
    assert "search_after" not in body
    assert body["post_filter"] == {"bool": {"filter": [], "must_not": [{"terms": {"doc_id": IDS[:2]}}]}}

    walk.page()
    _, body = walk.asked
    assert (body["pit"]["id"], body["search_after"]) == ("p2", [6.0, -(2**63), IDS[3]])
    assert body["post_filter"]["bool"]["must_not"] == [{"terms": {"doc_id": IDS[:2]}}]
    assert (walk.cursor.point_in_time, walk.cursor.shown) == ("p3", tuple(IDS[:2]))


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_orders_by_date_need_no_state(sort):
    first = found(*(hit(source) | {"sort": [NOW, source["doc_id"]]} for source in COMMENTS[:2]), total=6)
    walk = Walk(first, page(2), sort=sort)
    walk.page()
    answer = walk.page()
    index, body = walk.asked
    assert (index, body["search_after"]) == ("t-comments", [NOW, IDS[1]])
    assert "pit" not in body
    assert "post_filter" not in body
    assert (answer["total"]["value"], "drift" in answer) == (6, False)


@pytest.mark.parametrize(
    "error",
    [
        ThrottledError("too many"),
        EngineError("expired", code="engine_not_found"),
        EngineError("forbidden", code="engine_refused"),
    ],
)
def test_a_walk_goes_on_without_a_state_and_says_so(error):
    walk = Walk(page(0), error, page(2), "p1", page(4, pit="p2"))
    assert "drift" not in walk.page()
    assert walk.page()["drift"] is True
    assert walk.asked[0] == "t-comments"
    assert walk.cursor.shown == tuple(IDS[:2])
    assert "drift" not in walk.page()


def test_a_state_that_ran_out_is_left_and_the_page_says_so():
    gone = EngineError("the engine answered 404", code="engine_not_found")
    walk = Walk(page(0), "p1", page(2, pit="p1"), gone, page(4))
    walk.page()
    walk.page()
    answer = walk.page()
    assert (answer["drift"], [result["comment"]["ordinal"] for result in answer["results"]]) == (True, [4, 5])


@pytest.mark.parametrize("code", ["engine_unavailable", "engine_partial"])
def test_any_other_failure_is_not_taken_for_a_missing_state(code):
    walk = Walk(page(0), EngineError("down", code=code))
    walk.page()
    with pytest.raises(InfrastructureError) as failed:
        walk.page()
    assert failed.value.code == code


def test_a_state_that_the_engine_never_gave_makes_the_cursor_invalid():
    walk = Walk(page(0), "p1", page(2, pit="p1"), EngineError("400 illegal argument", code="engine_refused"))
    walk.page()
    walk.page()
    with pytest.raises(RequestError) as refused:
        walk.page()
    assert refused.value.problems[0].code == "invalid_cursor"


def test_a_renewed_index_ends_the_walk():
    renewed = page(2)
    for each in renewed["hits"]["hits"]:
        each["_index"] = "t-comments-v2"
    walk = Walk(page(0), "p1", renewed)
    walk.page()
    with pytest.raises(RequestError) as refused:
        walk.page()
    assert refused.value.problems[0].code == "cursor_expired"


def test_what_the_first_page_gave_up_is_given_up_on_all():
    walk = Walk(found(total=0), page(0, total=50), unknown_words(), "p", page(2, total=48), q="homs siege")
    assert walk.page()["relaxed"] is True
    assert walk.cursor.relaxed
    trips = walk.engine.round_trips
    assert walk.page()["relaxed"] is True
    # The state and the page: nothing is tried strictly, or spelled another way, again.
    assert walk.engine.round_trips == trips + 2


def test_a_page_that_is_not_full_is_the_last():
    walk = Walk(found(hit(COMMENTS[0])))
    assert walk.page()["next"] is None


def test_a_lower_bound_stays_what_the_engine_says():
    walk = Walk(page(0), "p", found(hit(COMMENTS[2]), total=10_000, relation="gte"))
    walk.page()
    assert walk.page()["total"] == {"value": 10_000, "relation": "gte"}


def test_without_a_selection_everything_is_shown():
    entry = {"article_id": "a", "title": "t", "url": "u"}
    assert selected(entry, ()) is entry


@pytest.mark.parametrize("name", sorted({*ARTICLE_FIELDS, *COMMENT_FIELDS}))
def test_what_is_selected_is_shown_beside_ids_and_what_was_cut(name):
    everything = dict.fromkeys((*ARTICLE_FIELDS, *COMMENT_FIELDS, "article_id", "comment_id", "truncated"), 1)
    assert set(selected(everything, {name})) == {name, "article_id", "comment_id", "truncated"}


def test_a_selection_narrows_every_part_of_a_result():
    walk = Walk(page(0), fields="body")
    shown = walk.page()["results"][0]
    assert set(shown["comment"]) == {"comment_id", "body"}
    assert set(shown["article"]) == {"article_id"}


def test_the_largest_page_of_long_comments_is_an_answer_that_lambda_takes():
    # Each character is four bytes once the text of the answer stands in a text: \\\" of ".
    longest = '"' * (COMMENT_CHARACTERS + 1)
    sources = stored_documents(
        record(Article("t" * 500, "b"), *(comment(n, longest, author="ن" * 200) for n in range(100)))
    )
    marked = {"body": ["<mark>" + "&quot;" * 500 + "</mark>"] * 2}
    walk = Walk(found(*(hit(source, highlight=marked) for source in sources[1:]), total=100), limit="100")
    answer = orjson.dumps(walk.page())
    assert len(orjson.dumps(answer.decode())) < 6_000_000
