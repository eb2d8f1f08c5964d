"""A discussion that only the text shows: its comments have no elements of their own, and stand below the article.

Old pages write "Ann wrote on May 2:" and a line break. The tree says nothing of them; the reader of plain text, which
knows such heads by their layout, is asked about what stands after the article's last paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from broadsheet.model import Comment, Hints, Problem
from broadsheet.parsing.boundary import find_boundary
from broadsheet.parsing.comments import read_comments
from broadsheet.parsing.html.dates import find_date
from broadsheet.parsing.html.names import said_in
from broadsheet.parsing.html.rendering import raw_text_after, text_after
from broadsheet.parsing.html.surroundings import HINT, read_heading
from broadsheet.parsing.html.survey import Survey
from broadsheet.parsing.layout import Top
from broadsheet.parsing.unattributed import LAYOUT as BODIES_ONLY
from broadsheet.parsing.upload import Settings
from broadsheet.text import clean

_LAST_PARAGRAPHS = 3
_LEAST = 2
_HEAD_WORDS = 25
# Comments are told by these words, in any of these languages, or by the heading above them.
_SAYINGS = ("says", "said", "wrote", "writes", "schrieb", "meint", "a dit", "dijo", "dice", "قال", "يقول")


class Talk(NamedTuple):
    """The comments of a page, the people missing among them, what found them with its score, and their counter."""

    comments: tuple[Comment, ...]
    missing: tuple[str, ...]
    grammar: str | None
    score: float | None
    declared: int | None
    problems: tuple[Problem, ...] = ()


def find_spoken(survey: Survey, title: str, body: str, *, settings: Settings, hints: Hints) -> Talk | None:
    """Return the discussion that stands in the text below an article, if it is sure.

    Costs little where nothing below the article looks like the head of a comment.
    """
    last = _end_of(survey, body)
    if last is None or not _may_speak(raw_text_after(survey.elements[last])):
        return None
    below = clean(text_after(survey.elements[last])).text.split("\n")
    if not _speaks_of_discussion(below):
        return None
    article = [title, "", *body.split("\n"), ""]
    found = find_boundary([*article, *below], Top(title=0, body=1), settings, hints).discussion
    if found is None or found.start < len(article) or len(found.posts) < _LEAST or found.grammar == BODIES_ONLY:
        return None
    read = read_comments(found, f"{title}\n{body}")
    return Talk(
        read.comments,
        read.missing_addressees,
        f"text:{found.grammar}",
        found.score,
        found.counter.declared if found.counter else None,
        # Its lines are no lines of the file, and the page's own count is compared with all that declares one.
        tuple(problem._replace(line=None) for problem in read.problems if problem.code != "comment_count_differs"),
    )


def _end_of(survey: Survey, body: str) -> int | None:
    """Return the number of the last element that holds one of the article's last paragraphs, and nothing else."""
    for paragraph in body.rsplit("\n\n", _LAST_PARAGRAPHS)[:0:-1]:
        wanted = " ".join(paragraph.split())
        for number in reversed(survey.with_words((wanted.count(" ") + 1,))):
            if survey.text_of(number) == wanted:
                return number
    return None


def _may_speak(text: str) -> bool:
    """Tell at little cost whether a text may have what says that it is a discussion."""
    return HINT.search(text) is not None or any(word in text for word in _SAYINGS)


def _speaks_of_discussion(below: Sequence[str]) -> bool:
    """Tell whether lines look like heads, and either these or a heading say that it is people who speak.

    Names and dates alone stand in lists of pictures, of other blogs and of what was published elsewhere.
    """
    short = [line for line in below if 0 < len(line.split()) <= _HEAD_WORDS]
    saying = sum(said_in(line) is not None for line in short if any(word in line for word in _SAYINGS))
    if saying < _LEAST and not any(read_heading(line)[0] for line in short):
        return False
    return saying >= _LEAST or sum(find_date(line) is not None for line in short) >= _LEAST
