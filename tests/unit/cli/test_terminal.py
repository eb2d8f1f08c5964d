"""Text of strangers on a terminal: harmless, in one line, and in its own direction."""

import io
import json
import re

from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.cli.terminal import Piece, Screen, json_bytes, marked, one_line, shown

HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
ANY_TEXT = st.text(st.characters(codec=None) | st.sampled_from("\x1b\x9b\x07\u202e\u2066\u2028\ud800<mark></>&#x1b;"))


class Terminal(io.StringIO):
    def isatty(self):
        return True


@given(ANY_TEXT)
@example("\x1b[2J\u202eevil\x9b31m\r\n")
def test_no_text_keeps_what_moves_cursors_or_reorders_lines(text):
    assert not HARMFUL.search(one_line(text))
    assert not HARMFUL.search("".join(piece.text for piece in marked(text)))


@given(
    st.recursive(
        st.text() | st.integers(-(2**53), 2**53), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
@example({"\u202e": "\x9b\ufeff\u2028\x7f"})
def test_json_is_harmless_and_the_same_value(value):
    written = json_bytes(value).decode("utf-8")
    assert not HARMFUL.search(written)
    assert json.loads(written) == value


def test_marks_become_a_style_and_escaped_brackets_text():
    assert marked("a &lt;b&gt; <mark>c &amp; d</mark> e", "bold") == (
        Piece("a <b> "),
        Piece("c & d", "bold"),
        Piece(" e"),
    )


def test_marks_out_of_balance_lose_no_text():
    assert "".join(piece.text for piece in marked("</mark>a<mark>b<mark>c")) == "abc"


def test_a_terminal_gets_right_to_left_runs_isolated_and_others_as_they_are():
    terminal = Terminal()
    Screen(terminal).line("1. ", shown("حمص"), ", ", shown("Homs"), ", ", marked("مدينة <mark>حمص</mark>", ""))
    assert terminal.getvalue() == "1. \u2068حمص\u2069, Homs, \u2068مدينة حمص\u2069\n"


def test_a_long_line_is_left_to_the_terminal_to_break():
    terminal = Terminal()
    Screen(terminal).line(shown("word " * 200))
    assert terminal.getvalue().count("\n") == 1


def test_what_looks_like_markup_of_the_terminal_library_is_text():
    terminal = Terminal()
    Screen(terminal).line(shown("[red]:smile:[/red] [link=x]y[/link]"))
    assert terminal.getvalue() == "[red]:smile:[/red] [link=x]y[/link]\n"


def test_a_pipe_gets_neither_isolates_nor_styles():
    pipe = io.StringIO()
    Screen(pipe).line("1. ", shown("حمص", "bold"))
    assert pipe.getvalue() == "1. حمص\n"
