"""What was read of a discussion, field by field -> its comments, with their threads and mentions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import count, repeat
from typing import NamedTuple

from broadsheet.model import UNDECIDED, AuthorKind, Comment, CommentTime, Thread
from broadsheet.parsing.mentions import Directory

_STATED = ("stated",)
_ROOT = Thread("root", None, _STATED, 1.0)
# What it answers is not in the file.
_ORPHAN = Thread("reply", None, _STATED, 1.0)


class Said(NamedTuple):
    """The comments of a discussion in their order, one sequence per field, all of one length.

    ``parents`` are the ordinals of the comments that they are nested in, ``answers`` the ids that they state as their
    parents'. Python does one thing to many values in half the time of many things to each, and comments are most of
    what an archive holds.
    """

    authors: Sequence[str | None]
    kinds: Sequence[AuthorKind]
    posted: Sequence[CommentTime | None]
    bodies: Sequence[str]
    source_ids: Sequence[str | None]
    parents: Sequence[int | None]
    answers: Sequence[str | None]


NOTHING = Said((), (), (), (), (), (), ())


def comments_of(said: Said, form: str, article_ids: Collection[str]) -> tuple[Comment, ...]:
    """Return the comments of a discussion whose source connects them in this form: ``nested``, ``flat`` or ``list``."""
    authors, kinds, posted, bodies, source_ids, _, _ = said
    threads = repeat(UNDECIDED) if form == "list" else _threads(said, article_ids)
    rows = zip(count(), repeat(""), authors, kinds, posted, bodies, _mentions(said), threads, source_ids, strict=False)
    # Half the time of calling Comment with nine arguments.
    return tuple(map(Comment._make, rows))


def _mentions(said: Said) -> list[tuple[str, ...]]:
    mentions: list[tuple[str, ...]] = [()] * len(said.bodies)
    if speaking := [ordinal for ordinal, body in enumerate(said.bodies) if "@" in body]:
        directory = Directory(said.authors, "")
        for ordinal in speaking:
            mentions[ordinal] = directory.mentions(said.bodies[ordinal])
    return mentions


def _threads(said: Said, article_ids: Collection[str]) -> list[Thread]:
    known = {source_id: ordinal for ordinal, source_id in enumerate(said.source_ids) if source_id}
    return [
        _reply(parent) if parent is not None else _place(answers, ordinal, known, article_ids) if answers else _ROOT
        for ordinal, (parent, answers) in enumerate(zip(said.parents, said.answers, strict=True))
    ]


def _place(answers: str, ordinal: int, known: dict[str, int], article_ids: Collection[str]) -> Thread:
    bare = without_kind(answers)
    if answers in article_ids or bare in article_ids:
        return _ROOT
    parent = known.get(answers)
    if parent is None:
        parent = known.get(bare)
    if parent is None or parent == ordinal:
        return _ORPHAN
    return _reply(parent)


@lru_cache(maxsize=1024)
def _reply(parent: int) -> Thread:
    return Thread("reply", parent, _STATED, 1.0)


def without_kind(name: str) -> str:
    """Return a Reddit name without the kind of thing it names: ``t1_abc`` -> ``abc``."""
    return name[3:] if name[:1] == "t" and name[2:3] == "_" else name
