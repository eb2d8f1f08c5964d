"""Pages with what sites print around article and comments: mastheads, menus, buttons, policies, tails."""

from __future__ import annotations

import pytest

from broadsheet.model import ArticleRecord
from tests.unit.parsing.pages import parse

TITLE = "Council moves the weekly market to the harbor"
PROSE = """The council voted on Tuesday to move the weekly market from the old square to the harbor, with more room.
Traders had asked for the move since the spring, and most of them said they were pleased with the decision.
The first market at the new place is planned for September, when the summer season ends and fewer ferries run."""
ARTICLE = f"{TITLE}\nBy Rana Field\nMay 8, 2014\n{PROSE}"
WHO = ["Ann Lee", "skipper99", "Omar", "Jane B", "tom.k"]
WHAT = [
    "I have bought my bread there for thirty years!",
    "Where will you park? The harbor is full on Saturdays and nobody cares about us who live there.",
    "You can take the bus, it stops right there. I did it last week with my kids.",
    "Thanks for nothing. My stall needs no sea air.",
    "Good move. The square was always a mess after the market day.",
]
WHEN = ["May 9, 2014 at 4:33 pm", "May 9, 2014 at 5:02 pm", "May 10, 2014 at 8:41 am", "May 10, 2014 at 9:07 am"]
WHEN.append("May 11, 2014 at 1:19 pm")


def comments(form: str, **others: list[str]) -> str:
    """Print the five comments, each as ``form`` says: {n} name, {d} date, {t} text, {i} number, others by name."""
    return "\n".join(
        form.format(n=n, d=d, t=t, i=i, **{key: values[i] for key, values in others.items()})
        for i, (n, d, t) in enumerate(zip(WHO, WHEN, WHAT, strict=True))
    )


PLAIN = comments("{n}\n{d}\n{t}")


def assert_read(record: ArticleRecord, authors: list[str] = WHO) -> None:
    assert [comment.author for comment in record.comments] == authors
    assert [comment.body for comment in record.comments] == WHAT
    assert "most of them said they were pleased" in record.article.body


MASTHEADS = {
    "menu and date": ("The Harbor Herald\nHome | News | Sport | About | Contact\nThursday, May 8, 2014", TITLE),
    "motto": ("Notes from the Waterfront\nOne woman, two boats and a lot of rope", TITLE),
    "menu in lines": ("Riverton Gazette\nHome\nNews\nSports\nObituaries\nClassifieds\nSubscribe", TITLE),
    "long menu": ("Home News Sport Business Opinion Politics Culture Lifestyle Jobs Weather Photos Video", TITLE),
    "title of the page": (f"{TITLE} | Bay Courier\nSearch\nLog in", TITLE),
    "name of a paper": ("Harbor Gazette", TITLE),
    "path": ("Bay Courier\nHome > News > Local", TITLE),
    "motto and date": ("Life by the Water\nSome thoughts on small towns and boats\nMay 8, 2014", "Why they moved it"),
    "neighbours": ("Quiet Desk\nAbout\nArchives\n« The old pier | Main | Rain again »", "The market has moved"),
}


@pytest.mark.parametrize("name", MASTHEADS)
def test_headline_is_found_below_a_masthead(name: str) -> None:
    masthead, title = MASTHEADS[name]
    record = parse(f"{masthead}\n{title}\nBy Rana Field\n{PROSE}\n5 Comments\n{PLAIN}")
    assert record.article.title == title
    assert_read(record)
    held = {piece.text for piece in record.report.furniture}
    assert set(masthead.split("\n")) <= held
    assert not any(line in record.article.body for line in masthead.split("\n"))


def test_first_line_stays_the_headline_above_a_standfirst() -> None:
    record = parse(f"Market moves\nTraders get the harbor in September\nBy Rana Field\n{PROSE}\n5 Comments\n{PLAIN}")
    assert record.article.title == "Market moves"


def test_heading_of_a_list_of_stories_stays_its_title() -> None:
    teaser = "{}\nMay {}, 2014\nThe council voted on Tuesday to move the market to the harbor.\n"
    text = "Around the bay\n" + teaser.format(TITLE, 8) + teaser.format("Traders get more room at the harbor", 7)
    assert parse(text).article.title == "Around the bay"


