"""A recognised discussion -> comments: bodies, times in the assumed zone, mentions, threads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from broadsheet.model import Comment, CommentTime, Problem
from broadsheet.parsing.dates import comment_time
from broadsheet.parsing.layout import paragraphs
from broadsheet.parsing.mentions import Directory
from broadsheet.parsing.scoring import Discussion
from broadsheet.parsing.threads import threads


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments of one page, the people addressed who never appear on it, and what is wrong with it."""

    comments: tuple[Comment, ...]
    missing_addressees: tuple[str, ...]
    problems: tuple[Problem, ...]


NO_COMMENTS = Comments((), (), ())


def read_comments(lines: Sequence[str], discussion: Discussion, zone: str, article: str) -> Comments:
    """Build the comments of a page in page order; ``zone`` is assumed for their times, ``article`` is its text."""
    heads = discussion.heads
    ends = [head.line for head in heads[1:]]
    ends.append(len(lines))
    bodies = [paragraphs(lines[head.end : end]) for head, end in zip(heads, ends, strict=True)]
    posted = [comment_time(head.time, zone) if head.time else None for head in heads]
    people = [head.person for head in heads]
    directory = Directory([person.name for person in people], article)
    addressed = [directory.addressed(body, person.name) for person, body in zip(people, bodies, strict=True)]
    places = threads(
        [head.time if time else None for head, time in zip(heads, posted, strict=True)],
        [directory.key(person.name) for person in people],
        addressed,
    )
    comments = tuple(
        Comment(ordinal, head.text, head.person.name, head.person.kind, time, body, spoken_to.mentions, place)
        for ordinal, (head, time, body, spoken_to, place) in enumerate(
            zip(heads, posted, bodies, addressed, places, strict=True)
        )
    )
    missing = dict.fromkeys(name for spoken_to in addressed if spoken_to.missing for name in spoken_to.missing)
    return Comments(comments, tuple(missing), tuple(_problems(discussion, posted)))


def _problems(discussion: Discussion, posted: Sequence[CommentTime | None]) -> Iterator[Problem]:
    counter = discussion.counter
    if counter and counter.declared != len(posted):
        yield Problem(
            "comment_count_differs",
            f"The page declares {counter.declared} comments and {len(posted)} were found.",
            line=counter.line + 1,
        )
    if None in posted:
        for head, time in zip(discussion.heads, posted, strict=True):
            if head.time and time is None:
                yield Problem(
                    "date_impossible",
                    f"There is no such day: {head.text}. The comment is kept without a time.",
                    line=head.line + 1,
                )
