"""What a line says of a point in time, before it is known where and when the line was written."""

from __future__ import annotations

from typing import Literal, NamedTuple

Form = Literal["month", "numeric", "iso", "hijri", "relative", "weekday", "clock"]


class Moment(NamedTuple):
    """A date found at ``line[start:end]``; what is not written is None.

    ``pair`` are the two numbers of ``05/09/2014`` as written: which is the day, the whole page decides. ``ago`` are
    (number, unit in seconds) of a relative date, which has neither year nor month. ``offset`` is an ISO offset or an
    IANA zone. ``weekday`` counts from Monday, 0.
    """

    start: int
    end: int
    form: Form
    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int = 0
    offset: str | None = None
    pair: tuple[int, int] | None = None
    separator: str = ""
    half_day: bool = False
    ago: tuple[int, int] | None = None
    weekday: int | None = None
    second: int | None = None

    @property
    def shape(self) -> str:
        """What heads of one page have in common: the form, and whether a clock time is in it."""
        return self.form if self.hour is None or self.form == "relative" else f"{self.form}+clock"
