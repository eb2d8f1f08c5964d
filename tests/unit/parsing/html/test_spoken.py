"""Comments that only the text of a page shows are read from what stands below the article, if they are sure."""

from __future__ import annotations

import pytest

from tests.unit.parsing.html.pages import AUTHORS, BODIES, TIMES, each, page, read_html
from tests.unit.parsing.pages import codes

UNMARKED = {
    "counter": "<div id=footer>Comments (3)<br>" + each("{author} - {date}<br>{body}<br><br>") + "</div>",
    "heading": "<div>Reader comments<br>" + each("Posted by {author} on {date}<br>{body}<br><br>") + "</div>",
    "wrote": "<table><tr><td>" + each("<font>{author} wrote on {date}:</font><br>{body}<hr>") + "</td></tr></table>",
}


@pytest.mark.parametrize("name", UNMARKED)
def test_comments_without_elements_of_their_own_are_read_as_text(name: str) -> None:
    record = read_html(page(after=UNMARKED[name]))
    assert tuple(comment.author for comment in record.comments) == AUTHORS
    assert [comment.posted_at and comment.posted_at.value for comment in record.comments] == TIMES
    assert tuple(comment.body for comment in record.comments) == BODIES
    assert record.report.grammar == "text:name-and-date"
    assert record.report.score is not None
    assert record.report.score > 0.9
    assert not any(body in record.article.body for body in BODIES)


def test_comments_told_by_says_need_no_date() -> None:
    record = read_html(page(after="<div>" + each("{author} says:<br>{body}<br><br>") + "</div>"))
    assert [(comment.author, comment.posted_at) for comment in record.comments] == [(name, None) for name in AUTHORS]


def test_a_counter_above_them_is_compared() -> None:
    record = read_html(page(after=UNMARKED["counter"].replace("(3)", "(4)")))
    assert record.article.comment_count_declared == 4
    assert codes(record) == ["comment_count_differs"]


@pytest.mark.parametrize(
    "below",
    [
        "<div>" + each("{author} {date}<br>{body}<br><br>") + "</div>",
        "<div>Photographs<br>" + each("{author}, {date}<br>") + "</div>",
        "<div>Recent comments<br>" + each("{author} on a bridge<br>") + "</div>",
    ],
    ids=["dated blocks that nothing calls comments", "credits", "comments on other articles"],
)
def test_names_and_dates_below_an_article_are_no_comments(below: str) -> None:
    assert read_html(page(after=below)).comments == ()
