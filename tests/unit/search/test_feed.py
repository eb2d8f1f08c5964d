"""Atom feeds: read by a feed reader, whatever stands in titles, names and texts."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.feed import atom, read_feed, rfc3339

ARTICLE = {
    "article_id": "a" * 26,
    "title": "آخر المقاتلين يغادرون حمص",
    "excerpt": "A < B & C",
    "language": "ar",
    "source": "naharnet.com",
    "url": "http://example.org/?a=1&b=2",
    "published_at": {"value": "2014-05-09T16:33+03:00"},
    "comment_count": 1,
    "file": {"bucket": "uploads", "key": "homs.txt", "stored_at": "2026-05-09T13:33:00+00:00"},
}
COMMENT = {"comment_id": "c" * 26, "ordinal": 0, "author": "قارئ <b>", "body": "1 < 2"}
ARTICLE_RESULT = {"type": "article", "highlights": {"body": ["R&amp;D in <mark>Homs</mark>"]}, "article": ARTICLE}
COMMENT_RESULT = {"type": "comment", "highlights": {}, "article": ARTICLE, "comment": COMMENT}


def feed(*results, q="homs", following=None):
    written = atom(
        {"results": list(results)},
        q=q,
        identity="i" * 26,
        address="https://archive.example/v1/feeds/search.atom?q=a&sort=newest",
        following=following,
        root="https://archive.example/v1",
    )
    ET.fromstring(written.encode())  # noqa: S314 - our own
    read = feedparser.parse(written.encode())
    assert not read.bozo
    return read


def test_an_empty_feed_is_a_feed():
    read = feed(q="")
    assert (read.version, read.entries, read.feed.title) == ("atom10", [], "broadsheet")
    assert read.feed.id.startswith("urn:uuid:")
    assert read.feed.updated_parsed


def test_an_article_is_an_entry_with_its_own_address_language_and_time():
    (entry,) = feed(ARTICLE_RESULT).entries
    assert entry.title == ARTICLE["title"]
    assert entry.link == ARTICLE["url"]
    assert entry.updated == entry.published == "2014-05-09T13:33:00Z"
    assert entry.author == "naharnet.com"
    assert entry.content[0].language == "ar"
    assert entry.content[0].value == '<p dir="auto">R&amp;D in <strong>Homs</strong></p>'


def test_a_comment_is_an_entry_by_its_author_dated_by_its_file_when_it_has_no_date():
    (entry,) = feed(COMMENT_RESULT).entries
    assert entry.author == COMMENT["author"]
    assert entry.link == f"https://archive.example/v1/comments/{'c' * 26}"
    assert [link.href for link in entry.links if link.rel == "related"] == [ARTICLE["url"]]
    assert entry.updated == "2026-05-09T13:33:00Z"
    assert "published" not in entry
    assert entry.content[0].value == '<p dir="auto">1 &lt; 2</p>'


def test_ids_do_not_depend_on_the_query_and_differ():
    first, second = feed(ARTICLE_RESULT, COMMENT_RESULT).entries
    (again,) = feed(COMMENT_RESULT, q="other").entries
    assert first.id != second.id == again.id


def test_the_next_page_is_linked():
    read = feed(ARTICLE_RESULT, following="https://archive.example/v1/feeds/search.atom?q=a&cursor=b")
    assert {link.rel for link in read.feed.links} == {"self", "next"}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://[broken", ""])
def test_an_address_that_is_none_of_the_web_is_not_linked(url):
    (entry,) = feed({**ARTICLE_RESULT, "article": {**ARTICLE, "url": url}}).entries
    assert entry.link == f"https://archive.example/v1/articles/{'a' * 26}"


@given(st.text(), st.text(max_size=40))
def test_any_text_gives_a_feed_that_is_read(text, short):
    article = {**ARTICLE, "title": text, "source": short, "url": f"http://a/{text}", "excerpt": text}
    result = {
        "type": "comment",
        "highlights": {},
        "article": article,
        "comment": {**COMMENT, "author": short, "body": text},
    }
    assert len(feed(result, q=text).entries) == 1


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2014", "2014-01-01T00:00:00Z"),
        ("2014-05", "2014-05-01T00:00:00Z"),
        ("2014-05-09T16:33:01.5+03:00", "2014-05-09T13:33:01Z"),
        ("0001-01-01T00:00+14:00", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_times_are_in_utc(moment, shown):
    assert rfc3339(moment) == shown


def test_the_newest_come_first_unless_another_order_is_wanted():
    assert read_feed({"q": ["homs"]}, 0).sort == "newest"
    assert read_feed({"q": ["homs"], "sort": ["relevance"], "limit": ["5"]}, 0).limit == 5


@pytest.mark.parametrize(
    ("given", "at"), [({}, 0), ({"from": ["30d"]}, 7), ({"recency": ["1y"]}, 7), ({"to": ["2014-05-09"]}, 0)]
)
def test_only_what_is_relative_counts_from_now(given, at):
    # A cursor holds the time: without it the same question has the same answer, and the same tag, at any time.
    assert read_feed({"q": ["homs"], "sort": ["relevance"], **given}, 7.5).at == at
