"""The usual discussion, comments with the same fields and no replies inside: read field by field, not one by one.

It takes half the time. The rules are those of ``discussion.DiscussionReader``, which reads all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from broadsheet.parsing.exports.comments import NOTHING, Said
from broadsheet.parsing.exports.moments import posted_at
from broadsheet.parsing.exports.names import UTC_NAMES, comment_fields
from broadsheet.parsing.exports.values import Texts, is_harmless, name_of


def read_alike(elements: Sequence[Any], zone: str, texts: Texts) -> Said | None:
    """Return those that have a text, an author or an id; None, with nothing counted, if they are not all alike."""
    # Objects only, and all with one tuple of names.
    if {*map(type, elements)} != {dict} or len({*map(tuple, elements)}) > 1 or "kind" in elements[0]:
        return None
    fields = comment_fields(elements[0])
    if fields.replies or fields.guest or max(map(len, fields)) > 1:
        return None
    stated_authors = _column(elements, fields.author)
    if dict in map(type, stated_authors):
        return None
    bodies: Sequence[str] = _bodies(_column(elements, fields.body), texts)
    authors: Sequence[str | None] = _authors(stated_authors, texts)
    source_ids: Sequence[str | None] = _identifiers(elements, fields.source_id, texts)
    if not all(bodies):
        rows = [row for row in zip(elements, authors, bodies, source_ids, strict=True) if any(row[1:])]
        if not rows:
            return NOTHING
        elements, authors, bodies, source_ids = zip(*rows, strict=True)
    place = None if UTC_NAMES.intersection(fields.posted) else zone
    return Said(
        authors,
        ["unknown"] * len(elements),
        [posted_at(stated, place) for stated in _column(elements, fields.posted)],
        bodies,
        source_ids,
        [None] * len(elements),
        _identifiers(elements, fields.parent, texts),
    )


def _column(elements: Sequence[Any], names: tuple[str, ...]) -> list[Any]:
    return [each[names[0]] for each in elements] if names else [None] * len(elements)


# Most values pass a short look at them, without a call.
def _authors(column: list[Any], texts: Texts) -> list[str | None]:
    return [
        stated
        if stated.__class__ is str and stated.isalnum() and stated.isascii()
        else texts.line(name_of(stated)) or None
        for stated in column
    ]


def _bodies(column: list[Any], texts: Texts) -> list[str]:
    # Looked through together, which takes a third of the time.
    harmless = is_harmless("".join([stated for stated in column if stated.__class__ is str and stated.isascii()]))
    return [
        stated.strip()
        if harmless and stated.__class__ is str and stated.isascii() and "<" not in stated and "&" not in stated
        else texts.prose(stated)
        for stated in column
    ]


def _identifiers(elements: Sequence[Any], names: tuple[str, ...], texts: Texts) -> list[str | None]:
    column = _column(elements, names)
    return [texts.identifier(stated) for stated in column] if names else column
