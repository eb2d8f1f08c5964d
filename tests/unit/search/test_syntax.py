"""Whatever is typed has a reading as words, phrases and exclusions."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.syntax import Phrase, Query, Word, parse


def terms(text):
    return list(parse(text).terms)


def test_words_phrases_and_exclusions_keep_their_order():
    assert terms('Homs "pull out" -Assad -"old city" siege') == [
        Word("Homs"),
        Phrase("pull out"),
        Word("Assad", excluded=True),
        Phrase("old city", excluded=True),
        Word("siege"),
    ]


@pytest.mark.parametrize(
    "quoted",
    ['"حزب الله"', "“حزب الله”", "«حزب الله»", "”حزب الله“", "„حزب الله“", "»حزب الله«", '«حزب الله"', "＂حزب  الله＂"],
)
def test_all_kinds_of_quotes_make_a_phrase(quoted):
    assert terms(quoted) == [Phrase("حزب الله")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"pull out', [Word("pull"), Word("out")]),
        ('pull out"', [Word("pull"), Word("out")]),
        ('"a" "b', [Phrase("a"), Word("b")]),
        ('"" homs', [Word("homs")]),
        ('"...!"', []),
    ],
)
def test_a_quote_without_partner_or_content_means_nothing(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("al-Barazi", [Word("al-Barazi")]),
        ("-", []),
        ("--homs", [Word("homs", excluded=True)]),
        ("a - b", [Word("a"), Word("b")]),
        ("U.S. @popeye (homs)", [Word("U.S."), Word("@popeye"), Word("(homs)")]),
        ("don’t", [Word("don’t")]),
        ('re-"a b"', [Word("re-"), Phrase("a b")]),
    ],
)
def test_hyphens_exclude_only_at_the_start_of_a_term(text, expected):
    assert terms(text) == expected


@given(st.text(alphabet=st.characters(), max_size=600) | st.text(alphabet='"“”«»- ab()_\n', max_size=600))
def test_every_text_has_a_reading(text):
    query = parse(text)
    assert isinstance(query, Query)
    assert all(term.text.strip() for term in query.terms)
    assert query.size() >= len(query.terms)


@pytest.mark.parametrize("piece", ['"', "-", "(", '-"', "“”", "a-", "«"])
def test_time_is_linear_on_repeated_marks(piece):
    def seconds(count):
        started = time.perf_counter()
        parse(piece * count).size()
        return time.perf_counter() - started

    seconds(1_000)
    assert min(seconds(200_000) for _ in range(2)) < 2
