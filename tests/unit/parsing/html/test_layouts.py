"""Comments are found in the markup of known platforms and of layouts nobody named."""

from __future__ import annotations

import pytest

from tests.unit.parsing.html.pages import AUTHORS, BODIES, STORY, TITLE, each, page, read_html

LAYOUTS = {
    "wordpress": "<ol class=commentlist>"
    + each(
        '<li class="comment even depth-1" id="comment-{n}"><div class="comment-author vcard"><cite class="fn">{author}'
        '</cite> <span class="says">says:</span></div><div class="comment-meta"><a href="#c">{date}</a></div>'
        '<div class="comment-body"><p>{body}</p></div><div class="reply"><a href="#">Reply</a></div></li>'
    )
    + "</ol>",
    "repeated:dt.comment": "<dl id=comment_list>"
    + each(
        '<dt class="comment c{n}" id="c-{n}"><span class="comment_author">{author}</span> <span class="comment_time">'
        '{date}</span></dt><dd class="comment c{n}"><div class="format_text"><p>{body}</p></div></dd>'
    )
    + "</dl>",
    "blogger": "<div id=comments><h4>3 comments:</h4><dl id=comments-block>"
    + each(
        '<dt class="comment-author anon" id="c10{n}"><a name="c10{n}"></a>\n{author}\nsaid...</dt><dd '
        'class="comment-body">'
        '<p>{body}</p></dd><dd class="comment-footer"><span class="comment-timestamp"><a '
        'href="#">{date}</a></span></dd>'
    )
    + "</dl></div>",
    "repeated:p.commentnumber": "<h2>Comments</h2>"
    + each(
        '<a id="c12{n}"></a><p class="commentNumber">{n}</p><p>{body}</p><p class="commentFooter">Posted by: '
        '<a href="http://x.example/">{author}</a> | {date}</p>'
    )
    + "<h2>Post a comment</h2><form><textarea></textarea></form>",
    "repeated:div.comments": each(
        '<a name="45{n}"></a><div class="comments">{body}<br/><span class="smallcopy">posted by <a '
        'href="/u">{author}</a> '
        "on {date}</span></div><br/>"
    ),
    "drupal": '<div id="comments">'
    + each(
        '<div class="comment comment-published"><h3><a href="#">I think</a></h3><div class="submitted">Submitted by '
        '{author} (not verified) on {date}</div><div class="content"><p>{body}</p></div></div>'
    )
    + "</div>",
    "microdata": each(
        '<div itemprop="comment" itemscope itemtype="http://schema.org/Comment"><div itemprop="author" itemscope>'
        '<span itemprop="name">{author}</span></div><div>{date}</div><div itemprop="text">{body}</div></div>'
    ),
    "livefyre": each(
        '<article class="fyre-comment-article" id="fyre-{n}"><a class="fyre-comment-username">{author}</a> <time '
        'class="fyre-comment-date">{date}</time><div class="fyre-comment"><p>{body}</p></div></article>'
    ),
    "disqus": '<ul id="dsq-comments">'
    + each(
        '<li id="dsq-comment-{n}"><div id="dsq-comment-header-{n}"><cite id="dsq-cite-{n}"><a>{author}</a></cite> '
        '{date}</div><div id="dsq-comment-body-{n}"><div id="dsq-comment-message-{n}">{body}</div></div></li>'
    )
    + "</ul>",
    "repeated:li.uficomment": each(
        '<li class="UFIRow UFIComment"><a class="UFICommentActorName">{author}</a> <span class="UFICommentBody">'
        '{body}</span><div class="UFICommentActions"><a>Like</a> · <abbr title="{date}">2 May</abbr></div></li>'
    ),
    "repeated:p.posted": "<h2>Comments</h2>"
    + each('<p>{body}</p><p class="posted">Posted by: <a href="/u">{author}</a> at {date}</p>')
    + "<h2>Post a comment</h2>",
    "hacker-news": "<table>"
    + each(
        '<tr class="athing comtr" id="{n}"><td class="ind"><img width="0"></td><td><a class="hnuser">{author}</a> '
        '<span class="age">{date}</span><div class="commtext">{body}</div><p><a href="/reply">reply</a></p></td></tr>'
    )
    + "</table>",
    "repeated:div#main>p": "<h3>3 Comments</h3>" + each("<p><b>{author}</b> said on {date}:<br>{body}</p>"),
    "repeated:div.shout": "<h3>Readers</h3>"
    + each('<div class="shout"><span class="nick">{author}</span> <i>{date}</i><p>{body}</p></div>'),
    "repeated:table>tr": "<b>What you said</b><table>"
    + each("<tr><td><font><b>{author}</b><br>{date}</font></td><td>{body}</td></tr>")
    + "</table>",
    "repeated:div#main>h4": "<h3 class=comments>3 Responses</h3>"
    + each("<h4>{author} <small>{date}</small></h4><div>{body}</div>"),
    "repeated:div.css-k#": "<div>3 responses</div>"
    + each(
        '<div class="css-k77"><div class="css-a1"><span class="css-b2">{author}</span><span '
        'class="css-c3">{date}</span></div>'
        '<div class="css-d4"><p>{body}</p></div><button>Reply</button></div>'
    ),
}


