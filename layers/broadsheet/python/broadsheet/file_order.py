"""The two orders in which files are listed, and the cursors that remember a place in them."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from broadsheet.errors import ParameterProblem, RequestError
from broadsheet.ports import JsonObject, LedgerIndex
from broadsheet.search.parameters import refusal

Place = tuple[str, ...]
"""Where a list ended: the key, or time and id; empty for the beginning."""


@dataclass(frozen=True, slots=True)
class KeyOrder:
    """All files with a prefix, in UTF-8 order of their keys."""

    name: ClassVar[str] = "key"
    parts: ClassVar[int] = 1

    index: LedgerIndex
    prefix: str

    def items(self, place: Place, page: int) -> Iterator[JsonObject]:
        """Yield the items behind a place, fetched in pages of this size."""
        after = place[0] if place else ""
        while items := self.index.by_key(prefix=self.prefix, after=after, limit=page):
            yield from items
            after = items[-1]["key"]

    def place(self, item: JsonObject) -> Place:
        """Return the place of an item."""
        return (item["key"],)

    def cursor(self, place: Place) -> str:
        """Return a place as the API shows it."""
        return cursor_of(self.name, place)


@dataclass(frozen=True, slots=True)
class TimeOrder:
    """Files of some statuses by the time of their outcome, the latest first."""

    name: ClassVar[str] = "time"
    parts: ClassVar[int] = 2

    index: LedgerIndex
    statuses: Sequence[str]
    since: str
    until: str

    def items(self, place: Place, page: int) -> Iterator[JsonObject]:
        """Yield the items behind a place, fetched in pages of this size."""
        before = (place[0], place[1]) if place else None
        while items := self.index.by_time(
            statuses=self.statuses, since=self.since, until=self.until, before=before, limit=page
        ):
            yield from items
            before = (items[-1]["updated_at"], items[-1]["file_id"])

    def place(self, item: JsonObject) -> Place:
        """Return the place of an item."""
        return (item["updated_at"], item["file_id"])

    def cursor(self, place: Place) -> str:
        """Return a place as the API shows it."""
        return cursor_of(self.name, place)


def read_place(cursor: str, order: KeyOrder | TimeOrder) -> Place:
    """Return the place a cursor remembers; raise RequestError for one that is none, or of the other order."""
    return place_of(cursor, order.name, order.parts)


def place_of(cursor: str, name: str, parts: int) -> Place:
    """Return the parts of a cursor that ``cursor_of`` made under this name, none of an empty one."""
    if not cursor:
        return ()
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:
        text = ""
    # A key may hold the separator.
    found, *place = text.split("\0", parts)
    if found != name or len(place) != parts:
        raise unreadable_cursor()
    return tuple(place)


def unreadable_cursor() -> RequestError:
    """Return the refusal of a cursor that no answer gave."""
    problem = ParameterProblem(
        "cursor", "unreadable", "cursor must be the next of an earlier answer to the same request."
    )
    return refusal([problem])


def cursor_of(name: str, place: Place) -> str:
    """Return a place as the API shows it."""
    return base64.urlsafe_b64encode("\0".join((name, *place)).encode()).decode().rstrip("=")