def test_buttons_and_lists_around_the_article_are_set_apart() -> None:
    top = f"{TITLE}\nShare on Facebook\nTweet\nEmail\nPrint\nBy Rana Field\n{PROSE}"
    tail = "Related stories\nTen boats to see\nNew ferry for the bay\nMost read\nRain tomorrow"
    record = parse(f"{top}\n{tail}\n5 Comments\n{PLAIN}")
    assert_read(record)
    assert record.article.body.split() == f"By Rana Field {PROSE}".split()


BEHIND_BODIES = {
    "buttons of one site": "Promote\nReply",
    "many in one line": "Reply to This Parent Share",
    "report": "Report this post",
    "counts": "Reply Share {i} 0",
    "likes": "{i} people like this",
}


@pytest.mark.parametrize("name", BEHIND_BODIES)
def test_lines_below_each_body_are_no_part_of_it(name: str) -> None:
    printed = comments("{n}\n{d}\n{t}\n" + BEHIND_BODIES[name])
    assert_read(parse(f"{ARTICLE}\n5 Comments\n{printed}"))


def test_state_printed_below_some_bodies_is_no_part_of_them() -> None:
    pending = ["\nThis comment is waiting for approval", "", "", "", ""]
    printed = comments("{n}\n{d}\n{t}{pending}", pending=[pending[0]] * 3 + ["", ""])
    assert_read(parse(f"{ARTICLE}\n5 Comments\n{printed}"))


def test_initials_above_a_name_are_not_the_author() -> None:
    printed = comments("{s}\n{n}\n{d}\n{t}", s=["AL", "S", "O", "JB", "T"])
    assert_read(parse(f"{ARTICLE}\n5 Comments\n{printed}"))


def test_lines_that_repeat_the_name_above_a_head_are_its_own() -> None:
    printed = comments("Comment by {n}.\n{s}\n{n}\n{d}\n{t}\nReply Share {i} 0", s=["AN", "SK", "OM", "JA", "TO"])
    record = parse(f"{ARTICLE}\n5 Comments\n{printed}")
    assert_read(record)
    assert record.comments[1].head.startswith("Comment by skipper99.")


def test_country_between_date_and_body_is_no_part_of_the_body() -> None:
    printed = comments("{n}\n{d}\n{place}\n{t}", place=["Malta", "Kenya", "Peru", "Malta", "Chad"])
    assert_read(parse(f"{ARTICLE}\n5 Comments\n{printed}"))


TAILS = {
    "links": "RSS\nLatest Activity\nLog in\nPrevious\nNext",
    "neighbours": "« Prev | Main | Next »\nMore from our network\nTen boats to see this year\nNewer posts",
    "block": "\nWeather desk\nFront page\nCrossword club",
    "activity": "Log in to join in\nLatest Activity\nOmar joined the group Boats\nBadges | Report an Issue",
}


@pytest.mark.parametrize("name", TAILS)
def test_last_comment_ends_above_the_tail_of_the_page(name: str) -> None:
    record = parse(f"{ARTICLE}\n5 Comments\n{PLAIN}\n{TAILS[name]}")
    assert_read(record)
    held = " ".join(piece.text for piece in record.report.furniture)
    assert all(line in held for line in TAILS[name].split("\n"))


@pytest.mark.parametrize(
    "form", ["{n} {i}7p\n{d}\n{t}", "by {n} (6118{i}) on {d}\n{t}", "{n} > Rana Field\n{d}\n{t}"], ids=str
)
def test_points_accounts_and_addressees_are_no_part_of_names(form: str) -> None:
    assert_read(parse(f"{ARTICLE}\n5 Comments\n{comments(form)}"))


def test_reply_to_a_comment_names_its_author_and_its_parent() -> None:
    answer = ["", "", " replied to comment from Ann Lee", " replied to comment from Nobody Here", ""]
    printed = comments("{n}{answer} | {d}\n{t}", answer=answer)
    record = parse(f"{ARTICLE}\n5 Comments\n{printed}")
    assert_read(record)
    assert record.comments[2].thread.parent == 0


