"""A group of elements found to be a discussion -> comments: people, times, threads, mentions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from broadsheet.model import UNDECIDED, AuthorKind, Comment, CommentTime, Thread
from broadsheet.parsing.dates import LocalTime
from broadsheet.parsing.exports.moments import posted_at
from broadsheet.parsing.exports.values import is_harmless
from broadsheet.parsing.html.candidates import Item
from broadsheet.parsing.html.finder import Found
from broadsheet.parsing.html.judging import is_forum
from broadsheet.parsing.html.nesting import parents
from broadsheet.parsing.html.parts import Parts, parts_of
from broadsheet.parsing.html.rendering import text_of
from broadsheet.parsing.html.survey import Survey
from broadsheet.parsing.html.tongues import in_english
from broadsheet.parsing.mentions import Directory
from broadsheet.parsing.moments import day_first_of, parse_moment
from broadsheet.parsing.people import identify
from broadsheet.parsing.threads import threads
from broadsheet.text import clean

# "(not verified)" is Drupal's mark of an author who was not logged in.
_UNVERIFIED = re.compile(r"\s*\((?:not verified|unverified|unregistered)\)\s*$", re.IGNORECASE)
_PINGBACK = re.compile(r"\b(?:pingback|trackback|ping)\b")
_NUMERIC = re.compile(r"\d[/.\-]\d{1,2}[/.\-]\d")
_MAX_ID_CHARS = 200
# ISO 8601 up to the minute.
_WITH_CLOCK = 16


class Collected(NamedTuple):
    """The comments of a page taken apart, in page order, with what the markup says of their threads.

    ``opening`` is a forum's first post, which is the article and no comment; ``pingbacks`` are texts of links from
    elsewhere that stand among the comments, ``beside`` the numbers of their elements.
    """

    items: list[Item]
    parts: list[Parts]
    threads: dict[int, Thread]
    opening: Parts | None
    pingbacks: list[str]
    beside: list[int]


def collect(found: Found, survey: Survey) -> Collected:
    """Take the comments of a page apart, while they still stand in its tree."""
    nested = frozenset([number for item in found.items for number in item.numbers])
    items: list[Item] = []
    place: dict[int, int] = {}
    read: list[Parts] = []
    beside = _beside(found, survey)
    for index, item in enumerate(found.items):
        if item.place in beside:
            continue
        parts = found.read.get(index) or parts_of(survey, item.numbers, nested)
        if parts.body or (parts.author and (parts.machine or parts.dated)):
            place[index] = len(items)
            items.append(item)
            read.append(parts)
    opening = None
    if len(read) > 1 and is_forum(read):
        opening = read.pop(0)
        del items[0]
        place = {index: ordinal - 1 for index, ordinal in place.items() if ordinal}
    pingbacks = [text_of((survey.elements[number],)) for number in beside]
    return Collected(items, read, parents(found, items, place, survey), opening, pingbacks, beside)


def comments_of(
    collected: Collected, article: str, *, captured_at: datetime | None, zone: str
) -> tuple[tuple[Comment, ...], tuple[str, ...]]:
    """Build the comments of a page, and name the people addressed who are not on it; ``article`` is its text."""
    items, read, stated = collected.items, collected.parts, collected.threads
    bodies = [_harmless(parts.body) for parts in read]
    people = [_person(name, parts.alt) for name, parts in zip(_without_places(read), read, strict=True)]
    times = times_of(read, captured_at, zone)
    names = [name for name, _ in people]
    directory = Directory(names, article)
    addressed = [directory.addressed(body, name) for body, name in zip(bodies, names, strict=True)]
    if stated:
        places = [stated.get(ordinal, UNDECIDED) for ordinal in range(len(read))]
    else:
        places = threads([local_time_of(time) for time in times], [directory.key(name) for name in names], addressed)
    comments = tuple(
        [
            Comment(
                ordinal, _harmless(parts.head), name, kind, time, body, spoken_to.mentions, thread, _identifier(item)
            )
            for ordinal, (item, parts, (name, kind), time, body, spoken_to, thread) in enumerate(
                zip(items, read, people, times, bodies, addressed, places, strict=True)
            )
        ]
    )
    missing = dict.fromkeys(name for spoken_to in addressed for name in spoken_to.missing)
    return comments, tuple(missing)


def _harmless(text: str) -> str:
    return text if is_harmless(text) else clean(text).text


def _beside(found: Found, survey: Survey) -> list[int]:
    """Return the numbers of pingbacks and trackbacks, which stand among the comments or in a list beside them."""
    first, last = found.items[0].place, survey.end[found.items[-1].numbers[-1]]
    parent = survey.parent[first]
    start, end = (parent, max(last, survey.end[parent])) if parent >= 0 else (first, last)
    beside: list[int] = []
    for number in survey.named:
        if start < number < end and _PINGBACK.search(survey.names[number]):
            is_whole = survey.elements[number].tag in ("li", "div", "p", "article")
            if is_whole and not (beside and number < survey.end[beside[-1]]):
                beside.append(number)
    return beside


def _without_places(read: Sequence[Parts]) -> list[str | None]:
    """Return the authors; where most are followed by a place ("Ann, Leeds, United Kingdom"), without it."""
    names = [parts.author for parts in read]
    placed = sum(name is not None and ", " in name for name in names)
    if placed * 2 >= len(names) and (placed > 1 or any(name and name.count(", ") > 1 for name in names)):
        return [name and name.partition(", ")[0] for name in names]
    return names


@lru_cache(maxsize=1024)
def _person(name: str | None, alt: str | None) -> tuple[str | None, AuthorKind]:
    """Return an author's name and kind; ``alt`` is the text of the avatar, which may say the kind."""
    if name is None:
        return None, "unknown"
    name = _harmless(name)
    if found := _UNVERIFIED.search(name):
        return name[: found.start()] or None, "guest"
    (person,) = identify([f"{alt} {name}" if alt and identify([alt])[0].marked else name])
    return person.name or name, person.kind


