"""Heads of comments whose parts stand in places of their own: numbers, pictures, ranks, votes, words below the text."""

from __future__ import annotations

from tests.unit.parsing.pages import parse
from tests.unit.parsing.test_lists import ARTICLE

TEXTS = ("I heard it stop.", "Who pays for it?", "My uncle made the hands of that clock.", "Agreed.")


def page(*comments: str, opening: str = "Comments") -> str:
    return f"{ARTICLE}\n{opening}\n\n" + "\n\n".join(comments) + "\n"


def read(text: str) -> list[tuple[str | None, str]]:
    return [(comment.author, comment.body) for comment in parse(text).comments]


def expected(*names: str) -> list[tuple[str | None, str]]:
    return list(zip(names, TEXTS, strict=False))


def test_number_before_a_date_is_no_day() -> None:
    comments = [
        f"{n}. April {n + 1}, 2012 10:4{n} am Link\n{name}\n{TEXTS[n - 1]}"
        for n, name in enumerate(("ann", "bob", "cleo"), 1)
    ]
    assert read(page(*comments)) == expected("ann", "bob", "cleo")
    assert [comment.posted_at and comment.posted_at.value[:10] for comment in parse(page(*comments)).comments] == [
        "2012-04-02",
        "2012-04-03",
        "2012-04-04",
    ]


def test_number_of_posts_between_name_and_date_is_no_name() -> None:
    comments = [
        f"{name}\n{n * 37} posts\nMay {n}, 2012 - 4:3{n} PM\n{TEXTS[n - 1]}"
        for n, name in enumerate(("ann66", "bob", "cleo_f"), 1)
    ]
    assert read(page(*comments)) == expected("ann66", "bob", "cleo_f")


def test_said_with_a_colon_has_its_text_below_however_short_it_is() -> None:
    names = ("أحمد", "نور", "خالد", "ليلى")
    texts = ("كلام جميل لكن من ينفذ", "الله يعين الناس", "برافو", "اتمنى لكم التوفيق")
    comments = "\n\n".join(
        f"{name} قال:\n1{n} مارس 2012 - 13:3{n}\n{text}"
        for n, (name, text) in enumerate(zip(names, texts, strict=True))
    )
    assert read(f"{ARTICLE}\n{comments}\n") == list(zip(names, texts, strict=True))


def test_votes_below_the_last_date_are_no_text() -> None:
    comments = [
        f"{text}\n\nPosted by {name} at 10:2{n} AM, March 1{n}, 2012\n0\n0"
        for n, (name, text) in enumerate(zip(("ann", "bob", "cleo", "dan"), TEXTS, strict=True))
    ]
    assert read(page(*comments)) == expected("ann", "bob", "cleo", "dan")


def test_body_that_is_the_same_in_most_comments_is_not_taken_off() -> None:
    comments = [f"Bravo!\n{name} - {n} May 2012 - 14:1{n}" for n, name in enumerate(("ann", "bob", "cleo"), 1)]
    assert read(page(*comments, opening="3 Comments")) == [("ann", "Bravo!"), ("bob", "Bravo!"), ("cleo", "Bravo!")]


def test_picture_of_the_next_author_ends_no_comment() -> None:
    comments = [
        f"{name}'s picture\n{name}\nMay {n}, 2012 4:3{n} PM\n{TEXTS[n - 1]}"
        for n, name in enumerate(("ann", "bob", "cleo"), 1)
    ]
    assert read(page(*comments)) == expected("ann", "bob", "cleo")


def test_bodies_below_a_counter_follow_the_buttons_of_the_article() -> None:
    text = f"{ARTICLE}\nTweet\nShare\nEmail\nPrint\n\n4 comments\n\n" + "\n\n".join(TEXTS) + "\n"
    other = "\nMost commented\n\nA lost map\n78 comments\nFerry changes\n12 comments\n"
    assert [body for _, body in read(text + other)] == list(TEXTS)


def test_name_that_is_written_as_the_word_for_on_is_one() -> None:
    comments = [
        f"{n} - {name}\n0{n}/03/2012 14:4{n}\n{text}"
        for n, (name, text) in enumerate((("أبو علي", "الله يعين الناس"), ("نور", "برافو")), 1)
    ]
    assert read(page(*comments, opening="التعليقات (2)")) == [("أبو علي", "الله يعين الناس"), ("نور", "برافو")]


def test_reply_line_with_a_button_to_follow_is_one_of_the_others() -> None:
    comments = [
        f"{name} · Works at the mill\n{text}\nReply · {n + 3} · Like ·{follow} May {n + 1}, 2012 at 6:4{n}pm"
        for n, (name, text, follow) in enumerate(
            zip(("Ann Lee", "Bob Ray", "Cleo Fox"), TEXTS, (" Follow Post ·", "", " Follow Post ·"), strict=False)
        )
    ]
    assert read(page(*comments, opening="Add a comment...")) == expected("Ann Lee", "Bob Ray", "Cleo Fox")
