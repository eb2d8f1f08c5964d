"""What a person is told, read from the template: alarms that ring for metrics which exist, and who hears them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from infra.resources import FUNCTIONS
from infra.stages import STAGES
from tests.infra.conftest import synthesise
from tests.infra.template import Synthesised

pytestmark = pytest.mark.xdist_group("infra")

ROOT = Path(__file__).parents[2]
NAMESPACE = "broadsheet-dev-metrics"
_WRITTEN = re.compile(r"telemetry\.(?:count|measure)\(\s*\"(\w+)\"(?:.*?(\w+)=[\w.]+\))?")


def written() -> set[str]:
    """Return the names of the metrics that the package and the functions write."""
    files = [*(ROOT / "layers").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]
    return {match[1] for file in files for match in _WRITTEN.finditer(file.read_text(encoding="utf-8"))}


def test_what_goes_wrong_rings(dev: Synthesised) -> None:
    alarms = {item["Properties"]["AlarmName"] for item in dev.of("CloudWatch::Alarm").values()}
    expected = {
        "dead-letters",
        "old-messages",
        "failed-files",
        "ledger-behind-index",
        "indices-recreated",
        "suppression-unreadable",
        "ledger-throttled",
        "functions-throttled",
        "reconcile-missed",
        "api-failures",
        "api-slow",
        "domain-red",
        "domain-writes-blocked",
        "domain-disk",
        "domain-memory",
        "domain-snapshot-failed",
        *(f"{function.name}-errors" for function in FUNCTIONS),
    }
    assert alarms == {f"broadsheet-dev-{name}" for name in expected}


def test_every_alarm_and_its_end_go_to_the_topic_with_a_sentence_of_advice(dev: Synthesised) -> None:
    (topic,) = dev.of("SNS::Topic")
    for alarm in dev.of("CloudWatch::Alarm").values():
        properties = alarm["Properties"]
        assert properties["AlarmActions"] == properties["OKActions"] == [{"Ref": topic}]
        assert properties["AlarmDescription"].endswith((".", ")."))


def test_alarms_and_dashboard_show_metrics_that_are_written(dev: Synthesised) -> None:
    alarms = json.dumps([item["Properties"] for item in dev.of("CloudWatch::Alarm").values()])
    own = set(re.findall(rf'"MetricName": "(\w+)", "Namespace": "{NAMESPACE}"', alarms))
    dashboard = dev.text(dev.one("CloudWatch::Dashboard")["DashboardBody"])
    shown = set(re.findall(rf'"{NAMESPACE}","(\w+)"', dashboard))
    assert own == {"files", "conflicts_under_own_claim", "indices_recreated", "suppression_unreadable"}
    assert {"files", "lag", "articles", "comments", "bulk_latency"} <= shown
    assert own | shown <= written()
    for status in ("indexed", "partial", "empty", "skipped", "failed", "deleted"):
        assert f'"files","status","{status}"' in dashboard


def test_the_disk_rings_before_the_engine_stops_to_write(dev: Synthesised, prod: Synthesised) -> None:
    for name, stage in (("dev", dev), ("prod", prod)):
        disk = stage.one("CloudWatch::Alarm", "OperationsDomainDisk")
        assert disk["Threshold"] == STAGES[name].volume_gb * 1_024 / 4
        assert disk["ComparisonOperator"] == "LessThanThreshold"


def test_a_clock_that_stopped_rings_by_its_silence(dev: Synthesised) -> None:
    missed = dev.one("CloudWatch::Alarm", "OperationsReconcileMissed")
    assert missed["TreatMissingData"] == "breaching"
    assert (missed["Period"], missed["EvaluationPeriods"]) == (3_600, 3)


def test_cloudwatch_of_this_account_may_publish_and_only_by_tls(dev: Synthesised) -> None:
    statements = dev.one("SNS::TopicPolicy")["PolicyDocument"]["Statement"]
    (allowed,) = [item for item in statements if item["Effect"] == "Allow"]
    (denied,) = [item for item in statements if item["Effect"] == "Deny"]
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_alarms_go_to_the_address_that_is_given(dev: Synthesised) -> None:
    assert dev.of("SNS::Subscription") == {}
    told = synthesise({"alarm_email": "desk@example.org"}).one("SNS::Subscription")
    assert (told["Protocol"], told["Endpoint"]) == ("email", "desk@example.org")


def test_the_dashboard_is_one_link_away(dev: Synthesised) -> None:
    address = dev.text(dev.template["Outputs"]["DashboardUrl"]["Value"])
    assert address.startswith("https://AWS::Region.console.aws.amazon.com/cloudwatch/")
    assert dev.one("CloudWatch::Dashboard")["DashboardName"] == "broadsheet-dev-overview"
    body = json.loads(dev.text(dev.one("CloudWatch::Dashboard")["DashboardBody"]))
    assert len(body["widgets"]) == 12
