"""The write side of the engine with its work measured: how long a bulk takes, and what of it has to be repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import attrgetter

from broadsheet.errors import EngineError, ThrottledError
from broadsheet.ports import BulkEngine, BulkItem, Clock, Telemetry

_STATUS = attrgetter("status")
_CONFLICT = 409
# Answers after which an action is sent again.
_BUSY = (429, 502, 503, 504)


class MeasuredBulk:
    """ports.BulkEngine; measures ``bulk_latency``, counts ``bulk_conflicts``, ``bulk_retries``, ``bulk_failures``."""

    def __init__(self, engine: BulkEngine, telemetry: Telemetry, clock: Clock) -> None:
        self._engine = engine
        self._telemetry = telemetry
        self._clock = clock

    def bulk(self, body: bytes) -> Sequence[BulkItem]:
        """Send a finished body; raises what the engine raises."""
        started = self._clock()
        try:
            items = self._engine.bulk(body)
        except ThrottledError:
            self._telemetry.count("bulk_retries")
            raise
        except EngineError:
            self._telemetry.count("bulk_failures")
            raise
        self._telemetry.measure("bulk_latency", (self._clock() - started) * 1000, "Milliseconds")
        statuses = Counter(map(_STATUS, items))
        if statuses[_CONFLICT]:
            self._telemetry.count("bulk_conflicts", statuses[_CONFLICT])
        if again := sum(statuses[status] for status in _BUSY):
            self._telemetry.count("bulk_retries", again)
        return items
