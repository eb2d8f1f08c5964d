"""What speaks for and against a reading, in points; each was set by hand from how comment systems print.

A reading of hundreds of heads is judged by its first ones: the time of a choice stays linear and small.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from itertools import pairwise

from broadsheet.parsing.heads.feet import is_policy
from broadsheet.parsing.heads.names import likeness
from broadsheet.parsing.heads.page import Page
from broadsheet.parsing.heads.place import Place
from broadsheet.parsing.heads.reading import Reading
from broadsheet.parsing.heads.seen_bodies import is_article, is_prose, weigh_bodies
from broadsheet.parsing.heads.seen_dates import weigh_dates
from broadsheet.parsing.heads.seen_lists import weigh_lists

SAMPLE = 400
_TITLE_CHARS = 60
_FEW_COUNTERS = 2
_BOX = 0.5
_REPETITION = (0.0, 0.0, 0.8, 1.4, 1.8, 2.0, 2.1, 2.2, 2.3, 2.4, 2.5)
# Who signs below a text puts a dash before the name; "Posted by: Ann | May 9" stands below the body by default.
_DASHES = "-–—―~"
_TYPEPAD = re.compile(r"posted by:? .{1,60} \|? ?")


def weigh(page: Page, reading: Reading, place: Place) -> dict[str, float]:
    """Return the points of a reading by reason; those of its texture are not among them."""
    count = len(reading.spans)
    sample = reading._replace(spans=reading.spans[:SAMPLE])
    end = place.end if count <= SAMPLE else reading.spans[SAMPLE].units[0]
    reasons = {"repetition": _REPETITION[min(count, len(_REPETITION) - 1)]}
    _weigh_heads(reasons, page, sample)
    weigh_dates(reasons, sample.spans)
    _weigh_names(reasons, sample, opened=place.section is not None)
    weigh_bodies(reasons, page, sample, place._replace(end=end), reading.spans[-1])
    _weigh_counters(reasons, page, reading, place)
    _weigh_place(reasons, page, sample, place, end)
    weigh_lists(reasons, page, sample, place._replace(end=end))
    if count == 1:
        section = place.section
        reasons["alone"] = -2.0 if section is None else -0.5 if section.declared is None else 0.0
    return reasons


def _weigh_heads(reasons: dict[str, float], page: Page, reading: Reading) -> None:
    """Weigh the heads: verbs, marks and numbers prove them; heads that differ in their pattern do less."""
    spans = reading.spans
    count = len(spans)
    reasons["spoken"] = (1.2 if count > 1 else 0.6) * sum(span.anchor.spoken for span in spans) / count
    reasons["marked"] = 1.5 * sum(span.anchor.marked for span in spans) / count
    if reading.below and sum(page.lower(span.units[0]).endswith(":") for span in spans) * 5 >= count * 4:
        reasons["said_below"] = -3.0  # "Ann said:" has what she said below it
    signed = sum(page.units[span.units[0]].text[0] in _DASHES for span in spans) / count
    if signed >= 0.8:
        reasons["signed"] = 1.0 if reading.below else -1.0
    elif reading.layout == "name-and-date" and all(_TYPEPAD.match(page.lower(span.units[0])) for span in spans):
        reasons["signed"] = 0.5 if reading.below else -0.3
    if count > 1:
        patterns = Counter((span.anchor.kind, span.anchor.labels, len(span.units)) for span in spans)
        reasons["uniform"] = 0.6 * (patterns.most_common(1)[0][1] / count - 1)
        numbers = [span.anchor.number for span in spans]
        rising = sum(later == earlier + 1 for earlier, later in pairwise(numbers) if earlier and later)
        reasons["numbered"] = rising / (count - 1)


def _weigh_names(reasons: dict[str, float], reading: Reading, *, opened: bool) -> None:
    """Names must look like names; one name for all is that of a writer or of a rubric ("Update")."""
    spans = reading.spans
    count = len(spans)
    names = [span.name for span in spans if span.name]
    if not names:
        reasons["names"] = -1.2 if opened and not reading.below else -1.8
        return
    reasons["names"] = 2.4 * sum(map(likeness, names)) / count - 1.6
    handles = sum(len(name.split()) == 1 and not name.istitle() for name in names)
    reasons["handles"] = 0.3 * handles / count
    if count == 2 and len(names) == 2 and names[0] == names[1]:
        reasons["one_name"] = -0.8
    elif count > 2:
        name, most = Counter(names).most_common(1)[0]
        if most * 10 >= len(names) * 9 and not name.lower().startswith("anonym"):
            reasons["one_name"] = -2.0 if opened else -3.0


def _weigh_counters(reasons: dict[str, float], page: Page, reading: Reading, place: Place) -> None:
    """Weigh counters: one that agrees is the best evidence, others in between are those of a list of stories."""
    count = len(reading.spans)
    last = reading.spans[-1].units[-1]
    section = place.section
    if section:
        # "Latest comments" may be a box of those on other stories.
        strength = _BOX * section.strength if section.unit in page.feet_set else section.strength
        reasons["section"] = (2.2 if place.begin >= place.first - 3 else 1.4) * strength
        if section.declared is not None:
            reasons["counter"] = _agreement(section.declared, count)
    elif count > 1 and count in page.declared.values():
        reasons["counter"] = 1.0
    units = list(page.declared)
    before = bisect_left(units, place.first)
    if bisect_left(units, last) > before + (before < len(units) and units[before] == place.first):
        reasons["counter_inside"] = -2.5
    stated = [(unit, page.declared[unit]) for unit in units[max(0, before - 8) : before]]
    if any(b[0] - a[0] > 2 and a[1] != b[1] for a, b in pairwise(stated)):
        reasons["counters_above"] = -1.5
    if page.teasers > 1:
        reasons["teasers"] = -2.0


def _weigh_place(reasons: dict[str, float], page: Page, reading: Reading, place: Place, end: int) -> None:
    """Text between section and first head, and anchors that the reading leaves unexplained, speak against it."""
    count = len(reading.spans)
    if place.end < len(page.units):
        reasons["foot"] = 0.5
    if place.begin == 0:
        reasons["no_article"] = -0.5
    _weigh_titles(reasons, page, reading, place)
    if page.salutations * 2 >= count and page.salutations > 1:
        reasons["letters"] = -2.0
    if place.section is None and not any(span.moment for span in reading.spans):
        reasons["undated"] = -0.8
    elif place.section is None and all(span.moment and span.moment.form == "clock" for span in reading.spans):
        reasons["clock_only"] = -1.2
    if place.section is None and 0 < reasons["dates"] < 0.8:
        # Signed letters and dated notes have days; heads of comments mostly have clock times.
        reasons["days_only"] = -0.6
    used = reading.units()
    region = page.strong[bisect_left(page.strong, place.begin) : bisect_left(page.strong, end)]
    reasons["unexplained"] = -1.5 * min(1.0, 2 * sum(unit not in used for unit in region) / count)
    first = reading.spans[0].units[0]
    if place.section and reading.below and first == place.first + 1 and is_policy(page.lower(place.first)):
        reasons["gap"] = -3.0  # nobody's comment: heads that follow it at once stand above theirs
    if place.section and not reading.below:
        between = [
            number
            for number in range(place.section.unit + 1, place.first)
            if not (page.buttons(number) or number in page.section_units or number in page.feet_set)
            and not is_policy(page.lower(number))
        ]
        weight = 1 if count > 1 else 3
        reasons["gap"] = weight * sum(-0.6 if is_prose(page, [number]) else -0.25 for number in between)


def _weigh_titles(reasons: dict[str, float], page: Page, reading: Reading, place: Place) -> None:
    """Advertisements, releases and teasers have a title each; comments with subjects have an article above."""
    count = len(reading.spans)
    firsts = [span.units[0] for span in reading.spans]
    titles = [page.units[first - 1].text for first in firsts if _stands_below_title(page, first)]
    # A line that is the same each time is a button nobody told us of.
    titled = len(titles) if len(set(titles)) * 2 >= len(titles) else 0
    listed = len(page.declared) > _FEW_COUNTERS
    bare = count > 1 and place.section is None and not is_article(page, place.begin)
    if titled * 5 >= count * 4 and (listed or bare):
        reasons["titled"] = -3.5
    elif titled * 5 >= count * 4 and count > 1 and place.section is None:
        reasons["titled"] = -1.5


def _stands_below_title(page: Page, head: int) -> bool:
    """Tell whether a short line that is no sentence and no button stands above a head."""
    if head == 0 or page.buttons(head - 1) or head - 1 in page.section_units:
        return False
    text = page.units[head - 1].text
    return len(text) <= _TITLE_CHARS and not is_prose(page, [head - 1]) and any(map(str.isalpha, text))


def _agreement(declared: int, count: int) -> float:
    if declared == count:
        return 1.5
    if declared == 0:  # "No comments": what follows is something else
        return -3.0
    share = min(declared, count) / max(declared, count, 1)
    return 0.4 if share >= 0.7 else -0.3 if declared > count else -0.6
