"""The dashboard: is anything wrong with files, the queue, the API or the engine, from top to bottom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_

from broadsheet.ledger_item import STATUSES
from infra.parts.engine import Engine
from infra.parts.metrics import Metrics
from infra.parts.queueing import Queueing

_WIDTH = 12


def widgets(
    metrics: Metrics,
    *,
    functions: Mapping[str, lambda_.Function],
    queueing: Queueing,
    engine: Engine,
    api: apigateway.RestApi,
) -> list[list[cloudwatch.IWidget]]:
    """Return the rows of the dashboard."""
    domain = engine.domain
    statuses = [
        metrics.count("files", status=status).with_(label=status) for status in STATUSES if status != "processing"
    ]
    lag = [
        metrics.measure("lag", statistic, service="ingest").with_(label=statistic)
        for statistic in ("p50", "p95", "Maximum")
    ]
    read = [metrics.count(name, service="ingest") for name in ("articles", "comments")]
    bulks = [metrics.count(f"bulk_{name}", service="ingest") for name in ("retries", "failures", "conflicts")]
    latency = [_latency(metrics, statistic) for statistic in ("p50", "p95")]
    waiting = queueing.queue.metric_approximate_number_of_messages_visible(statistic="Maximum", label="waiting")
    hidden = queueing.queue.metric_approximate_number_of_messages_not_visible(statistic="Maximum", label="in work")
    dead = queueing.dead_letters.metric_approximate_number_of_messages_visible(statistic="Maximum", label="dead")
    age = queueing.queue.metric_approximate_age_of_oldest_message(statistic="Maximum", label="age of the oldest, s")
    answers = [
        api.metric_count(statistic="Sum", label="requests"),
        api.metric_client_error(statistic="Sum", label="4xx"),
        api.metric_server_error(statistic="Sum", label="5xx"),
    ]
    times = [api.metric_latency(statistic=statistic, label=f"API {statistic}") for statistic in ("p50", "p95", "p99")]
    searches = [functions["search"].metric_duration(statistic="p95", label="search p95")]
    errors = [function.metric_errors(statistic="Sum", label=name) for name, function in functions.items()]
    ended = [function.metric_duration(statistic="Maximum", label=name) for name, function in functions.items()]
    load = [
        domain.metric_cpu_utilization(statistic="Maximum", label="CPU, %"),
        domain.metric_jvm_memory_pressure(statistic="Maximum", label="heap, %"),
    ]
    disk = [domain.metric_free_storage_space(statistic="Minimum", label="free disk of the fullest node, MiB")]
    speed = [
        domain.metric_search_latency(statistic="Average", label="search, ms"),
        domain.metric_indexing_latency(statistic="Average", label="indexing, ms"),
    ]
    return [
        [_graph("Files by what became of them", statuses), _graph("From upload to index, s", lag)],
        [_graph("Queue", [waiting, hidden, dead], [age]), _graph("Read and indexed", read)],
        [_graph("Requests", answers), _graph("Answers, ms", [*times, *searches])],
        [_graph("Errors of functions", errors), _graph("Longest invocations, ms", ended)],
        [_graph("Writes to the engine", bulks, latency), _graph("Engine: shard latency", speed)],
        [_graph("Engine: load", load), _graph("Engine: disk", disk)],
    ]


def _latency(metrics: Metrics, statistic: str) -> cloudwatch.Metric:
    return metrics.measure("bulk_latency", statistic, service="ingest").with_(label=f"{statistic}, ms")


def _graph(
    title: str, left: Sequence[cloudwatch.IMetric], right: Sequence[cloudwatch.IMetric] = ()
) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(left), right=list(right), width=_WIDTH)
