"""Comments under an article in the layouts of many sites."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.model import ArticleRecord, Hints
from tests.unit.parsing.pages import codes, parse

ARTICLE = """Council moves the market to the harbor

The council voted on Tuesday to move the weekly market from the old square to the harbor, where there is more room.

Traders had asked for the move since the spring. The first market at the new place is planned for September.
"""
CAPTURED = Hints("a.txt", captured_at=datetime(2014, 5, 10, 8, 0, tzinfo=UTC))
WHO = ["Ann Lee", "skipper99", "Ann Lee", "Omar"]
WHEN = [(9, 16, 33), (9, 17, 2), (10, 8, 41), (10, 9, 7)]
WHAT = [
    "I have bought my bread there for thirty years!",
    "Where will you park? The harbor is full on Saturdays.",
    "You can take the bus, it stops right there.",
    "Thanks for nothing. My stall needs no sea air.",
]


def page(form: str, *, between: str = "\n", counter: str = "4 Comments", foot: str = "Leave a Reply") -> str:
    blocks = [
        form.format(i=i, n=n, t=t, d=d, H=h, h=h % 12 or 12, M=f"{m:02}", ap="pm" if h > 11 else "am")
        for i, (n, (d, h, m), t) in enumerate(zip(WHO, WHEN, WHAT, strict=True), 1)
    ]
    return f"{ARTICLE}\n{counter}\n" + between.join(blocks) + f"\n{foot}\n"


LAYOUTS = {
    "says, date": "{n} says:\nMay {d}, 2014 at {h}:{M} {ap}\n{t}\nReply",
    "name, date": "{n}\nMay {d}th, 2014 {h}:{M} {ap}\n{t}",
    "one line": "{n} - May {d}, 2014 {h}:{M} {ap}\n{t}",
    "said on": "{n} said on May {d}, 2014 at {h}:{M} {ap}:\n{t}",
    "numbered": "{i}. {n} | {d} May 2014 {H}:{M}\n{t}\nReport abuse",
    "posted by above": "Posted by {n} on {d} May 2014 at {H}:{M}\n{t}",
    "comment by": "Comment by {n} — May {d}, 2014 @ {h}:{M} {ap}\n{t}",
    "comment by in lines": "Comment by\n{n}\nMay {d}, 2014\nat {h}:{M} {ap}\n{t}",
    "date, name": "{d}.05.2014 {H}:{M}\n{n}\n{t}",
    "date, said": "May {d}, 2014 at {h}:{M} {ap}\n{n} said:\n{t}",
    "wrote behind the date": "At {H}:{M} {d}th May 2014, {n} wrote:\n{t}",
    "said, body, date": "{n} said...\n{t}\nMay {d}, 2014 at {h}:{M} {ap}",
    "body, posted by": "{t}\nPosted by: {n} | May {d}, 2014 at {h}:{M} {ap}",
    "body, posted by, date": "{t}\nPosted by: {n}\n{d} May 2014 {H}:{M}\nRecommend (3)",
    "signed": "{t}\n- {n}, Beirut, {d}/05/2014 {H}:{M}",
    "name, body, date": "{n} · Works at the port\n{t}\nLike · Reply · 7 · May {d}, 2014 {h}:{M}{ap}",
    "name, town, date": "{n}\nPort City\n{d} May 2014 {H}:{M}\n{t}",
    "drupal": "Subject {i}\nSubmitted by {n} (not verified) on Fri, 05/{d:02}/2014 - {H}:{M}.\n{t}\nreply",
    "vbulletin": "{d:02}-05-2014, {H}:{M} #{i}\n{n}\nSenior Member\nJoin Date: Mar 2004\n{t}\nReply With Quote",
    "arabic verb": "كتب {n}\n{d} مايو 2014 - {H}:{M}\n{t}\nرد",
    "iso": "{n}\n2014-05-{d:02} {H}:{M}\n{t}",
}


def check(record: ArticleRecord) -> None:
    assert [comment.author for comment in record.comments] == WHO
    assert [comment.body for comment in record.comments] == WHAT
    assert record.article.body.endswith("planned for September.")


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize("form", LAYOUTS.values(), ids=LAYOUTS)
def test_comments_are_taken_apart(form: str, between: str) -> None:
    record = parse(page(form, between=between))
    check(record)
    times = [comment.posted_at.value[:16] if comment.posted_at else "" for comment in record.comments]
    assert times == [f"2014-05-{day:02}T{hour:02}:{minute:02}" for day, hour, minute in WHEN]
    assert codes(record) == []


# Where heads stand below the bodies, nothing but a counter tells where the first body begins.
ABOVE = [name for name in LAYOUTS if not name.startswith(("body", "signed", "name, body", "drupal"))]


@pytest.mark.parametrize("name", ABOVE)
def test_comments_are_found_without_a_counter_and_a_foot(name: str) -> None:
    check(parse(page(LAYOUTS[name], counter="", foot="")))


@pytest.mark.parametrize(
    "form",
    [
        "{n} • {i} years ago\n{t}",
        "{n} {i} hours ago | parent | next [–]\n{t}\nreply",
        "{n}\nقبل {i} أيام\n{t}",
        "{n} says:\n{t}",
    ],
)
def test_relative_dates_and_none_at_all_are_heads_too(form: str) -> None:
    check(parse(page(form), hints=CAPTURED))


def test_relative_dates_of_a_page_captured_nobody_knows_when_are_reported_once() -> None:
    record = parse(page("{n} • {i} years ago\n{t}"))
    assert codes(record) == ["capture_time_unknown"]
    assert [comment.posted_at for comment in record.comments] == [None] * 4


@pytest.mark.parametrize(
    ("counter", "declared"),
    [
        ("4 thoughts on “Council moves the market to the harbor”", 4),
        ("Comments (4)", 4),
        ("There are 4 comments on this story", 4),
        ("4 Responses to Council moves the market to the harbor", 4),
        ("Four comments", 4),
        ("Showing 4 of 9 comments", 9),
        ("التعليقات (٤)", 4),
        ("٤ تعليقات", 4),
        ("Readers' comments", None),
    ],
)
def test_counter_is_read_in_all_wordings_and_is_no_part_of_the_article(counter: str, declared: int | None) -> None:
    record = parse(page(LAYOUTS["one line"], counter=counter))
    check(record)
    assert record.article.comment_count_declared == declared
    assert counter in {piece.text for piece in record.report.furniture}


def test_buttons_and_the_foot_are_furniture_and_no_part_of_a_comment() -> None:
    record = parse(
        page(LAYOUTS["says, date"], foot="Leave a Reply\nYour email address will not be published.\n© 2014 Port News")
    )
    check(record)
    whys = [(piece.text, piece.why) for piece in record.report.furniture]
    assert whys.count(("Reply", "comment_button")) == 4
    assert ("© 2014 Port News", "after_discussion") in whys


def test_one_comment_is_cut_where_the_counter_says_so_and_kept_where_nothing_does() -> None:
    head = "Ann Lee says:\nMay 9, 2014 at 4:33 pm\nI have bought my bread there for thirty years!\n"
    assert len(parse(f"{ARTICLE}\n1 Comment\n{head}").comments) == 1
    assert parse(f"{ARTICLE}\n{head}").comments == ()


def test_byline_at_the_top_is_no_comment_of_the_discussion() -> None:
    text = page("Posted by {n} on May {d}, 2014 at {h}:{M} {ap}\n{t}").replace(
        "\n\nThe council", "\nPosted by Editor on May 8, 2014 at 9:12 am\nThe council", 1
    )
    check(parse(text))


def test_one_head_of_another_site_in_a_comment_does_not_hide_the_discussion() -> None:
    text = page(LAYOUTS["says, date"]).replace(WHAT[1], f"{WHAT[1]}\nThumb cedre 09 May 2014, 16:33")
    record = parse(text)
    assert [comment.author for comment in record.comments] == WHO


TRAPS = {
    "events": "{n} Trio\nMay {d}, 2014 at 8:00 pm\nOld songs of the port in the hall behind the church.",
    "updates": "Update\nMay {d}, 2014 at {h}:{M} {ap}\nThe council met again.",
    "timeline": "March {d}, 20{i:02}\nThe port was closed for a year.",
    "quotes": "{n} said:\n“The port was closed for a year.”",
    "front page": "{n} wins the cup\nPosted by Editor on May {d}, 2014\nThe port was closed. Read more…\n{i} Comments",
    "mails": "From: {n}\nSent: {d} May 2014 {H}:{M}\nTo: Editor\nThe port was closed.",
}


@pytest.mark.parametrize("form", TRAPS.values(), ids=TRAPS)
def test_page_without_comments_is_not_cut(form: str) -> None:
    record = parse(page(form, counter="", foot=""))
    assert record.comments == ()
    assert codes(record)[0] in {
        "comments_suspected",
        "comments_not_recognised",
        "comment_counter_unmatched",
        "comments_missing",
    }


def test_bodies_under_a_counter_are_comments_of_nobody() -> None:
    record = parse(ARTICLE + "\n4 Comments\n\n" + "\n\n".join(WHAT) + "\n\nLeave a Reply\n")
    assert [(comment.author, comment.body) for comment in record.comments] == [(None, text) for text in WHAT]
    assert record.report.grammar == "bodies-only"
    assert record.article.body.endswith("planned for September.")


def test_counter_under_a_headline_opens_no_discussion() -> None:
    text = ARTICLE + "\nHarbor Festival Draws Thousands\n4 Comments\n\n" + "\n\n".join(WHAT)
    assert parse(text).comments == ()


def test_line_of_an_empty_discussion_is_no_part_of_the_article() -> None:
    record = parse(ARTICLE + "\nBe the first to comment\n")
    assert record.article.body.endswith("planned for September.")
    assert [piece.why for piece in record.report.furniture] == ["no_comments"]


@pytest.mark.parametrize(
    ("top", "title"),
    [
        ("Home News Sport Weather\n", "Council moves the market to the harbor"),
        ("Friday, May 9, 2014\n", "Council moves the market to the harbor"),
        ("الصفحة الرئيسية\n", "Council moves the market to the harbor"),
        ("Forum > News > Town\n", "Council moves the market to the harbor"),
        ("", "Council moves the market to the harbor"),
    ],
)
def test_masthead_is_not_the_title(top: str, title: str) -> None:
    record = parse(top + "\n" + ARTICLE)
    assert record.article.title == title
    assert [piece.why for piece in record.report.furniture] == ["masthead"] * bool(top)


def test_site_name_that_the_foot_repeats_is_not_the_title() -> None:
    record = parse("Port Weekly\n\n" + ARTICLE + "\n© 2014 Port Weekly\n")
    assert record.article.title == "Council moves the market to the harbor"
