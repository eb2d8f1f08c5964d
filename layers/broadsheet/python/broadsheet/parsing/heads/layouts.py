"""The layouts of comments: each puts the anchors of a page together to readings, sure or not.

A layout is a function that yields ``Reading``: heads in page order, and whether each stands above its comment's body
or below it. ``LAYOUTS`` is the registry; ``choice`` weighs all readings of all layouts against the whole page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from broadsheet.parsing.heads.anchors import Anchor
from broadsheet.parsing.heads.names import likeness
from broadsheet.parsing.heads.page import Page
from broadsheet.parsing.heads.reading import Reading, Span
from broadsheet.parsing.heads.vocabulary import is_number

# A page repeats few patterns: the readings of one layout are those of its most frequent ones.
_MOST_GROUPS = 4
_NAME = 0.5
_FEWEST_DATED = 2


Layout = Callable[[Page], Iterator[Reading]]


def _groups(anchors: Sequence[Anchor]) -> Iterator[list[Anchor]]:
    """Yield anchors that have the same pattern: exactly, then but for the date's form, then all."""
    tried: set[tuple[int, ...]] = set()
    for key in (
        lambda anchor: (anchor.kind, anchor.labels, anchor.moment and anchor.moment.shape),
        lambda anchor: (anchor.kind, anchor.moment and anchor.moment.shape),
        lambda anchor: (anchor.labels, anchor.kind),
        lambda anchor: anchor.spoken,
        lambda anchor: anchor.moment is None,
    ):
        counts = Counter(map(key, anchors))
        for value, _ in counts.most_common(_MOST_GROUPS):
            group = [anchor for anchor in anchors if key(anchor) == value]
            units = tuple(anchor.unit for anchor in group)
            if units not in tried:
                tried.add(units)
                yield group
        if len(counts) == 1:  # all are alike: what follows is the same group
            return


def one_line(page: Page) -> Iterator[Reading]:
    """``Ahmad, May 9, 2014 at 4:33 pm``, either order, above or below the body."""
    dated = [anchor for anchor in page.anchors.values() if anchor.kind in ("name_date", "date_name")]
    for group in _groups(dated):
        for anchors in (group, _with_dateless(page, group)):
            if anchors:
                spans = [Span((anchor.unit,), anchor.name, anchor.moment, anchor) for anchor in anchors]
                yield Reading("name-and-date", False, spans)
                yield Reading("name-and-date", True, spans)


def _with_dateless(page: Page, group: Sequence[Anchor]) -> list[Anchor] | None:
    """Add the heads among them that begin in the same labels and have no date: "Posted by: Anonymous"."""
    labels = {anchor.labels[:2] for anchor in group}
    if len(group) < _FEWEST_DATED or len(labels) > 1 or not all(anchor.spoken for anchor in group):
        return None
    inside = range(group[0].unit, group[-1].unit)
    others = [
        anchor
        for anchor in page.anchors.values()
        if anchor.kind == "by" and anchor.unit in inside and anchor.labels[:2] in labels and anchor.likeness >= _NAME
    ]
    if not others or len(others) > len(group):
        return None
    return sorted([*group, *others], key=lambda anchor: anchor.unit)


def name_then_date(page: Page) -> Iterator[Reading]:
    """``Ahmad`` / ``May 9, 2014 at 4:33 pm``."""
    yield from _two_lines(page, -1, "name-then-date")


def date_then_name(page: Page) -> Iterator[Reading]:
    """``May 9, 2014 at 4:33 pm`` / ``Ahmad``."""
    yield from _two_lines(page, 1, "date-then-name")


def _two_lines(page: Page, step: int, layout: str) -> Iterator[Reading]:
    dates = [anchor for anchor in page.anchors.values() if anchor.kind == "date"]
    for group in _groups(dates):
        for strict in (True, False):
            spans = [span for anchor in group if (span := _with_name(page, anchor, step, strict=strict))]
            if not spans:
                continue
            if step < 0 and (longer := _with_detail(page, spans)):
                yield Reading(layout, False, longer)
                yield Reading(layout, True, longer)
            yield Reading(layout, False, spans)
            yield Reading(layout, True, spans)
            if len(spans) == len(group):
                break


def _with_name(page: Page, anchor: Anchor, step: int, *, strict: bool) -> Span | None:
    """Join a date with the name beside it; buttons and the author's details may be between."""
    number = anchor.unit
    units = [number]
    for _ in range(3):
        number += step
        if not 0 <= number < len(page.units) or number in page.section_units:
            return None
        units.append(number)
        named = page.anchors.get(number)
        if named and named.moment:
            return None
        if named and named.name and named.kind != "avatar":
            return Span(tuple(sorted(units)), named.name, anchor.moment, named._replace(moment=anchor.moment))
        text = page.units[number].text
        if not page.buttons(number) and (likeness(text) >= _NAME or (not strict and len(text) <= 50)):
            return Span(tuple(sorted(units)), text, anchor.moment, anchor._replace(name=text))
        if not page.buttons(number):
            return None
    return None


