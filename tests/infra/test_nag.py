"""What the rules of cdk-nag say about the production stack, and why it stands. A new finding fails here.

The rules run in this test only: inside the app every finding would stop a user's own deployment.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aws_cdk import Validations
from cdk_nag import AwsSolutionsChecks

from infra.app import build

pytestmark = pytest.mark.xdist_group("infra")

ACCEPTED = {
    "APIG2": "requests are validated by the functions, which name every wrong parameter",
    "APIG3": "a web ACL costs by the month; who opens the API to the world adds one",
    "APIG4": "reading asks for an API key and the status page for nothing, on purpose",
    "APIG6": "execution logs hold what people searched for; access logs are on",
    "COG4": "see APIG4: keys for reading, IAM for writing",
    "IAM4": "AWS's own role for the access logs of the gateway",
    "IAM5": "objects of a bucket, indexes of the table, generations of an index: listed one by one in test_permissions",
    "L1": "python3.13 starts faster than the newest runtime, and its bytecode is what the layers hold",
    "OS1": "the endpoint is public and answers signed requests only; a VPC would need endpoints for every service",
    "OS3": "no list of addresses: Lambda has none; see OS1",
    "OS9": "slow logs hold the text of queries",
    "S1": "server access logs hold the names of files and who read them; CloudTrail can be added by the account",
}


def test_every_finding_is_one_that_was_thought_about() -> None:
    app = build({"stage": "prod"})
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    with pytest.raises(RuntimeError, match=r"^ValidationFailed"):
        app.synth()
    report = json.loads((Path(app.outdir) / "validation-report.json").read_text(encoding="utf-8"))
    found = {
        violation["ruleName"].removeprefix("AwsSolutions-").partition("[")[0]
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
    }
    assert found == set(ACCEPTED)
