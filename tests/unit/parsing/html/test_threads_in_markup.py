"""Who answers whom is read from the markup, and guessed only where it says nothing."""

from __future__ import annotations

import pytest

from tests.unit.parsing.html.pages import page, read_html

_BODY = "<p>There is something to be said about this bridge.</p>"


def _said(number: int, more: str = "", *, tag: str = "li", attributes: str = "") -> str:
    head = f'<cite class="fn">Author {number}</cite> <a href="#">May {number}, 2012 at 4:33 pm</a>'
    return f'<{tag} class="comment" id="comment-{number}"{attributes}>{head}{_BODY}{more}</{tag}>'


PAGES = {
    "markup:nested": _said(1, f"<ul class=children>{_said(2, f'<ul class=children>{_said(3)}</ul>')}</ul>") + _said(4),
    "markup:depth": _said(1, tag="div")
    + f'<div class="indented">{_said(2, tag="div")}<div class="indented">{_said(3, tag="div")}</div></div>'
    + _said(4, tag="div"),
    "markup:indent-level": "".join(
        _said(number, tag="div", attributes=f' style="margin-left: {20 * level}px"')
        for number, level in ((1, 0), (2, 1), (3, 2), (4, 0))
    ),
    "markup:parent-id": "".join(
        _said(number, attributes=f' data-parent-id="{parent}"') for number, parent in ((1, ""), (2, 1), (3, 2), (4, ""))
    ),
    "markup:reply-link": _said(1)
    + _said(2, '<a href="#comment-1">in reply to Author 1</a>')
    + _said(3, '<a href="#comment-2">in reply to Author 2</a>')
    + _said(4),
}


@pytest.mark.parametrize("evidence", PAGES)
def test_parents_are_read_from(evidence: str) -> None:
    comments = read_html(page(f"<div id=comments>{PAGES[evidence]}</div>")).comments
    assert [comment.thread.parent for comment in comments] == [None, 0, 1, None]
    assert [comment.thread.role for comment in comments] == ["root", "reply", "reply", "root"]
    assert comments[1].thread.evidence == (evidence,)
    assert not any("Author 2" in comment.body for comment in comments if comment.author != "Author 3")


def test_class_of_depth_tells_parents_of_a_flat_list() -> None:
    comments = "".join(
        f'<li class="comment depth-{depth}" id="comment-{n}"><cite class=fn>Author {n}</cite> May {n}, 2012{_BODY}</li>'
        for n, depth in ((1, 1), (2, 2), (3, 2), (4, 3))
    )
    record = read_html(page(f"<ol class=commentlist>{comments}</ol>"))
    assert [comment.thread.parent for comment in record.comments] == [None, 0, 0, 2]


def test_flat_list_without_marks_is_left_to_times_and_names() -> None:
    record = read_html(page(f"<ol class=commentlist>{_said(1)}{_said(2)}</ol>"))
    assert not any("markup" in fact for comment in record.comments for fact in comment.thread.evidence)


def test_mentions_are_found() -> None:
    comments = _said(1) + _said(2, "<p>@Author 1: no.</p>")
    record = read_html(page(f"<ol class=commentlist>{comments}</ol>"))
    assert record.comments[1].mentions == ("Author 1",)
