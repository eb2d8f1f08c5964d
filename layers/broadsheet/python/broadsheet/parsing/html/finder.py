"""The discussion of a page: the group of alike elements that most looks like one, if any is sure enough.

A group is weighed by what it is called and by what stands around it, then the best are read and weighed by what is in
them: comments have authors, dates and text of their own. Lists of articles, tweets or pictures have links, headings and
places outside the article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from broadsheet.parsing.html.candidates import Candidate, Item, candidates_of
from broadsheet.parsing.html.items import MICRODATA, groups_of
from broadsheet.parsing.html.judging import Judged, judge
from broadsheet.parsing.html.parts import Parts
from broadsheet.parsing.html.platforms import platform_of
from broadsheet.parsing.html.surroundings import Surroundings
from broadsheet.parsing.html.survey import Survey

SURE = 0.6
SUSPECTED = 0.4
_READ_GROUPS = 6
# So far behind the best before reading, no group was ever chosen.
_HOPELESS = 0.35
_NUMBERED = re.compile(r":\d+>")


@dataclass(frozen=True, slots=True)
class Found:
    """A group of elements read as a discussion.

    ``declared`` is the counter above it, ``heading`` the number of the element that is the counter or another heading,
    ``read`` the parts of those items that were read to judge it.
    """

    grammar: str
    score: float
    items: tuple[Item, ...]
    declared: int | None
    heading: int | None
    read: dict[int, Parts]

    @property
    def sure(self) -> bool:
        """Whether the page may be cut here."""
        return self.score >= SURE


def find_discussion(survey: Survey, title: int | None) -> Found | None:
    """Return the best discussion, sure or suspected; None when nothing looks like one.

    ``title`` is the number of the article's heading: what stands before it is hardly its discussion.
    """
    surroundings = Surroundings(survey, title)
    candidates = [candidate for group in groups_of(survey) for candidate in candidates_of(survey, group, surroundings)]
    if not candidates:
        return None
    candidates.sort(key=lambda candidate: (-candidate.prior, -candidate.words))
    bar = candidates[0].prior - _HOPELESS
    judged: list[Judged] = []
    known: Judged | None = None
    for candidate in candidates[:_READ_GROUPS]:
        if candidate.prior < bar:
            break
        is_known = platform_of(candidate.key) is not None
        # In the place of a known platform's comments, no other group can win.
        if known and not is_known and _overlap(survey, candidate, known.candidate):
            continue
        if (
            not is_known
            and candidate.key != MICRODATA
            and any(each.score >= 1.0 and each.whole > len(candidate.items) for each in judged)
        ):
            # It can neither be the best nor hold more of what is.
            continue
        each = judge(survey, candidate)
        if each.score >= SUSPECTED:
            judged.append(each)
        if is_known and each.score >= SURE and known is None:
            known = each
    if not judged:
        return None
    best = max(judged, key=lambda each: (min(each.score, 1.0), each.whole, each.candidate.words))
    # Groups of the same place say the same; the one with most comments, and of these with most text, is the whole.
    bar = min(best.score, SURE)
    chosen = max(
        (each for each in judged if each.score >= bar and _overlap(survey, each.candidate, best.candidate)),
        key=lambda each: (
            each.candidate.key == MICRODATA,
            each.is_known,
            each.whole,
            -len(each.candidate.items),
            each.candidate.words,
            each.score,
        ),
    )
    candidate = chosen.candidate
    platform = platform_of(candidate.key, candidate.items[0].elements[0].get("class"))
    grammar = platform.name if platform else "repeated:" + _NUMBERED.sub(">", candidate.key)
    return Found(
        grammar, round(min(chosen.score, 1.0), 3), candidate.items, candidate.declared, candidate.heading, chosen.read
    )


def _overlap(survey: Survey, candidate: Candidate, other: Candidate) -> bool:
    """Tell whether two groups stand in the same place."""
    start, end = other.items[0].place, survey.end[other.items[-1].place]
    return candidate.items[0].place < end and start < survey.end[candidate.items[-1].place]