def times_of(read: Sequence[Parts], captured_at: datetime | None, zone: str) -> list[CommentTime | None]:
    """Return when each comment was posted: as stated for machines, else as its head says."""
    numeric = [parts.dated for parts in read if parts.dated and _NUMERIC.search(parts.dated)]
    order = day_first_of(numeric) if numeric else None
    times = []
    for parts in read:
        time = None
        if parts.machine:
            stated: str | int = int(parts.machine) if parts.machine.isdecimal() else parts.machine
            time = posted_at(stated, zone) or parse_moment(parts.machine, captured_at, zone, order)
        if time is None and parts.dated:
            time = parse_moment(parts.dated, captured_at, zone, order)
            if time is None or len(time.value) < _WITH_CLOCK:
                time = parse_moment(in_english(parts.dated), captured_at, zone, order) or time
        times.append(time)
    return times


def local_time_of(time: CommentTime | None) -> LocalTime | None:
    """Return the wall-clock minute of a comment; None where only the day is known."""
    if time is None or len(time.value) < 16:
        return None
    try:
        stated = datetime.fromisoformat(time.value)
    except ValueError:
        return None
    return LocalTime(stated.year, stated.month, stated.day, stated.hour, stated.minute)


def _identifier(item: Item) -> str | None:
    """Return the id that the page gives a comment: of its element, or of the first one inside that has a number."""
    for element in item.elements:
        if identifier := _own_identifier(element):
            return identifier
    for element in item.elements:
        for inner in element.iterdescendants(etree.Element):
            identifier = inner.get("id") or (inner.get("name") if inner.tag == "a" else None)
            if identifier and any(map(str.isdigit, identifier)):
                return clean(identifier[:_MAX_ID_CHARS]).text
    return None


def _own_identifier(element: etree._Element) -> str | None:
    for name in ("id", "data-comment-id", "data-id", "data-commentid", "data-post-id", "data-fullname"):
        if (value := element.get(name)) and len(value) <= _MAX_ID_CHARS:
            return clean(value).text
    return None
