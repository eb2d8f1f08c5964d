"""Where the article ends: at its discussion, at a counter without one, or at the end of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from broadsheet.errors import LimitError
from broadsheet.model import Hints, Problem
from broadsheet.parsing.counters import Counter, counters
from broadsheet.parsing.discussion import Discussion, of_choice, of_family
from broadsheet.parsing.heads.choice import choose as choose_layout
from broadsheet.parsing.heads.page import Page
from broadsheet.parsing.layout import Top
from broadsheet.parsing.limits import Limits
from broadsheet.parsing.scoring import Discussion as FamilyDiscussion
from broadsheet.parsing.scoring import choose
from broadsheet.parsing.unattributed import find_unattributed
from broadsheet.parsing.upload import Settings
from broadsheet.text import language

# The end of a sentence: what stands above a page's own counter, while a teaser's counter stands under a headline.
_SENTENCE_ENDS = (".", "!", "?", "؟", '"', "”", "»")


_EMPTY = re.compile(
    r"(?:be\sthe\sfirst\s(?:to|person).{0,60}|(?:there\sare\s)?no\scomments(?:\s.{0,60})?[.!]?|0\s(?:comments?|responses?|replies)|comments?\s?\(0\)"
    r"|(?:leave|post|add|write)\s(?:a|your)\s(?:comment|reply)|comments\s(?:are\s)?closed\.?"
    r"|(?:لا\s(?:يوجد|توجد)\s(?:اي\s)?تعليقات?.{0,60}|كن\sاول\sمن.{0,60}|اضف\sتعليق.{0,20}|اترك\sتعليق.{0,20}|(?:ال)?تعليقات\s?[:(]?\s?0\s?\)?))"
)


_FEW = 2


class Boundary(NamedTuple):
    """``end`` is the line after the article's last; ``declared`` the number of comments the page says it has.

    ``discussion`` is what is sure enough to cut the page; ``score`` that of the best reading, sure or not, and
    ``suspected`` the number of heads of one that is not.
    """

    end: int
    declared: int | None = None
    discussion: Discussion | None = None
    score: float | None = None
    suspected: int = 0
    notices: tuple[Problem, ...] = ()


def find_boundary(lines: Sequence[str], top: Top, settings: Settings, hints: Hints) -> Boundary:
    """Find the discussion of a page and set its furniture apart in ``top``; raises LimitError ``too_many_comments``.

    Pages of the sample family are recognised by their own grammars at a fraction of the cost of all layouts.
    """
    start = top.body if top.title is None else top.title
    counted = counters(lines, start)
    best = choose(lines, start, counted)
    sure = best if best and best.sure else None
    if sure and _is_whole(sure):
        return _family(lines, top, sure, settings)
    page = Page(lines, top.body)
    chosen = choose_layout(page)
    if sure and not (chosen and chosen.sure and len(chosen.reading.spans) > 2 * len(sure.heads)):
        return _family(lines, top, sure, settings)
    found = None
    if chosen and chosen.sure:
        spoken = hints.language or language("\n".join(lines))
        found = of_choice(page, chosen, settings.zone, hints.captured_at, spoken)
    if found := found or find_unattributed(page):
        _check(len(found.posts), settings.limits)
        return _cut(top, found)
    if best:
        return _suspected(page, best.grammar, best.score, [head.line for head in best.heads])
    if chosen:
        heads = [page.units[span.units[0]].line for span in chosen.reading.spans]
        return _suspected(page, chosen.reading.layout, chosen.score, heads)
    return _without_heads(page, top, counted)


def _check(count: int, limits: Limits) -> None:
    if count > limits.max_comments:
        raise LimitError(
            f"The page has more than {limits.max_comments} comments (max_comments). Split it.",
            code="too_many_comments",
        )


def _is_whole(best: FamilyDiscussion) -> bool:
    """Tell whether the family's reading needs no second opinion: one quoted head is sure too, and is not the page."""
    return len(best.heads) > _FEW or (best.counter is not None and best.counter.declared == len(best.heads))


def _family(lines: Sequence[str], top: Top, best: FamilyDiscussion, settings: Settings) -> Boundary:
    _check(len(best.heads), settings.limits)
    if top.title is not None and best.start <= top.title:
        top.title = None
    top.give_back(best.start)
    found = of_family(lines, best, settings.zone)
    first = best.heads[0].line
    if best.counter is None:
        return Boundary(first, discussion=found, score=best.score)
    top.set_apart(best.counter.line, lines[best.counter.line].strip(), "comment_counter")
    for number in range(best.counter.line + 1, first):
        if lines[number]:
            top.set_apart(number, lines[number].strip(), "unexplained")
    return Boundary(best.counter.line, best.counter.declared, found, best.score)


def _cut(top: Top, found: Discussion) -> Boundary:
    top.give_back(found.start)
    for piece in found.furniture:
        counter = found.counter is not None and piece.line == found.counter.line + 1
        top.set_apart(piece.line - 1, piece.text, "comment_counter" if counter else piece.why)
    return Boundary(found.start, found.counter and found.counter.declared, found, found.score)


def _suspected(page: Page, layout: str, score: float, lines: Sequence[int]) -> Boundary:
    """Keep the whole text, and say which lines look like heads."""
    notice = Problem(
        "comments_suspected",
        f"Lines {lines[0] + 1} to {lines[-1] + 1} may be the heads of {len(lines)} comments ({layout}, score {score}), "
        "but too little proves it: the whole text is kept as the article.",
        line=lines[0] + 1,
    )
    return Boundary(len(page.lines), score=score, suspected=len(lines), notices=(notice,))


def _without_heads(page: Page, top: Top, counted: Sequence[Counter]) -> Boundary:
    lines = page.lines
    if counted and _closes(lines, counted[-1].line):
        end, declared = counted[-1]
        top.set_apart(end, lines[end].strip(), "comment_counter")
        message = f"The page declares {declared} comments, but the file ends before them."
        return Boundary(
            end, declared, notices=(Problem("comments_missing", message, line=end + 1),) if declared else ()
        )
    end = _set_tail_apart(page, top)
    if counted:
        counter = counted[0].line
        message = (
            f"No comments were recognised after {lines[counter].strip()!r}: the whole text is kept as the article."
        )
        notice = Problem("comment_counter_unmatched", message, line=counter + 1)
    elif top.print_edition:
        return Boundary(end)
    else:
        message = "No comments were recognised: the whole text is kept as the article."
        notice = Problem("comments_not_recognised", message)
    return Boundary(end, notices=(notice,))


def _set_tail_apart(page: Page, top: Top) -> int:
    """Set lines of an empty discussion at the end of a page apart ("No comments yet"); return the article's end."""
    number = len(page.units)
    while number > 1 and _EMPTY.fullmatch(page.lower(number - 1)):
        number -= 1
        unit = page.units[number]
        for line in range(unit.line, unit.end):
            if page.lines[line]:
                top.set_apart(line, page.lines[line].strip(), "no_comments")
    return page.units[number].line if number < len(page.units) else len(page.lines)


def _closes(lines: Sequence[str], number: int) -> bool:
    """Tell whether a counter is the last visible line of the page and stands under prose."""
    if any(lines[number + 1 :]):
        return False
    above = next((line for line in reversed(lines[:number]) if line), "")
    return above.endswith(_SENTENCE_ENDS)
