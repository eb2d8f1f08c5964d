"""Where a group of elements stands on the page, and what is said above it: counters and headings of discussions."""

from __future__ import annotations

import re
from typing import NamedTuple

from broadsheet.parsing.html.items import Group
from broadsheet.parsing.html.survey import Survey
from broadsheet.parsing.html.vocabulary import says_discussion, says_elsewhere

# How far above its first comment a discussion's heading may stand: in words, and in elements.
_AROUND = 60
_AROUND_ELEMENTS = 80
_HEADING_WORDS = 25
# What all of the following have in common: most texts are told by it that they are none of them.
HINT = re.compile(
    r"omment|espons|epl(?:y|ies)|hought|eaction|pinion|iscussion|eedback|ou (?:say|said|think)|our (?:say"
    r"|view)|eader|thers"
    r"|onversation|alkback|تعليق|آراء|شارك"
)
_COUNTER = re.compile(
    r"\D{0,25}?(?:(\d{1,6}|one)\s(?:\w{1,12}\s){0,2}?(?:comments?|responses?|repl(?:y|ies)|thoughts?"
    r"|reactions?|opinions|opinion|talkbacks?)\b.{0,200}"
    r"|(?:comments?|responses?|replies|discussion|reader comments|reactions|talkbacks?|التعليقات"
    r"|تعليقات)\s?[:(\[]?\s?(\d{1,6})\s?[)\]]?.{0,30})",
    re.IGNORECASE | re.DOTALL,
)
_HEADING = re.compile(
    r"\W*(?:\w+\s){0,2}(?:comments?|responses?|discussion|replies|feedback|talkbacks?|your (?:say|views"
    r"|comments)|readers|join the (?:discussion|conversation)|reader reactions|what do you (?:say|think)"
    r"|what (?:readers|others|you) (?:say|said|think|thought)|التعليقات|تعليقات|آراء|أضف تعليق\w{0,2}"
    r"|شارك برأيك)(?:\s\w+){0,4}\W*",
    re.IGNORECASE,
)


# Above a list of comments on other articles.
_OF_OTHERS = re.compile(
    r"\W*(?:recent|latest|newest|popular|top|most\s\w{1,20})\s(?:\w{1,20}\s)?(?:comments?|discussions?"
    r"|responses?|replies)\W*",
    re.IGNORECASE,
)


class Place(NamedTuple):
    """What a place is worth to a discussion, the number its counter declares, whether anything calls it one.

    ``heading`` is the number of the element that is the discussion's heading or counter.
    """

    value: float
    declared: int | None
    evident: bool
    heading: int | None = None


class Surroundings:
    """Weighs the places of groups; remembers what it has looked at, since groups stand in each other."""

    def __init__(self, survey: Survey, title: int | None) -> None:
        """``title`` is the number of the article's heading."""
        self._survey = survey
        self._title = title
        self._places: dict[int, Place] = {}
        self._headings: dict[int, tuple[bool | None, int | None]] = {}
        self._elements: dict[int, float] = {}

    def of(self, group: Group) -> Place | None:
        """Weigh where a group stands; None for one that holds the page's headline."""
        first = group.members[0]
        title = self._title
        if title is not None and any(self._survey.is_inside(title, number) for number in group.members):
            return None
        place = self._places.get(first)
        if place is None:
            place = self._places[first] = self._place(first)
        if place.declared is not None and place.declared == len(group.members):
            return place._replace(value=place.value + 0.15)
        return place

    def _place(self, first: int) -> Place:
        survey = self._survey
        value = -0.4 if self._title is not None and first < self._title else 0.0
        is_called = False
        for number in (first, *survey.ancestors(first)):
            element = survey.elements[number]
            if element.tag in ("body", "html"):
                break
            name = survey.names[number]
            is_called = is_called or (number != first and bool(name) and says_discussion(name))
            weight = self._elements.get(number)
            if weight is None:
                weight = self._elements[number] = self._weight(number, name)
            value += weight
        is_headed, declared, heading = self._heading(first)
        if is_called:
            value += 0.15
        if is_headed is None:
            return Place(value - 0.4, None, evident=False)
        if is_headed:
            value += 0.1 if declared is None else 0.15
        return Place(value, declared, is_called or is_headed, heading)

    def _weight(self, number: int, name: str) -> float:
        """Weigh against an element, for what it is or is called, that it holds other things."""
        survey = self._survey
        weight = -0.3 if survey.elements[number].tag in ("aside", "nav", "footer") else 0.0
        # A wrapper of most of the page may be called anything.
        if name and says_elsewhere(name) and survey.words_in(number) * 2 < survey.total:
            weight -= 0.4
        return weight

    def _heading(self, first: int) -> tuple[bool | None, int | None, int | None]:
        """Look for a counter or a heading of a discussion in the words before its first comment.

        Returns None for the heading of comments on other articles.
        """
        survey = self._survey
        ends, headings = survey.end, self._headings
        for number in survey.just_before(first, _AROUND, _AROUND_ELEMENTS):
            if ends[number] > first or not 0 < survey.words_in(number) <= _HEADING_WORDS:
                continue
            heading = headings.get(number)
            if heading is None:
                heading = headings[number] = _read_heading(survey, number)
            if heading[0] is not False:
                return (*heading, number)
        return False, None, None


def _read_heading(survey: Survey, number: int) -> tuple[bool | None, int | None]:
    return read_heading(survey.text_of(number)[:400])


def read_heading(text: str) -> tuple[bool | None, int | None]:
    """Tell whether a short text heads a discussion (None: that of other articles), and what number it declares."""
    if not HINT.search(text):
        return False, None
    if _OF_OTHERS.fullmatch(text):
        return None, None
    if found := _COUNTER.fullmatch(text):
        count = found[1] or found[2]
        return True, int(count) if count.isdecimal() else 1
    return _HEADING.fullmatch(text) is not None, None
