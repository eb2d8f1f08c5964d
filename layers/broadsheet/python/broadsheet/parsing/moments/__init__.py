"""Dates as people and their software write them, in English and Arabic, absolute and relative."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from broadsheet.model import CommentTime
from broadsheet.parsing.moments.absolute import find_absolute
from broadsheet.parsing.moments.moment import Moment
from broadsheet.parsing.moments.months import plain
from broadsheet.parsing.moments.placing import DayOrder, day_order, place
from broadsheet.parsing.moments.relative import find_clock, find_relative

__all__ = ["DayOrder", "Moment", "day_first_of", "day_order", "find_moment", "parse_moment", "place"]

# A date is written in less; what is searched is bounded, whatever the line.
MAX_CHARS = 300
_DIGIT = re.compile(r"\d")


def find_moment(line: str) -> Moment | None:
    """Find the first date of a line: an absolute one, else a relative one, else a clock time.

    >>> find_moment("Posted by Ann on May 9, 2014 at 4:33 pm")[3:8]
    (2014, 5, 9, 16, 33)
    """
    text = plain(line[:MAX_CHARS])
    lower = text.lower()
    if len(lower) != len(text):  # "İ" has two characters in lower case
        lower = text
    # Only a relative date can be written without a digit.
    if _DIGIT.search(lower):
        return find_absolute(lower) or find_relative(lower) or find_clock(lower)
    return find_relative(lower)


def parse_moment(
    text: str, captured_at: datetime | None, zone: str, day_first: bool | None = None
) -> CommentTime | None:
    """Read the date in a short text; ``zone`` (IANA) is assumed where the text states none.

    ``day_first`` says how 05/09/2014 is meant; None leaves it to the form of the date. None for what is no date, for a
    day that does not exist, a clock time alone, and a relative date without ``captured_at`` (which has an offset).
    """
    moment = find_moment(text)
    if moment is None:
        return None
    order = None if day_first is None else DayOrder(day_first, "day-order-by-page")
    return place(moment, zone, captured_at, order)


def day_first_of(texts: Iterable[str]) -> bool | None:
    """Decide for all dates of one page whether the day stands first in 05/09/2014; None where nothing tells."""
    moments = [moment for text in texts if (moment := find_moment(text)) and moment.pair]
    order = day_order(moments, None)
    return order.day_first if moments and order.method != "day-order-by-language" else None
