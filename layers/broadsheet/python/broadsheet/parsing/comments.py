"""A recognised discussion -> comments: mentions, threads, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from broadsheet.model import Comment, Problem, named_tuple
from broadsheet.parsing.discussion import Discussion
from broadsheet.parsing.mentions import Directory
from broadsheet.parsing.nesting import nested
from broadsheet.parsing.threads import threads


class Comments(NamedTuple):
    """The comments of one page, the people addressed who never appear on it, and what is wrong with it."""

    comments: tuple[Comment, ...]
    missing_addressees: tuple[str, ...]
    problems: tuple[Problem, ...]


NO_COMMENTS = Comments((), (), ())


def read_comments(discussion: Discussion, article: str) -> Comments:
    """Build the comments of a page in page order; ``article`` is its text."""
    posts = discussion.posts
    shown = nested(posts)
    people = [person for _, person in shown] if shown else [post.person for post in posts]
    names = [person.name for person in people]
    directory = Directory(names, article)
    addressed = [directory.addressed(post.body, name) for post, name in zip(posts, names, strict=True)]
    if shown and all(place for place, _ in shown):
        places = [place for place, _ in shown if place]
    else:
        keys = [directory.key(name) for name in names]
        places = threads([post.clock for post in posts], keys, addressed)
        if shown:
            places = [said or place for (said, _), place in zip(shown, places, strict=True)]
    comments = tuple(
        [
            named_tuple(
                Comment,
                (ordinal, post.head, name, person.kind, post.at, post.body, spoken_to.mentions, place, None),
            )
            for ordinal, (post, name, person, spoken_to, place) in enumerate(
                zip(posts, names, people, addressed, places, strict=True)
            )
        ]
    )
    missing = dict.fromkeys([name for spoken_to in addressed for name in spoken_to.missing])
    return Comments(comments, tuple(missing), tuple(_problems(discussion)))


def _problems(discussion: Discussion) -> Iterator[Problem]:
    counter = discussion.counter
    count = len(discussion.posts)
    if counter and counter.declared != count:
        yield Problem(
            "comment_count_differs",
            f"The page declares {counter.declared} comments and {count} were found.",
            line=counter.line + 1,
        )
    unplaced = [post for post in discussion.posts if post.at is None and post.dated]
    relative = [post for post in unplaced if post.relative]
    for post in unplaced:
        if not post.relative:
            yield Problem(
                "date_impossible",
                f"There is no such day: {post.head}. The comment is kept without a time.",
                line=post.line + 1,
            )
    if relative:
        yield Problem(
            "capture_time_unknown",
            f"{len(relative)} comments are dated by how long ago they were posted, and it is not known when the page "
            "was captured. State captured_at beside the file.",
            line=relative[0].line + 1,
        )
