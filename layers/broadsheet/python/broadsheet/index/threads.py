"""Where each comment stands in its discussion: parent, root, depth and reading order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import NamedTuple

from broadsheet.model import Comment


class Place(NamedTuple):
    """The place of one comment; ``parent`` and ``root`` are positions in the sequence of comments.

    ``order`` counts the comments from 0 as a tree is read: each comment, then its replies in page order.
    """

    parent: int | None
    root: int
    depth: int
    order: int


def places(comments: Sequence[Comment]) -> list[Place]:
    """Return the places of an article's comments, in their order; linear in their number.

    A parent that does not exist is no parent. In a ring of parents (a file can state one) the first comment of the
    page becomes the root.
    """
    stated = [comment.thread.parent for comment in comments]
    if stated.count(None) == len(stated):
        positions = range(len(stated))
        return [*map(Place._make, zip(stated, positions, repeat(0), positions, strict=False))]
    parents = _parents(comments, stated)
    replies: dict[int, list[int]] = {}
    for position, parent in enumerate(parents):
        if parent is not None:
            replies.setdefault(parent, []).append(position)
    placed: list[Place | None] = [None] * len(comments)
    order = 0
    starts = [position for position, parent in enumerate(parents) if parent is None]
    # The second round finds only members of rings, which no root leads to.
    for start in (*starts, *range(len(comments))):
        if placed[start] is not None:
            continue
        waiting: list[tuple[int, int | None, int]] = [(start, None, 0)]
        while waiting:
            position, parent, depth = waiting.pop()
            if placed[position] is not None:
                continue
            placed[position] = Place(parent, start, depth, order)
            order += 1
            waiting.extend((reply, position, depth + 1) for reply in reversed(replies.get(position, ())))
    return [place for place in placed if place is not None]


def _parents(comments: Sequence[Comment], stated: Sequence[int | None]) -> list[int | None]:
    positions = {comment.ordinal: position for position, comment in enumerate(comments)}
    parents: list[int | None] = []
    for position, ordinal in enumerate(stated):
        parent = None if ordinal is None else positions.get(ordinal)
        parents.append(None if parent == position else parent)
    return parents
