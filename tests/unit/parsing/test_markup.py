"""HTML in a field becomes its visible text, in linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.parsing.markup import text_of


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain\n\ntext", "plain\n\ntext"),
        ("a < b and <3 and <me@mail.example>", "a < b and <3 and <me@mail.example>"),
        ("<p>One.</p>\n<p>Two\nlines.<br/>Three</p>", "One.\n\nTwo lines.\nThree"),
        ("a <b>bold</b> word\nand more", "a bold word\nand more"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"),
        ('x <img src="a.png" alt="a cat"> y', "x a cat y"),
        ("a<script>alert('<p>')</script>b<!-- c --><style>p{}</style>d", "abd"),
        ("a<!-- never closed", "a never closed"),
        ("<unknown>x</unknown>", "<unknown>x</unknown>"),
        ("Tom &amp; Jerry &lt;b&gt; &#8220;x&#x201d; &nbsp;", "Tom & Jerry <b> “x” \xa0"),
        ("AT&T &bogus; &# &#99999999;", "AT&T &bogus; &# &#99999999;"),
        ("<p>&lt;p&gt;</p>", "<p>"),
    ],
)
def test_markup_becomes_text(markup: str, text: str) -> None:
    assert text_of(markup) == text


@pytest.mark.parametrize(
    "piece", ["<", "<a", "<p>", "<!--", "<script>", "&", "&#", "<a href='", "</", " \n", "<img alt="]
)
def test_hostile_markup_takes_linear_time(piece: str) -> None:
    started = time.process_time()
    text_of("<p>" + piece * (1_000_000 // len(piece)))
    assert time.process_time() - started < 20


@given(st.text(st.characters(exclude_characters="<&"), max_size=50))
def test_text_without_markup_is_not_touched(text: str) -> None:
    assert text_of(text) == text
