"""The measure itself: what counts as the same comment, the same date, a kept quote."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.quality.matching import align, holds, same_date, same_text, words


def bags(*texts: str) -> list[Counter[str]]:
    return [Counter(words(text)) for text in texts]


def test_bodies_pair_in_page_order_and_an_invented_one_is_left_over():
    assert align(bags("one fine day", "two", "+1"), bags("one fine day", "by nobody at all", "two", "+1")) == {
        0: 0,
        1: 2,
        2: 3,
    }


def test_swapped_bodies_do_not_both_pair():
    assert len(align(bags("first words", "second thoughts"), bags("second thoughts", "first words"))) == 1


def test_a_body_that_swallowed_the_next_does_not_pair():
    assert align(bags("a b c d", "e f g h"), bags("a b c d e f g h")) == {}


def test_repeated_bodies_pair_one_to_one():
    assert align(bags("lol", "lol", "lol"), bags("lol", "lol")) in ({0: 0, 1: 1}, {0: 0, 2: 1}, {1: 0, 2: 1})


@pytest.mark.parametrize(
    ("label", "value", "right"),
    [
        ("2014-05-09T16:33", "2014-05-09T16:33+03:00", True),
        ("2014-05-09T16:33", "2014-05-09T13:33Z", False),
        ("2014-05-09T16:33-05:00", "2014-05-09T21:33:00Z", True),
        ("2014-05-09T16:33-05:00", "2014-05-09T16:33+03:00", False),
        ("2014-05-09T16:33-05:00", "2014-05-09T16:33", False),
        ("2014-05-09", "2014-05-09T23:00+03:00", True),
        ("2014", "2014-07-01", True),
        ("2014-05-09", "2014-09-05", False),
        ("2014-05-09", None, False),
        (None, "2014-05-09", False),
        (None, None, True),
    ],
)
def test_a_date_is_right_as_far_as_its_label_goes(label, value, right):
    assert same_date(label, value) is right


def test_a_quote_is_kept_only_whole_and_in_order():
    assert holds("The gulls  have\nall the grievances.", "have all the grievances")
    assert not holds("The gulls have all.", "have all the")
    assert not holds("behave all the", "have all the")


def test_names_are_equal_but_for_white_space_and_width():
    assert same_text("Abou  Elie", "Abou Elie")
    assert not same_text("Abou Elie", "Abou")
    assert not same_text(None, "")
