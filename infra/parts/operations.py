"""What a person is told: alarms, the topic they go to, and the dashboard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from aws_cdk import Aws, Duration
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.options import Options
from infra.parts.dashboard import widgets
from infra.parts.engine import Engine
from infra.parts.ledger import Ledger
from infra.parts.metrics import Metrics
from infra.parts.queueing import Queueing
from infra.resources import RECONCILE_MINUTES
from infra.stages import Stage

_OVER = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
_UNDER = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
_QUIET = cloudwatch.TreatMissingData.NOT_BREACHING
_MISSED = cloudwatch.TreatMissingData.BREACHING
# OpenSearch writes no more when a fifth of the disk or 20 GiB is left, whichever is less (AWS, "Recommended CloudWatch
# alarms for Amazon OpenSearch Service"): told when a quarter is left.
_DISK_LEFT = 0.25
# The same page recommends 95 % of the old generation's pool; heap that stays above 85 % is near to it.
_HEAP_PERCENT = 85
_OLD_MESSAGE_SECONDS = 3_600


class Watched(NamedTuple):
    """One alarm: its name, what to do in a sentence, the metric, and when it rings."""

    name: str
    advice: str
    metric: cloudwatch.IMetric
    threshold: float = 1
    periods: int = 1
    operator: cloudwatch.ComparisonOperator = _OVER
    missing: cloudwatch.TreatMissingData = _QUIET


class Operations(Construct):
    """``topic`` hears of every alarm and of its end; ``dashboard_url`` shows why."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        options: Options,
        functions: Mapping[str, lambda_.Function],
        queueing: Queueing,
        ledger: Ledger,
        engine: Engine,
        api: apigateway.RestApi,
    ) -> None:
        super().__init__(scope, id_)
        self.topic = sns.Topic(self, "Alarms", display_name=stage.named("alarms"), enforce_ssl=True)
        # A policy of its own takes the place of the one that lets everything of the account in.
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        if options.alarm_email:
            self.topic.add_subscription(subscriptions.EmailSubscription(options.alarm_email))
        metrics = Metrics(stage.named("metrics"))
        for watched in (
            *_ingestion(metrics, queueing),
            _ledger(ledger),
            *_functions(functions),
            *_api(api),
            *_engine(engine, stage),
        ):
            self._alarm(stage, watched)
        dashboard = cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=stage.named("overview"),
            default_interval=Duration.hours(12),
            widgets=widgets(metrics, functions=functions, queueing=queueing, engine=engine, api=api),
        )
        self.dashboard_url = (
            f"https://{Aws.REGION}.console.aws.amazon.com/cloudwatch/home"
            f"?region={Aws.REGION}#dashboards/dashboard/{dashboard.dashboard_name}"
        )

    def _alarm(self, stage: Stage, watched: Watched) -> None:
        alarm = cloudwatch.Alarm(
            self,
            "".join(part.capitalize() for part in watched.name.split("-")),
            alarm_name=stage.named(watched.name),
            alarm_description=watched.advice,
            metric=watched.metric,
            threshold=watched.threshold,
            evaluation_periods=watched.periods,
            comparison_operator=watched.operator,
            treat_missing_data=watched.missing,
        )
        action = actions.SnsAction(self.topic)
        alarm.add_alarm_action(action)
        alarm.add_ok_action(action)


def _ingestion(metrics: Metrics, queueing: Queueing) -> Iterable[Watched]:
    hour = Duration.hours(1)
    yield Watched(
        "dead-letters",
        "Messages came back for days. Look why (broadsheet status), then: broadsheet redrive.",
        queueing.dead_letters.metric_approximate_number_of_messages_visible(statistic="Maximum"),
    )
    yield Watched(
        "old-messages",
        "Files wait for more than an hour: the engine is away or there are many. See ingest_failures in the dashboard.",
        queueing.queue.metric_approximate_age_of_oldest_message(statistic="Maximum"),
        threshold=_OLD_MESSAGE_SECONDS,
        periods=3,
    )
    yield Watched(
        "failed-files",
        "Files could not be read: broadsheet status --failed says which and why.",
        metrics.count("files", hour, status="failed"),
    )
    yield Watched(
        "ledger-behind-index",
        "The index holds later states than the ledger, as after a restore: broadsheet generations recover (runbook).",
        metrics.count("conflicts_under_own_claim", hour, service="ingest"),
    )
    yield Watched(
        "indices-recreated",
        "Indices in use had vanished and were made again, empty: broadsheet generations fill, then swap.",
        metrics.count("indices_recreated", hour, service="indices"),
    )
    yield Watched(
        "suppression-unreadable",
        "Lines of the list of take-downs cannot be read and hide nothing: correct .broadsheet/suppress.jsonl.",
        metrics.count("suppression_unreadable", hour, service="ingest"),
    )


