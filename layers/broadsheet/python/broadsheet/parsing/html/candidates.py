"""The ways to read a page's groups as its comments, weighed by their names, their places and their shapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from broadsheet.parsing.html.items import Group, name_of_key, nesting
from broadsheet.parsing.html.platforms import platform_of
from broadsheet.parsing.html.runs import runs_of
from broadsheet.parsing.html.surroundings import Surroundings
from broadsheet.parsing.html.survey import Survey
from broadsheet.parsing.html.vocabulary import ARTICLES, NOT_ONE_COMMENT, says_comment, says_elsewhere

# The most that a place can add to what a group's name and shape say, and the least that is worth reading.
_BEST_PLACE = 0.45
_WORTH_READING = 0.1
# A head has fewer words.
_SHORT = 30
_PLURALS = frozenset(("comments", "responses", "replies"))


@dataclass(frozen=True, slots=True)
class Item:
    """One comment: its elements and their numbers, and the index of the item it is nested in."""

    elements: tuple[etree._Element, ...]
    numbers: tuple[int, ...]
    outer: int | None = None

    @property
    def place(self) -> int:
        """The number of its first element."""
        return self.numbers[0]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read a group: what speaks for it before it is read, and how many words it holds.

    ``declared`` is the number in the counter above, ``heading`` that of its element; ``evident`` says that something is
    called after comments.
    """

    key: str
    items: tuple[Item, ...]
    prior: float
    words: int
    declared: int | None
    evident: bool
    heading: int | None


def candidates_of(survey: Survey, group: Group, surroundings: Surroundings) -> Iterator[Candidate]:
    """Yield the ways to read a group as comments: each element is one, or begins one among its siblings."""
    are_many = len(group.members) > 1 and min(group.dates) > 0
    is_called = says_comment(name_of_key(group.key))
    name = _by_name(group.key, are_many=are_many)
    usual = _median(group.words)
    alone = name + _by_shape(group, usual)
    is_short = usual <= _SHORT
    if alone + _BEST_PLACE <= _WORTH_READING and not is_short:
        return
    place = surroundings.of(group)
    if place is None:
        return
    around, declared, evident, heading = place
    is_one = is_called and not NOT_ONE_COMMENT.search(name_of_key(group.key))
    if around + alone > _WORTH_READING:
        items = tuple(
            Item((survey.elements[number],), (number,), outer)
            for number, outer in zip(group.members, nesting(survey, group.members), strict=True)
        )
        yield Candidate(group.key, items, around + alone, sum(group.words), declared, evident or is_one, heading)
    if not is_short:
        return
    dated = sum([date > 0 for date in group.dates]) / len(group.dates)
    prior = around + max(name, 0.2 if is_called else 0.0) + 0.2 * dated + 0.05 * min(2, len(group.members) - 1)
    if prior > _WORTH_READING and (runs := runs_of(survey, group.members)):
        words = sum(sum(survey.words_in(number) for number in run) for run in runs)
        if words > 1.3 * sum(group.words):
            items = tuple(Item(tuple(survey.elements[number] for number in run), run) for run in runs)
            yield Candidate(group.key, items, prior, words, declared, evident or is_called, heading)


@lru_cache(maxsize=4096)
def _by_name(key: str, *, are_many: bool) -> float:
    """Weigh what a group is called; ``are_many`` says that it has several members with a date each."""
    platform = platform_of(key)
    if platform is not None:
        return 0.45
    name = name_of_key(key)
    if says_elsewhere(name):
        return -0.3
    if ">" in key:
        # Called so by its list only.
        return 0.2 if says_comment(name) else -0.1 if ARTICLES.search(name) else 0.0
    if says_comment(name):
        other = NOT_ONE_COMMENT.search(name)
        return 0.35 if other is None else 0.25 if are_many and other[0] in _PLURALS else 0.1
    return -0.2 if ARTICLES.search(name) else 0.0


def _median(values: Sequence[int]) -> float:
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _by_shape(group: Group, usual: float) -> float:
    """Weigh how much text, links and dates the members have of their own; ``usual`` is the median of their words."""
    count = len(group.members)
    words = sum(group.words)
    value = 0.0
    dated = sum([date > 0 for date in group.dates]) / count
    crowded = sum([date > 3 for date in group.dates]) / count
    value += 0.2 * dated - 0.3 * crowded
    if words and sum(group.linked) / words > 0.5:
        value -= 0.4
    if usual < 4:
        value -= 0.3
    return value + (0.1 if count >= 3 else 0.05 if count == 2 else 0.0)
