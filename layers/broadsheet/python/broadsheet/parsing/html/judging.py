"""What is in the comments of a candidate: authors, dates and text speak for it, links, forms and repetition against."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from broadsheet.parsing.html.candidates import Candidate, Item
from broadsheet.parsing.html.dates import spelt
from broadsheet.parsing.html.parts import Parts, parts_of
from broadsheet.parsing.html.platforms import platform_of
from broadsheet.parsing.html.survey import Survey

# How many comments of a candidate are read to judge it, and between which scores more are read.
_READ_FIRST, _READ_MORE = 3, 9
_UNCLEAR = (0.3, 0.95)
# One or two elements that hold most of a page's words are its article, whatever they are called.
_FEW, _LONG_WORDS, _MOST_OF_PAGE = 2, 150, 0.6
_MEMBERSHIP = re.compile(
    rf"\b(?:{spelt('joined|join date|member since|registered|posts')}\b\s?:?\s?\d"
    rf"|{spelt('joined|join date|registered|posts')}\s?:)"
)


class Judged(NamedTuple):
    """A candidate whose comments were looked at.

    ``whole`` is how many of them are likely to have all their parts, ``read`` the parts of those that were read.
    """

    score: float
    whole: int
    is_known: bool
    candidate: Candidate
    read: dict[int, Parts]


def judge(survey: Survey, candidate: Candidate) -> Judged:
    """Read some of the comments and weigh what is in them: few where these are clear."""
    judged = _judge(survey, candidate, _READ_FIRST, {})
    if len(candidate.items) > _READ_FIRST and _UNCLEAR[0] < judged.score < _UNCLEAR[1]:
        return _judge(survey, candidate, _READ_MORE, judged.read)
    return judged


def _judge(survey: Survey, candidate: Candidate, most: int, known: Mapping[int, Parts]) -> Judged:
    """Judge by at most so many comments; ``known`` are those that were read before."""
    items = candidate.items
    nested = frozenset([number for item in items for number in item.numbers])
    sample = range(0, len(items), max(1, len(items) // most))[:most]
    read = {index: known.get(index) or parts_of(survey, items[index].numbers, nested) for index in sample}
    parts = list(read.values())
    count = len(parts)
    named = sum(each.author is not None for each in parts) / count
    dated = sum(bool(each.machine or each.dated) for each in parts) / count
    bodied = sum(bool(each.body) for each in parts) / count
    said = sum(each.says for each in parts) / count
    controlled = sum(each.controls > 0 for each in parts) / count
    answerable = sum(each.answerable for each in parts) / count
    value = candidate.prior + 0.1 * (named + dated + bodied + controlled) + 0.15 * said
    value += 0.1 * sum(each.author_by_markup for each in parts) / count
    if is_forum(parts):
        value += 0.2
    elif not candidate.evident and said < 0.5 and answerable < 0.5:
        value -= 0.2
    whole = sum(bool(each.body) and bool(each.author or each.machine or each.dated) for each in parts)
    is_known = platform_of(candidate.key) is not None
    if not is_known:
        value -= 0.3 if named < 0.4 and dated < 0.4 else 0.3 * (1 - whole / count)
    if bodied < 0.5:
        value -= 0.4
    value -= 0.8 * sum(_holds_headline(items[index]) for index in sample) / count
    value -= 0.5 * sum(_holds_form(items[index]) for index in sample) / count
    value -= 0.4 * sum(_holds_sections(items[index]) for index in sample) / count
    if len(items) <= _FEW and candidate.words > max(_LONG_WORDS, _MOST_OF_PAGE * survey.total):
        value -= 0.5
    value -= _repetition(parts)
    return Judged(value, round(len(items) * whole / count), is_known, candidate, read)


def is_forum(read: Sequence[Parts]) -> bool:
    """Tell whether comments are the posts of a forum, whose heads say how long their authors have been members."""
    return sum(_MEMBERSHIP.search(parts.head) is not None for parts in read) * 2 > len(read)


def _holds_headline(item: Item) -> bool:
    """Tell whether an element has a heading that is a link, as the teaser of an article has."""
    for element in item.elements:
        for heading in element.iter("h1", "h2", "h3", "h4", "h5"):
            link = heading.find(".//a[@href]") if heading.find(".//a") is not None else heading.getparent()
            if link is None or link.tag != "a":
                continue
            if len("".join(heading.itertext()).split()) >= 3 and "#" not in (link.get("href") or "#"):
                return True
    return False


def _holds_sections(item: Item) -> bool:
    """Tell whether an element has several headings of its own, as an article has."""
    if item.outer is not None:
        return False
    headings = sum(1 for element in item.elements for _ in element.iter("h1", "h2", "h3"))
    return headings > 2


def _holds_form(item: Item) -> bool:
    """Tell whether an element has the form in which comments are written, and is more than a comment."""
    return any(element.find(".//textarea") is not None for element in item.elements) and item.outer is None


def _repetition(read: Sequence[Parts]) -> float:
    """Weigh texts that are the same again and again: no discussion, or a list of one part."""
    if len(read) < 3:
        return 0.0
    bodies = {parts.body for parts in read}
    return 0.4 if len(bodies) * 2 <= len(read) else 0.0
