"""How things are measured: rounds that take turns, medians, ratios against a ceiling of the same run."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Line:
    """One line of the report: what was measured, the figure, and what it is a share of."""

    name: str
    value: float
    unit: str
    ceiling: str = ""
    ratio: float | None = None


def interleaved(
    cases: Mapping[str, Callable[[], object]], *, rounds: int, clock: Callable[[], float]
) -> dict[str, float]:
    """Run the cases in turns and return the median time of each by this clock, in seconds."""
    times: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            gc.collect()
            start = clock()
            case()
            times[name].append(clock() - start)
    return {name: statistics.median(measured) for name, measured in times.items()}


def taking_turns(
    cases: Mapping[str, Callable[[T], object]], *, before: Callable[[], T], rounds: int
) -> dict[str, float]:
    """Run the cases in turns and return the best wall time of each, in seconds.

    For what a service beside us does: its noise only ever adds. ``before`` makes what each run is given, untimed.
    """
    times: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            given = before()
            gc.collect()
            start = time.perf_counter()
            case(given)
            times[name].append(time.perf_counter() - start)
    return {name: min(measured) for name, measured in times.items()}


def cpu() -> float:
    """Return the CPU seconds of this process."""
    return time.process_time()


def wall() -> float:
    """Return the seconds that people wait."""
    return time.perf_counter()
