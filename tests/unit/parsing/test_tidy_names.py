"""Names without what a page prints with all of them."""

from __future__ import annotations

import pytest

from broadsheet.parsing.tidy_names import tidy


@pytest.mark.parametrize(
    ("names", "tidied"),
    [
        (["Ann, Beirut, Lebanon", "Bob, Leeds", "Cem"], ["Ann", "Bob", "Cem"]),
        (["Ann | Beirut", "Bob | Leeds"], ["Ann", "Bob"]),
        (["Ann from Beirut", "Bob from Leeds", "Ann from Beirut"], ["Ann", "Bob", "Ann"]),
        (["Mike from Eastport", "Dee", "TollTaker99"], ["Mike from Eastport", "Dee", "TollTaker99"]),
        (["[1] Ann", "[2] Bob"], ["Ann", "Bob"]),
        (["1 Ann", "2 Bob Hill", "3 Cem"], ["Ann", "Bob Hill", "Cem"]),
        (["Ann Member", "Bob Member", "Cem Hill Member"], ["Ann", "Bob", "Cem Hill"]),
        (["Blogger Ann", "Blogger Bob"], ["Ann", "Bob"]),
        (["Ann:", "★ Bob ★", "Cem [Member]", None], ["Ann", "Bob", "Cem", None]),
        (["[deleted]", "Ann"], ["[deleted]", "Ann"]),
        (["Smith, John"], ["Smith"]),
        ([], []),
        ([None, None], [None, None]),
    ],
)
def test_what_most_heads_have_in_common_is_no_part_of_the_names(
    names: list[str | None], tidied: list[str | None]
) -> None:
    assert tidy(names) == tidied
