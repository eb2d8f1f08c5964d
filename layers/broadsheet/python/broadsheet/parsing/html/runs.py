"""Comments without an element of their own: runs of siblings (``dt dd dd  dt dd dd``), each with one marked member."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from broadsheet.parsing.html.survey import Survey

# More siblings than this between two comments are no comment.
_MAX_RUN = 60
_ENDS = frozenset(("form", "h1", "h2", "h3", "script", "textarea", "hr", "footer", "nav", "aside"))


def runs_of(survey: Survey, members: Sequence[int]) -> list[tuple[int, ...]] | None:
    """Return the siblings that belong to each member, in page order; None when the members are no siblings.

    Where a run begins is told by repetition: the siblings that stand before every member belong to it.
    """
    parent = survey.parent[members[0]]
    if parent < 0 or any(survey.parent[number] != parent for number in members):
        return None
    siblings = _children(survey, parent)
    index = {number: place for place, number in enumerate(siblings)}
    places = [index[number] for number in members]
    if max((later - place for place, later in pairwise(places)), default=2) > _MAX_RUN:
        return None
    if len(siblings) <= len(members):
        return None
    kinds = [_kind(survey, number) for number in siblings]
    if _ends_comments(kinds, places):
        return _closed(siblings, kinds, places)
    before = _before(kinds, places)
    starts = [place - before for place in places]
    ends = starts[1:]
    usual = {kind for start, end in zip(starts, ends, strict=False) for kind in kinds[start:end]}
    length = max((end - start for start, end in zip(starts, ends, strict=False)), default=6)
    end = places[-1] + 1
    while end < len(siblings) and end - starts[-1] < length and kinds[end][0] not in _ENDS:
        if usual and kinds[end] not in usual:
            break
        end += 1
    ends.append(end)
    return [tuple(siblings[start:end]) for start, end in zip(starts, ends, strict=True)]


def _ends_comments(kinds: Sequence[tuple[str, str]], places: Sequence[int]) -> bool:
    """Tell whether the members end their comments: text stands before the first of them, none after the last."""
    between = {kind for start, end in pairwise(places) for kind in kinds[start + 1 : end]}
    if not between or places[0] == 0 or kinds[places[0] - 1] not in between:
        return False
    after = places[-1] + 1
    return after == len(kinds) or kinds[after][0] in _ENDS or kinds[after] not in between


def _closed(siblings: Sequence[int], kinds: Sequence[tuple[str, str]], places: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the runs that end with the members; the first begins below what stands between no two comments."""
    between = {kind for start, end in pairwise(places) for kind in kinds[start + 1 : end]}
    longest = max(later - place for place, later in pairwise(places))
    start = places[0]
    while (
        start > 0
        and places[0] - start < 2 * longest
        and kinds[start - 1] in between
        and kinds[start - 1][0] not in _ENDS
    ):
        start -= 1
    starts = [start, *(place + 1 for place in places[:-1])]
    return [tuple(siblings[start : place + 1]) for start, place in zip(starts, places, strict=True)]


def _children(survey: Survey, parent: int) -> list[int]:
    children = []
    number = parent + 1
    while number < survey.end[parent]:
        children.append(number)
        number = survey.end[number]
    return children


def _kind(survey: Survey, number: int) -> tuple[str, str]:
    element = survey.elements[number]
    return str(element.tag), (element.get("class") or "").split(" ", 1)[0]


def _before(kinds: Sequence[tuple[str, str]], places: Sequence[int]) -> int:
    """Return how many siblings stand before every member alike."""
    if len(places) < 2:
        return 0
    first, second = places[0], places[1]
    count = 0
    while (
        first - count - 1 >= 0 and second - count - 1 > first and kinds[first - count - 1] == kinds[second - count - 1]
    ):
        count += 1
    return count
