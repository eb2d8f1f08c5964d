"""WordPress, RSS, Atom, Blogger, Disqus, Movable Type: what the programs write is read as articles with discussions."""

from __future__ import annotations

import io
import time
import tracemalloc
from contextlib import suppress
from typing import BinaryIO, cast

import pytest

from broadsheet.errors import PermanentError
from broadsheet.model import ArticleRecord, Hints, PassedRecord, ProblemRecord
from broadsheet.parsing import Limits, read
from tests.unit.parsing.exports import articles_of, outline, read_file
from tests.unit.parsing.feeds import ATOM, BLOGGER, DISQUS, MOVABLE_TYPE, RSS, wxr, wxr_comment, wxr_item
from tests.unit.parsing.pages import codes

POST = wxr_item(
    12,
    "Boats &amp; nets",
    "<!-- wp:paragraph --><p>The boats are in.</p>\n\n<p>See &lt;here&gt;.</p>",
    wxr_comment(1, "ann", "First!"),
    wxr_comment(2, "bo", "Buy pills", approved="spam"),
    wxr_comment(3, "cy", "@ann no", parent=1, user=4),
    wxr_comment(4, "di", "me too", approved="0"),
    wxr_comment(5, "ping", "[...] boats [...]", kind="pingback"),
    wxr_comment(6, "ed", "why?", parent=3),
    wxr_comment(7, "fay", "gone", approved="trash"),
)


def test_wordpress_post_comes_with_the_thread_of_its_comments() -> None:
    (record,) = articles_of(read_file(wxr(POST), "export.xml"))
    article = record.article
    assert (article.title, article.body) == ("Boats & nets", "The boats are in.\n\nSee <here>.")
    assert (article.url, article.source_id, article.source) == ("https://harbour.example/12", "12", "Harbour Notes")
    assert (article.authors, article.tags, article.language) == (("Rima Haddad",), ("Sea",), "en")
    assert article.published_at
    assert article.published_at.value == "2014-05-09T12:00+00:00"
    shown = [
        (each.author, each.author_kind, each.body, each.thread.role, each.thread.parent) for each in record.comments
    ]
    assert shown == [
        ("ann", "guest", "First!", "root", None),
        ("cy", "unknown", "@ann no", "reply", 0),
        ("ed", "guest", "why?", "reply", 1),
    ]
    assert [each.source_id for each in record.comments] == ["1", "3", "6"]
    assert [each.posted_at.value for each in record.comments if each.posted_at][:1] == ["2014-05-09T13:01:10+00:00"]
    assert (record.report.format, record.report.grammar, record.report.encoding) == ("wordpress", "flat", "utf-8")


def test_what_wordpress_does_not_show_is_left_out_and_counted() -> None:
    (record,) = articles_of(read_file(wxr(POST), "export.xml"))
    assert codes(record) == ["comments_not_published", "pingbacks_set_apart"]
    assert "1 are in the trash, 1 are spam, 1 wait for approval" in record.report.problems[0].message
    assert [(each.why, each.text) for each in record.report.furniture] == [
        ("pingback", "ping https://ping.example [...] boats [...]")
    ]


def test_attachments_and_drafts_are_passed_over_and_counted_at_the_end() -> None:
    data = wxr(
        wxr_item(1, "Photo", "", kind="attachment", status="inherit"),
        POST,
        wxr_item(2, "Later", "x", status="draft"),
        wxr_item(3, "About", "We are here.", kind="page"),
        wxr_item(4, "Menu", "", kind="nav_menu_item"),
    )
    records = articles_of(read_file(data, "export.xml"))
    assert outline(records) == ["Boats & nets", "About"]
    assert codes(records[0]) == ["comments_not_published", "pingbacks_set_apart"]
    assert codes(records[1]) == ["items_passed_over"]
    assert "1 attachments, 1 drafts, 1 menu items" in records[1].report.problems[0].message


def test_export_without_a_published_post_says_what_it_holds() -> None:
    with pytest.raises(PermanentError, match="only 1 attachments") as caught:
        read_file(wxr(wxr_item(1, "Photo", "", kind="attachment")), "export.xml")
    assert caught.value.code == "empty_file"


