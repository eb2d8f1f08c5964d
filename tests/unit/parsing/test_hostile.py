"""Input made to be slow or to hide something is read in linear time, and harmless afterwards."""

from __future__ import annotations

import time

import pytest

from tests.unit.parsing.pages import page_of, parse

# Each takes well under a second where this was written; quadratic time would take minutes.
SECONDS = 20
HEAD = "Thumb {} 09 May 2014, 16:33\n\n{}"

PAGES = {
    "spaces": "Head\n\n" + " " * 20_000 + "x\n" + "a" + " " * 2_000_000 + "09 May 2014, 16:33\n",
    "combining marks": "Head\n\na" + "\u0301\u0327" * 200_000,
    "marks between controls": "Head\n\n" + "x" * 900_000 + ("\u0301\u0327" * 15 + "\x00") * 10_000,
    "at signs": page_of(HEAD.format("ann", "@" * 300_000), HEAD.format("bob", "@a " * 100_000)),
    "many authors": page_of(*(HEAD.format(f"user{n}", f"user{n - 1} @user{n - 2}") for n in range(10_000))),
    "authors with one first word": page_of(*(HEAD.format(f"a b{n}", "@a b c d e " * 20) for n in range(2_000))),
    "counters": "Head\n\n" + "Comments 1\n" * 100_000 + HEAD.format("ann", "x"),
    "suspicious lines": "Head\n\n" + "Update 09 May 2014, 16:33\n" * 100_000,
    "pictures": "Head\n\n" + "W460\n" * 100_000,
    "weekdays": page_of(HEAD.format("ann", "x"), body="Fridays " * 200_000),
    "brackets": "[{" * 100_000,
    "heads of no family": "Head\n\n"
    + "".join(f"u{n}\nMay {n % 28 + 1}, 2014 4:{n % 60:02} pm\nx {n}\n" for n in range(20_000)),
    "dates alone": "Head\n\n" + "".join(f"May {n % 28 + 1}, 2014 4:{n % 60:02} pm\nx {n}\n" for n in range(20_000)),
    "sections and feet": "Head\n\n" + "Comments\nAnn - May 9, 2014 4:33 pm\nLeave a Reply\n" * 20_000,
    "deep threads": "Head\n\n" + "".join(f"{' ' * (n % 90)}u{n} - May 9, 2014 4:33 pm\n  x\n" for n in range(20_000)),
    "counted children": "Head\n\n"
    + "".join(f"u{n} 3 points 3 hours ago ({20_000 - n} children)\nx\n" for n in range(20_000)),
    "buttons": "Head\n\n" + "Reply\nShare\n" * 50_000 + "Ann - May 9, 2014 4:33 pm\nx\n" + "Reply\n" * 50_000,
    "text below heads below": "Head\n\n3 Comments\n"
    + "x!\nPosted by: Ann | May 9, 2014 4:33 pm\n" * 3
    + "menu\n" * 50_000,
    "bodies of one button": "Head\n\n"
    + "".join(f"u{n} - May 9, 2014 4:{n % 60:02} pm\nReply {n}x\n" for n in range(20_000)),
    "fragments": "Head\n\n" + "by\n•\nat\n" * 50_000,
    "months in short lines": "Head\n\n" + "may 1 may 1 - 2 - jan 3 . 4 . 7/ 8/ at may may may\n" * 20_000,
    "digits": "Head\n\n" + "1" * 1_000_000 + "\n" + "1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0\n" * 20_000,
    "line feeds": "Head" + "\n" * 900_000 + "x",
    "blank lines in a comment": page_of(HEAD.format("ann", "x" + "\n" * 900_000 + "y")),
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_hostile_page_is_read_in_linear_time(page: str) -> None:
    started = time.process_time()
    parse(page)
    assert time.process_time() - started < SECONDS


def test_controls_and_overrides_are_taken_out_and_counted() -> None:
    record = parse("Head\u202eline\n\n" + "text " * 100 + "\x00\x1b[31mred\x1b[0m")
    assert record.article.title == "Headline"
    assert "\x1b" not in record.article.body
    assert record.report.dropped == {"bidi_override": 1, "control": 3}


def test_long_runs_of_combining_marks_are_cut_and_counted() -> None:
    record = parse("Head\n\na" + "\u0301" * 100)
    assert record.report.dropped == {"combining_mark": 70}
