"""Kinds of parameters: what each reads, and the code and sentence of what it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search import kinds
from broadsheet.search.kinds import Stated, WrongValue, seconds_of
from broadsheet.search.parameters import Parameter

KINDS: dict[str, Parameter] = {
    "text": kinds.Text("q", "", 2, 10),
    "exact": kinds.Exact("key", "", 4),
    "integer": kinds.Integer("limit", "", 1, 100),
    "choice": kinds.Choice("type", "", ("a", "b")),
    "choices": kinds.Choices("facet", "", ("a", "b")),
    "moment": kinds.Moment("since", ""),
    "values": kinds.Values("tag", "", longest=5),
    "chosen": kinds.Values("lang", "", choices=("ar", "en")),
    "flag": kinds.Flag("explain", ""),
    "span": kinds.Span("recency", ""),
    "day": kinds.Day("from", ""),
}


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("text", "  homs ", "homs"),
        ("text", "ho\x00ms", "homs"),
        ("exact", " é ", " é "),
        ("integer", " 7 ", 7),
        ("integer", "+7", 7),
        ("choice", "b", "b"),
        ("choices", "a", "a"),
        ("moment", "2014-05-09", "2014-05-09T00:00:00.000+00:00"),
        ("moment", "2014-05-09T16:33:00+03:00", "2014-05-09T13:33:00.000+00:00"),
        ("values", "حمص", Stated("حمص", excluded=False)),
        ("values", "-x", Stated("x", excluded=True)),
        ("values", "--x", Stated("-x", excluded=True)),
        ("chosen", "-ar", Stated("ar", excluded=True)),
        ("flag", "true", True),
        ("flag", "false", False),
        ("span", "30d", 30 * 86_400),
        ("day", "30d", "30d"),
        ("day", "2014-05-09", "2014-05-09"),
        ("day", "20140509", "2014-05-09"),
        ("day", "2014-W19-5", "2014-05-09"),
        ("day", "2014-05", "2014-05"),
        ("day", "2014", "2014"),
        ("day", "2014-05-09T16:33", "2014-05-09T16:33:00+00:00"),
        ("day", "2014-05-09T16:33:00Z", "2014-05-09T16:33:00+00:00"),
    ],
)
def test_a_right_value_is_read(kind, value, read):
    assert KINDS[kind].read(value) == read


@pytest.mark.parametrize(
    ("kind", "value", "code", "sentence"),
    [
        ("text", "x" * 11, "too_long", "must have at most 10 characters; it has 11."),
        ("text", " x ", "too_short", "must have at least 2 characters."),
        ("exact", "", "out_of_range", "must have 1 to 4 bytes; it has 0."),
        ("exact", "ééé", "out_of_range", "must have 1 to 4 bytes; it has 6."),
        ("integer", "x", "not_an_integer", "must be a whole number from 1 to 100, not x."),
        ("integer", "101", "out_of_range", "must be a whole number from 1 to 100, not 101."),
        ("choice", "A", "not_a_choice", "must be one of a, b, not A."),
        ("choices", "", "not_a_choice", "must be one of a, b, not an empty text."),
        (
            "moment",
            "soon",
            "not_a_time",
            "must be a date or time such as 2026-05-09 or 2026-05-09T13:33:00Z, not soon.",
        ),
        ("moment", "0001-01-01T00:00:00+14:00", "not_a_time", None),
        ("values", "", "out_of_range", "must have 1 to 5 characters."),
        ("values", "123456", "out_of_range", "must have 1 to 5 characters."),
        ("chosen", "fr", "not_a_choice", "must be one of ar, en, not fr."),
        ("flag", "yes", "not_a_choice", "must be true or false, not yes."),
        ("span", "30", "not_a_time", "must be a length of time such as 30d or 1y, not 30."),
        ("span", "٣d", "not_a_time", None),
        ("day", "2014-5-9", "not_a_time", None),
        ("day", "2014-13", "not_a_time", None),
        ("day", "0000", "not_a_time", None),
        ("day", "2014-05-09T", "not_a_time", None),
    ],
)
def test_a_wrong_value_has_a_code_and_a_sentence(kind, value, code, sentence):
    with pytest.raises(WrongValue) as wrong:
        KINDS[kind].read(value)
    assert wrong.value.code == code
    assert sentence is None or wrong.value.sentence == sentence


@given(st.sampled_from(sorted(KINDS)), st.one_of(st.text(st.characters(), max_size=60), st.text("0123456789-T:+dwmyZ")))
def test_any_text_is_read_or_refused_with_a_sentence_that_can_be_sent(kind, value):
    sentence = "."
    try:
        KINDS[kind].read(value)
    except WrongValue as wrong:
        sentence = wrong.sentence
    assert sentence.encode().endswith(b".")


def test_an_endless_value_is_repeated_in_part_only():
    with pytest.raises(WrongValue) as wrong:
        KINDS["flag"].read("x" * 1_000_000)
    assert len(wrong.value.sentence) < 100


@pytest.mark.parametrize(
    ("span", "seconds"),
    [("1h", 3_600), ("2w", 1_209_600), ("6m", 15_552_000), ("1y", 31_536_000), ("0d", 0), ("", None), ("d", None)],
)
def test_lengths_of_time(span, seconds):
    assert seconds_of(span) == seconds
