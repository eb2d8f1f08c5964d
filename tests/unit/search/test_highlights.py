"""What is marked in a hit: safe HTML, or text with offsets in code points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.highlights import highlight, highlights, offsets
from broadsheet.search.plan import plan
from broadsheet.search.syntax import parse

BEGIN, END = "\ufdd0", "\ufdd1"
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=BEGIN + END))


def asked(text, how="html", **kinds):
    return highlight(plan(parse(text)), how, **({"articles": True, "comments": True} | kinds))


def test_each_kind_is_marked_in_the_fields_it_has():
    assert set(asked("homs")["fields"]) == {"title", "body"}
    assert set(asked("homs", articles=False)["fields"]) == {"body"}


@pytest.mark.parametrize("text", ["", "-homs", "source:naharnet", "-(a OR b)", "author:x"])
def test_nothing_is_marked_where_nothing_is_looked_for(text):
    assert asked(text) is None


def test_nothing_is_marked_when_nobody_wants_it():
    assert asked("homs", "none") is None


def test_only_what_speaks_of_a_field_is_marked_in_it():
    assert set(asked("title:homs", comments=False)["fields"]) == {"title"}
    assert set(asked("discussion:homs", articles=False)["fields"]) == {"body"}


def test_html_is_escaped_by_the_engine_and_offsets_are_not():
    html, plain = asked("homs"), asked("homs", "offsets")
    assert (html["encoder"], html["pre_tags"], html["post_tags"]) == ("html", ["<mark>"], ["</mark>"])
    assert (plain["encoder"], plain["pre_tags"], plain["post_tags"]) == ("default", [BEGIN], [END])


@given(st.lists(st.tuples(TEXTS, TEXTS.filter(bool)), max_size=5), TEXTS)
def test_offsets_count_code_points(parts, tail):
    piece = "".join(before + BEGIN + word + END for before, word in parts) + tail
    found = offsets(piece)
    assert found["text"] == piece.replace(BEGIN, "").replace(END, "")
    assert [found["text"][begin:end] for begin, end in found["marks"]] == [word for _, word in parts]


def test_emoji_and_arabic_before_a_mark_count_one_each():
    found = offsets(f"👍🏽 في {BEGIN}حمص{END} 🙂 {BEGIN}Homs{END}")
    assert [found["text"][begin:end] for begin, end in found["marks"]] == ["حمص", "Homs"]
    assert found["marks"] == [[6, 9], [12, 16]]


def test_a_hit_tells_its_title_and_the_best_pieces_of_its_body():
    hit = {"highlight": {"title": ["<mark>Homs</mark>"], "body": ["one", "two"]}}
    assert highlights(hit, "html") == {"title": "<mark>Homs</mark>", "body": ["one", "two"]}
    assert highlights({}, "html") == {}


def test_a_piece_that_is_one_endless_word_is_left_out():
    assert highlights({"highlight": {"body": ["x" * 1_000_000, "two"]}}, "html") == {"body": ["two"]}
    assert highlights({"highlight": {"body": ["x" * 1_000_000]}}, "offsets") == {}
