"""What tells lists of other things from comments: stories, advertisements, releases and notes of one day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from broadsheet.parsing.heads.page import Page
from broadsheet.parsing.heads.place import Place
from broadsheet.parsing.heads.reading import Reading
from broadsheet.parsing.heads.seen_bodies import is_prose

# A byline with a counter is a story's: "Posted by Ann at 3:41 PM | 4 comments".
_COUNTED = re.compile(r"\b(?:(\d{1,5})|no|one)\scomments?\b|\bcomments?\s?[:(]\s?(\d{1,5})\b")
_TOP_UNITS = 5
_MAX_BYLINE_CHARS = 170
_CUT = ("...", "…", "[...]", "[…]", "..")
_MAX_CUT_CHARS = 200
_MAX_HEADLINE_CHARS = 90
_LEAST_HEADLINE_CHARS = 12
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
        # Notices, releases and posts of a live report follow a title at once; comments follow an article.
        reasons["thin_article"] = -2.0
    if count < 2:
        return
    cut = headlines = short = counted = 0
    for span, held in zip(reading.spans, _bodies(page, reading, place.first, place.end), strict=True):
        texts = [page.units[number].text for number in held]
        cut += any(text.endswith(_CUT) and len(text) <= _MAX_CUT_CHARS for text in texts)
        short += len(held) <= 1 and all(len(text) <= _MAX_HEADLINE_CHARS and text[-1] not in ".!" for text in texts)
        headlines += len(held) == 1 and _is_headline(page, held[0])
        counted += any(_COUNTED.search(page.lower(unit)) for unit in span.units)
    if cut * 3 > count * 2:
        reasons["cut"] = -4.5
    if count > 2 and short * 5 >= count * 4 and headlines * 5 >= count * 3:
        reasons["headlines"] = -1.0 if opened else -3.0
    if not opened and reasons.get("order", 0.0) < 0:
        reasons["unordered"] = -0.7
    if not opened and counted * 2 > count:
        reasons["counted_heads"] = -3.5


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


def _bodies(page: Page, reading: Reading, first: int, end: int) -> Iterator[list[int]]:
    """Yield at most two units of each body, buttons apart."""
    begin = first
    for index, span in enumerate(reading.spans):
        if reading.below:
            start, stop = begin, span.units[0]
            begin = span.units[-1] + 1
        else:
            start = span.units[0] + 1
            stop = reading.spans[index + 1].units[0] if index + 1 < len(reading.spans) else end
        held: list[int] = []
        for number in range(start, min(stop, start + 10)):
            if number not in span.units and not page.buttons(number):
                held.append(number)
                if len(held) > 1:
                    break
        yield held


def _is_headline(page: Page, number: int) -> bool:
    """Tell whether a unit looks like the title of a story: some words, no sentence, nothing personal."""
    text = page.units[number].text
    return (
        _LEAST_HEADLINE_CHARS <= len(text) <= _MAX_HEADLINE_CHARS
        and text.count(" ") > 0
        and not is_prose(page, [number])
        and not text[:1].islower()
        and not page.texture(number)[0]
    )
