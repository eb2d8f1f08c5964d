"""Labels say only what their page says: a label that its page does not bear out would measure nothing."""

from __future__ import annotations

import re

import pytest

from tests.quality.labelled import PARTS, Page, load_pages
from tests.quality.matching import words

PAGES = [page for part in PARTS for page in load_pages(part)]
PLAIN = [page for page in PAGES if page.path.suffix == ".txt"]
DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?)?)?")


def text_of(page: Page) -> str:
    content = page.path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def consume(tokens: list[str], wanted: list[str], start: int) -> int:
    """Return the place after the next run of these words, -1 when there is none."""
    for place in range(start, len(tokens) - len(wanted) + 1):
        if tokens[place : place + len(wanted)] == wanted:
            return place + len(wanted)
    return -1


@pytest.mark.parametrize("page", PLAIN, ids=lambda page: page.name)
def test_comments_and_quotes_stand_in_the_page_in_this_order(page):
    text = text_of(page)
    tokens = text.casefold().split()
    place = 0
    for quote in page.article:
        assert consume(words(text), words(quote), 0) >= 0, quote
    for comment in page.comments:
        place = consume(tokens, comment.body.casefold().split(), place)
        assert place >= 0, comment.body
        assert comment.author is None or comment.author in text
    for quote in (page.title, *page.not_article):
        assert consume(words(text), words(quote), 0) >= 0, quote


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_labels_are_well_formed(page):
    assert page.article
    assert page.captured_at is None or page.captured_at.tzinfo is not None
    dates = [page.published, *(comment.date for comment in page.comments)]
    assert [date for date in dates if date is not None and not DATE.fullmatch(date)] == []
    for place, comment in enumerate(page.comments):
        assert comment.body.strip()
        assert comment.parent is None or (comment.parent_known and comment.parent != place)
        assert comment.parent is None or 0 <= comment.parent < len(page.comments)


def test_every_family_of_two_pages_or_more_has_a_held_one():
    families = {part: [page.family for page in PAGES if page.part == part] for part in PARTS}
    assert {family for family in families["tuned"] if families["tuned"].count(family) > 1} <= set(families["held"])


def test_traps_have_no_comments():
    traps = [page for page in PAGES if page.about.startswith("Trap:")]
    assert len(traps) >= 18
    assert [page.name for page in traps if page.comments] == []
