"""One walk over a page's tree: the place, the extent and the words of every element, and what looks like a date.

Everything that judges parts of a page asks this survey, so that no question costs another walk.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container
from typing import NamedTuple

from lxml import etree

from broadsheet.parsing.html.dates import MAX_DATE_WORDS, date_in, machine_time
from broadsheet.parsing.html.rendering import UNSEEN
from broadsheet.parsing.html.vocabulary import name_of


class Spot(NamedTuple):
    """A date on the page: the number of the element that holds it, and its text (empty for a machine's only)."""

    place: int
    text: str


class Survey:
    """Elements in page order; ``end`` is the number after an element's last descendant.

    ``names`` has what each element is called (class and id in plain words, empty for most), ``named`` the numbers of
    those that are called anything, ``headings`` those of h1 to h4. Words, and words inside links, count from the
    beginning of the page, so that those of a subtree are a difference. Holds every element, so that lxml keeps giving
    the same object for the same element.
    """

    def __init__(self, root: etree._Element, *, has_microdata: bool = True) -> None:
        """``has_microdata`` is False where the page's text has no word of it, which spares looking for it."""
        self.elements: list[etree._Element] = list(root.iter(etree.Element))
        count = len(self.elements)
        self.parent: list[int] = [-1] * count
        self.end: list[int] = [count] * count
        self.names: list[str] = [""] * count
        self.named: list[int] = []
        self.headings: list[int] = []
        self._words: list[int] = [0] * count
        self._words_end: list[int] = [0] * count
        self._linked: list[int] = [0] * count
        self._linked_end: list[int] = [0] * count
        self.spots: list[Spot] = []
        self.total = self._walk()
        self.stated = self._stated_numbers() if has_microdata else []

    def words_in(self, number: int) -> int:
        """Return how many visible words a subtree has."""
        return self._words_end[number] - self._words[number]

    def linked_in(self, number: int) -> int:
        """Return how many words of a subtree are in links."""
        return self._linked_end[number] - self._linked[number]

    def text_of(self, number: int) -> str:
        """Return the text of a small element in one line; empty for one of many elements, whose text is not small."""
        if self.end[number] - number > _SMALL:
            return ""
        return " ".join("".join(self.elements[number].itertext())[:_SMALL_CHARS].split())

    def words_before(self, number: int) -> int:
        """Return how many visible words stand before an element."""
        return self._words[number]

    def just_before(self, number: int, words: int, elements: int) -> range:
        """Return the numbers before an element, nearest first: at most so many, at most so many words above."""
        first = bisect_left(self._words, self._words[number] - words)
        return range(number - 1, max(first, number - elements + 1) - 1, -1)

    def with_words(self, counts: Container[int]) -> list[int]:
        """Return the numbers of the elements that have one of these numbers of words."""
        spans = zip(self._words, self._words_end, strict=True)
        return [number for number, (begun, done) in enumerate(spans) if done - begun in counts]

    def within_words(self, first: int, last: int) -> range:
        """Return the numbers of the elements that begin between the ``first`` and the ``last`` word of the page."""
        return range(bisect_left(self._words, first), bisect_right(self._words, last))

    def ancestors(self, number: int) -> list[int]:
        """Return the numbers of an element's ancestors, nearest first."""
        found = []
        number = self.parent[number]
        while number >= 0:
            found.append(number)
            number = self.parent[number]
        return found

    def is_inside(self, number: int, outer: int) -> bool:
        """Tell whether an element is another or a descendant of it."""
        return outer <= number < self.end[outer]

    def _stated_numbers(self) -> list[int]:
        """Return the numbers of elements with microdata."""
        return [
            number
            for number, element in enumerate(self.elements)
            if element.get("itemprop") is not None or element.get("itemtype") is not None
        ]

    def _walk(self) -> int:  # noqa: C901, PLR0912, PLR0915 - one hot walk
        """Go over all elements once; return the number of visible words."""
        elements, parents, ends = self.elements, self.parent, self.end
        begun, done, link_begun, link_done = self._words, self._words_end, self._linked, self._linked_end
        spots = self.spots
        open_elements: list[int] = []
        open_links: list[int] = []
        words = linked = 0
        # Elements around that nobody sees: no text in them counts.
        unseen: list[etree._Element] = []
        last = len(elements)
        for number in range(last + 1):
            element = elements[number] if number < last else None
            parent = None if element is None else element.getparent()
            while open_elements and elements[open_elements[-1]] is not parent:
                closed = open_elements.pop()
                inner = elements[closed]
                ends[closed] = number
                done[closed] = words
                link_done[closed] = linked
                if open_links and open_links[-1] == closed:
                    open_links.pop()
                if unseen and unseen[-1] is inner:
                    unseen.pop()
                if (tail := inner.tail) and not unseen and not tail.isspace():
                    count = len(tail.split())
                    words += count
                    if open_links:
                        linked += count
                    if parents[closed] >= 0 and count <= MAX_DATE_WORDS and (dated := date_in(tail)):
                        spots.append(Spot(parents[closed], dated))
            if element is None:
                break
            if open_elements:
                parents[number] = open_elements[-1]
            open_elements.append(number)
            begun[number] = words
            link_begun[number] = linked
            tag = element.tag
            if tag in UNSEEN:
                unseen.append(element)
                continue
            if unseen:
                continue
            if tag == "a":
                open_links.append(number)
            elif tag in _HEADINGS:
                self.headings.append(number)
            if name := name_of(element):
                self.names[number] = name
                self.named.append(number)
            if (text := element.text) and not text.isspace():
                count = len(text.split())
                words += count
                if open_links:
                    linked += count
                if count <= MAX_DATE_WORDS and (dated := date_in(text)):
                    spots.append(Spot(number, dated))
                    continue
            if tag in _TIMED and machine_time(element):
                spots.append(Spot(number, ""))
        return words


# A headline or a byline has no more elements; what has more is not asked for its text again and again.
_SMALL = 60
_SMALL_CHARS = 2000
_HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
_TIMED = frozenset(("time", "abbr"))