def test_rss_prefers_the_full_text_and_keeps_what_the_feed_says() -> None:
    first, second = articles_of(read_file(RSS.encode(), "feed.rss"))
    assert (first.article.title, first.article.body) == ("Rain & wind", "It rained.\n\nThen it blew.")
    assert (first.article.url, first.article.authors) == ("https://coast.example/1", ("Samir",))
    assert (first.article.comment_count_declared, first.article.tags) == (12, ("Weather",))
    assert (first.article.source, first.article.language) == ("Coast Daily", "ar")
    assert first.article.published_at
    assert first.article.published_at.value == "2014-05-09T12:00+03:00"
    assert (second.article.body, second.article.url) == ("Bold words…", "https://coast.example/2")
    assert first.report.format == "rss"


def test_feed_of_comments_is_one_discussion_per_article() -> None:
    item = "<item><title>By: {0}</title><link>https://x.example/{1}#comment-{2}</link><dc:creator>{0}</dc:creator>\
<pubDate>Fri, 09 May 2014 12:00:00 +0000</pubDate><content:encoded>Hm {2}</content:encoded></item>"
    rows = [("ann", "a", 1), ("bo", "a", 2), ("cy", "b", 3)]
    feed = RSS[: RSS.index("<item>")].replace("Coast Daily", "Comments on: Rain")
    data = feed + "".join(item.format(*row) for row in rows) + "</channel></rss>"
    first, second = articles_of(read_file(data.encode(), "feed.xml"))
    assert [each.author for each in first.comments] == ["ann", "bo"]
    assert (first.article.title, first.article.source_id) == ("Rain", "https://x.example/a")
    assert [each.body for each in second.comments] == ["Hm 3"]
    assert codes(first) == ["article_missing"]


def test_atom_content_may_be_markup_of_its_own() -> None:
    (record,) = articles_of(read_file(ATOM.encode(), "feed.atom"))
    article = record.article
    assert (article.title, article.body) == ("Nets & boats", "First.\n\nSecond & last.")
    assert (article.url, article.source_id, article.authors) == ("https://weekly.example/1", "urn:1", ("Nadia",))
    assert (article.tags, article.source) == (("Sea",), "Coast Weekly")


def test_prefixes_of_a_feed_are_its_own_choice() -> None:
    prefixed = ATOM.replace('xmlns="http://www.w3.org/2005/Atom"', 'xmlns:a="http://www.w3.org/2005/Atom"')
    for name in ("feed", "entry", "id", "title", "published", "author", "name", "link", "category", "content"):
        prefixed = prefixed.replace(f"<{name}", f"<a:{name}").replace(f"</{name}>", f"</a:{name}>")
    (record,) = articles_of(read_file(prefixed.encode(), "feed.xml"))
    (plain,) = articles_of(read_file(ATOM.encode(), "feed.xml"))
    assert record.article == plain.article
    renamed = wxr(POST).replace(b"wp:", b"w:").replace(b"xmlns:wp", b"xmlns:w").replace(b"dc:", b"d:")
    (again,) = articles_of(read_file(renamed.replace(b"xmlns:dc", b"xmlns:d"), "a.xml"))
    assert len(again.comments) == 3
    assert again.article.authors == ("Rima Haddad",)


def test_blogger_comments_come_under_their_posts() -> None:
    records = articles_of(read_file(BLOGGER.encode(), "blog.xml"))
    assert outline(records) == ["Squid", "Crabs", ""]
    squid, crabs, lost = records
    assert squid.article.body == "Squid are back."
    assert squid.article.tags == ("squid",)
    assert [(each.body, each.thread.role, each.thread.parent) for each in squid.comments] == [
        ("I saw one.", "root", None),
        ("Where?", "reply", 0),
    ]
    assert [each.body for each in crabs.comments] == ["And I."]
    assert codes(lost) == ["article_missing", "items_passed_over"]
    assert "1 drafts, 1 templates" in lost.report.problems[-1].message


def test_newer_exports_of_blogger_name_kinds_and_parents_in_elements_of_their_own() -> None:
    def entry(number: int, kind: str, more: str, status: str = "LIVE") -> str:
        return f"""<entry><id>tag:blogger.com,1999:blog-7.post-{number}</id><blogger:type>{kind}</blogger:type>
<blogger:status>{status}</blogger:status><author><name>A{number}</name></author><title>T{number}</title>
<content type='html'>Words {number}.</content><published>2014-05-09T12:00:00Z</published>{more}</entry>"""

    post = "<blogger:parent>tag:blogger.com,1999:blog-7.post-1</blogger:parent>"
    answer = "<blogger:inReplyTo>tag:blogger.com,1999:blog-7.post-2</blogger:inReplyTo>"
    feed = f"""<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'
xmlns:blogger='http://schemas.google.com/blogger/2018'><title>Sea</title>{entry(2, "COMMENT", post)}
{entry(1, "POST", "")}{entry(3, "COMMENT", post + answer)}{entry(4, "COMMENT", post, "SPAM")}
{entry(5, "POST", "", "DRAFT")}</feed>"""
    (record,) = articles_of(read_file(feed.encode(), "feed.atom"))
    assert record.article.title == "T1"
    assert [(each.author, each.body, each.thread.parent) for each in record.comments] == [
        ("A2", "Words 2.", None),
        ("A3", "Words 3.", 0),
    ]
    assert "1 comments that are not published, 1 drafts" in record.report.problems[-1].message


