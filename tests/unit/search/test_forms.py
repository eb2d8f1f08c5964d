"""The same number, date or compound is looked for as others write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.forms import other_forms


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("1,500", ("1500",)),
        ("1500", ("1,500",)),
        ("2000", ("2,000",)),
        ("١٧٠١", ("1,701",)),
        ("١٬٥٠٠", ("1500",)),
        ("12,345,678", ("12345678",)),
        ("5.5", ("5,5",)),
        ("٥٫٥", ("5,5",)),
        ("1", ("1st",)),
        ("11", ("11th",)),
        ("22", ("22nd",)),
        ("31", ("31st",)),
        ("17th", ("17",)),
        ("cease-fire", ("ceasefire",)),
        ("co-operation", ("cooperation",)),
        ("al-Barazi", ("barazi", "albarazi")),
        ("organised", ("organized",)),
        ("NATIONALIZATION", ("nationalisation",)),
    ],
)
def test_a_word_is_looked_for_as_others_write_it(word, others):
    assert other_forms(word) == others


@pytest.mark.parametrize(
    "word",
    [
        "2006",
        "1948",
        "32",
        "007",
        "0",
        "1.2.3",
        "1,50,0",
        "3.14159",
        "Homs",
        "rise",
        "e-",
        "-x",
        "M8ers",
        "الأسد",
        "①",
        "",
    ],
)
def test_most_words_have_one_form(word):
    assert other_forms(word) == ()


@given(st.text(max_size=60))
def test_forms_are_few_and_never_the_word_itself(text):
    found = other_forms(text)
    assert len(found) <= 2
    assert text not in found
