"""What ``-c name=value`` does, and what is refused before anything is built."""

from __future__ import annotations

import json
import re

import cfnlint.api
import pytest
from cfnlint.config import ManualArgs

from infra.app import build
from infra.options import Options
from tests.infra.conftest import synthesise

pytestmark = pytest.mark.xdist_group("infra")

ACM = "arn:aws:acm:eu-central-1:123456789012:certificate/0b8f"
DOMAIN = "arn:aws:es:eu-central-1:123456789012:domain/papers"
ACL = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/front/0b8f"


@pytest.mark.parametrize(
    ("context", "sentence"),
    [
        ({"alarm_mail": "a@b"}, "there is no option -c alarm_mail; there are: account, alarm_email"),
        ({"tracing": "true"}, "-c tracing=true is neither yes nor no"),
        ({"account": "12"}, "-c account=12 is not of the form"),
        ({"api_domain": "api.example.org"}, "-c api_domain and -c api_certificate belong together"),
        ({"domain_endpoint": "search.example.org"}, "-c domain_arn and -c domain_endpoint belong together"),
        ({"stage": "production"}, "there is no stage 'production'"),
        ({"architecture": "ppc"}, "architecture 'ppc' is not one of"),
    ],
)
def test_a_misspelt_or_incomplete_choice_is_refused_with_what_there_is(context: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        build(context)


def test_credentials_of_another_account_or_region_are_refused() -> None:
    options = Options.from_context({"account": "123456789012", "region": "eu-central-1"})
    right = {"CDK_DEFAULT_ACCOUNT": "123456789012", "CDK_DEFAULT_REGION": "eu-central-1"}
    where = options.environment(right)
    assert where is not None
    assert (where.account, where.region) == ("123456789012", "eu-central-1")
    assert options.environment({}) is not None, "without credentials there are templates"
    with pytest.raises(ValueError, match="account 123456789012, but the credentials are for 999999999999"):
        options.environment(right | {"CDK_DEFAULT_ACCOUNT": "999999999999"})
    with pytest.raises(ValueError, match="region eu-central-1, but the credentials are for us-east-1"):
        options.environment(right | {"CDK_DEFAULT_REGION": "us-east-1"})
    assert Options().environment(right) is None


def test_a_name_of_ones_own_and_a_wall_stand_before_the_api() -> None:
    stack = synthesise({"api_domain": "api.example.org", "api_certificate": ACM, "web_acl": ACL})
    name = stack.one("ApiGateway::DomainName")
    assert (name["DomainName"], name["RegionalCertificateArn"]) == ("api.example.org", ACM)
    assert name["SecurityPolicy"] == "TLS_1_2"
    assert stack.one("ApiGateway::BasePathMapping")["BasePath"] == "v1", "addresses are the same behind every name"
    assert stack.one("WAFv2::WebACLAssociation")["WebACLArn"] == ACL
    assert "ApiDomainTarget" in stack.template["Outputs"]


def test_a_bucket_of_ones_own_is_not_made_and_says_how_to_connect_it() -> None:
    stack = synthesise({"uploads_bucket": "old-papers"})
    assert [id_ for id_ in stack.of("S3::Bucket") if id_.startswith("StorageUploads")] == []
    policy = stack.one("SQS::QueuePolicy", "QueueingFiles")["PolicyDocument"]["Statement"]
    (allowed,) = [statement for statement in policy if statement["Effect"] == "Allow"]
    assert stack.text(allowed["Condition"]["ArnEquals"]["aws:SourceArn"]) == "arn:AWS::Partition:s3:::old-papers"
    told = json.loads(stack.text(stack.template["Outputs"]["BucketNotifications"]["Value"]))
    (entry,) = told["QueueConfigurations"]
    assert entry["QueueArn"] == "queue"
    assert "s3:ObjectRemoved:*" in entry["Events"]
    assert stack.functions()["ingest"]["Environment"]["Variables"]["BROADSHEET_UPLOADS_BUCKET"] == "old-papers"


def test_a_domain_of_ones_own_is_used_and_not_made() -> None:
    stack = synthesise({"domain_arn": DOMAIN, "domain_endpoint": "search-papers.example.org"})
    assert stack.of("OpenSearchService::Domain") == {}
    variables = stack.functions()["search"]["Environment"]["Variables"]
    assert variables["BROADSHEET_OPENSEARCH_URL"] == "https://search-papers.example.org"
    (role,) = [role for id_, role in stack.of("IAM::Role").items() if id_.startswith("FunctionsIngestRole")]
    assert ("es:ESHttpPost", f"{DOMAIN}/_bulk") in set(stack.allowed(role))


def test_keys_may_upload_where_it_is_asked_for() -> None:
    for context, needs_key, by in (({}, False, "AWS_IAM"), ({"key_uploads": "yes"}, True, "NONE")):
        stack = synthesise(context)
        (resource,) = [
            id_ for id_, item in stack.of("ApiGateway::Resource").items() if item["Properties"]["PathPart"] == "uploads"
        ]
        (method,) = [
            item["Properties"]
            for item in stack.of("ApiGateway::Method").values()
            if item["Properties"]["ResourceId"] == {"Ref": resource} and item["Properties"]["HttpMethod"] == "POST"
        ]
        assert (method["ApiKeyRequired"], method["AuthorizationType"]) == (needs_key, by)


def test_tracing_follows_requests_without_a_policy_beside_the_roles() -> None:
    stack = synthesise({"tracing": "yes"})
    assert {item["TracingConfig"]["Mode"] for item in stack.functions().values()} == {"Active"}
    assert stack.one("ApiGateway::Stage")["TracingEnabled"] is True
    assert stack.of("IAM::Policy") == {}
    (role,) = [role for id_, role in stack.of("IAM::Role").items() if id_.startswith("FunctionsParseRole")]
    assert {action for action, _ in stack.allowed(role)} >= {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}


def test_cfn_lint_finds_nothing_in_a_stack_with_every_option() -> None:
    stack = synthesise(
        {
            "stage": "prod",
            "account": "123456789012",
            "region": "eu-central-1",
            "alarm_email": "desk@example.org",
            "tracing": "yes",
            "public_reading": "yes",
            "public_feeds": "yes",
            "key_uploads": "yes",
            "api_domain": "api.example.org",
            "api_certificate": ACM,
            "web_acl": ACL,
            "uploads_bucket": "old-papers",
            "domain_arn": DOMAIN,
            "domain_endpoint": "search-papers.example.org",
        }
    )
    config = ManualArgs(regions=["eu-central-1"], ignore_checks=["W3005"])
    assert [str(match) for match in cfnlint.api.lint(json.dumps(stack.template), config=config)] == []
