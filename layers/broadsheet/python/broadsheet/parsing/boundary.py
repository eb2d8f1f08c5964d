"""Where the article ends: at its discussion, at a counter without one, or at the end of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.errors import LimitError
from broadsheet.model import Problem
from broadsheet.parsing.counters import Counter, counters
from broadsheet.parsing.layout import Top
from broadsheet.parsing.limits import Limits
from broadsheet.parsing.scoring import Discussion, choose

# The end of a sentence: what stands above a page's own counter, while a teaser's counter stands under a headline.
_SENTENCE_ENDS = (".", "!", "?", "؟", '"', "”", "»")


@dataclass(frozen=True, slots=True)
class Boundary:
    """``end`` is the line after the article's last; ``declared`` the number of comments the page says it has.

    ``discussion`` is the reading that is sure enough to cut the page; ``suspected`` one that is not.
    """

    end: int
    declared: int | None = None
    discussion: Discussion | None = None
    suspected: Discussion | None = None
    notices: tuple[Problem, ...] = ()

    @property
    def score(self) -> float | None:
        """The score of the best reading, sure or not."""
        best = self.discussion or self.suspected
        return best.score if best else None


def find_boundary(lines: Sequence[str], top: Top, limits: Limits) -> Boundary:
    """Find the discussion of a page and set its counter apart in ``top``; raises LimitError ``too_many_comments``."""
    start = top.body if top.title is None else top.title
    counted = counters(lines, start)
    best = choose(lines, start, counted)
    if best is None:
        return _without_heads(lines, top, counted)
    if not best.sure:
        return Boundary(len(lines), suspected=best, notices=(_suspicion(best),))
    if len(best.heads) > limits.max_comments:
        raise LimitError(
            f"The page has more than {limits.max_comments} comments (max_comments). Split it.",
            code="too_many_comments",
        )
    if top.title is not None and best.start <= top.title:
        top.title = None
    top.give_back(best.start)
    first = best.heads[0].line
    if best.counter is None:
        return Boundary(first, discussion=best)
    top.set_apart(best.counter.line, lines[best.counter.line].strip(), "comment_counter")
    for number in range(best.counter.line + 1, first):
        if lines[number]:
            top.set_apart(number, lines[number].strip(), "unexplained")
    return Boundary(best.counter.line, best.counter.declared, discussion=best)


def _suspicion(best: Discussion) -> Problem:
    first, last = best.heads[0].line + 1, best.heads[-1].line + 1
    return Problem(
        "comments_suspected",
        f"Lines {first} to {last} may be the heads of {len(best.heads)} comments ({best.grammar}, score {best.score}), "
        "but too little proves it: the whole text is kept as the article.",
        line=first,
    )


def _without_heads(lines: Sequence[str], top: Top, counted: Sequence[Counter]) -> Boundary:
    if counted and _closes(lines, counted[-1].line):
        end, declared = counted[-1]
        top.set_apart(end, lines[end].strip(), "comment_counter")
        message = f"The page declares {declared} comments, but the file ends before them."
        return Boundary(
            end, declared, notices=(Problem("comments_missing", message, line=end + 1),) if declared else ()
        )
    if counted:
        counter = counted[0].line
        message = (
            f"No comments were recognised after {lines[counter].strip()!r}: the whole text is kept as the article."
        )
        notice = Problem("comment_counter_unmatched", message, line=counter + 1)
    elif top.print_edition:
        return Boundary(len(lines))
    else:
        message = "No comments were recognised: the whole text is kept as the article."
        notice = Problem("comments_not_recognised", message)
    return Boundary(len(lines), notices=(notice,))


def _closes(lines: Sequence[str], number: int) -> bool:
    """Tell whether a counter is the last visible line of the page and stands under prose."""
    if any(lines[number + 1 :]):
        return False
    above = next((line for line in reversed(lines[:number]) if line), "")
    return above.endswith(_SENTENCE_ENDS)
