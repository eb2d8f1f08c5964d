"""What clock times and names prove about threads."""

from __future__ import annotations

from broadsheet.model import Thread
from tests.unit.parsing.pages import page_of, parse


def threads(*comments: tuple[str, str, str]) -> list[Thread]:
    page = page_of(*(f"Thumb {name} 09 May 2014, {clock}\n\n{body}" for name, clock, body in comments))
    return [comment.thread for comment in parse(page).comments]


def test_a_lone_comment_starts_its_thread() -> None:
    assert threads(("ann", "10:00", "Hi.")) == [Thread("root", None, ("first-on-page",), 0.95)]


def test_time_that_steps_back_starts_a_thread_and_proves_the_later_ones_before_it_replies() -> None:
    places = threads(("a", "10:00", "x"), ("b", "10:30", "x"), ("c", "12:00", "x"), ("d", "11:00", "x"))
    assert [place.role for place in places] == ["root", "undecided", "reply", "root"]
    assert places[2].evidence == ("later-than-root:3",)
    assert places[3].evidence == ("time-steps-back",)


def test_newest_first_proves_nothing_but_the_first() -> None:
    places = threads(("a", "12:00", "x"), ("b", "11:00", "x"), ("c", "10:00", "x"))
    assert [place.role for place in places] == ["root", "undecided", "undecided"]


def test_mention_of_the_only_comment_of_an_author_gives_the_parent() -> None:
    places = threads(("ann", "10:00", "x"), ("bob", "10:10", "x"), ("cem", "10:20", "@Bob no"))
    assert places[2] == Thread("reply", 1, ("mentions:bob",), 0.6)


def test_mention_of_an_author_of_several_comments_gives_no_parent() -> None:
    places = threads(("ann", "10:00", "x"), ("bob", "10:10", "x"), ("bob", "10:15", "x"), ("cem", "10:20", "@bob no"))
    assert places[3] == Thread("undecided", None, ("mentions:bob",), 0.0)


def test_mention_does_not_reach_into_an_earlier_thread() -> None:
    places = threads(("ann", "10:00", "x"), ("bob", "12:00", "x"), ("cem", "11:00", "x"), ("dan", "11:10", "@bob no"))
    assert places[3].parent is None


def test_mention_of_two_gives_no_parent() -> None:
    places = threads(("ann", "10:00", "x"), ("bob", "10:10", "x"), ("cem", "10:20", "@ann @bob no"))
    assert places[2].parent is None


def test_a_certain_start_of_a_thread_has_no_parent_whatever_it_says() -> None:
    places = threads(("ann", "10:00", "x"), ("bob", "12:00", "x"), ("cem", "11:00", "@ann hello"))
    assert places[2] == Thread("root", None, ("time-steps-back", "mentions:ann"), 0.9)


def test_comment_on_a_day_that_does_not_exist_is_no_clock_evidence() -> None:
    page = page_of("Thumb a 09 May 2014, 10:00\n\nx", "Thumb b 31 April 2014, 10:00\n\nx")
    assert [comment.thread.role for comment in parse(page).comments] == ["root", "undecided"]
