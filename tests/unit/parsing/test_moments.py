"""Dates as people write them."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from broadsheet.parsing.moments import DayOrder, day_first_of, day_order, find_moment, parse_moment

CAPTURED = datetime(2014, 5, 10, 8, 0, tzinfo=UTC)
AT = "2014-05-09T16:33+03:00"


def value(text: str, *, day_first: bool | None = None, captured: datetime | None = CAPTURED) -> str | None:
    found = parse_moment(text, captured, "Asia/Beirut", day_first)
    return found and found.value


@pytest.mark.parametrize(
    "text",
    [
        "May 9, 2014 at 4:33 pm",
        "May 9th, 2014 at 4:33 p.m.",
        "Friday, May 09, 2014 4:33:00 PM",
        "4:33 pm on Friday, May 9, 2014",
        "At 16:33 9th May 2014, ahmad wrote:",
        "9 May 2014 16:33",
        "9th of May 2014, 16.33",
        "09-May-2014 16:33",
        "9May2014 4:33pm",
        "2014-05-09 16:33",
        "2014/05/09 at 4:33 pm",
        "16:33 ,2014 أيار 9",
        "٩ أيار ٢٠١٤، ١٦:٣٣",
        "۹ مایو ۲۰۱۴ ۱۶:۳۳".replace("مایو", "مايو"),
        "9 أيار/مايو 2014 - 04:33 م",
        "الجمعة 9 مايو 2014 الساعة 4:33 مساءً",
        "9 ماي 2014 على الساعة 16:33",
        "10/07/1435هـ - 09/05/2014م 04:33 م",
        "2014-05-09T16:33:00+03:00",
        "Yesterday at 4:33 PM",
        "Friday at 4:33 PM",
    ],
)
def test_one_minute_in_many_forms(text: str) -> None:
    assert value(text, day_first=True) == AT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("May 9, 2014", "2014-05-09"),
        ("9.5.2014", "2014-05-09"),
        ("9 May '14", "2014-05-09"),
        ("31/05/2014", "2014-05-31"),
        ("05/31/2014", "2014-05-31"),
        ("12 جانفي 2012", "2012-01-12"),
        ("3 غشت 2012", "2012-08-03"),
        ("2 تشرين الثاني 2012", "2012-11-02"),
        ("Fri May  9 16:33:00 EDT 2014", "2014-05-09T16:33-04:00"),
        ("Fri, 9 May 2014 16:33:00 +0000", "2014-05-09T16:33+00:00"),
        ("May 9, 2014 4:33 PM ET", "2014-05-09T16:33-04:00"),
        ("2014-05-09 09:15:42", "2014-05-09T09:15:42+03:00"),
        ("Fri, 9 May 2014 16:33:07 +0000", "2014-05-09T16:33:07+00:00"),
        ("May 9, 4:33 pm", AT),
        ("June 9, 4:33 pm", "2013-06-09T16:33+03:00"),
        ("12 May 2014 at 12:05 am", "2014-05-12T00:05+03:00"),
        ("12 May 2014 at 12:05 pm", "2014-05-12T12:05+03:00"),
        ("3 hours ago", "2014-05-10T08:00+03:00"),
        ("about an hour ago", "2014-05-10T10:00+03:00"),
        ("7 years ago", "2007-05-12"),
        ("2 weeks 3 days ago", "2014-04-26"),
        ("منذ ساعتين", "2014-05-10T09:00+03:00"),
        ("قبل 3 أيام", "2014-05-07"),
        ("أمس", "2014-05-09"),
    ],
)
def test_other_dates(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text", ["", "no date", "31 February 2014", "4:33 pm", "May", "version 2.0", "99/99/2014", "1:2:3"]
)
def test_what_is_no_point_in_time_gives_none(text: str) -> None:
    assert value(text) is None


def test_relative_date_is_an_estimate_with_bounds_and_needs_the_capture() -> None:
    found = parse_moment("3 hours ago", CAPTURED, "Asia/Beirut")
    assert found is not None
    assert (found.method, found.earliest, found.latest) == (
        "relative",
        "2014-05-10T07:00+03:00",
        "2014-05-10T08:30+03:00",
    )
    assert value("3 hours ago", captured=None) is None


def test_hijri_date_is_an_estimate_of_a_few_days() -> None:
    found = parse_moment("10 رجب 1435 هـ", None, "Asia/Riyadh")
    assert found is not None
    assert found == ("2014-05-09", "hijri-tabular", None, False, "2014-05-07", "2014-05-11")


def order(*texts: str, language: str | None = "en", captured: datetime | None = None) -> DayOrder:
    return day_order([moment for text in texts if (moment := find_moment(text))], language, captured)


def test_order_of_day_and_month_is_that_of_a_number_above_twelve() -> None:
    assert order("05/09/2014", "25/09/2014") == (True, "stated")
    assert order("05/09/2014", "05/25/2014") == (False, "stated")
    assert day_first_of(["05/09/2014", "25/09/2014"]) is True
    assert day_first_of(["05/09/2014"]) is None


def test_order_is_told_by_weekday_capture_and_time() -> None:
    assert order("Fri, 05/02/2014 10:00") == (False, "day-order-by-weekday")
    assert order("05/09/2014", captured=CAPTURED) == (False, "day-order-by-capture")
    assert order("01/05/2014", "02/05/2014", "03/05/2014", "04/05/2014") == (True, "day-order-by-time")


def test_order_is_left_to_the_language_when_nothing_else_tells() -> None:
    assert order("05/09/2014 4:33 PM") == (False, "day-order-by-language")
    assert order("05/09/2014 16:33") == (True, "day-order-by-language")
    assert order("05/09/2014", language="ar").day_first


@pytest.mark.parametrize("line", [" " * 300, "1" * 300, "may " * 75, "1 may 1 " * 37, "4:4:4:4:" * 37, "9/" * 150])
def test_hostile_lines_are_read_at_once(line: str) -> None:
    started = time.process_time()
    find_moment(line)
    assert time.process_time() - started < 1