def test_disqus_posts_come_under_their_threads() -> None:
    records = articles_of(read_file(DISQUS.encode(), "disqus.xml"))
    assert outline(records) == ["Rain", "Wind"]
    rain, wind = records
    assert (rain.article.url, rain.article.source_id) == ("https://coast.example/1", "100")
    assert [(each.author, each.body, each.thread.parent) for each in rain.comments] == [
        ("Ann", "It was heavy.", None),
        ("cy", "Very.", 0),
    ]
    assert [each.author_kind for each in wind.comments] == ["guest"]
    assert (
        "1 comments that are spam, 1 deleted comments, 1 threads without comments" in wind.report.problems[-1].message
    )


def test_what_does_not_fit_into_the_temporary_file_becomes_discussions_of_their_own() -> None:
    records = articles_of(read_file(DISQUS.encode(), "disqus.xml", Limits(max_zip_bytes=700)))
    assert sum(len(record.comments) for record in records) == 3
    assert "article_missing" in [code for record in records for code in codes(record)]


def test_movable_type_entries_come_with_their_comments() -> None:
    first, second = articles_of(read_file(MOVABLE_TYPE.encode(), "export.txt"))
    assert (first.article.title, first.article.url) == ("The pier", "https://pier.example/2014/the-pier.html")
    assert first.article.body == "The pier is open.\n\nCome soon.\n\nMore: there is tea."
    assert first.article.tags == ("Coast", "pier", "sea")
    assert first.article.published_at
    assert first.article.published_at.value == "2014-05-09T16:33+03:00"
    (comment,) = first.comments
    assert (comment.author, comment.body) == ("Ann", "Note: I came.\n\nIt was closed.")
    assert comment.posted_at
    assert comment.posted_at.value == "2014-05-09T17:00:12+03:00"
    assert first.report.furniture[0].text.startswith("About the pier https://other.example")
    assert (second.article.title, second.article.published_at) == ("Second", None)
    assert codes(second) == ["items_passed_over"]


def test_one_broken_item_costs_no_other() -> None:
    broken = wxr_item(2, "Broken", "x").replace("</title>", "</titel>")
    unclosed = wxr_item(3, "Open", "x").replace("\t</item>\n", "")
    cut = wxr_item(4, "Cut", "x").replace("]]></content:encoded>", "</content:encoded>", 1).replace("]]>", "")
    records = read_file(wxr(POST, broken, unclosed, wxr_item(5, "Fine", "y"), cut, POST), "a.xml")
    assert outline(records) == ["Boats & nets", "xml_invalid", "xml_unclosed", "Fine", "xml_unclosed", "Boats & nets"]
    problem = cast("ProblemRecord", records[1]).problem
    assert problem.line == wxr(POST).count(b"\n") - 1
    assert "mismatched tag" in problem.message


def test_common_faults_are_put_right() -> None:
    item = wxr_item(2, "Fish & chips &nbsp;&eacute; &mdash; R&D;", "x\x0by &amp; <b>z</b>")
    (record,) = articles_of(read_file(wxr(item), "a.xml"))
    assert record.article.title == "Fish & chips é — R&D;"
    assert record.article.body == "xy & z"


@pytest.mark.parametrize("cut", [20, 300, 2000])
def test_truncated_feed_gives_what_was_complete_and_a_problem(cut: int) -> None:
    data = wxr(POST, POST)
    titles = outline(read_file(data[:-cut], "a.xml"))
    assert titles[:1] == ["Boats & nets"]
    assert titles[-1] == "xml_truncated"


def test_item_that_is_too_large_costs_no_other() -> None:
    large = wxr_item(2, "Large", "x" * 3_000_000)
    titles = outline(read_file(wxr(POST, large, POST), "a.xml", Limits(max_record_bytes=100_000)))
    assert titles == ["Boats & nets", "record_too_large", "Boats & nets"]


