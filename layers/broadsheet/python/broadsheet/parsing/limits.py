"""What one file may cost: the limits are settings, stated there once; the time of a record is kept here."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from broadsheet.errors import LimitError
from broadsheet.settings import Limits

__all__ = ["Deadline", "Limits"]


class Deadline:
    """Bounds the time of one record, asked between the steps of its reading; nothing is interrupted.

    ``clock`` returns seconds: by default the processor time of the thread, since a slow network is no record's fault.
    """

    def __init__(self, seconds: float = math.inf, clock: Callable[[], float] = time.thread_time) -> None:
        self._seconds = seconds
        self._clock = clock
        self._ends = clock() + seconds

    def restart(self) -> None:
        """Begin the next record."""
        self._ends = self._clock() + self._seconds

    def check(self) -> None:
        """Raise LimitError ``record_too_slow`` when the record's time is over."""
        if self._clock() > self._ends:
            raise LimitError(
                f"The record takes longer than {self._seconds} seconds to read (max_record_seconds). Split it.",
                code="record_too_slow",
            )