def test_head_without_a_date_among_dated_ones_is_one() -> None:
    printed = "\n".join(
        f"{t}\nPosted by: Anonymous" if i in (1, 3) else f"{t}\nPosted by: {n} | {d}"
        for i, (n, t, d) in enumerate(zip(WHO, WHAT, WHEN, strict=True))
    )
    record = parse(f"{ARTICLE}\n5 Comments\n{printed}")
    assert_read(record, ["Ann Lee", "Anonymous", "Omar", "Anonymous", "tom.k"])
    assert record.comments[1].posted_at is None


def test_year_that_is_not_written_is_the_articles() -> None:
    printed = comments("{t}\nposted by {n} at 4:3{i} PM on {day}", day=["May 9", "May 9", "May 30", "June 2", "Jan 3"])
    record = parse(f"{ARTICLE}\n5 Comments\n{printed}")
    assert_read(record)
    dates = [comment.posted_at for comment in record.comments]
    assert [date and date.value[:10] for date in dates] == [
        "2014-05-09", "2014-05-09", "2014-05-30", "2014-06-02", "2015-01-03",
    ]  # fmt: skip
    assert {date and date.method for date in dates} == {"year-by-article"}


POLICY = (
    "We ask that you keep comments respectful and on topic. Comments with insults will be removed by moderators.\n"
    "By posting here you accept our terms."
)


@pytest.mark.parametrize("form", ["{t}\nPosted by {n} on {d}", "{t}\n{n} — {d}", "{n}\n{d}\n{t}"], ids=str)
def test_policy_above_the_first_comment_is_furniture(form: str) -> None:
    record = parse(f"{ARTICLE}\n5 Comments\n{POLICY}\n{comments(form)}")
    assert_read(record)
    assert set(POLICY.split("\n")) <= {piece.text for piece in record.report.furniture}


def test_byline_of_the_article_is_not_the_first_head() -> None:
    top = f"{TITLE}\nPosted by Rana on May 8, 2014 at 9:00 am\n{PROSE}\n{PROSE}"
    assert_read(parse(f"{top}\n{comments('Posted by {n} on {d}' + chr(10) + '{t}')}"))


NO_COMMENTS = {
    "releases": ("{} - May {}, 2014 10:21\n{}", ["Tidewatch 2.4.1", "Tidewatch 2.4.0", "Tidewatch 2.3.9"]),
    "versions": ("{}\nMay {}, 2014 10:21\n{}", ["v3.2.1", "v3.2.0", "v3.1.9"]),
    "advertisements": ("{}\nPosted by Ann on May {}, 2014 10:21\n{}", ["Wooden dinghy", "Outboard motor", "Sails"]),
    "teasers": (
        "{}\nPosted by Rana on May {}, 2014 at 10:21 am\n{}\n12 Comments",
        ["The market has moved", "Bridge closed", "Ferry prices"],
    ),
}


@pytest.mark.parametrize("name", NO_COMMENTS)
def test_list_without_an_article_has_no_comments(name: str) -> None:
    form, heads = NO_COMMENTS[name]
    texts = ["You can now print it, thanks for all reports.", "I want 400 for it. Call me!", "Please tell us more."]
    text = "\n".join(form.format(head, 9 - i, text) for i, (head, text) in enumerate(zip(heads, texts, strict=True)))
    assert not parse(f"From the harbor\n{text}").comments


def test_button_inside_a_comment_without_a_head_is_furniture_and_nothing_else() -> None:
    record = parse(
        "Town hall painted\n\nAfter nine meetings the council has chosen a colour for the hall; painting begins.\n\n"
        "It is brown in the morning, grey at noon and, according to the deputy mayor, a mistake after four.\n\n"
        "3 Comments\n\nI was at the meeting and I did not like it, you know.\nVotes: 203\nMy vote was for slate!\n\n"
        "I love my new colour, thank you all for it!\n\nYou can call me when you paint my house.\n"
    )
    assert [comment.body.replace("\n", " ") for comment in record.comments] == [
        "I was at the meeting and I did not like it, you know. My vote was for slate!",
        "I love my new colour, thank you all for it!",
        "You can call me when you paint my house.",
    ]
    assert [piece.text for piece in record.report.furniture] == ["3 Comments", "Votes: 203"]
