"""Authors, on answers of the engine: lists in three orders, and one with the company they keep."""

from __future__ import annotations

from typing import Any

import pytest

from broadsheet.errors import NotFoundError, RequestError
from broadsheet.index.names import IndexNames
from broadsheet.people import People
from broadsheet.search.authors import TOP, keys_body, read_authors
from tests.engine_answers import (
    ScriptedEngine,
    author_details,
    author_found,
    counted,
    found,
    hit,
    stored_documents,
    values,
)

ARTICLE, *COMMENTS = stored_documents()
NOW = 1_400_000_000


def people(*answers):
    engine = ScriptedEngine(*answers)
    return People(engine, IndexNames("t"), 5_000), engine


def asked(**parameters):
    return read_authors({name: [value] for name, value in parameters.items()}, NOW)


def buckets(*keys):
    return [{"key": key, "doc_count": 2} for key in keys]


def details(**spellings):
    return counted("authors", [{"key": key, **author_details(*names)} for key, names in spellings.items()])


def test_authors_come_in_the_engines_order_with_their_spellings():
    reading, engine = people(
        counted("keys", buckets("popeye", "الاسد")),
        details(الاسد=["الأسد", "الاسد", "Agence"], popeye=["Popeye", "popeye", "Olive"]),
    )
    page = reading.authors(asked())
    assert (page["complete"], page["next"], engine.round_trips) == (True, None, 2)
    assert page["authors"][0] == {
        "key": "popeye",
        "name": "Popeye",
        "spellings": ["Popeye", "popeye"],
        "comments": 2,
        "articles": 1,
        "first_seen": "2014-05-09T13:33:00.000Z",
    }
    assert (page["authors"][1]["name"], page["authors"][1]["spellings"]) == ("الأسد", ["الأسد", "الاسد"])
    assert {index for index, _ in engine.asked} == {"t-articles,t-comments"}


def test_nobody_is_found_in_one_round_trip():
    reading, engine = people(counted("keys", []))
    assert reading.authors(asked(q="zzz")) == {"authors": [], "complete": True, "next": None}
    assert engine.round_trips == 1


def test_a_list_by_count_pages_through_the_top_and_says_that_there_are_more():
    keys = [f"a{number}" for number in range(TOP)]
    reading, _ = people(counted("keys", buckets(*keys), others=5), details(a0=["a0"]))
    page = reading.authors(asked(limit="100"))
    assert page["complete"] is False
    last = page
    for start in range(100, TOP, 100):
        reading, engine = people(counted("keys", buckets(*keys), others=5), details())
        last = reading.authors(asked(limit="100", cursor=last["next"]))
        wanted = engine.asked[1][1]["query"]["bool"]["filter"][0]["terms"]["author_key"]
        assert wanted == keys[start : start + 100]
    assert (last["next"], last["complete"]) == (None, False)


def test_a_list_by_name_goes_on_after_the_last_one_without_end():
    named = counted("keys", [{"key": {"key": key}, "doc_count": 1} for key in ("a", "b", "c")])
    reading, _ = people(named, details(a=["A"], b=["B"]))
    page = reading.authors(asked(sort="name", limit="2"))
    assert [author["name"] for author in page["authors"]] == ["A", "B"]
    assert page["complete"] is True
    following = keys_body(asked(sort="name", limit="2", cursor=page["next"]), timeout_ms=5_000)
    assert following["aggs"]["keys"]["composite"]["after"] == {"key": "b"}


def test_those_who_only_wrote_together_with_one_looked_for_are_left_out():
    reading, engine = people(counted("keys", buckets("ann", "popeye the sailor", "alpop")), details())
    reading.authors(asked(q="pop"))
    assert engine.asked[1][1]["aggs"]["authors"]["terms"]["include"] == ["popeye the sailor"]


def test_filters_narrow_what_is_counted():
    reading, engine = people(counted("keys", buckets("popeye")), details())
    reading.authors(asked(source="naharnet", **{"from": "30d"}))
    for _, body in engine.asked:
        wanted = body["query"]["bool"]["filter"]
        assert any("2014-04-13" in str(clause) for clause in wanted)
        assert any("naharnet" in str(clause) for clause in wanted)


def test_a_cursor_belongs_to_its_list():
    reading, _ = people(counted("keys", buckets("a", "b")), details())
    cursor = reading.authors(asked(limit="1"))["next"]
    with pytest.raises(RequestError) as caught:
        asked(limit="1", sort="name", cursor=cursor)
    assert caught.value.problems[0].code == "cursor_mismatch"


def test_an_author_is_shown_with_whom_they_answer_and_who_answers_them():
    stated: dict[str, Any] = {"stated": {"doc_count": 1}}
    first, second = author_found(
        "Popeye",
        answers={"doc_count": 5, **stated, "people": values(("cedre", 3), ("الاسد", 1), others=1, **stated)},
        commented={
            "doc_count": 2,
            "articles": values((ARTICLE["article_id"], 2), shown={"hits": {"hits": [hit(COMMENTS[0])]}}),
        },
        wrote={"doc_count": 1, "articles": {"hits": {"hits": [hit(ARTICLE)]}}},
    )
    named: dict[str, Any] = {"name": values(("Mystic", 2))}
    second = found(total=4) | {"aggregations": {**stated, "people": values(("mystic", 4), **stated, **named)}}
    names = counted("people", values(("cedre", 9), name=values(("Cedre", 9)))["buckets"])
    reading, engine = people([first, second], names)
    page = reading.author("POPEYE")
    assert engine.round_trips == 2
    assert page["author"]["name"] == "Popeye"
    assert page["kinds"] == [{"value": "guest", "count": 2}]
    assert page["answers"] == {
        "total": 5,
        "stated": 1,
        "estimated": 4,
        "people": [
            {"key": "cedre", "name": "Cedre", "count": 3, "stated": 1, "estimated": 2},
            {"key": "الاسد", "name": "الاسد", "count": 1, "stated": 1, "estimated": 0},
        ],
        "others": 1,
    }
    assert page["answered_by"]["people"] == [
        {"key": "mystic", "name": "Mystic", "count": 4, "stated": 1, "estimated": 3}
    ]
    assert page["commented_on"][0]["article"]["title"] == page["wrote"]["articles"][0]["title"]


@pytest.mark.parametrize("name", ["", " ", "x" * 300, "\ud800" * 3])
def test_who_is_not_there_is_not_found(name):
    empty = [found(total=0) | {"aggregations": {}}, found(total=0) | {"aggregations": {}}]
    reading, _ = people(empty)
    with pytest.raises(NotFoundError) as caught:
        reading.author(name)
    assert caught.value.code == "author_not_found"
    caught.value.message.encode()
