"""What looks like comments and is none stays out of the discussion."""

from __future__ import annotations

import pytest

from tests.unit.parsing.html.pages import each, page, read_html

TRAPS = {
    "a blog's first page": "".join(
        f'<div class="post" id="post-{n}"><h2><a href="/p/{n}">The story of the winter water</a></h2>'
        f"<small>May {n}, 2012 by Ann</small><p>It came in the night.</p>"
        f'<p class="postmetadata"><a href="/p/{n}#comments">{n} Comments</a></p></div>'
        for n in range(1, 7)
    ),
    "stories with dates": '<div class="more"><h3>More stories</h3>'
    + each(
        '<div class="box"><h4><a href="/s/{n}">The story of the water</a></h4>{date}<p>By {author}. {body}</p></div>'
    )
    + "</div>",
    "recent comments": '<div class="widget"><h3>Recent Comments</h3><ul id="recentcomments">'
    + each('<li class="recentcomments">{author} on <a href="/p/{n}#comment-{n}">The winter water</a></li>')
    + "</ul></div>",
    "the latest comments of a site": "<div><h3>Latest comments</h3>"
    + each('<div class="item"><b>{author}</b> {date}<br>{body} <a href="/p/{n}">more</a></div>')
    + "</div>",
    "tweets": each(
        '<blockquote class="twitter-tweet"><p>{body}</p>&mdash; {author} <a href="/status">{date}</a></blockquote>'
    ),
    "a live blog": each('<div class="update"><span class="time">{n}:15 am</span><b>{author}</b><p>{body}</p></div>'),
    "headlines": '<ul class="headlines">'
    + each('<li><a href="/n/{n}">{body} This is the headline of a story</a> <span class="date">{date}</span></li>')
    + "</ul>",
    "a history": "<ul>" + each("<li><b>May {n}, 1912</b> {body}</li>") + "</ul>",
    "authors": each(
        '<div class="bio"><img alt="{author}"><h4>{author}</h4><i>Writing here since {date}</i><p>{body}</p></div>'
    ),
    "a form": '<div id="comments"><h3>0 Comments</h3><form><label>Name</label><textarea></textarea></form></div>',
    "a script's place": '<div id="disqus_thread"></div><noscript>See <a href="/d">comments by Disqus</a></noscript>',
}


@pytest.mark.parametrize("trap", TRAPS)
def test_no_comments_are_found_in(trap: str) -> None:
    assert read_html(page(TRAPS[trap])).comments == ()


@pytest.mark.parametrize("trap", ["recent comments", "the latest comments of a site", "stories with dates", "authors"])
def test_comments_are_found_beside(trap: str) -> None:
    comments = each('<li class="comment" id="comment-{n}"><cite class=fn>{author}</cite> {date}<p>{body}</p></li>')
    record = read_html(page(f"<ol class=commentlist>{comments}</ol>", after=TRAPS[trap]))
    assert [comment.source_id for comment in record.comments] == ["comment-2", "comment-3", "comment-4"]


def test_a_list_that_too_little_proves_is_reported_and_stays_in_the_text() -> None:
    record = read_html(page(each('<div class="x"><b>{author}</b> {date}<p>{body}</p></div>')))
    assert record.comments == ()
    assert "comments_suspected" in [problem.code for problem in record.report.problems]
