"""Title, date, authors and the rest are chosen by what a page states and shows."""

from __future__ import annotations

import pytest

from broadsheet.model import Hints
from tests.unit.parsing.html.pages import STORY, TITLE, each, page, read_html

LD = '<script type="application/ld+json">%s</script>'
NEWS = (
    '{"@type": "NewsArticle", "headline": "Bridge of sighs", "datePublished": "2012-05-01T08:00:00Z", '
    '"author": {"name": "Ann Other"}%s}'
)


@pytest.mark.parametrize(
    "body",
    [
        '<div id=header><h1><a href="/">Daily Loaf</a></h1></div><h2 class="entry-title">Bridge of sighs</h2>',
        '<div class="headline">Bridge of sighs</div>',
        "",
    ],
)
def test_title_is_what_heading_and_window_agree_on(body: str) -> None:
    text = f"<html><head><title>Daily Loaf: Bridge of sighs</title></head><body>{body}{STORY}</body></html>"
    assert read_html(text).article.title == TITLE


def test_stated_headline_wins_over_the_window() -> None:
    head = '<meta property="og:title" content="Bridge of sighs, again">'
    text = f"<html><head><title>News</title>{head}</head><body><h1>News</h1>{STORY}</body></html>"
    assert read_html(text).article.title == "Bridge of sighs, again"


@pytest.mark.parametrize(
    ("head", "method", "value"),
    [
        (LD % NEWS % "", "json-ld", "2012-05-01T08:00+00:00"),
        ('<meta property="article:published_time" content="2012-05-01T08:00:00Z">', "meta", "2012-05-01T08:00+00:00"),
        ('<meta name="DC.date" content="2012-05-01">', "meta", "2012-05-01"),
        ('<link rel=canonical href="http://loaf.example/2012/05/01/bridge">', "url+visible", "2012-05-01"),
        ('<link rel=canonical href="http://loaf.example/2012/04/30/bridge">', "url", "2012-04-30"),
        ("", "visible-beside-title", "2012-05-01"),
    ],
)
def test_date_is_taken_from_the_best_place(head: str, method: str, value: str) -> None:
    published = read_html(page(head=head)).article.published_at
    assert published is not None
    assert (published.method, published.value) == (method, value)


def test_date_of_a_comment_is_not_that_of_the_article() -> None:
    comments = each('<li class="comment" id="comment-{n}"><cite class=fn>{author}</cite> {date}<p>{body}</p></li>')
    text = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{STORY}<ol>{comments}</ol></body></html>"
    published = read_html(text).article.published_at
    assert published is not None
    assert published.method == "first-comment"


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        (LD % NEWS % "", ("Ann Other",)),
        (LD % NEWS.replace('{"name": "Ann Other"}', '[{"name": "Ann"}, {"name": "Bob"}]') % "", ("Ann", "Bob")),
        ('<meta name="author" content="Carla Diaz and Dan Poe">', ("Carla Diaz", "Dan Poe")),
        ('<meta name="author" content="http://loaf.example/ann">', ("Ann Other",)),
        ("", ("Ann Other",)),
    ],
)
def test_authors_are_stated_or_in_the_byline(head: str, authors: tuple[str, ...]) -> None:
    assert read_html(page(head=head)).article.authors == authors


@pytest.mark.parametrize(
    "broken",
    [
        NEWS % ",",
        "<!-- " + NEWS % "" + " -->",
        "//<![CDATA[\n" + NEWS % "" + "\n//]]>",
        "/* news */ " + NEWS % ', "description": "two\nlines"' + ";",
        '{"@graph": [{"@type": "WebSite"}, ' + NEWS % "" + "]}",
        "[" + NEWS % "" + "]",
        '{"@type": "WebPage", "mainEntity": ' + NEWS % "" + "}",
    ],
)
def test_broken_and_nested_json_ld_is_read(broken: str) -> None:
    record = read_html(page(head=LD % broken))
    assert record.article.published_at is not None
    assert record.article.published_at.method == "json-ld"
    assert record.report.problems == ()


def test_json_ld_beyond_repair_is_reported() -> None:
    assert [problem.code for problem in read_html(page(head=LD % '{"@type": ')).report.problems] == ["json_ld_invalid"]


def test_comments_of_json_ld_are_taken_where_the_page_shows_none() -> None:
    comment = '{"@type": "Comment", "text": "%s", "author": {"name": "%s"}, "dateCreated": "2012-05-02T16:33:00Z"%s}'
    inner = comment % ("Yes.", "Sara", "")
    outer = comment % ("Is it?", "Ahmad", f', "comment": [{inner}]')
    record = read_html(page(head=LD % NEWS % f', "commentCount": 2, "comment": [{outer}]'))
    assert record.report.grammar == "json-ld"
    assert [(each.author, each.body, each.thread.parent) for each in record.comments] == [
        ("Ahmad", "Is it?", None),
        ("Sara", "Yes.", 0),
    ]
    assert record.article.comment_count_declared == 2


def test_declared_comments_that_are_not_on_the_page_are_reported() -> None:
    record = read_html(page(head=LD % NEWS % ', "commentCount": 12'))
    assert [problem.code for problem in record.report.problems] == ["comments_missing"]


def test_counter_above_the_comments_is_what_the_page_declares() -> None:
    comments = each('<li class="comment" id="comment-{n}"><cite class=fn>{author}</cite> {date}<p>{body}</p></li>')
    record = read_html(page(f"<h3>14 Responses to {TITLE}</h3><ol class=commentlist>{comments}</ol>"))
    assert record.article.comment_count_declared == 14
    assert [problem.code for problem in record.report.problems] == ["comment_count_differs"]


def test_smaller_fields_are_read() -> None:
    head = (
        '<link rel=canonical href="http://loaf.example/bridge"><meta property="og:site_name" content="Daily Loaf">'
        '<link rel=alternate hreflang=ar href="/ar"><meta name=keywords content="bridges, water">'
        '<meta property="article:section" content="Town"><meta property="og:locale" content="en_GB">'
    )
    article = read_html(page('<a rel=tag href="/tag/x">sighs</a>', head=head)).article
    assert (article.url, article.source, article.language) == ("http://loaf.example/bridge", "Daily Loaf", "en")
    assert article.tags == ("bridges", "water", "Town", "sighs")
    assert article.alternate_languages == ("ar",)


def test_what_was_stated_with_the_upload_wins() -> None:
    hints = Hints(name="a.html", url="http://other.example/", source="Other", language="fr", tags=("t",))
    head = '<link rel=canonical href="http://loaf.example/bridge"><meta name=keywords content="bridges">'
    article = read_html(page(head=head), hints=hints).article
    assert (article.url, article.source, article.language, article.tags) == (
        "http://other.example/",
        "Other",
        "fr",
        ("t",),
    )
