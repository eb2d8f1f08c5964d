"""Metrics as Powertools prints them: in the namespace of the deployment."""

from __future__ import annotations

import json

import pytest

from broadsheet.adapters.telemetry import PowertoolsTelemetry


@pytest.mark.parametrize("namespace", ["broadsheet-dev-metrics", "broadsheet-prod-metrics"])
def test_all_metrics_of_a_deployment_are_in_its_namespace_with_their_dimensions(namespace, monkeypatch, capsys):
    monkeypatch.setenv("BROADSHEET_METRICS_NAMESPACE", namespace)
    telemetry = PowertoolsTelemetry("ingest")
    telemetry.count("files", status="indexed")
    telemetry.count("articles", 3)
    telemetry.measure("lag", 1.5, "Seconds")
    telemetry.flush()
    blocks = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    directives = [directive for block in blocks for directive in block["_aws"]["CloudWatchMetrics"]]
    assert {directive["Namespace"] for directive in directives} == {namespace}
    # As the alarms and the dashboard ask for them.
    found = {metric["Name"]: directive["Dimensions"] for directive in directives for metric in directive["Metrics"]}
    assert found == {"files": [["status"]], "articles": [["service"]], "lag": [["service"]]}
