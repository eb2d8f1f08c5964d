"""What tells lists of other things from comments: stories, advertisements, releases and notes of one day."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from broadsheet.parsing.heads.page import Page
from broadsheet.parsing.heads.place import Place
from broadsheet.parsing.heads.reading import Reading

# A byline with a counter is a story's: "Posted by Ann at 3:41 PM | 4 comments".
_COUNTED = re.compile(r"\b(?:(\d{1,5})|no|one)\scomments?\b|\bcomments?\s?[:(]\s?(\d{1,5})\b")
# An embedded tweet's: "Ann Lee (@annlee)".
_TWEETED = re.compile(r"[^\s@](?:\s|\s?\()@[A-Za-z_]\w{1,14}\b")
_TOP_UNITS = 5
_MAX_BYLINE_CHARS = 170
_CUT = ("..", "…", "[...]", "[…]")
_MAX_CUT_CHARS = 200
_MAX_HEADLINE_CHARS = 90
_SENTENCE_ENDS = (".", "!", "؟", "…", ":)", ")")
_MOST_UNITS = 200
_MOST_COUNTERS, _MOST_FEET = 50, 10
_PROSE_CHARS = 60
_LEAST_PROSE = 250
_MEASURED = 60


def weigh_lists(reasons: dict[str, float], page: Page, reading: Reading, place: Place) -> None:
    """Subtract points for what lists have and discussions lack: counters in heads, bodies that are headlines or cut."""
    count = len(reading.spans)
    if place.section is None and "counter" not in reasons and count > 1 and _promised(page, place.begin, count):
        reasons["counter"] = 1.0
    opened = place.section is not None or "counter" in reasons
    if not opened and _prose_above(page, place.begin) < _LEAST_PROSE:
        # Notices, releases and posts of a live report follow a title at once; comments follow an article, and those
        # under short notes are written by users ("ann66"), not by people with a first and a last name.
        reasons["thin_article"] = -2.0 + reasons.get("handles", 0.0) / 0.3
    if _counts_stories(page):
        reasons["story_counters"] = -4.0
    if count < 2:
        return
    begin, end = bisect_right(page.feet, place.first), bisect_left(page.feet, reading.spans[-1].units[-1])
    if len({page.lower(number) for number in page.feet[begin : min(end, begin + _MOST_FEET)]}) > 1:
        # Several boxes beside the article: latest posts, latest messages.
        reasons["feet_inside"] = -2.5
    region = range(place.first, min(place.end, place.first + _MOST_UNITS))
    texts = [page.units[number].text for number in region if number not in page.anchors]
    cut = sum(text.endswith(_CUT) and len(text) <= _MAX_CUT_CHARS for text in texts)
    # Where heads have no names, these are among the bodies and what is cut is only a part of the box.
    most = 2 if any(span.name for span in reading.spans) else 1
    if cut * 3 > min(count, len(texts)) * most:
        reasons["cut"] = -4.5
    sentences = sum(len(text) > _MAX_HEADLINE_CHARS or text.endswith(_SENTENCE_ENDS) for text in texts)
    if count > 2 and sentences * 4 <= min(count, len(texts)) and _is_western(texts):
        reasons["headlines"] = -1.0 if opened else -3.0
    if not opened:
        _weigh_unopened(reasons, page, reading, region)


def _weigh_unopened(reasons: dict[str, float], page: Page, reading: Reading, region: range) -> None:
    """Weigh heads that nothing calls comments: times in no order, counters in heads, tweets' handles in ``region``."""
    count = len(reading.spans)
    if reasons.get("order", 0.0) < 0:
        reasons["unordered"] = -0.7
    tweeted = sum(page.lengths[number] <= _MAX_BYLINE_CHARS and _is_tweeted(page, number) for number in region)
    if tweeted * 5 >= 4 * count:
        reasons["tweeted"] = -5.0
    if sum(any(_COUNTED.search(page.lower(unit)) for unit in span.units) for span in reading.spans) * 2 > count:
        reasons["counted_heads"] = -3.5


def _is_tweeted(page: Page, number: int) -> bool:
    return _TWEETED.search(page.units[number].text) is not None


def _is_western(texts: Sequence[str]) -> bool:
    """Tell whether most of the texts begin with an ASCII letter or sign: short ones in Arabic have no full stops."""
    return sum(text[0].isascii() for text in texts) * 2 >= len(texts)


def _counts_stories(page: Page) -> bool:
    """Tell whether counters close several stories: "Posted by Ann at 3:41 PM" / "4 comments", again and again."""
    closing = 0
    for number in list(page.declared)[:_MOST_COUNTERS]:
        above = page.anchors.get(number - 1)
        closing += above is not None and above.moment is not None
    return closing > 1


def _promised(page: Page, end: int, count: int) -> bool:
    """Tell whether a byline above the article says as many comments: "Posted by Ann on May 9 | 4 comments"."""
    return any(
        page.lengths[number] <= _MAX_BYLINE_CHARS
        and (found := _COUNTED.search(page.lower(number)))
        and (stated := found[1] or found[2])
        and int(stated) == count
        for number in range(min(end, _TOP_UNITS))
    )


def _prose_above(page: Page, end: int) -> int:
    """Return how many characters of paragraphs the units before ``end`` have; the first ones are looked at."""
    return sum(length for length in page.lengths[: min(end, _MEASURED)] if length >= _PROSE_CHARS)
