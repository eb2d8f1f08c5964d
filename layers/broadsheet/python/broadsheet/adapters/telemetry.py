"""Logs and metrics by Powertools: JSON lines and the embedded metric format, both on standard output."""

from __future__ import annotations

from threading import Lock
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from broadsheet.ports import Unit
from broadsheet.settings import TelemetrySettings


class PowertoolsTelemetry:
    """ports.Telemetry for one function; ``flush`` writes the metrics at the end of an invocation.

    Several threads may use it.
    """

    def __init__(self, service: str) -> None:
        self._logger = Logger(service=service)
        self._namespace = TelemetrySettings.from_environ().metrics_namespace
        self._metrics = Metrics(namespace=self._namespace, service=service)
        self._lock = Lock()

    def event(self, name: str, **fields: Any) -> None:
        """Write one log line; the fields keep to themselves, since some names belong to the logging module."""
        self._logger.info(name, extra={"facts": fields})

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Add to a metric; one with dimensions is written at once, since a block has one set of dimensions."""
        with self._lock:
            if not dimensions:
                self._metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
                return
            with single_metric(name=name, unit=MetricUnit.Count, value=value, namespace=self._namespace) as metric:
                for dimension, entry in dimensions.items():
                    metric.add_dimension(name=dimension, value=entry)

    def measure(self, name: str, value: float, unit: Unit) -> None:
        """Note one value of a metric; a block keeps them all, so that percentiles can be asked for."""
        with self._lock:
            self._metrics.add_metric(name=name, unit=MetricUnit(unit), value=value)

    def flush(self) -> None:
        """Write what was counted since the last flush, if anything was."""
        if self._metrics.metric_set:
            self._metrics.flush_metrics()
