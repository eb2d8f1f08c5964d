"""A moment as written -> a point in time: the order of day and month, the year, the zone, the time of capture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from broadsheet.model import CommentTime
from broadsheet.parsing.dates import LocalTime, comment_time, load_zone
from broadsheet.parsing.moments.hijri import UNCERTAIN_DAYS
from broadsheet.parsing.moments.moment import Moment
from broadsheet.parsing.moments.relative import DAY

_MINUTE_CHARS = len("2014-05-09T09:15")


class DayOrder(NamedTuple):
    """How a page means ``05/09/2014``, and what told so: a number above 12, the order in time, or the language."""

    day_first: bool
    method: str


def day_order(moments: Sequence[Moment], language: str | None, captured_at: datetime | None = None) -> DayOrder:
    """Decide the order of day and month for all dates of one page together; none is later than the capture."""
    numeric = [moment for moment in moments if moment.pair]
    above = sum(moment.pair[0] > 12 for moment in numeric if moment.pair)
    below = sum(moment.pair[1] > 12 for moment in numeric if moment.pair)
    if above != below:
        return DayOrder(above > below, "stated")
    if captured_at:
        last = captured_at.date() + timedelta(days=1)
        future = {
            first: sum((day := _day(moment, first)) is not None and day > last for moment in numeric)
            for first in (True, False)
        }
        if future[True] != future[False]:
            return DayOrder(future[True] < future[False], "day-order-by-capture")
    named = [_named_weekday(moment) for moment in numeric]
    if named.count(True) != named.count(False):
        return DayOrder(named.count(True) > named.count(False), "day-order-by-weekday")
    if len(numeric) > 2:
        disorder = {first: _disorder(numeric, first) for first in (True, False)}
        if disorder[True] != disorder[False]:
            return DayOrder(disorder[True] < disorder[False], "day-order-by-time")
    if language == "ar":
        return DayOrder(True, "day-order-by-language")
    american = sum(1 if moment.half_day else -1 for moment in numeric if moment.separator == "/" and moment.hour)
    dotted = any(moment.separator == "." for moment in numeric)
    return DayOrder(dotted or american < 0, "day-order-by-language")


def _named_weekday(moment: Moment) -> bool | None:
    """Tell which order makes a date fall on the weekday that is written before it; None for both or none."""
    fits = [(day := _day(moment, first)) is not None and day.weekday() == moment.weekday for first in (True, False)]
    return fits[0] if fits[0] != fits[1] else None


def _disorder(moments: Iterable[Moment], day_first: bool) -> int:
    """Count how often the time changes its direction on a page read this way, months weighing as days."""
    days = [day for moment in moments if (day := _day(moment, day_first))]
    spans = [abs((later - earlier).days) for earlier, later in pairwise(days)]
    return sum(span > 20 for span in spans)


def _day(moment: Moment, day_first: bool) -> date | None:
    if moment.pair is None or moment.year is None:
        return None
    day, month = moment.pair if day_first else moment.pair[::-1]
    try:
        return date(moment.year, month, day)
    except ValueError:
        return None


def ordered(moment: Moment, order: DayOrder | None) -> Moment:
    """Return a numeric date with month and day."""
    if moment.pair is None:
        return moment
    first = order.day_first if order else moment.separator != "/" or not moment.half_day
    day, month = moment.pair if first else moment.pair[::-1]
    if month > 12:
        day, month = month, day
    return moment._replace(month=month, day=day)


def local(moment: Moment, captured_at: datetime | None) -> LocalTime | None:
    """Return the wall time of an ordered moment that names its day; None for relative ones and clock times.

    A year that is not written is that of the last such day before the capture.
    """
    if moment.month is None or moment.day is None:
        return None
    year = moment.year or _last_year(moment.month, moment.day, captured_at)
    return LocalTime(year, moment.month, moment.day, moment.hour or 0, moment.minute) if year else None


def _last_year(month: int, day: int, captured_at: datetime | None) -> int | None:
    if captured_at is None:
        return None
    this_year = (month, day) <= (captured_at.month, captured_at.day)
    return captured_at.year if this_year else captured_at.year - 1


def place(moment: Moment, zone: str, captured_at: datetime | None, order: DayOrder | None) -> CommentTime | None:
    """Place a moment in time; None when there is no such day, or nothing to count from."""
    if moment.form in {"relative", "weekday"}:
        return _back_from(moment, zone, captured_at) if captured_at else None
    written = ordered(moment, order)
    time = local(written, captured_at)
    if time is None:
        return None
    method = "stated"
    if moment.pair and max(moment.pair) <= 12 and moment.pair[0] != moment.pair[1]:
        method = order.method if order else "day-order-assumed"
    elif moment.year is None:
        method = "year-by-capture"
    if moment.form == "hijri":
        return _hijri(time)
    if moment.hour is None:
        return _dated(time, method)
    if moment.offset is None:
        placed = comment_time(time, zone)
        return placed and _with_seconds(placed._replace(method=method), moment.second)
    placed = _with_offset(time, moment.offset, method)
    return placed and _with_seconds(placed, moment.second)


def _with_seconds(time: CommentTime, second: int | None) -> CommentTime:
    """Put the seconds that a page prints behind the minute of ``2014-05-09T09:15+03:00``."""
    if not second:
        return time
    return time._replace(value=f"{time.value[:_MINUTE_CHARS]}:{second:02}{time.value[_MINUTE_CHARS:]}")


def _dated(time: LocalTime, method: str) -> CommentTime | None:
    try:
        return CommentTime(date(*time[:3]).isoformat(), method, None, zone_assumed=False)
    except ValueError:
        return None


def _hijri(time: LocalTime) -> CommentTime:
    day, span = date(*time[:3]), timedelta(days=UNCERTAIN_DAYS)
    return CommentTime(
        day.isoformat(), "hijri-tabular", None, False, (day - span).isoformat(), (day + span).isoformat()
    )


def _with_offset(time: LocalTime, offset: str, method: str) -> CommentTime | None:
    try:
        at = datetime(*time, tzinfo=UTC).replace(tzinfo=None)
    except ValueError:
        return None
    if offset[0] in "+-":
        zone = "UTC" if offset == "+00:00" else None
        return CommentTime(at.isoformat(timespec="minutes") + offset, method, zone, zone_assumed=False)
    value = at.replace(tzinfo=ZoneInfo(offset)).isoformat(timespec="minutes")
    return CommentTime(value, method, offset, zone_assumed=False)


def _back_from(moment: Moment, zone: str, captured_at: datetime) -> CommentTime | None:
    """Count back from the capture; sites round down or to the nearest, so the span takes in both."""
    now = captured_at.astimezone(load_zone(zone))
    if moment.weekday is not None:
        day = now.date() - timedelta(days=(now.weekday() - moment.weekday) % 7)
        return _on_day(day, moment, zone, "weekday-before-capture")
    if moment.ago is None:
        return None
    number, unit = moment.ago
    try:
        if unit == DAY and (moment.hour is not None or number == 0):
            return _on_day(now.date() - timedelta(days=number), moment, zone, "relative")
        value = now - timedelta(seconds=number * unit)
        earliest = now - timedelta(seconds=(number + 1) * unit)
        latest = now - timedelta(seconds=max(0.0, number - 0.5) * unit)
    except OverflowError:
        return None
    if unit >= DAY:
        bounds = (value.date().isoformat(), earliest.date().isoformat(), latest.date().isoformat())
        return CommentTime(bounds[0], "relative", None, False, bounds[1], bounds[2])
    written = [time.isoformat(timespec="minutes") for time in (value, earliest, latest)]
    return CommentTime(written[0], "relative", zone, True, written[1], written[2])


def _on_day(day: date, moment: Moment, zone: str, method: str) -> CommentTime | None:
    if moment.hour is None:
        return CommentTime(day.isoformat(), method, None, False, day.isoformat(), day.isoformat())
    time = LocalTime(day.year, day.month, day.day, moment.hour, moment.minute)
    placed = comment_time(time, zone)
    return placed and placed._replace(method=method)
