"""Corrected queries: what is looked up, and what becomes of the answers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.search.corrections import chosen, corrected, dictionary_body
from broadsheet.search.syntax import parse
from broadsheet.search.tree import written
from tests.engine_answers import found, unknown_words


def looked_up(text):
    body = dictionary_body(parse(text), timeout_ms=5_000)
    return body and body["suggest"]["words"]["text"]


def corrections(text, *words):
    return [written(query) for query in corrected(parse(text), unknown_words(*words))]


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("homs govrnor", "homs govrnor"),
        ('"old citty" -siege', "old citty"),
        ("title:syira author:popey source:nahar", "syira"),
        ("(one OR two) three* four~", "one two"),
        ("-siege", None),
        ("one two three four five six seven eight nine", None),
    ],
)
def test_words_of_texts_are_looked_up(query, texts):
    assert looked_up(query) == texts


def test_every_unknown_word_takes_the_most_similar_one_first():
    assert corrections("syira govrnor", ("syira", 0, "syria", "syrian"), ("govrnor", 6, "governor")) == [
        "syria governor",
        "syrian governor",
    ]


def test_a_word_that_another_shard_holds_stays_as_it_is():
    like = (("goat", 0, "goats"), ("shephrd", 5, "shepherd"))
    assert [written(each) for each in corrected(parse("goat shephrd"), unknown_words(*like, held=[0]))] == [
        "goat shepherd"
    ]


def test_a_word_inside_of_punctuation_keeps_it_and_capitals_stay():
    assert corrections('al-Barzi "Old Citty"', ("barzi", 3, "barazi"), ("citty", 13, "city")) == [
        'al-Barazi "Old City"'
    ]


def test_letters_beyond_the_first_plane_do_not_move_the_place():
    assert corrections("a😀 govrnor", ("govrnor", 4, "governor")) == ["a😀 governor"]


def test_arabic_is_corrected_like_latin():
    assert corrections("حمص المحافض", ("المحافض", 4, "المحافظ")) == ["حمص المحافظ"]


def test_a_name_of_the_list_is_tried_although_the_archive_spells_it_another_way():
    assert corrections("Hizbulah", ("hizbulah", 0)) == ["Hizbullah"]
    assert corrections("Hizbullah", ("hizbullah", 0)) == []


def test_fields_and_what_is_excluded_stay_as_they_are():
    assert corrections("title:syira -(old war) by*", ("syira", 0, "syria")) == ["title:syria -(old war) by*"]


def test_the_first_that_finds_more_is_chosen():
    queries = [parse("one"), parse("two"), parse("three")]
    answers = [found(total=0), found(total=2), found(total=3)]
    assert [chosen(queries, answers, matches) for matches in (0, 1, 2, 3)] == ["two", "two", "three", None]


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8), min_size=1, max_size=4))
def test_no_query_breaks_by_a_correction(texts):
    query = parse(" ".join(texts))
    body = dictionary_body(query, timeout_ms=5_000)
    if body is None:
        return
    text = body["suggest"]["words"]["text"]
    first = text.split(" ")[0]
    size = len(first.encode("utf-16-le")) // 2
    entry = {"text": first, "offset": 0, "length": size, "options": [{"text": "homs"}]}
    for each in corrected(query, unknown_words() | {"suggest": {"words": [entry]}}):
        assert parse(written(each)) is not None
