"""Hostile, broken and unusual pages are read in linear time, and nothing of them is lost silently."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import LimitError, PermanentError
from broadsheet.model import Hints
from broadsheet.parsing import Limits
from tests.unit.parsing.html.pages import BODIES, STORY, TITLE, each, page, read_html
from tests.unit.parsing.pages import codes

COMMENTS = each('<li class="comment" id="comment-{n}"><cite class=fn>{author}</cite> {date}<p>{body}</p></li>')


@pytest.mark.parametrize("tag", ["div", "b", "p", "ul><li", "table><tr><td", "blockquote", "font", "a", "span", "form"])
def test_text_nested_a_hundred_thousand_deep_is_kept_in_linear_time(tag: str) -> None:
    begun = time.process_time()
    record = read_html(f"<html><body>{f'<{tag}>' * 100_000}the deepest word{'</div>' * 100_000} after it</body></html>")
    assert "the deepest word" in record.article.body
    assert "after it" in record.article.body
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    "text",
    [
        "<div class=comment>" * 3000 + "x May 2, 2012",
        "<p class=comment id=comment-1>May 2, 2012" * 5000,
        "<a name=comment>May 2, 2012</a> says " * 5000,
        '<script type="application/ld+json">' + '{"a": [' * 5000 + "</script>word",
        '<script type="application/ld+json">' + '"/*' * 20_000 + "</script>word",
        "<title>" + " | - : " * 20_000 + "</title>word",
        "<h1>" + "a " * 100_000 + "</h1>",
        "word " + "," * 100_000 + " May 2",
        "<div class=comment>May 2, 2012<p>" + "1" * 110 + "!x</div>",
        "<div class=comment>May 2, 2012<p>" + "posted by " * 12 + "</div>",
        "<div id=comments>" + "<div class=comment>x" * 200 + " " * 100_000 + "</div>",
    ],
)
def test_hostile_page_takes_linear_time(text: str) -> None:
    begun = time.process_time()
    read_html(f"<html><body>{text}</body></html>")
    assert time.process_time() - begun < 10


def test_page_without_an_article_is_kept_whole_and_says_so() -> None:
    record = read_html("<html><body><footer>Closed today.<br>Sorry.</footer></body></html>")
    assert record.article.body == "Closed today.\nSorry."
    assert codes(record) == ["article_not_recognised"]


def test_words_left_out_are_counted() -> None:
    assert (
        read_html(page(after="<div>" + "<a href=/>Menu entry</a> " * 20 + "</div>")).report.dropped["furniture_word"]
        >= 40
    )


@pytest.mark.parametrize(
    "text", ["<html></html>", "<html><body><script>x</script></body></html>", "<!DOCTYPE html>", "<html>\x00</html>"]
)
def test_page_without_a_visible_word_is_empty(text: str) -> None:
    with pytest.raises(PermanentError) as caught:
        read_html(text)
    assert caught.value.code == "empty_file"


@pytest.mark.parametrize(
    ("limits", "code"),
    [(Limits(max_comments=2), "too_many_comments"), (Limits(max_text_bytes=100), "text_too_large")],
)
def test_passing_a_limit_is_permanent(limits: Limits, code: str) -> None:
    with pytest.raises(LimitError) as caught:
        read_html(page(f"<ol class=commentlist>{COMMENTS}</ol>"), limits=limits)
    assert caught.value.code == code


def test_too_many_tags_are_refused() -> None:
    with pytest.raises(LimitError) as caught:
        read_html("<html>" + "<b>" * 1_000_001)
    assert caught.value.code == "too_many_tags"


def test_entities_controls_and_hidden_parts_are_no_text() -> None:
    story = STORY.replace("number 0", "&amp;&#8217;&nbsp;num\x00ber&lol; <span style='display: none'>hidden</span>")
    body = read_html(page(story=story)).article.body
    assert "&’" in body
    assert "\x00" not in body


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1252", "windows-1256"])
def test_encodings_of_pages_are_told(encoding: str) -> None:
    word = "الجسر القديم في المدينة" if encoding == "windows-1256" else "naïve café ’"
    text = page(head=f'<meta charset="{encoding.removesuffix("-sig")}">', story=STORY.replace("number 0", word))
    assert word in read_html(text.encode(encoding)).article.body


def test_fragment_and_xhtml_are_read() -> None:
    assert read_html(f"<div><h1>{TITLE}</h1>{STORY}</div>").article.title == TITLE
    xhtml = f'<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>{TITLE}</h1>{STORY}</body></html>'
    assert read_html(xhtml, hints=Hints(name="a.xhtml")).article.title == TITLE


def test_page_saved_with_its_parts_is_read() -> None:
    html = page(f"<ol class=commentlist>{COMMENTS}</ol>").replace("=", "=3D")
    saved = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: http://loaf.example/bridge\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----b"\r\n\r\n------b\r\n'
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        f"{html}\r\n------b\r\nContent-Type: image/png\r\n\r\nxx\r\n------b--\r\n"
    )
    record = read_html(saved, hints=Hints(name="bridge.mhtml"))
    assert record.article.url == "http://loaf.example/bridge"
    assert [comment.body for comment in record.comments] == list(BODIES)


PIECES = (
    "<div class=comment> </div> <li id=comment-1> <p> <ol> </ol> <table> <tr> <td> </table> <dl> <dt> <dd> <cite> <b> "
    "</b> <h1> <h2> <a href=#> </a> <time datetime=2012-05-02> <br> <pre> &amp; <!-- --> <form> <textarea> Ahmad says: "
    "Reply May&nbsp;2,&nbsp;2012 word. 3&nbsp;Comments <span itemprop=author> <i style=display:none> "
    "\x00 \ud800 <script>"
)
MARKUP = st.lists(st.sampled_from(PIECES.split(" ")), max_size=60)


@settings(max_examples=60, deadline=None)
@given(MARKUP)
def test_any_markup_is_read_or_refused(pieces: list[str]) -> None:
    try:
        record = read_html("<html>" + " ".join(pieces))
    except PermanentError:
        return
    assert [comment.ordinal for comment in record.comments] == list(range(len(record.comments)))
    assert all(each.thread.parent is None or each.thread.parent < each.ordinal for each in record.comments)
