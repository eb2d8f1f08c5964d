"""One line of a head: who, and when."""

from __future__ import annotations

import pytest

from broadsheet.parsing.dates import LocalTime, comment_time
from broadsheet.parsing.heads.family import day_first, time_first
from broadsheet.parsing.heads.layouts import name_then_date
from broadsheet.parsing.heads.page import Page
from broadsheet.parsing.people import Person, identify

AT = LocalTime(2014, 5, 9, 16, 33)


@pytest.mark.parametrize(
    ("line", "who", "time"),
    [
        ("Thumb FlameCatcher 09 May 2014, 16:33", "Thumb FlameCatcher", AT),
        ("a 9 May 2014, 6:05", "a", LocalTime(2014, 5, 9, 6, 5)),
        ("أحمد (زائر) ٩ أيار ٢٠١٤، ١٦:٣٣", "أحمد (زائر)", AT),
        ("أحمد ٩ كانون الثاني ٢٠١٤، ١٦:٣٣", "أحمد", LocalTime(2014, 1, 9, 16, 33)),
        ("ليلى 9 مايو 2014, 16:33", "ليلى", AT),
        ("ليلى 9 ايار 2014, 16:33", "ليلى", AT),
        ("a 31 February 2014, 16:33", "a", LocalTime(2014, 2, 31, 16, 33)),
    ],
)
def test_day_first_splits_name_and_time(line: str, who: str, time: LocalTime) -> None:
    assert day_first(line) == (who, time)


@pytest.mark.parametrize(
    "line",
    [
        "",
        ":33",
        "09 May 2014, 16:33",
        "a 09 May 2014 16:33",
        "  a May 9 2014, 16:33",
        "a 32 May 2014, 16:33",
        "a 09 Mai 2014, 16:33",
        "a 09 May 2014, 24:00",
        "a 09 May 2014, 16:60",
        "a 09 May 14, 16:33",
        "a ² May 2014, 16:33",
        "a 09 May 0001, 16:33",
        "Kick-off is at 16:33",
    ],
)
def test_day_first_refuses_what_is_no_head(line: str) -> None:
    assert day_first(line) is None


@pytest.mark.parametrize(
    ("line", "who", "time"),
    [
        ("Thumb lebanon_first 14:13 ,2013 أيار 26", "Thumb lebanon_first", LocalTime(2013, 5, 26, 14, 13)),
        ("Missing حر 14:13, 2013 تشرين الأول 6", "Missing حر", LocalTime(2013, 10, 6, 14, 13)),
        ("ليلى ١٤:١٣ ،٢٠١٣ آب ٢٦", "ليلى", LocalTime(2013, 8, 26, 14, 13)),
    ],
)
def test_time_first_splits_name_and_time(line: str, who: str, time: LocalTime) -> None:
    assert time_first(line) == (who, time)


@pytest.mark.parametrize("line", ["", "26", "14:13 ,2013 أيار 26", "a 14:13 ,2013 26", "Score: 3 to 2", "a b:c d e 1"])
def test_time_first_refuses_what_is_no_head(line: str) -> None:
    assert time_first(line) is None


def test_every_arabic_month_is_known_with_and_without_hamza() -> None:
    levant = "كانون الثاني|شباط|آذار|نيسان|أيار|حزيران|تموز|آب|أيلول|تشرين الأول|تشرين الثاني|كانون الأول"
    for number, name in enumerate(levant.split("|"), 1):
        for spelling in (name, name.replace("أ", "ا").replace("آ", "ا")):
            assert day_first(f"a 1 {spelling} 2014, 16:33") == ("a", LocalTime(2014, number, 1, 16, 33))


def test_times_compare_in_time_order_and_carry_the_offset_of_their_day() -> None:
    winter = comment_time(LocalTime(2015, 11, 6, 0, 20), "Asia/Beirut")
    assert winter is not None
    assert winter.value == "2015-11-06T00:20+02:00"
    assert comment_time(LocalTime(2014, 2, 31, 0, 0), "Asia/Beirut") is None


@pytest.mark.parametrize(
    ("who", "person"),
    [
        ("Thumb cedre", Person("cedre", "member", marked=True)),
        ("Missing mohammad_ca", Person("mohammad_ca", "member_without_avatar", marked=True)),
        ("Default-user-icon Hanoun (Guest)", Person("Hanoun", "guest", marked=True)),
        ("Default user icon M. O. G. (Guest)", Person("M. O. G.", "guest", marked=True)),
        ("أحمد (زائر)", Person("أحمد", "guest", marked=True)),
        ("Ann [guest]", Person("Ann", "guest", marked=True)),
        ("Thumb", Person(None, "member", marked=True)),
        ("Thumb Thumb", Person("Thumb", "member", marked=True)),
        ("anna b", Person("anna b", "unknown", marked=False)),
        ("Anna Smith", Person("Anna Smith", "unknown", marked=False)),
    ],
)
def test_avatar_name_and_guest_mark_are_told_apart(who: str, person: Person) -> None:
    assert identify([who]) == [person]


def test_unknown_avatar_is_recognised_beside_known_ones() -> None:
    people = identify(["Thumb reader", "Dsc_0042 night_owl", "Anna Maria Smith"])
    assert people[1] == Person("night_owl", "member", marked=True)
    assert people[2].name == "Anna Maria Smith"


def test_unknown_avatar_that_is_a_plain_word_proves_a_head_only_when_it_repeats() -> None:
    assert identify(["Thumb reader", "Town hall"])[1] == Person("hall", "member", marked=False)
    assert identify(["Thumb reader", "Small ann", "Small bob"])[1] == Person("ann", "member", marked=True)


def test_first_word_of_nearly_all_heads_is_an_avatar() -> None:
    people = identify(["Photo ann", "Photo bob", "Photo cem", "Photo ann", "Photo"])
    assert [person.name for person in people] == ["ann", "bob", "cem", "ann", "Photo"]
    assert not any(person.marked for person in people)


def test_one_common_first_name_is_no_avatar() -> None:
    assert [person.name for person in identify(["Ali Hassan", "Ali Khalil"])] == ["Ali Hassan", "Ali Khalil"]


def test_line_of_one_head_is_never_in_the_next_too() -> None:
    body = ["Great Addle v Police", "Great Addle have asked the league for a ruling on dogs.", "Yes 41% No 59%"]
    lines = ["Fixtures", "22 August 2009 -1.00pm"]
    for name in (
        "Thrumley",
        "Addle",
        "Thrum",
        "Wetwater",
        "Saltby",
        "Norby",
        "Sudby",
        "Westby",
        "Eastby",
        "Midby",
        "Farby",
    ):
        lines += [name, "29 August 2009 1.30pm", *body, "Fen End"]
    heads = [[unit for span in reading.spans for unit in span.units] for reading in name_then_date(Page(lines, 0))]
    assert heads
    assert all(len(units) == len(set(units)) for units in heads)
