"""What was found under an article, whichever way it was recognised: comments in raw parts, counter, furniture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from broadsheet.model import CommentTime, Furniture, named_tuple
from broadsheet.parsing import scoring
from broadsheet.parsing.counters import Counter
from broadsheet.parsing.dates import LocalTime, comment_time
from broadsheet.parsing.heads.choice import Choice
from broadsheet.parsing.heads.page import Page
from broadsheet.parsing.layout import paragraphs
from broadsheet.parsing.moments import day_order, place
from broadsheet.parsing.moments.placing import local, ordered
from broadsheet.parsing.people import Person, identify
from broadsheet.parsing.posts import read_posts
from broadsheet.parsing.tidy_names import tidy


class Posted(NamedTuple):
    """One comment before its place in the discussion is known.

    ``clock`` is its wall time where the page states one, ``at`` the time with its zone; ``dated`` says that a date is
    written, ``relative`` that it counts back from the capture. ``named`` is what the head says beside the date, which
    may hold a second name; ``indent`` and ``number`` are the head's.
    """

    line: int
    head: str
    person: Person
    clock: LocalTime | None
    at: CommentTime | None
    body: str
    dated: bool = True
    relative: bool = False
    named: str | None = None
    indent: int = 0
    number: int | None = None


class Discussion(NamedTuple):
    """The comments of a page in page order; ``start`` is the line where the discussion begins, its counter included."""

    grammar: str
    score: float
    start: int
    counter: Counter | None
    posts: Sequence[Posted]
    furniture: Sequence[Furniture] = ()


def of_family(lines: Sequence[str], found: scoring.Discussion, zone: str) -> Discussion:
    """Cut a page of the sample family: each body reaches to the next head."""
    heads = found.heads
    ends = [head.line for head in heads[1:]]
    ends.append(len(lines))
    posts: list[Posted] = []
    for (line, begin, text, person, time), end in zip(heads, ends, strict=True):
        at = comment_time(time, zone) if time else None
        clock = time if at else None
        body = paragraphs(lines[begin:end])
        posts.append(named_tuple(Posted, (line, text, person, clock, at, body, True, False, None, 0, None)))
    return Discussion(found.grammar, found.score, found.start, found.counter, posts)


def of_choice(page: Page, choice: Choice, zone: str, captured_at: datetime | None, language: str | None) -> Discussion:
    """Take apart a page whose layout was chosen; its dates are read together, because one page writes one way."""
    found = read_posts(page, choice)
    year = None
    if any(post.moment and post.moment.year is None and post.moment.month for post in found.posts):
        year = _article_date(page, choice)
    order = day_order([post.moment for post in found.posts if post.moment], language, captured_at)
    names = tidy([post.name for post in found.posts])
    people = iter(identify([name for name in names if name]))
    posts = []
    for post, name in zip(found.posts, names, strict=True):
        moment = post.moment
        person = next(people) if name else Person(None, "unknown", marked=False)
        yearless = moment is not None and moment.year is None and moment.month is not None and moment.form != "relative"
        if moment and yearless and year:
            moment = moment._replace(year=year.year + ((moment.month or 0, moment.day or 0) < (year.month, year.day)))
        at = place(moment, zone, captured_at, order) if moment else None
        if at and yearless and year:
            at = at._replace(method="year-by-article")
        clock = local(ordered(moment, order), captured_at) if moment and at else None
        relative = moment is not None and moment.form in ("relative", "weekday")
        posts.append(
            Posted(
                post.line, post.head, person, clock, at, post.body,
                dated=moment is not None and moment.form != "clock", relative=relative,
                named=name, indent=post.indent, number=post.number,
            )
        )  # fmt: skip
    section = choice.place.section
    counter = None
    if section and section.declared is not None:
        counter = Counter(page.units[section.unit].line, section.declared)
    start = page.units[choice.place.begin].line
    return Discussion(choice.reading.layout, choice.score, start, counter, posts, found.furniture)


def _article_date(page: Page, choice: Choice) -> date | None:
    """Return the first day with its year in a short line of the article, else the first one in any head."""
    above = [anchor.moment for number, anchor in page.anchors.items() if number < choice.place.begin and anchor.moment]
    for moment in [*above, *[span.moment for span in choice.reading.spans if span.moment]]:
        if moment.year and moment.month and moment.day:
            try:
                return date(moment.year, moment.month, moment.day)
            except ValueError:
                continue
    return None
