"""Suggestions while typing, on answers of the engine."""

from __future__ import annotations

import pytest

from broadsheet.completion import Completion
from broadsheet.errors import RequestError
from broadsheet.index.names import IndexNames
from broadsheet.search.suggest import read_suggest
from tests.engine_answers import ScriptedEngine, counted, found, values


def title(text, number):
    return {"_source": {"title": text, "article_id": f"a{number}"}}


def suggest(*answers, **parameters):
    engine = ScriptedEngine(*answers)
    request = read_suggest({name: [value] for name, value in parameters.items()})
    return Completion(engine, IndexNames("t"), 5_000).suggest(request), engine


def test_titles_authors_and_tags_come_in_one_round_trip():
    authors = [{"key": "homsi", "doc_count": 3, "names": values(("Olive", 3), ("Homsi", 2))}]
    answer, engine = suggest(
        [
            found(title("Old Homs", 1), title("HOMS falls", 2), title("homs  falls", 3)),
            counted("names", [*authors, {"key": "olive", "doc_count": 3, "names": values()}]),
            counted("names", values(("Homs", 7), ("war", 9))["buckets"]),
        ],
        q="hom",
    )
    assert answer == {
        "titles": [{"title": "HOMS falls", "article_id": "a2"}, {"title": "Old Homs", "article_id": "a1"}],
        "authors": [{"key": "homsi", "name": "Homsi", "count": 3}],
        "tags": [{"tag": "Homs", "count": 7}],
    }
    assert [index for index, _ in engine.asked] == ["t-articles", "t-articles,t-comments", "t-articles"]


def test_one_kind_alone_is_asked_for_alone():
    answer, engine = suggest([counted("names", values(("Homs", 7))["buckets"])], q="hom", kind="tag", limit="1")
    assert (answer["titles"], answer["tags"]) == ([], [{"tag": "Homs", "count": 7}])
    assert len(engine.asked) == 1


@pytest.mark.parametrize(("unprepared", "says_why"), [(0, False), (1, True)])
def test_no_suggestion_comes_with_the_reason_when_the_index_has_none(unprepared, says_why):
    answer, engine = suggest([found()], found(total=unprepared), q="zz", kind="title")
    assert ("reason" in answer) is says_why
    assert engine.round_trips == 2


@pytest.mark.parametrize("given", [{}, {"q": [""]}, {"q": ["x" * 101]}, {"q": ["a"], "limit": ["21"]}])
def test_wrong_parameters_are_refused(given):
    with pytest.raises(RequestError):
        read_suggest(given)
