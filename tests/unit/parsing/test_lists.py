"""What looks like a discussion and is none: lists of stories, boxes beside the article, notices, advertisements."""

from __future__ import annotations

from tests.unit.parsing.pages import parse

ARTICLE = (
    "The town hall clock\n\n"
    "The clock on the town hall stopped at ten past four on Sunday, for the third time since its tower was built.\n\n"
    "The council has asked a firm from the coast to look at the works, which were made by a local smith in 1887.\n\n"
    "Until then the bell of the parish church will ring the hours, as it did before the town hall had been built.\n"
)


def test_stories_whose_bylines_count_their_comments_are_no_comments() -> None:
    stories = "".join(
        f"{title}\nI have wanted to write about this for a long time, and you asked me to.\n"
        f"Posted by {name} at {hour}:12 PM | {count} comments\n\n"
        for title, name, hour, count in [
            ("On bread", "Ann Lee", 3, 4),
            ("On tea", "Ann Lee", 5, 2),
            ("On salt", "Bob Ray", 6, 7),
            ("On jam", "Ann Lee", 8, 1),
        ]
    )
    assert parse(f"Kitchen diary\n\n{stories}").comments == ()


def test_counters_that_close_stories_open_no_discussion() -> None:
    stories = "".join(
        f"Story number {n}\nYou will like this one, I think.\nPosted by Ann Lee at {n}:12 PM\n{n + 2} comments\n\n"
        for n in range(1, 6)
    )
    assert parse(f"Kitchen diary\n\n{stories}").comments == ()


def test_titles_with_names_and_times_below_an_article_are_no_comments() -> None:
    box = "".join(
        f"{title}\n{name}\nMarch {day}, 2012 7:3{day % 10} PM\n"
        for title, name, day in [
            ("Bridge repairs begin in May", "Ann Lee", 3),
            ("Museum finds a lost map", "Bob Ray", 5),
            ("Ferry timetable changes", "Cleo Fox", 8),
            ("The last cooper", "Dan Orr", 9),
        ]
    )
    assert parse(f"{ARTICLE}\nLatest posts\n\n{box}").comments == ()


def test_box_of_cut_comments_on_other_stories_is_no_discussion() -> None:
    box = "".join(
        f"{name}\n{text}...\n{age} minutes ago\n"
        for name, text, age in [
            ("mrs_b", "I think you mean Mill Road, not Mill La", 3),
            ("old_tom", "Great post, thank you for all the w", 9),
            ("knit2", "Why is nobody talking about the no", 21),
            ("jd61", "You forgot to mention that my uncle", 44),
        ]
    )
    assert parse(f"{ARTICLE}\nLatest comments\n\n{box}").comments == ()


def test_dated_lines_below_no_comments_are_no_comments() -> None:
    box = "".join(f"@clock: you will not believe this {n}!\n{n} hours ago\n" for n in range(2, 7))
    assert parse(f"{ARTICLE}\nNo comments:\n\nPost a Comment\n\n{box}").comments == ()


def test_advertisements_with_names_and_times_are_no_comments() -> None:
    notices = "".join(
        f"{text}\n{name} | March {day}, 2012 1:4{day % 10} PM\n\n"
        for text, name, day in [
            ("Wanted: upright piano for a school, I will collect.", "Ann Lee", 9),
            ("Lost: grey cat near Mill Lane, please look in your shed!", "Bob Ray", 27),
            ("Firewood. You saw it and you take it.", "Cleo Fox", 4),
            ("Room to let in my quiet house, I have a dog.", "Dan Orr", 18),
        ]
    )
    assert parse(f"Free notices\n\n{notices}").comments == ()


def test_releases_by_one_person_are_no_comments() -> None:
    releases = "".join(
        f"Ann Lee released 1.{n}.0\nMay {n}, 2012 8:{n}1 AM\nThis release fixes the bug that you saw.\n\n"
        for n in range(1, 6)
    )
    assert parse(f"Release notes\n\n{releases}").comments == ()


def test_byline_that_counts_as_many_comments_speaks_for_them() -> None:
    comments = "".join(f"user{n}\nMay {n}, 2012 at 4:3{n} pm\n\nI did it too, in 200{n}.\n\n" for n in range(1, 4))
    page = f"A note\n\nPosted by Ann Lee on May 1, 2012 | 3 comments\n\nI broke a cup.\n\n{comments}"
    assert [comment.author for comment in parse(page).comments] == ["user1", "user2", "user3"]


def test_embedded_tweets_are_no_comments() -> None:
    tweets = "".join(
        f"I think you should all see this, number {n}!\n— {name} (@{name.replace(' ', '')}) May {n}, 2012\n\n"
        for n, name in enumerate(("Ann Lee", "Bob Ray", "Cleo Fox", "Dan Orr"), 1)
    )
    assert parse(f"{ARTICLE}\n{tweets}").comments == ()


def test_quoted_mails_are_no_comments() -> None:
    mails = "".join(
        f"From: {name}\nSent: Monday, May {n}, 2012 4:3{n} PM\nTo: the desk\nSubject: clock\nI think you are wrong!\n\n"
        for n, name in enumerate(("Ann Lee", "Bob Ray", "Cleo Fox"), 7)
    )
    assert parse(f"{ARTICLE}\n{mails}").comments == ()
