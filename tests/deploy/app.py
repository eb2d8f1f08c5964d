"""The app as it is, without what the emulator cannot make at all (the README says what and why)."""

from __future__ import annotations

from infra.app import build

# isort: split
from aws_cdk import aws_cloudwatch as cloudwatch

app = build()
for construct in app.node.find_all():
    if isinstance(construct, cloudwatch.CfnAlarm) and construct.metrics is not None:
        # CloudFormation of the emulator: "Properties.Metrics (metric math) is not supported".
        alarm = construct.node.scope
        if alarm is not None and alarm.node.scope is not None:
            alarm.node.scope.node.try_remove_child(alarm.node.id)
app.synth()
