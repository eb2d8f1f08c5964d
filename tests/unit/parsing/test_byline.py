"""The article's date as its byline states it."""

from __future__ import annotations

from datetime import date

import pytest

from broadsheet.parsing.byline import byline_date

REST = "\n\nThe council voted on Tuesday to move the weekly market from the old square to the harbor of the town.\n"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Posted on May 8, 2014 by Hazel", "2014-05-08"),
        ("By Helen Priddy\nPublished 8 May 2014 at 09:12", "2014-05-08T09:12+03:00"),
        ("Thursday, May 8, 2014", "2014-05-08"),
        ("نشرت في ٨ أيار ٢٠١٤ بواسطة كريم", "2014-05-08"),
        ("2014-05-08", "2014-05-08"),
    ],
)
def test_line_between_headline_and_text_states_the_date(line: str, value: str) -> None:
    found = byline_date(line + REST, "Asia/Beirut", None)
    assert found is not None
    assert (found.value, found.method) == (value, "byline")


@pytest.mark.parametrize(
    "body",
    [
        REST,
        "Posted on May 8 by Hazel" + REST,
        "05/08/2014" + REST,
        "3 hours ago" + REST,
        "The harbor of May 8, 2014 as it looked then" + REST,
        REST + "Posted on May 8, 2014 by Hazel",
    ],
)
def test_other_lines_state_none(body: str) -> None:
    assert byline_date(body, "Asia/Beirut", None) is None


def test_date_after_the_first_comment_is_not_the_articles() -> None:
    assert byline_date("May 8, 2014" + REST, "Asia/Beirut", date(2014, 5, 7)) is None
