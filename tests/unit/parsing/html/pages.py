"""Pages of HTML for tests, and what the reader makes of them."""

from __future__ import annotations

from datetime import UTC, datetime

from broadsheet.model import ArticleRecord, Hints
from broadsheet.parsing import Limits
from tests.unit.parsing.pages import parse

AUTHORS = ("Ahmad", "Sara B.", "old_salt")
BODIES = (
    "I think that the bridge is fine and we should leave it.",
    "No, it is not. My uncle fell through it last week, and he is a thin man.",
    "Thanks for this. Could you say where the letter is kept?",
)
DATES = ("May 2, 2012 at 4:33 pm", "May 3, 2012 at 9:01 am", "May 4, 2012 at 11:15 am")
TIMES = ["2012-05-02T16:33+00:00", "2012-05-03T09:01+00:00", "2012-05-04T11:15+00:00"]
TITLE = "Bridge of sighs"
STORY = "".join(
    f"<p>The council met again about the bridge, and nobody could say number {number} why the winter water had "
    f"been let "
    "into the engine house without a letter from the people who keep the light.</p>"
    for number in range(6)
)
CAPTURED = datetime(2012, 5, 10, tzinfo=UTC)


def page(discussion: str = "", *, after: str = "", head: str = "", story: str = STORY) -> str:
    """Return a page with an article and, under it, a discussion; ``after`` stands outside the main column."""
    return (
        f"<!DOCTYPE html><html><head><title>{TITLE} | Daily Loaf</title>{head}</head><body><div "
        f"id=main><h1>{TITLE}</h1>"
        f"<div class=meta>By Ann Other on May 1, 2012</div><div "
        f"class=story>{story}</div>{discussion}</div>{after}</body></html>"
    )


def each(template: str) -> str:
    """Return a template once for each comment, with ``{n}``, ``{author}``, ``{date}`` and ``{body}`` put in."""
    return "".join(
        template.format(n=number + 2, author=author, date=date, body=body)
        for number, (author, date, body) in enumerate(zip(AUTHORS, DATES, BODIES, strict=True))
    )


def read_html(text: str | bytes, *, hints: Hints | None = None, limits: Limits | None = None) -> ArticleRecord:
    """Read a page of HTML in UTC."""
    hints = hints or Hints(name="page.html", captured_at=CAPTURED)
    return parse(text, hints=hints, zone="UTC", limits=limits)
