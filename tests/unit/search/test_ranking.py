"""What counts on top of the words, and what only beside another kind."""

from __future__ import annotations

from math import prod

import pytest

from broadsheet.search import query
from broadsheet.search.plan import plan
from broadsheet.search.ranking import Weights
from broadsheet.search.request import read_search
from tests.unit.search.test_query import NOW, body, boolean, searched, walk


def on_top(found):
    optional = boolean(found).get("should")
    if optional is None:
        (ranked,) = boolean(found)["must"]
        optional = ranked.get("bool", {}).get("should", ())
    return [clause["bool"] for clause in optional if "boost" in clause.get("bool", ())]


def test_a_few_words_count_more_where_they_stand_together():
    itself, comment = on_top(body("siege evacuation deal convoy", type="article"))
    assert searched(itself) == ["siege", "evacuation", "deal", "convoy"]
    assert {name for node in walk(itself) for name in node.get("fields", ())} == {"title^2", "body"}
    near = comment["filter"][0]["intervals"]["discussion"]["all_of"]
    assert [each["match"]["query"] for each in near["intervals"]] == ["siege", "evacuation", "deal", "convoy"]
    assert near["max_gaps"] < 100  # the engine's gap between two comments


@pytest.mark.parametrize("text", ["siege", '"pull out"', "what did seven wise men say about rain snow sleet and hail"])
def test_one_word_a_phrase_or_a_sentence_has_nothing_on_top(text):
    assert on_top(body(text, type="article")) == []


@pytest.mark.parametrize("text", ["siege ①", "siege evac*", "siege 😀", "siege \u0640"])
def test_words_without_a_sure_token_are_never_looked_for_by_interval(text):
    assert "intervals" not in {key for node in walk(body(text, type="article")) for key in node}


def test_comments_count_less_than_articles_beside_them_only():
    _, comments = boolean(body("siege evacuation", type="all"))["should"]
    assert comments["bool"]["boost"] == Weights().comment < 1
    assert "boost" not in boolean(body("siege evacuation", type="comment"))


def test_a_relaxed_query_puts_first_what_has_all_words_and_then_what_lacks_one():
    request = read_search({"q": ["siege evacuation deal"], "type": ["article"]}, NOW)
    relaxed = plan(request.query, relaxed=True)
    first, _, almost, _ = on_top(query.search_body(request, relaxed, timeout_ms=5_000))
    assert searched(first["must"]) == ["siege", "evacuation", "deal"]
    assert first["boost"] == Weights().required
    assert (searched(almost), almost["minimum_should_match"]) == (["siege", "evacuation", "deal"], 2)


def test_combinations_of_spellings_in_one_comment_are_limited():
    *_, comment = on_top(body("Hezbollah Mohammed Gaddafi", type="article"))
    near = comment["filter"][0]["intervals"]["discussion"]["all_of"]["intervals"]
    combinations = prod(len(each.get("any_of", {"intervals": [each]})["intervals"]) for each in near)
    assert 1 < combinations <= 24
