"""The smaller fields of an article's page: authors, tags, site, address, languages, declared number of comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from lxml import etree

from broadsheet.parsing.exports import details
from broadsheet.parsing.exports.values import names_of
from broadsheet.parsing.html.dates import CLOCK, DATE
from broadsheet.parsing.html.head import Head
from broadsheet.parsing.html.names import clean_name
from broadsheet.parsing.html.rendering import text_of
from broadsheet.parsing.html.survey import Survey

_AUTHOR_META = (
    "article:author",
    "author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "citation_author",
    "creator",
)
_TAG_META = (
    "article:tag",
    "og:article:tag",
    "news_keywords",
    "keywords",
    "parsely-tags",
    "sailthru.tags",
    "article:section",
    "parsely-section",
)
_BYLINE = re.compile(r"\bby-?line|\bby\b|\bauthor\b|\bvcard\b|\bwriter\b|posted-?by|entry-author|story-by|\bcredit\b")
_JOINED = re.compile(r"\s*(?:,|;|&|\band\b|\bet\b|\bund\b)\s*", re.IGNORECASE)
_BY = re.compile(r"\s*(?:(?:posted|written|published|story|words|text)\s)?by\b[:\s]*", re.IGNORECASE)
_MOST = 50
_NEAR_WORDS = 60
_ABOVE_WORDS = 20
_MAX_DISTANCE = 400
_MAX_WORDS = 14
_BY_WORD, _BY_INFO = 2, 3
_SAYS_BY = re.compile(r"(?:^|[\s|,.;:–—-])(?:by|بقلم|كتبه?|كتبت|إعداد|par|von|por)\b\s?:?\s", re.IGNORECASE)
_PIECES = re.compile(r"\s[|•·–—-]\s?|[|•·]|\s{2,}|\bon\b|\bin\b|\bat\b|\d{2}")
_INFO = re.compile(r"\b(?:post|entry|article|story|news)-?(?:info|meta|details|data)\b|\binfo\b")


def authors(head: Head, survey: Survey, title: int | None, before: int | None) -> tuple[str, ...]:
    """Return the article's authors: of JSON-LD, else of meta elements, else of the line beside the headline."""
    stated = head.article.get("author") or head.article.get("creator")
    found = [name for each in names_of(stated) for name in _names(head.texts.line(each))] if stated else []
    found = found or [name for value in head.all(_AUTHOR_META) for name in _names(value)]
    site = (head.first(("og:site_name",)) or "").casefold()
    found = [
        name for name in found if name.casefold() not in (site, "admin", "administrator", "staff", "editor")
    ] or list(_visible(survey, title, before))
    return tuple(dict.fromkeys(head.texts.line(name) for name in found[:_MOST]))


def _names(value: str) -> Iterator[str]:
    if "://" in value or "@" in value or len(value) > 200:
        return
    value = _BY.sub("", value, count=1)
    for part in _JOINED.split(value):
        # Names begin with a capital, in scripts that have any.
        if part and (name := clean_name(part)) and not name[0].islower():
            yield name


def _visible(survey: Survey, title: int | None, before: int | None) -> Iterator[str]:
    """Yield the names in the line beside the headline: called a byline, or saying "by" itself."""
    place = 0 if title is None else survey.words_before(title)
    after = place if title is None else place + survey.words_in(title)
    named: list[tuple[int, int]] = []
    own = range(0) if title is None else range(title, survey.end[title])
    is_stated = bool(survey.stated)
    for number in survey.within_words(place - _ABOVE_WORDS, place + _MAX_DISTANCE):
        if before is not None and number >= before:
            break
        element = survey.elements[number]
        words = survey.words_in(number)
        if not 0 < words <= _MAX_WORDS or element.tag == "title":
            continue
        if title is not None and (number in own or number <= title < survey.end[number]):
            continue
        distance = survey.words_before(number) - after
        rank = _rank(element, survey.names[number], stated=is_stated)
        is_beside = 0 <= distance <= _NEAR_WORDS
        if rank == _BY_INFO and not is_beside:
            rank = None
        if rank in (None, _BY_INFO) and is_beside and _SAYS_BY.search(survey.text_of(number)[:200]):
            rank = _BY_WORD
        if rank is not None:
            named.append((rank, number))
    for rank, number in sorted(named):
        text = " ".join(text_of((survey.elements[number],)).split()) if survey.text_of(number) else ""
        names = list(_names_in(text, by_only=rank == _BY_WORD))
        if names:
            yield from names
            return


def _rank(element: etree._Element, name: str, *, stated: bool) -> int | None:
    """Rank what may name the author; ``stated`` says whether the page has any properties."""
    if element.tag == "a" and element.get("rel") == "author":
        return 0
    if stated and (element.get("itemprop") or "").lower() in ("author", "creator"):
        return 0
    return _rank_of_name(name) if name else None


@lru_cache(maxsize=8192)
def _rank_of_name(name: str) -> int | None:
    if _BYLINE.search(name):
        return 1
    return _BY_INFO if _INFO.search(name) else None


def _names_in(text: str, *, by_only: bool) -> Iterator[str]:
    text = CLOCK.sub(" ", DATE.sub(" | ", text))
    if found := _SAYS_BY.search(text):
        text = text[found.end() :]
    elif by_only:
        return
    piece = next((piece for piece in _PIECES.split(text) if re.search(r"\w", piece)), "")
    yield from _names(piece)


def tags(head: Head, survey: Survey) -> tuple[str, ...]:
    """Return tags and sections, each once."""
    found: dict[str, None] = {}
    for name in ("keywords", "articleSection"):
        stated = head.article.get(name)
        for each in names_of(stated) if stated else ():
            found.update(dict.fromkeys(details.tags(each, stated, head.texts)))
    for value in head.all(_TAG_META):
        found.update(dict.fromkeys(details.tags(value, value, head.texts)))
    for element in survey.elements[0].iter("a"):
        relation = element.get("rel")
        if relation and "tag" in relation and "tag" in relation.split():
            text = head.texts.line(" ".join("".join(element.itertext())[:200].split()))
            if text and len(found) < _MOST:
                found[text] = None
    return tuple(found)


def site(head: Head) -> str | None:
    """Return the name of the page's site."""
    publisher = head.article.get("publisher") or head.article.get("sourceOrganization")
    name = details.source(publisher, head.texts) if publisher else None
    return head.first(("og:site_name", "dc.publisher", "application-name", "article:publisher_name")) or name


def address(head: Head) -> str | None:
    """Return the address that a page states as its own."""
    stated: Iterable[object] = (
        head.canonical,
        head.first(("og:url",)),
        head.article.get("url"),
        head.article.get("mainEntityOfPage"),
    )
    return next((found for each in stated if each and (found := details.url(each, head.texts))), None)


def language(head: Head, survey: Survey) -> str | None:
    """Return the language that a page states."""
    root = survey.elements[0]
    stated = (
        root.get("lang"),
        root.get("{http://www.w3.org/XML/1998/namespace}lang"),
        head.article.get("inLanguage"),
        head.first(("og:locale", "dc.language", "language", "content-language")),
    )
    return next((found for each in stated if each and (found := details.language(each))), None)


def declared(head: Head) -> int | None:
    """Return how many comments a page states outside its text."""
    stated = head.article.get("commentCount")
    if stated is None and isinstance(statistic := head.article.get("interactionStatistic"), (dict, list)):
        for each in statistic if isinstance(statistic, list) else [statistic]:
            if isinstance(each, dict) and "Comment" in str(each.get("interactionType", ""))[:200]:
                stated = each.get("userInteractionCount")
    return details.count(stated)
