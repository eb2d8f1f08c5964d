"""The first and the last of some ISO 8601 times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime


def first_and_last(values: Sequence[str]) -> tuple[str, str] | None:
    """Return the earliest and the latest value as they are written, None without a readable one.

    A page's comments are not in order of time, and their offsets may differ. A time without an offset counts as UTC,
    as the engine reads it.

    >>> first_and_last(["2014-05-09T16:33+03:00", "2014-05-09T15:00+01:00"])
    ('2014-05-09T16:33+03:00', '2014-05-09T15:00+01:00')
    """
    if not values:
        return None
    if len({(len(value), value[16:]) for value in values}) == 1:
        # Written alike up to the minute and equal after it: they sort as text.
        return min(values), max(values)
    dated = [(instant, value) for value in values if (instant := _instant(value)) is not None]
    return (min(dated)[1], max(dated)[1]) if dated else None


def _instant(value: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