@pytest.mark.parametrize("grammar", LAYOUTS)
def test_comments_are_found_with_author_date_and_text(grammar: str) -> None:
    record = read_html(page(LAYOUTS[grammar]))
    assert record.report.grammar == grammar
    assert [comment.author for comment in record.comments] == list(AUTHORS)
    assert [comment.body for comment in record.comments] == list(BODIES)
    days = [comment.posted_at.value[:10] for comment in record.comments if comment.posted_at]
    assert days == ["2012-05-02", "2012-05-03", "2012-05-04"]
    assert all(comment.author in comment.head for comment in record.comments if comment.author)


@pytest.mark.parametrize("grammar", LAYOUTS)
def test_article_keeps_its_text_and_takes_none_of_the_comments(grammar: str) -> None:
    article = read_html(page(LAYOUTS[grammar])).article
    assert article.title == TITLE
    paragraphs = STORY.removeprefix("<p>").removesuffix("</p>").split("</p><p>")
    assert all(paragraph in article.body for paragraph in paragraphs)
    assert not any(body in article.body for body in BODIES)


def test_one_comment_is_enough_under_a_name_of_comments() -> None:
    only = f'<h3>1 comment</h3><div class=c><a href="/u">Ahmad</a> on May 2, 2012<p>{BODIES[0]}</p></div>'
    (comment,) = read_html(page(f"<div id=comments>{only}</div>")).comments
    assert (comment.author, comment.body) == ("Ahmad", BODIES[0])


def test_pingbacks_are_set_apart() -> None:
    pingback = (
        '<ol class=commentlist><li class="pingback" id="comment-1">Pingback: <a href="/o">Another bridge</a></li>'
    )
    comments = each('<li class="comment" id="comment-{n}"><cite class=fn>{author}</cite> {date}<p>{body}</p></li>')
    record = read_html(page(pingback + comments + "</ol>"))
    assert [comment.author for comment in record.comments] == list(AUTHORS)
    assert [(piece.why, piece.text) for piece in record.report.furniture] == [("pingback", "Pingback: Another bridge")]


def test_first_post_of_a_forum_is_the_article() -> None:
    posts = each(
        '<div class="post"><div class="side"><b class="username">{author}</b> Joined: 05 Oct 2003 Posts: 4</div>'
        '<div class="when">{date}</div><div class="text">{body}</div></div>'
    )
    record = read_html(page(posts, story=""))
    assert record.article.body == BODIES[0]
    assert [comment.author for comment in record.comments] == list(AUTHORS[1:])
    assert record.comments[0].posted_at is not None
    assert record.comments[0].posted_at.value == "2012-05-03T09:01+00:00"


@pytest.mark.parametrize(
    ("head", "author", "time"),
    [
        (
            '<cite class="fn">Ahmad</cite> <span class="says">sagt:</span> <i>2. Mai 2012 um 16:33</i>',
            "Ahmad",
            "2012-05-02T16:33+00:00",
        ),
        ('<b class="fn">Gaëtan</b> <i>9 mai 2012 à 16 h 33</i>', "Gaëtan", "2012-05-09T16:33+00:00"),
        ("<p class=autor>Ana dice:</p><p>2 de mayo de 2012 a las 16:33</p>", "Ana", "2012-05-02T16:33+00:00"),
        ("<span>كتب أحمد في 2 مايو 2012</span>", "أحمد", "2012-05-02"),
        (
            '<a class="name">Bo</a> <time datetime="2012-05-02T16:33:00+02:00">now</time>',
            "Bo",
            "2012-05-02T16:33+02:00",
        ),
        ('<a class="name">Bo</a> <abbr title="2012-05-02T16:33:00Z">now</abbr>', "Bo", "2012-05-02T16:33+00:00"),
        ('<a class="name">Bo</a> <span data-utime="1335976380">2 May</span>', "Bo", "2012-05-02T16:33+00:00"),
    ],
)
def test_heads_are_read_in_several_languages_and_from_attributes(head: str, author: str, time: str) -> None:
    comments = f'<ol class=commentlist><li class="comment" id="comment-7">{head}<p>{BODIES[0]}</p></li></ol>'
    (comment,) = read_html(page(comments)).comments
    assert comment.author == author
    assert comment.posted_at is not None
    assert comment.posted_at.value == time


def test_paragraphs_and_quotes_of_a_comment_are_kept() -> None:
    body = "<blockquote>It is fine.</blockquote><p>It is<br>not.</p><p>No.</p>"
    comments = f'<div id=comments><div class="comment" id="comment-1"><b class=fn>Ann</b> May 2, 2012{body}</div></div>'
    (comment,) = read_html(page(comments)).comments
    assert comment.body == "It is fine.\n\nIt is\nnot.\n\nNo."


def test_avatar_and_marks_tell_guests_from_members() -> None:
    template = '<div class="comment" id="c-{}"><img alt="{}"> {} May 2, 2012<p>Hello there, everybody.</p></div>'
    comments = "".join(
        template.format(n, alt, name)
        for n, (alt, name) in enumerate([("Thumb", "Ann"), ("Missing", "Bob"), ("Default-user-icon", "Cid (Guest)")])
    )
    record = read_html(page(f"<div id=comments>{comments}</div>"))
    assert [(comment.author, comment.author_kind) for comment in record.comments] == [
        ("Ann", "member"),
        ("Bob", "member_without_avatar"),
        ("Cid", "guest"),
    ]
