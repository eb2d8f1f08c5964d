from __future__ import annotations

import pytest

from broadsheet.errors import EngineError, ThrottledError
from broadsheet.measured_bulk import MeasuredBulk
from broadsheet.ports import BulkItem
from tests.fakes import FakeClock, RecordingTelemetry


class Engine:
    """An engine that takes a quarter of a second and gives what it is told to."""

    def __init__(self, clock, outcome):
        self._clock = clock
        self._outcome = outcome

    def bulk(self, body):
        self._clock.sleep(0.25)
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return [BulkItem(status, None) for status in self._outcome]


def measured(outcome):
    clock, telemetry = FakeClock(), RecordingTelemetry()
    return MeasuredBulk(Engine(clock, outcome), telemetry, clock), telemetry


def test_latency_conflicts_and_what_is_sent_again_are_told():
    engine, telemetry = measured([201, 409, 409, 429, 503, 400])

    assert [item.status for item in engine.bulk(b"")] == [201, 409, 409, 429, 503, 400]
    assert telemetry.measures == {"bulk_latency": [250.0]}
    assert telemetry.counts == {"bulk_conflicts": 2, "bulk_retries": 2}


@pytest.mark.parametrize(
    ("error", "counted"), [(ThrottledError("busy"), "bulk_retries"), (EngineError("away"), "bulk_failures")]
)
def test_a_bulk_without_an_answer_is_counted_and_has_no_latency(error, counted):
    engine, telemetry = measured(error)

    with pytest.raises(type(error)):
        engine.bulk(b"")
    assert telemetry.counts == {counted: 1}
    assert telemetry.measures == {}