def _ledger(ledger: Ledger) -> Watched:
    kinds = {
        name: cloudwatch.Metric(
            namespace="AWS/DynamoDB",
            metric_name=f"{name.capitalize()}ThrottleEvents",
            dimensions_map={"TableName": ledger.table.table_name},
            statistic="Sum",
        )
        for name in ("read", "write")
    }
    return Watched(
        "ledger-throttled",
        "DynamoDB refused work on the ledger; nothing is lost, files wait. It ends by itself as the table adapts.",
        cloudwatch.MathExpression(expression="SUM(METRICS())", using_metrics=dict(kinds), label="refused"),
        periods=3,
    )


def _functions(functions: Mapping[str, lambda_.Function]) -> Iterable[Watched]:
    for name, function in functions.items():
        yield Watched(
            f"{name}-errors",
            f"The function {name} crashed or ran out of time; its log says where.",
            function.metric_errors(statistic="Sum"),
        )
    yield Watched(
        "functions-throttled",
        "Lambda refused invocations in this account: its limit of concurrent executions is reached.",
        # Of the whole account, as the limit is.
        lambda_.Function.metric_all_throttles(statistic="Sum"),
    )
    yield Watched(
        "reconcile-missed",
        "Bucket and ledger were not compared for three hours: see the log of the function reconcile and its rule.",
        functions["reconcile"].metric_invocations(statistic="Sum", period=Duration.minutes(RECONCILE_MINUTES)),
        periods=3,
        operator=_UNDER,
        missing=_MISSED,
    )


def _api(api: apigateway.RestApi) -> Iterable[Watched]:
    yield Watched(
        "api-failures",
        "Five or more requests were answered with 5xx in five minutes; the logs name them by their instance.",
        api.metric_server_error(statistic="Sum"),
        threshold=5,
    )
    yield Watched(
        "api-slow",
        "One request of a hundred takes more than three seconds: see the engine in the dashboard.",
        api.metric_latency(statistic="p99"),
        threshold=3_000,
        periods=3,
    )


def _engine(engine: Engine, stage: Stage) -> Iterable[Watched]:
    domain = engine.domain
    yield Watched(
        "domain-red",
        "A part of an index is lost: restore the automated snapshot, or fill a new generation (runbook).",
        domain.metric_cluster_status_red(statistic="Maximum", period=Duration.minutes(1)),
    )
    yield Watched(
        "domain-writes-blocked",
        "The domain takes no writes, for want of disk or memory; nothing is lost, files wait in the queue.",
        domain.metric_cluster_index_writes_blocked(statistic="Maximum", period=Duration.minutes(5)),
    )
    if engine.own:  # how large the disks of others are is not known
        yield Watched(
            "domain-disk",
            "A node has less than a quarter of its disk left: raise volume_gb of the stage, or drop an old generation.",
            domain.metric_free_storage_space(statistic="Minimum", period=Duration.minutes(5)),
            threshold=round(stage.volume_gb * 1_024 * _DISK_LEFT),
            operator=_UNDER,
        )
    yield Watched(
        "domain-memory",
        "The heap stays fuller than it should: lower ingest_concurrency, or take larger nodes.",
        domain.metric_jvm_memory_pressure(statistic="Maximum", period=Duration.minutes(5)),
        threshold=_HEAP_PERCENT,
        periods=3,
    )
    yield Watched(
        "domain-snapshot-failed",
        "The hourly snapshot failed; the index can still be made again from the bucket.",
        domain.metric_automated_snapshot_failure(statistic="Maximum", period=Duration.minutes(5)),
    )
