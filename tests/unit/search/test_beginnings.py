"""What begins like what somebody types."""

from __future__ import annotations

import pytest

from broadsheet.search.beginnings import begins


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("popeye", "pop"),
        ("Popeye", "POPE"),
        ("José Núñez", "nun jose"),
        ("Jose", "josé"),
        ("Søren Łukasz", "soren luk"),
        ("الأسد", "اس"),
        ("الأسد", "الاس"),
        ("الأَسَد", "أسد"),
        ("أسد", "الأسد"),
        ("حمصي_حر", "حر"),
        ("al-Barazi", "bar"),
        ("Assad's man", "assad's"),
        ("U.N.", "un"),
        ("الله", "الله"),
        ("ال", "ال"),
        ("حزب الأمل", "ال"),
        ("حزب الأمل", "الا"),
        ("حزب الأمل", "امل حز"),
    ],
)
def test_a_name_begins_with_what_is_typed_in_any_order_of_words(name, typed):
    assert begins(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("popeye", "eye"), ("popeye", "popeye the"), ("الأسد", "سد"), ("m8ers", "m9"), ("popeye", "!"), ("", "a")],
)
def test_what_stands_inside_or_elsewhere_is_no_beginning(name, typed):
    assert not begins(name, typed)