def test_item_that_is_too_deep_or_has_too_many_elements_costs_no_other() -> None:
    deep = wxr_item(2, "Deep", "x").replace("<description>", "<description>" + "<a>" * 100_000)
    many = wxr_item(3, "Many", "x", *(wxr_comment(n, "a", "b") for n in range(50)))
    titles = outline(read_file(wxr(POST, deep, many, POST), "a.xml", Limits(max_comments=9, max_depth=50)))
    assert titles == ["Boats & nets", "xml_too_deep", "too_many_comments", "Boats & nets"]


def test_entities_of_a_document_type_are_never_expanded() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(n)} "{f"&{chr(n - 1)};" * 10}">' for n in range(ord("b"), ord("m"))
    )
    external = '<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    item = wxr_item(1, "Ha &l; &x;", "x")
    data = wxr(item).replace(b"<rss", (bomb + external + "<rss").encode(), 1)
    (record,) = articles_of(read_file(data, "a.xml"))
    assert record.article.title == "Ha &l; &x;"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "cp1256"])
def test_feed_may_be_in_another_encoding(encoding: str) -> None:
    text = RSS.replace("It rained.", "أمطار غزيرة").replace(
        "UTF-8", "windows-1256" if encoding == "cp1256" else "UTF-8"
    )
    first, _ = articles_of(read_file(text.encode(encoding), "feed.xml"))
    assert first.article.body == "أمطار غزيرة\n\nThen it blew."
    assert first.report.encoding == {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(encoding, encoding)


@pytest.mark.parametrize("data", [b'<?xml version="1.0"?><nitf><body/></nitf>', b"<?xml version='1.0'?>"])
def test_xml_of_another_kind_is_refused(data: bytes) -> None:
    with pytest.raises(PermanentError) as caught:
        read_file(data, "a.xml")
    assert caught.value.code == "format_unsupported"


def test_resumed_reading_passes_over_what_was_read() -> None:
    data = wxr(POST, wxr_item(2, "Second", "x"), wxr_item(3, "Third", "y"))
    records = list(read(io.BytesIO(data), Hints("a.xml"), start=2))
    assert records[:2] == [PassedRecord(0, "12"), PassedRecord(1, "2")]
    assert isinstance(records[2], ArticleRecord)
    assert records[2].article.title == "Third"


class Endless:
    """A feed of so many items, made while it is read."""

    def __init__(self, head: bytes, item: bytes, count: int, end: bytes) -> None:
        self._parts = iter([head, *([item] * count), end])
        self._held = b""

    def read(self, size: int) -> bytes:
        while len(self._held) < size and (part := next(self._parts, None)) is not None:
            self._held += part
        part, self._held = self._held[:size], self._held[size:]
        return part


def test_memory_does_not_grow_with_the_number_of_items() -> None:
    head, end = wxr().split(b"</channel>")
    peaks = []
    for count in (100, 1000):
        stream = Endless(head, POST.encode(), count, b"</channel>" + end)
        tracemalloc.start()
        assert sum(1 for _ in read(cast("BinaryIO", stream), Hints("a.xml"))) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5 + 1_000_000


@pytest.mark.parametrize(
    "data",
    [
        b"<rss>" + b"<item>" * 200_000,
        b"<rss>" + b"<item><![CDATA[" * 200_000,
        b"<rss>" + b"<item/>" * 50_000,
        b"<rss><item><![CDATA[" + b"</item><item>" * 100_000 + b"]]></item>",
        b"<rss><!--" * 300_000,
        b"<rss><item" + b" " * 3_000_000,
        b"<rss><item></item" + b" " * 3_000_000,
        b"<rss><item>" + b"<a/>" * 700_000 + b"</item></rss>",
        b"<rss><item>" + b"&" * 1_000_000 + b"</item></rss>",
        b"<rss " + b"xmlns:a='" * 500_000,
        b"<!DOCTYPE " + b"[" * 500_000,
        b"<?xml" + b"<!-- " * 500_000,
    ],
    ids=lambda data: data[:20].decode(),
)
def test_hostile_feed_is_read_in_linear_time(data: bytes) -> None:
    started = time.process_time()
    with suppress(PermanentError):
        for _ in read(io.BytesIO(data), Hints("a.xml")):
            pass
    assert time.process_time() - started < 30
