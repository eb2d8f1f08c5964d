"""What the rules of cdk-nag say about the production stack, and why it stands. A new finding fails here.

The rules run in this test only: inside the app every finding would stop a user's own deployment.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aws_cdk import Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from infra.app import build

pytestmark = pytest.mark.xdist_group("infra")

ACCEPTED = {
    "AwsSolutions-APIG2": "requests are validated by the functions, which name every wrong parameter",
    "AwsSolutions-APIG3": "a web ACL costs by the month; who opens the API to the world gives one (-c web_acl)",
    "AwsSolutions-APIG4": "reading asks for an API key and the status page for nothing, on purpose",
    "AwsSolutions-APIG6": "execution logs hold what people searched for; access logs are on",
    "AwsSolutions-COG4": "see APIG4: keys for reading, IAM for writing",
    "AwsSolutions-IAM4": "AWS's own role for the access logs of the gateway",
    "AwsSolutions-IAM5": "objects of a bucket, indexes of the table, generations: one by one in test_permissions",
    "AwsSolutions-L1": "python3.13 starts faster than the newest runtime, and its bytecode is what the layers hold",
    "AwsSolutions-OS1": "the endpoint is public, for signed requests only; a VPC needs endpoints for every service",
    "AwsSolutions-OS3": "no list of addresses: Lambda has none; see OS1",
    "AwsSolutions-OS9": "slow logs hold the text of queries",
    "AwsSolutions-S1": "server access logs hold the names of files and who read them; the account can add CloudTrail",
    "Serverless-APIGWXrayEnabled": "-c tracing=yes",
    "Serverless-EventBusDLQ": "the clock comes again in an hour, and three missed hours ring (reconcile-missed)",
    "Serverless-LambdaDLQ": "what is asked by a queue has that queue's dead letters, the rest is asked by who waits",
    "Serverless-LambdaEventSourceMappingDestination": "a queue keeps its dead letters itself",
    "Serverless-LambdaLatestVersion": "see L1",
    "Serverless-LambdaTracing": "-c tracing=yes",
    "Serverless-SQSRedrivePolicy": "the dead letters themselves have none",
}


def test_every_finding_is_one_that_was_thought_about() -> None:
    app = build({"stage": "prod"})
    Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))
    with pytest.raises(RuntimeError, match=r"^ValidationFailed"):
        app.synth()
    report = json.loads((Path(app.outdir) / "validation-report.json").read_text(encoding="utf-8"))
    found = {
        violation["ruleName"].partition("[")[0]
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
    }
    assert found == set(ACCEPTED)
