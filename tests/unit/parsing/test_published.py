"""The date of an article, from its weekdays and its first comment."""

from __future__ import annotations

import pytest

from broadsheet.model import Dated
from broadsheet.parsing.dates import LocalTime
from broadsheet.parsing.published import estimate

METHOD = "weekday-before-first-comment"


@pytest.mark.parametrize(
    ("text", "first_comment", "day"),
    [
        ("They left Friday.", (2014, 5, 9, 16, 33), "2014-05-09"),
        ("They met on Sunday", (2013, 6, 30, 15, 34), "2013-06-30"),
        ("on Saturday:", (2011, 8, 27, 9, 47), "2011-08-27"),
        ("Thursday", (2015, 11, 6, 0, 20), "2015-11-05"),
        ("يوم الجمعة، قال", (2014, 5, 9, 16, 33), "2014-05-09"),
        ("والأحد عاد", (2014, 5, 13, 16, 33), "2014-05-11"),
        ("Monday", (2014, 3, 1, 0, 0), "2014-02-24"),
    ],
)
def test_weekday_resolves_to_its_last_occurrence(text: str, first_comment: tuple[int, ...], day: str) -> None:
    found = estimate(text, [LocalTime(*first_comment)])
    assert found == Dated(day, METHOD, 0.8, earliest=day, latest=day)


def test_first_one_named_is_the_value_and_the_others_widen_the_span() -> None:
    found = estimate("Left Friday; since Wednesday, on Thursday and Friday.", [LocalTime(2014, 5, 9, 16, 33)])
    assert found == Dated("2014-05-09", METHOD, 0.6, earliest="2014-05-07", latest="2014-05-09")


def test_earliest_comment_counts_wherever_it_stands() -> None:
    times = [LocalTime(2014, 5, 10, 9, 0), LocalTime(2014, 5, 8, 9, 0), LocalTime(2014, 2, 31, 9, 0)]
    found = estimate("Friday", times)
    assert found is not None
    assert found.value == "2014-05-02"


@pytest.mark.parametrize("text", ["Sundays", "Mondaymorning", "الأحداث", "friday", ""])
def test_without_a_weekday_the_first_comment_is_the_latest_day(text: str) -> None:
    found = estimate(text, [LocalTime(2014, 5, 9, 16, 33)])
    assert found == Dated("2014-05-09", "first-comment", 0.4, latest="2014-05-09")


@pytest.mark.parametrize("times", [[], [LocalTime(2014, 2, 31, 9, 0)]])
def test_without_a_comment_there_is_no_estimate(times: list[LocalTime]) -> None:
    assert estimate("Friday", times) is None
