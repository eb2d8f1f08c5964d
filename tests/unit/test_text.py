"""Cleaning, folding, words, language."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.text import author_key, clean, fold, language, words


@pytest.mark.parametrize(
    ("text", "cleaned", "dropped"),
    [
        ("plain\ttext\n", "plain\ttext\n", {}),
        ("a\x00b\x1b[0m", "ab[0m", {"control": 2}),
        ("a\r\nb\rc\x85d\u2028e\u2029f\x0cg", "a\nb\nc\nd\ne\nf\ng", {}),
        ("\ufeffa", "a", {"byte_order_mark": 1}),
        ("a\u202eb\u2066c", "abc", {"bidi_override": 2}),
        ("\u200fأ\u200c\u200b", "\u200fأ\u200c\u200b", {}),
        ("a\ud800b", "a\ufffdb", {"surrogate": 1}),
        ("e\u0301", "é", {}),
        ("a\xa0b", "a\xa0b", {}),
        ("a" + "\u0327" * 40, "a" + "\u0327" * 30, {"combining_mark": 10}),
    ],
)
def test_clean_keeps_text_and_counts_what_it_drops(text: str, cleaned: str, dropped: dict[str, int]) -> None:
    assert clean(text) == (cleaned, dropped)


@given(st.text())
def test_cleaned_text_is_normal_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text).text
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(cleaned) == (cleaned, {})
    cleaned.encode("utf-8")


@pytest.mark.parametrize(
    ("one", "other"),
    [("الأَسَد", "الاسد"), ("حمص  القديمة", "حمص القديمه"), ("HOMS", "homs"), ("ﬁve", "five"), ("كـتاب", "کتاب")],
)
def test_fold_makes_spellings_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert author_key(one) == author_key(other)


def test_words_are_folded_and_in_order() -> None:
    assert words("Homs, U.S. & الأسد!") == ["homs", "u", "s", "الاسد"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Homs is free", "en"),
        ("Déjà vu", "en"),
        ("حمص حرة", "ar"),
        ("حزب الله and Hezbollah", "ar"),
        ("A long English sentence that quotes الأسد once", "en"),
        ("ﻣﺮﺣﺒﺎ", "ar"),
        ("Привет, мир", None),
        ("123 – 456", None),
        ("", None),
    ],
)
def test_language_follows_the_script(text: str, expected: str | None) -> None:
    assert language(text) == expected


# Mostly ASCII, as English text is, with what must not be taken for harmless: marks that compose, look-alikes, spaces.
ENGLISH = st.text(
    st.sampled_from("aeo AEO.\n\t") | st.sampled_from("é\u0301\u0327’—\xa0\u2126\u212a\u0340\u2000ı") | st.characters(),
    max_size=60,
)


@given(ENGLISH)
def test_clean_text_is_composed_whatever_it_is_made_of(text: str) -> None:
    cleaned = clean(text).text
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(cleaned) == (cleaned, {})


@given(st.text(alphabet="aÉß \t\n\xa0\u00a8\u0301\u0640\u064e\u0623\u200b", max_size=30))
def test_a_line_end_folds_as_any_white_space(text: str) -> None:
    assert fold(text) == fold(text.replace("\n", "\u2028"))


@given(st.text(st.characters(max_codepoint=0x7F), max_size=60))
def test_folding_ascii_makes_letters_small_and_white_space_one_space(text: str) -> None:
    assert fold(text) == " ".join(text.lower().split())
