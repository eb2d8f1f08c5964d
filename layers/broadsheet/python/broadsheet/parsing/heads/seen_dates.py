"""What the dates of a reading's heads tell: clock times, order, distances, and times that were planned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from broadsheet.parsing.heads.reading import Span
from broadsheet.parsing.moments import Moment

_Time = tuple[int, int, int, int, int]


def weigh_dates(reasons: dict[str, float], spans: Sequence[Span]) -> None:
    """Add the points of the dates."""
    moments = [span.moment for span in spans if span.moment]
    relative = sum(moment.form in ("relative", "weekday") for moment in moments)
    clocked = sum(moment.hour is not None and moment.form not in ("relative", "weekday", "clock") for moment in moments)
    days = len(moments) - relative - clocked - sum(moment.form == "clock" for moment in moments)
    reasons["dates"] = (1.2 * relative + 1.0 * clocked + 0.3 * days) / len(spans)
    minutes = [moment.minute for moment in moments if moment.hour is not None and moment.form != "relative"]
    if len(minutes) > 1 and all(minute % 15 == 0 for minute in minutes):
        # What is planned begins on the quarter; what people write does not.
        reasons["round_times"] = -0.8 if len(minutes) == 2 else -2.5
    known = [moment for moment in moments if moment.month or moment.pair]
    if len(known) < 2:
        return
    order, gap = max(_order_and_gap(known, day_first=first) for first in {False, any(m.pair for m in known)})
    weight = min(1.0, (len(known) - 1) / 3)
    reasons["order"] = weight * (0.7 if order >= 0.8 else 0.2 if order >= 0.6 else -0.2)
    # A timeline has months between its entries.
    reasons["spacing"] = 0.4 if gap >= -3 else 0.1 if gap >= -30 else -0.6 if gap >= -120 else -1.5


def _order_and_gap(moments: Sequence[Moment], *, day_first: bool) -> tuple[float, int]:
    """Return the share of steps in the page's direction, and the usual distance in days, negative."""
    times = [_time(moment, day_first=day_first) for moment in moments]
    steps = list(pairwise(times))
    forward = sum(later >= earlier for earlier, later in steps)
    backward = sum(later <= earlier for earlier, later in steps)
    days = [_ordinal(time) for time in times]
    gaps = sorted(abs(later - earlier) for earlier, later in pairwise(days))
    return max(forward, backward) / len(steps), -gaps[len(gaps) // 2]


def _time(moment: Moment, *, day_first: bool) -> _Time:
    day, month = moment.day or 0, moment.month or 0
    if moment.pair:
        day, month = moment.pair if day_first else moment.pair[::-1]
    return moment.year or 0, month, day, moment.hour or 0, moment.minute


def _ordinal(time: _Time) -> int:
    # The days need not exist: only their distance counts.
    return date(2000 + time[0] % 100, min(12, max(1, time[1])), min(28, max(1, time[2]))).toordinal()
