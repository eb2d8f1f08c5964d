"""Query strings become typed requests, or errors that name every wrong parameter."""

from __future__ import annotations

import pytest

from broadsheet.errors import RequestError
from broadsheet.search.request import (
    read_nothing,
    read_search,
)
from broadsheet.search.tree import Word, tokens, written

NOW = 1_400_000_000


def search(given):
    return read_search(given, NOW)


def problems(given, read=search):
    with pytest.raises(RequestError) as caught:
        read(given)
    return {problem.parameter: (problem.code, problem.message) for problem in caught.value.problems}


def test_defaults():
    request = search({"q": ["homs"]})
    assert (request.type, request.limit, request.highlight, request.sort) == ("all", 10, "html", "relevance")
    assert request.query.nodes == (Word("homs"),)


def test_every_parameter_is_read():
    request = search({"q": [" homs "], "type": ["comment"], "limit": ["100"], "highlight": ["none"]})
    assert (request.query.nodes, request.type) == ((Word("homs"),), "comment")
    assert (request.limit, request.highlight) == (100, "none")


@pytest.mark.parametrize("value", ["-1", "0", "101", "100000", "9" * 30])
def test_a_limit_out_of_bounds_is_refused_with_the_bounds(value):
    code, message = problems({"q": ["homs"], "limit": [value]})["limit"]
    assert code in {"out_of_range", "not_an_integer"}
    assert "from 1 to 100" in message


@pytest.mark.parametrize("value", ["abc", "", "1.5", "1e2", "0x10", "١٠"])
def test_a_limit_that_is_no_number_is_refused(value):
    assert problems({"q": ["homs"], "limit": [value]})["limit"][0] == "not_an_integer"


@pytest.mark.parametrize("given", [{}, {"q": []}, {"q": [""]}, {"q": ["  "]}, {"q": ["\x00"]}])
def test_a_search_without_a_query_lists_everything_newest_first(given):
    request = search(given)
    assert (request.query.nodes, request.sort) == ((), "newest")


@pytest.mark.parametrize("value", ["...", '"" - \'', "_ _", "🙂"])
def test_a_query_of_punctuation_has_no_words(value):
    assert problems({"q": [value]})["q"][0] == "no_words"


def test_a_long_query_is_refused_with_both_lengths():
    assert problems({"q": ["x" * 10_000]})["q"] == (
        "too_long",
        "q must have at most 512 characters; it has 10000.",
    )


@pytest.mark.parametrize("text", ["a " * 33, "a-" * 33, "a_b:" * 17, "'" + '"a" ' * 33, "-a " * 33, "新" * 33])
def test_more_words_than_the_engine_can_take_are_refused(text):
    assert problems({"q": [text]})["q"][0] == "too_many_words"


@pytest.mark.parametrize("text", ["a " * 32, "الأَسَدُ وَحِزْبُ اللَّهِ " * 10, "हिन्दी समाचार " * 16])
def test_vowel_signs_do_not_make_more_words(text):
    assert tokens(search({"q": [text]}).query) <= 32


def test_a_parameter_may_be_given_once():
    assert problems({"q": ["a", "b"], "limit": ["1", "1"]}) == {
        "q": ("repeated", "q may be given once; it was given 2 times."),
        "limit": ("repeated", "limit may be given once; it was given 2 times."),
    }


def test_an_unknown_parameter_names_the_nearest_known_one():
    code, message = problems({"q": ["homs"], "limt": ["5"]})["limt"]
    assert code == "unknown_parameter"
    assert message == "This resource has no parameter limt. Did you mean limit?"


def test_an_unknown_parameter_unlike_any_lists_them():
    assert problems({"q": ["homs"], "zzz": [""]})["zzz"][1].split("It takes ")[1].startswith("q, type, source, ")


def test_a_hostile_parameter_name_is_shortened_and_cleaned():
    (name,) = problems({"q": ["homs"], "\ud800\x1b" + "n" * 500: ["1"]})
    assert len(name) < 50
    name.encode()
    assert "\x1b" not in name


def test_a_choice_is_named_with_its_words():
    assert problems({"q": ["homs"], "type": ["Articles"]})["type"] == (
        "not_a_choice",
        "type must be one of article, comment, all, not Articles.",
    )


def test_every_wrong_parameter_has_its_problem_and_the_sentence_counts_them():
    with pytest.raises(RequestError) as caught:
        search({"limit": ["abc"], "type": ["x"], "foo": ["1"]})
    assert [problem.parameter for problem in caught.value.problems] == ["type", "limit", "foo"]
    assert caught.value.message == "type must be one of article, comment, all, not x. (2 more, see errors)"


def test_a_lone_surrogate_becomes_text_that_can_be_sent():
    written(search({"q": ["homs \ud800"]}).query).encode()


def test_a_resource_without_parameters_takes_none():
    read_nothing({})
    assert problems({"x": ["1"]}, read_nothing)["x"][1] == "This resource has no parameter x. It takes none."
