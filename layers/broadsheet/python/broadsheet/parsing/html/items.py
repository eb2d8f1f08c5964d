"""Groups of alike elements that may be the comments of a page.

Seeds are elements called after comments and elements that hold a date. Every ancestor of a seed is a member of the
groups it shares a class, a numbered id or a place (``parent > tag``) with; one of these groups is the list of comments,
if the page has any: a theme gives all comments one class, whatever else it adds to some of them (odd, even, depth-2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from lxml import etree

from broadsheet.parsing.html.platforms import platform_of
from broadsheet.parsing.html.survey import Survey
from broadsheet.parsing.html.vocabulary import is_seed, plain_name, says_comment

# Levels above a date at which its comment may begin: the deepest seen (tables of forums) is 11.
_MAX_LEVELS = 14
_MAX_CLASSES = 8
# A page of fifty thousand comments has as many seeds; no page needs more groups than these to be told.
_MAX_GROUPS = 4000
_DIGITS = re.compile(r"\d+")
_HEX_ID = re.compile(r"[0-9a-f]{12,}")
_COMMENT_TYPES = re.compile(r"schema\.org/(?:User)?Comments?\b")
# The key of elements that say themselves that they are comments.
MICRODATA = "microdata"
_NEVER = frozenset(
    ("html", "body", "head", "br", "a", "b", "i", "em", "strong", "img", "time", "abbr", "option", "form")
)


class Group(NamedTuple):
    """Elements that share ``key``, in page order, and per element its own words, links' words and dates.

    What is in another member nested inside is not an element's own.
    """

    key: str
    members: tuple[int, ...]
    words: tuple[int, ...]
    linked: tuple[int, ...]
    dates: tuple[int, ...]


def groups_of(survey: Survey) -> list[Group]:
    """Return every group of a page. Linear in the seeds."""
    members: dict[str, list[int]] = {}
    for number in sorted(_ancestry(survey)):
        element = survey.elements[number]
        if element.tag in _NEVER:
            continue
        for key in _keys(survey, number, element):
            if key in members:
                members[key].append(number)
            elif len(members) < _MAX_GROUPS:
                members[key] = [number]
    return list(_measured(survey, members))


def _ancestry(survey: Survey) -> set[int]:
    names = survey.names
    seeds = {spot.place for spot in survey.spots}
    seeds.update([number for number in survey.named if is_seed(names[number])])
    seeds.update(survey.stated)
    found: set[int] = set()
    parent = survey.parent
    for seed in seeds:
        number = seed
        for _ in range(_MAX_LEVELS):
            if number < 0 or number in found:
                # What is above an element that is known was reached from another seed, perhaps not as far up.
                break
            found.add(number)
            number = parent[number]
    return found


def _keys(survey: Survey, number: int, element: etree._Element) -> list[str]:
    tag = element.tag
    keys: list[str] = []
    if survey.names[number]:
        if classes := element.get("class"):
            keys.extend(_class_keys(tag, classes))
        if identifier := element.get("id"):
            pattern = _pattern(identifier)
            if pattern != identifier:
                keys.append(f"{tag}#{pattern}")
    if survey.stated and (item_type := element.get("itemtype")) and _COMMENT_TYPES.search(item_type[:200]):
        keys.append(MICRODATA)
    parent = survey.parent[number]
    if parent >= 0:
        place = _place(survey.elements[parent])
        keys.append(f"{place}>{tag}")
        if place.isalpha():
            # Of the rows of a table among tables, or of a list among lists: those of the same parent.
            keys.append(f"{place}:{parent}>{tag}")
    return keys


@lru_cache(maxsize=8192)
def _class_keys(tag: str, classes: str) -> list[str]:
    tokens = dict.fromkeys(map(_pattern, classes.split(None, _MAX_CLASSES)[:_MAX_CLASSES]))
    return [f"{tag}.{token}" for token in tokens]


def _place(element: etree._Element) -> str:
    classes = element.get("class")
    if classes and (first := classes.split(None, 1)[:1]):
        return f"{element.tag}.{_pattern(first[0])}"
    identifier = element.get("id")
    return f"{element.tag}#{_pattern(identifier)}" if identifier else str(element.tag)


@lru_cache(maxsize=8192)
def _pattern(name: str) -> str:
    """Return a name with its numbers replaced: ``comment-12`` -> ``comment-#``."""
    return _DIGITS.sub("#", _HEX_ID.sub("#", name[:100].lower()))


@lru_cache(maxsize=8192)
def name_of_key(key: str) -> str:
    """Return the class or id in a key in plain words, without the names of tags."""
    return plain_name(key.partition(">")[0].partition(":")[0].replace(".", "#").partition("#")[2])


def _measured(survey: Survey, groups: dict[str, list[int]]) -> Iterator[Group]:
    dated = [0] * len(survey.elements)
    for spot in survey.spots:
        dated[spot.place] += 1
    before = [0, *accumulate(dated)]
    keys: dict[tuple[int, ...], str] = {}
    for key, numbers in groups.items():
        members = tuple(numbers)
        other = keys.get(members)
        # Of several names for the same elements, the most telling one.
        if other is None or (
            platform_of(other) is None and (platform_of(key) is not None or says_comment(key) > says_comment(other))
        ):
            keys[members] = key
    for members, key in keys.items():
        if len(members) == 1 and not says_comment(name_of_key(key)) and platform_of(key) is None:
            # One element proves nothing by being repeated.
            continue
        words = [survey.words_in(number) for number in members]
        linked = [survey.linked_in(number) for number in members]
        dates = [before[survey.end[number]] - before[number] for number in members]
        for index, outer in enumerate(nesting(survey, members)):
            if outer is not None:
                number = members[index]
                words[outer] -= survey.words_in(number)
                linked[outer] -= survey.linked_in(number)
                dates[outer] -= before[survey.end[number]] - before[number]
        yield Group(key, members, tuple(words), tuple(linked), tuple(dates))


def nesting(survey: Survey, members: Iterable[int]) -> Iterator[int | None]:
    """Yield for each member (in page order) the index of the innermost member around it, or None."""
    open_members: list[tuple[int, int]] = []
    for index, number in enumerate(members):
        while open_members and survey.end[open_members[-1][1]] <= number:
            open_members.pop()
        yield open_members[-1][0] if open_members else None
        open_members.append((index, number))
