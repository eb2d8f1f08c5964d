"""The metrics that the functions themselves write, by the names they have there."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

# One value for each block of five minutes, as AWS's own metrics have.
_PERIOD = Duration.minutes(5)


class Metrics:
    """Metrics of one deployment, in a namespace of its own."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace

    def count(self, name: str, period: Duration = _PERIOD, **dimensions: str) -> cloudwatch.Metric:
        """Return how often something was counted."""
        return self._metric(name, "Sum", period, dimensions)

    def measure(self, name: str, statistic: str, **dimensions: str) -> cloudwatch.Metric:
        """Return a statistic of something measured, such as ``p95``."""
        return self._metric(name, statistic, _PERIOD, dimensions)

    def _metric(self, name: str, statistic: str, period: Duration, dimensions: Mapping[str, str]) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=self.namespace,
            metric_name=name,
            statistic=statistic,
            period=period,
            dimensions_map=dict(dimensions),
        )
