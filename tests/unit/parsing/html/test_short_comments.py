"""Comments of hardly any text, and names that end in what looks like a day."""

from __future__ import annotations

import pytest

from tests.unit.parsing.html.pages import page, read_html


def comments_of(*comments: tuple[str, str]) -> str:
    return page(
        f"<div id=comments><h3>{len(comments)} comments</h3>"
        + "".join(
            f'<div class="comment"><b>{author}</b> <i>May {number}, 2012 4:3{number} PM</i><p>{body}</p></div>'
            for number, (author, body) in enumerate(comments, 2)
        )
        + "</div>"
    )


def test_plus_one_is_what_a_comment_says_when_it_says_nothing_else() -> None:
    comments = (("Ahmad", "I think that the bridge is fine."), ("Sara B.", "+1"), ("old_salt", "It is not, I fell."))
    read = read_html(comments_of(*comments)).comments
    assert [(comment.author, comment.body) for comment in read] == list(comments)


def test_digit_at_the_end_of_a_name_is_no_day_of_the_month_behind_it() -> None:
    comments = (("knit1purl2", "I think that the bridge is fine."), ("ann31", "It is not, I fell through it."))
    read = read_html(comments_of(*comments)).comments
    assert [comment.author for comment in read] == ["knit1purl2", "ann31"]
    assert [comment.posted_at and comment.posted_at.value[:10] for comment in read] == ["2012-05-02", "2012-05-03"]


@pytest.mark.parametrize("date", ["12 January 2012 16:33", "Thursday, 3 May 2012 16:33", "Sat May 5, 2012 4:33 pm EST"])
def test_no_part_of_a_date_is_a_name(date: str) -> None:
    comments = "".join(
        f"<div class=comment><div>{date}</div><div>{author}</div><div>{body}</div></div>"
        for author, body in (("Ahmad", "I think that the bridge is fine."), ("old_salt", "It is not, I fell."))
    )
    read = read_html(page(f"<div id=comments><h3>2 comments</h3>{comments}</div>")).comments
    assert [comment.author for comment in read] == ["Ahmad", "old_salt"]


def test_name_that_begins_like_a_month_is_whole() -> None:
    comments = "".join(
        f"<div class=comment><div class=date>{author}, 12 August 2012</div><p>{body}</p></div>"
        for author, body in (("Wendy Marsh", "I think that it is fine."), ("Ann Martin", "It is not, I fell."))
    )
    read = read_html(page(f"<div id=comments><h3>2 comments</h3>{comments}</div>")).comments
    assert [comment.author for comment in read] == ["Wendy Marsh", "Ann Martin"]


def test_well_said_is_what_a_comment_says() -> None:
    comments = (("Ahmad", "I think that the bridge is fine."), ("Sara B.", "Well said."))
    read = read_html(comments_of(*comments)).comments
    assert [(comment.author, comment.body) for comment in read] == list(comments)
