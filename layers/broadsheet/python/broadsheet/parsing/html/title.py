"""The headline of an article: what its statements, its headings and the title of its window agree on."""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from broadsheet.parsing.exports.values import raw_text
from broadsheet.parsing.html.head import Head
from broadsheet.parsing.html.survey import Survey
from broadsheet.text import fold

_SEPARATOR = re.compile(r"\s(?:[|•·»«›‹:/~\\]|::|[-–—]{1,2}|\.\.\.)\s|\s?[|»«›]\s?|:\s")
_MAX_CHARS = 300
_HEADINGS = ("h1", "h2", "h3", "h4")
# How much each kind of evidence weighs; agreement adds up.
_WEIGHTS = {"json-ld": 1.0, "og": 0.9, "meta": 0.7, "h1": 0.7, "h2": 0.5, "h3": 0.3, "h4": 0.2, "title": 0.6}
_META = (
    ("og", ("og:title",)),
    ("meta", ("twitter:title", "parsely-title", "sailthru.title", "dc.title", "dcterms.title", "headline", "hdl")),
)
_HOME = re.compile(r"(?:https?:)?(?://[^/?#]{1,200})?/?(?:(?:index|default|home)\.\w{2,5})?[?#]?", re.IGNORECASE)
_MOST_HEADINGS = 40
_HEADING_WORDS = 40
_NAMED = re.compile(
    r"(?:entry|post|article|story|page|node|news|content)-?(?:title|headline|header|heading)|\bheadline",
    re.IGNORECASE,
)


class Title(NamedTuple):
    """A headline, how it was found, and the number of the element that shows it (None if none does)."""

    text: str
    method: str
    confidence: float
    place: int | None


class _Candidate(NamedTuple):
    kind: str
    text: str
    place: int | None


def find_title(head: Head, survey: Survey) -> Title:
    """Choose the headline with most evidence; its text is empty when there is none at all."""
    ld = _Candidate(
        "json-ld", head.texts.line(raw_text(head.article.get("headline") or head.article.get("name"))), None
    )
    meta = [_Candidate(kind, value, None) for kind, names in _META for value in head.all(names)]
    headings = _headings(survey, head)
    parts = _window_parts(head.title)
    window = [_Candidate("title", part, None) for part in parts]
    candidates = [each for each in (ld, *meta, *headings, *window) if 0 < len(each.text) <= _MAX_CHARS]
    if not candidates:
        return Title("", "none", 0.0, None)
    evidence = _Evidence(candidates, parts, fold(head.title), survey)
    score, best = max(((evidence.score(each), each) for each in candidates), key=itemgetter(0))
    place = best.place
    if place is None:
        own = evidence.folded[best.text]
        place = next((each.place for each in headings if evidence.folded.get(each.text) == own), None)
        place = evidence.shown.get(best.text) if place is None else place
    return Title(
        best.text, "+".join(evidence.agreeing[evidence.folded[best.text]]), min(1.0, round(score / 2, 2)), place
    )


class _Evidence:
    """What speaks for each candidate: the kinds of evidence that agree on it, and the window's title."""

    def __init__(self, candidates: list[_Candidate], parts: list[str], window: str, survey: Survey) -> None:
        self.folded = {each.text: fold(each.text) for each in candidates}
        self.agreeing: dict[str, dict[str, None]] = {}
        for each in candidates:
            self.agreeing.setdefault(self.folded[each.text], {})[each.kind] = None
        self._window = window
        self._survey = survey
        self._parts = {self.folded[part] for part in parts if part in self.folded}
        # Where no statement and no heading is a part of the window's title, look for one among all elements.
        is_seen = any(each.kind != "title" and self.folded[each.text] in self._parts for each in candidates)
        self.shown = {} if is_seen else _shown(survey, parts)

    def score(self, candidate: _Candidate) -> float:
        """Weigh one candidate."""
        kind, text, place = candidate
        own = self.folded[text]
        window = self._window
        is_one_word = " " not in own
        if place is not None and _links_home(self._survey, place):
            return 0.1
        kinds = self.agreeing[own]
        score = sum(_WEIGHTS[each] for each in kinds)
        if kind in _HEADINGS and own in window and not is_one_word:
            score += 0.5
        # One word is more often a site's or a section's name; the whole window's title has the site's name in it.
        if is_one_word:
            score *= 0.5
        if kind == "title":
            if len(kinds) == 1:
                score *= 0.5 + 0.5 * len(own) / max(1, len(window))
                score *= 0.5 if own == window and len(self._parts) > 1 else 1.0
        elif own in self._parts and not is_one_word:
            score += 0.3 * len(own) / len(window)
        return score + (0.6 if text in self.shown and own.count(" ") > 1 else 0.0)


def _headings(survey: Survey, head: Head) -> list[_Candidate]:
    found = []
    named = [number for number in survey.named if _is_titled(survey.names[number])]
    for number in sorted({*survey.headings[:_MOST_HEADINGS], *named[:_MOST_HEADINGS]}):
        element = survey.elements[number]
        if 0 < survey.words_in(number) <= _HEADING_WORDS and element.tag not in ("body", "article"):
            text = head.texts.line(survey.text_of(number))
            found.append(_Candidate(str(element.tag) if element.tag in _HEADINGS else "h3", text, number))
    return found


@lru_cache(maxsize=8192)
def _is_titled(name: str) -> bool:
    return _NAMED.search(name) is not None


def _shown(survey: Survey, parts: list[str]) -> dict[str, int]:
    """Return which parts of the window's title stand on the page as the text of an element that does not link home."""
    wanted: dict[int, list[str]] = {}
    for part in parts:
        wanted.setdefault(len(part.split()), []).append(part)
    shown: dict[str, int] = {}
    for number in survey.with_words(wanted):
        if survey.elements[number].tag in ("title", "head", "option", "li", "ul", "nav"):
            continue
        text = survey.text_of(number)
        for part in wanted[survey.words_in(number)]:
            if part not in shown and text == " ".join(part.split()) and not _links_home(survey, number):
                shown[part] = number
    return shown


def _links_home(survey: Survey, number: int) -> bool:
    """Tell whether an element is, or holds, a link to the site's first page."""
    element = survey.elements[number]
    parent = element.getparent()
    link = element if element.tag == "a" else element.find(".//a")
    if link is None and parent is not None and parent.tag == "a":
        link = parent
    return link is not None and _HOME.fullmatch((link.get("href") or "x").strip()) is not None


def _window_parts(title: str) -> list[str]:
    """Return the ways to take a site's name off the title of a window: every run of its parts, whole one included."""
    places = [0]
    ends = []
    for found in _SEPARATOR.finditer(title):
        ends.append(found.start())
        places.append(found.end())
    ends.append(len(title))
    if len(places) > 6:
        return [title]
    runs = [title[start:end].strip() for i, start in enumerate(places) for end in ends[i:]]
    return [run for run in dict.fromkeys(runs) if run]