def _with_detail(page: Page, spans: list[Span]) -> list[Span] | None:
    """Take in a second line above the date where most heads have one: a town or a rank. The name is what varies."""
    if len(spans) < 3:
        return None
    above = [span.units[0] - 1 for span in spans]
    fits = sum(
        number >= 0 and number not in page.anchors and likeness(page.units[number].text) >= _NAME for number in above
    )
    bodies = sum(later.units[0] - 2 > earlier.units[-1] for earlier, later in pairwise(spans))
    if fits * 5 < len(spans) * 4 or bodies * 5 < (len(spans) - 1) * 4:
        return None
    upper = {page.units[number].text for number in above if number >= 0}
    first_is_name = len(upper) >= len({span.name for span in spans})
    pairs = [(page.units[number].text, span.name or "") for span, number in zip(spans, above, strict=True)]
    initials = sum(_are_initials(text, name) for text, name in pairs)
    if initials * 5 >= len(spans) * 4:  # what a page prints for a missing picture
        first_is_name = False
    longer: list[Span] = []
    for span, number in zip(spans, above, strict=True):
        text = page.units[number].text if number >= 0 else ""
        free = number > (longer[-1].units[-1] if longer else -1)  # not yet in the head before
        if not free or likeness(text) < _NAME:
            longer.append(span)
            continue
        name = text if first_is_name else span.name
        longer.append(Span((number, *span.units), name, span.moment, span.anchor._replace(name=name or "")))
    return longer


def _are_initials(text: str, name: str) -> bool:
    return 0 < len(text) <= 3 and text.upper() == "".join(word[0] for word in name.split())[: len(text)].upper()


def named(page: Page) -> Iterator[Reading]:
    """``Ahmad says:``, ``Posted by Ahmad``, ``Ahmad Avatar``, ``#3 Ahmad``; the date next, after the body, or none."""
    for kinds in (("says",), ("by",), ("avatar",), ("guest",), ("number",), ("says", "by", "guest")):
        heads = [anchor for anchor in page.anchors.values() if anchor.kind in kinds and anchor.name]
        if not heads or (len(kinds) > 1 and len({anchor.kind for anchor in heads}) == 1):
            continue
        layout = f"name-{kinds[0]}"
        begun = {anchor.unit for anchor in heads}
        near = [_near(page, anchor, begun) for anchor in heads]
        yield Reading(layout, False, near)
        if sum(span.moment is not None for span in near) * 2 < len(near):
            ends = [anchor.unit for anchor in heads[1:]]
            ends.append(min(page.foot_after(heads[-1].unit), len(page.units)))
            yield Reading(f"{layout}-date-after", False, list(map(_date_behind, [page] * len(heads), heads, ends)))
        if kinds in {("by",), ("guest",)}:
            yield Reading(layout, True, near)


def _near(page: Page, anchor: Anchor, begun: set[int]) -> Span:
    """Take the date that stands directly below (one line of buttons or of details may be between)."""
    for number in (anchor.unit + 1, anchor.unit + 2):
        if number in begun:
            break
        dated = page.anchors.get(number)
        if dated and dated.kind == "date":
            units = tuple(range(anchor.unit, number + 1))
            return Span(units, anchor.name, dated.moment, anchor._replace(moment=dated.moment))
        if not (number < len(page.units) and page.buttons(number)):
            break
    return Span((anchor.unit,), anchor.name, None, anchor)


def _date_behind(page: Page, anchor: Anchor, end: int) -> Span:
    """Take the date that closes the body; buttons may follow it."""
    for number in range(end - 1, max(anchor.unit, end - 6), -1):
        dated = page.anchors.get(number)
        if dated and dated.kind == "date":
            return Span((anchor.unit, number), anchor.name, dated.moment, anchor._replace(moment=dated.moment))
        if not (page.buttons(number) or is_number(page.lower(number))):
            break
    return Span((anchor.unit,), anchor.name, None, anchor)


def name_body_date(page: Page) -> Iterator[Reading]:
    """``Ahmad`` / body / ``Like · Reply · 7 hrs``: the name opens what the date closes."""
    dates = [anchor for anchor in page.anchors.values() if anchor.kind == "date"]
    for group in _groups(dates):
        spans = []
        previous = None
        for anchor in group:
            name = _opening(page, previous, anchor.unit)
            previous = anchor.unit
            if name is not None:
                text = _first_part(page.units[name].text)
                spans.append(Span((name, anchor.unit), text, anchor.moment, anchor._replace(name=text)))
        if len(spans) > 1:
            yield Reading("name-body-date", False, spans)


_PARTS = (" · ", " • ", " | ")


def _first_part(text: str) -> str:
    for mark in _PARTS:
        text = text.partition(mark)[0]
    return text


def _opening(page: Page, previous: int | None, date: int) -> int | None:
    """Return the unit that opens a comment whose date stands at its end."""
    if previous is not None:
        number = previous + 1
        while number < date and page.buttons(number):
            number += 1
        named = number < date - 1 and likeness(_first_part(page.units[number].text)) >= _NAME
        return number if named else None
    for number in range(date - 2, max(-1, date - 10), -1):
        if likeness(_first_part(page.units[number].text)) >= _NAME and number not in page.section_units:
            return number
    return None


def date_alone(page: Page) -> Iterator[Reading]:
    """``May 9, 2014 at 4:33 pm`` and no name anywhere."""
    dates = [anchor for anchor in page.anchors.values() if anchor.kind == "date"]
    for group in _groups(dates):
        spans = [Span((anchor.unit,), None, anchor.moment, anchor) for anchor in group]
        yield Reading("date-alone", False, spans)
        yield Reading("date-alone", True, spans)


LAYOUTS: tuple[Layout, ...] = (one_line, name_then_date, date_then_name, named, name_body_date, date_alone)
