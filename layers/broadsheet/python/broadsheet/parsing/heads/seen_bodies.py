"""What the bodies of a reading tell: that they are there, on the right side of their heads, and no article."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from broadsheet.parsing.heads.page import Page
from broadsheet.parsing.heads.place import Place
from broadsheet.parsing.heads.reading import Reading, Span
from broadsheet.parsing.heads.vocabulary import DETAILS, is_number

_QUOTES = "\"“'‘«"
_SENTENCE_ENDS = (".", "!", "?", "؟", "…", '"', "”", ":)", ")")
_LONG_LINE = 80
_MEASURED = 60
# An article is longer than what people write under it.
_LEAST_ARTICLE, _LONG_END, _LONG_INSIDE = 700, 3_000, 6_000
_TOP_UNITS = 4
_LEAST_TEXT = 250


def weigh_bodies(reasons: dict[str, float], page: Page, reading: Reading, place: Place, last: Span) -> None:
    """Add the points of the bodies; ``place.end`` ends that of the reading's last head, ``last`` is the page's last."""
    spans = reading.spans
    count = len(spans)
    sizes: list[int] = []
    filled = quoted = buttoned = led = 0
    for (start, stop), span in zip(_ranges(reading, place.first, place.end), spans, strict=True):
        held = [number for number in range(start, min(stop, start + 10 * _MEASURED)) if number not in span.units]
        pressed = sum(map(page.buttons, held if len(held) <= 5 else held[:2] + held[-3:]))
        buttoned += pressed > 0
        led += bool(held) and page.buttons(held[0]) and not DETAILS.fullmatch(page.lower(held[0]))
        sizes.append(sum([page.lengths[number] for number in held[:_MEASURED]]))
        filled += len(held) > pressed
        quoted += bool(held) and page.units[held[0]].text[:1] in _QUOTES
    share = filled / count
    reasons["bodies"] = 0.5 if share >= 0.9 else 0.0 if share >= 0.75 else -1.5 if share >= 0.4 else -3.0
    if count > 1:
        reasons["buttons"] = 1.2 * buttoned / count
        if quoted * 2 >= count and not any(span.moment for span in spans):
            reasons["quotes"] = -2.5  # "Smith said:" / “...” is an article's
    _weigh_ends(reasons, page, reading, place, last)
    if not reading.below:
        # A button may be part of the head ("Ann" / date / "Reply"); under the last head it leaves no body.
        reasons["led_by_buttons"] = (-1.5 if "empty_end" in reasons else -0.3) * led / count
    _weigh_sizes(reasons, page, reading, place, sizes)


def _ranges(reading: Reading, first: int, end: int) -> list[tuple[int, int]]:
    spans = reading.spans
    if reading.below:
        between = [(a.units[-1] + 1, b.units[0]) for a, b in pairwise(spans)]
        return [(first, spans[0].units[0]), *between]
    between = [(a.units[0] + 1, b.units[0]) for a, b in pairwise(spans)]
    return [*between, (spans[-1].units[0] + 1, end)]


def _weigh_ends(reasons: dict[str, float], page: Page, reading: Reading, place: Place, last: Span) -> None:
    """Heads above have text under the last one, heads below have text over the first one and none under the last."""
    behind = [
        number
        for number in range(last.units[0] + 1, min(page.foot_after(last.units[-1]), last.units[-1] + _MEASURED))
        if number not in last.units and not page.buttons(number)
    ]
    if not reading.below:
        if not behind:
            reasons["empty_end"] = -1.5
        elif len(reading.spans) > 1 and not is_prose(page, behind):
            reasons["empty_end"] = -0.3
        return
    # Votes are no text, but a "+1" is.
    behind = [number for number in behind if page.lower(number) == "+1" or not is_number(page.lower(number))]
    reasons["below"] = 0.8 if not behind else -2.0 if is_prose(page, behind) else -1.0
    opening = [number for number in range(place.first, reading.spans[0].units[0]) if not page.buttons(number)]
    if not opening:
        reasons["empty_begin"] = -2.0
    elif not is_prose(page, opening):
        reasons["empty_begin"] = -0.6
    if reading.layout == "date-then-name":
        reasons["signed_twice"] = -1.0  # what stands below a date is mostly text, and short texts look like names


def _weigh_sizes(reasons: dict[str, float], page: Page, reading: Reading, place: Place, sizes: list[int]) -> None:
    """Weigh lengths: a text much longer than all others at the outer end, or under a byline, is the article's."""
    outer, others = (sizes[0], sorted(sizes[1:])) if reading.below else (sizes[-1], sorted(sizes[:-1]))
    if outer > (4 * max(others[-1], 400) if others else _LONG_END):
        reasons["long_end"] = -1.0
    if not others:
        return
    if not reading.below and (place.first <= _TOP_UNITS or not is_article(page, place.first)):
        rest = sorted(sizes[1:])
        if sizes[0] > max(_LEAST_ARTICLE, 5 * rest[len(rest) // 2]):
            reasons["byline"] = -2.5
    if others[-1] > max(_LONG_INSIDE, 8 * others[len(others) // 2]):
        reasons["article_inside"] = -2.0


def is_article(page: Page, end: int) -> bool:
    """Tell whether the first units of a page, up to ``end``, hold a paragraph, or as much in lines cut at a width."""
    lengths = page.lengths[: min(end, _MEASURED)]
    return sum(lengths) >= _LEAST_TEXT or max(lengths, default=0) >= _LONG_LINE


def is_prose(page: Page, numbers: Sequence[int]) -> bool:
    """Tell whether one of these units is a sentence or long: lines of menus are neither."""
    texts = [page.units[number].text for number in numbers[:20]]
    return any(len(text) > _LONG_LINE or text.endswith(_SENTENCE_ENDS) for text in texts)
