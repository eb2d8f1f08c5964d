"""The choice of a reading: every layout's, begun at every likely place, weighed against the whole page."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from math import exp
from typing import NamedTuple

from broadsheet.parsing.heads.evidence import weigh
from broadsheet.parsing.heads.layouts import LAYOUTS
from broadsheet.parsing.heads.page import Page
from broadsheet.parsing.heads.place import Place, find_place
from broadsheet.parsing.heads.reading import Reading
from broadsheet.parsing.heads.seen_bodies import is_article
from broadsheet.parsing.heads.texture import rate

# Points in the manner of log odds. A cut below SURE does more harm than good on the labelled pages (tests/quality);
# what reaches SUSPECTED is reported.
SURE = 3.5
SUSPECTED = 2.5
# The texture of a text costs most: it is looked at for the best few readings only.
_TEXTURED = 4
# Fewer words than this say less about their texture.
_TEXTURED_WORDS = 40
_NEWS = 2.0
_NEARLY = 0.1
_MOST_BEGINNINGS = 6
_MOST_SECTIONS = 40
_TOP_UNITS = 4


class Choice(NamedTuple):
    """A reading, its place on the page, and its points with the reasons that add up to them."""

    reading: Reading
    place: Place
    points: float
    reasons: dict[str, float]

    @property
    def sure(self) -> bool:
        """Whether the page may be cut here."""
        return self.points >= SURE

    @property
    def score(self) -> float:
        """The points as a number between 0 and 1; 0.5 is just sure."""
        return round(1 / (1 + exp(SURE - self.points)), 3)


def choose(page: Page) -> Choice | None:
    """Return the best reading of a page, sure or only suspected; None when there is none.

    The time is linear in the text: each layout gives few readings, each of few beginnings.
    """
    if not page.anchors:
        return None
    tried: set[tuple[bool, int, int, int, tuple[int, ...]]] = set()
    choices: list[Choice] = []
    for layout in LAYOUTS:
        for reading in layout(page):
            for beginning in _beginnings(page, reading):
                spans = beginning.spans
                middle = spans[len(spans) // 2].units
                key = (beginning.below, len(spans), spans[0].units[0], sum(spans[-1].units), middle)
                if key not in tried:
                    tried.add(key)
                    choices.append(_weighed(page, beginning))
    choices.sort(key=lambda choice: -choice.points)
    best: Choice | None = None
    textures: dict[tuple[str, bool], float] = {}
    for choice in choices[:_TEXTURED]:
        # One figure for all beginnings of a layout: where it begins is told by other things.
        kind = choice.reading.layout, choice.reading.below
        if kind not in textures:
            textures[kind] = _texture(page, choice)
        points = round(choice.points + textures[kind], 3)
        if best is None or _is_better(choice, points, best):
            best = choice._replace(points=points, reasons=choice.reasons | {"texture": textures[kind]})
    return best if best and best.points >= SUSPECTED else None


def _is_better(choice: Choice, points: float, best: Choice) -> bool:
    """Tell whether a reading with these points is better; of two of one layout that are nearly as good, the fuller."""
    more = len(choice.reading.spans) - len(best.reading.spans)
    alike = choice.reading.layout == best.reading.layout and choice.reading.below == best.reading.below
    if more and alike and abs(points - best.points) < _NEARLY:
        return more > 0
    return (points, more) > (best.points, 0)


def _weighed(page: Page, reading: Reading) -> Choice:
    place = find_place(page, reading)
    reasons = weigh(page, reading, place)
    return Choice(reading, place, round(sum(reasons.values()), 3), reasons)


def _beginnings(page: Page, reading: Reading) -> Iterator[Reading]:
    """Yield a reading as it is, then without heads above a section, without a byline, without heads below the foot."""
    spans = reading.spans
    if not spans:
        return
    yield reading
    firsts = [span.units[0] for span in spans]
    starts = {bisect_left(firsts, section.unit) for section in page.sections[-_MOST_SECTIONS:]}
    if firsts[0] <= _TOP_UNITS or not is_article(page, firsts[0]):
        starts.add(1)
    later = [start for start in sorted(starts - {0})[:_MOST_BEGINNINGS] if start < len(spans)]
    for start in later:
        yield reading._replace(spans=spans[start:])
    for start in (0, *later):
        kept = bisect_left(firsts, page.foot_after(spans[start].units[-1]))
        if start < kept < len(spans):
            yield reading._replace(spans=spans[start:kept])


def _texture(page: Page, choice: Choice) -> float:
    """Weigh how personal the comments are, by themselves and against the article."""
    place = choice.place
    inside, words = rate(page, place.first, place.end, frozenset(choice.reading.units()))
    outside, _ = rate(page, 0, place.begin)
    if words < 5:
        return 0.0
    points = min(0.8, (inside - _NEWS) / 4) if inside >= _NEWS else (inside - _NEWS) / 2
    points += max(-0.4, min(0.6, (inside - outside) / 8))
    return round(points * min(1.0, words / _TEXTURED_WORDS), 3)
