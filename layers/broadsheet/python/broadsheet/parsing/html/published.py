"""When an article was published: JSON-LD, meta elements, time elements, its address, a date beside its headline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

import htmldate
from lxml import html

from broadsheet.model import Dated
from broadsheet.parsing.exports.moments import article_date
from broadsheet.parsing.html.dates import machine_time
from broadsheet.parsing.html.head import Head
from broadsheet.parsing.html.survey import Survey
from broadsheet.parsing.moments import parse_moment

_META = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished",
    "date_published", "published_time", "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued",
    "dc.date.created", "dcterms.created", "dc.date", "dcterms.date", "date", "pubdate", "publishdate", "publish-date",
    "publish_date", "publication_date", "originalpublicationdate", "article_date_original", "ptime", "pdate",
    "displaydate", "article.published", "article.created", "datecreated", "created", "cxenseparse:recs:publishtime",
    "last-modified-date", "dat", "issued", "analyticsattributes.articledate", "rnews:datepublished",
)  # fmt: skip
_IN_URL = re.compile(r"(?<!\d)((?:19[89]|20[0-4])\d)[/_-](0?[1-9]|1[0-2])[/_-](0?[1-9]|[12]\d|3[01])(?!\d)")
_NEAR_WORDS = 60


def find_date(
    head: Head,
    survey: Survey,
    title: int | None,
    before: int | None,
    *,
    url: str | None,
    captured_at: datetime | None,
    zone: str,
) -> Dated | None:
    """Return the best date of an article with its method; None where nothing tells.

    ``title`` is the number of the heading's element, ``before`` that of the first comment, whose dates are not meant.
    """
    for value, method, confidence in _stated(head, survey, before):
        stated = article_date(value, zone)
        if stated is None and len(value) >= 6 and (time := parse_moment(value, captured_at, zone)):
            stated = Dated(time.value, "stated", 1.0)
        if stated is not None:
            return Dated(stated.value, method, confidence)
    day = _day_in(url or head.canonical or head.first(("og:url",)) or "")
    beside = _beside_title(survey, title, before, captured_at, zone)
    if day and beside and beside.value[:10] == day:
        return Dated(beside.value, "url+visible", 0.95)
    if day:
        return Dated(day, "url", 0.8)
    return beside


def date_in_text(root: html.HtmlElement, url: str | None, captured_at: datetime | None) -> Dated | None:
    """Let htmldate look for a date anywhere on a page from which the comments are taken; slow, and often right."""
    try:
        found = htmldate.find_date(root, url=url, original_date=True, max_date=captured_at, extensive_search=False)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    return Dated(found, "visible", 0.4) if found else None


def _stated(head: Head, survey: Survey, before: int | None) -> Iterator[tuple[str, str, float]]:
    for name in ("datePublished", "dateCreated", "uploadDate"):
        if isinstance(value := head.article.get(name), str):
            yield value, "json-ld", 0.98
    for value in head.all(_META):
        yield value, "meta", 0.95
    yield from _marked_up(survey, before)


def _marked_up(survey: Survey, before: int | None) -> Iterator[tuple[str, str, float]]:
    limit = len(survey.elements) if before is None else before
    for number in survey.stated:
        element = survey.elements[number]
        if number < limit and (element.get("itemprop") or "").lower() in ("datepublished", "datecreated"):
            value = machine_time(element) or element.get("content") or survey.text_of(number)[:80]
            yield value, "microdata", 0.95
    for place in dict.fromkeys(spot.place for spot in survey.spots if spot.place < limit):
        element = survey.elements[place]
        if element.tag == "time" and element.get("pubdate") is not None and (value := machine_time(element)):
            yield value, "time-pubdate", 0.9
        elif element.tag == "abbr" and "published" in survey.names[place] and (value := machine_time(element)):
            yield value, "hatom", 0.9


def _day_in(url: str) -> str | None:
    for found in _IN_URL.finditer(url[:2000]):
        try:
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        except ValueError:
            continue
    return None


def _beside_title(
    survey: Survey, title: int | None, before: int | None, captured_at: datetime | None, zone: str
) -> Dated | None:
    """Take the nearest date to the headline, after it rather than before it; else the only time element."""
    if title is None:
        return None
    start, end = survey.words_before(title), survey.words_before(title) + survey.words_in(title)
    ranked = []
    for spot in survey.spots:
        if before is not None and spot.place >= before:
            continue
        words = survey.words_before(spot.place)
        inside = survey.is_inside(title, spot.place)
        distance = words - end if words >= end else (start - words) * 2
        if not inside and 0 <= distance <= 2 * _NEAR_WORDS:
            ranked.append((distance, spot))
    for distance, spot in sorted(ranked)[:5]:
        value = machine_time(survey.elements[spot.place])
        if value and (stated := article_date(value, zone)):
            return Dated(stated.value, "time-beside-title", 0.85)
        if spot.text and (time := parse_moment(spot.text, captured_at, zone)):
            return Dated(
                time.value, "visible-beside-title", 0.75 if distance <= 20 else 0.55, time.earliest, time.latest
            )
    return None
