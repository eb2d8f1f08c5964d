"""What the stack promises, read from its template."""

from __future__ import annotations

import json

import cfnlint.api
import pytest
from cfnlint.config import ManualArgs

from broadsheet.settings import (
    EngineSettings,
    FilesSettings,
    IndicesSettings,
    IngestSettings,
    LedgerSettings,
    ParseSettings,
    ReconcileSettings,
    SearchSettings,
    TelemetrySettings,
    UploadsSettings,
)
from infra.app import build
from infra.resources import (
    FUNCTIONS,
    LEDGER_INDEXES,
    LEDGER_KEY,
    NOTIFICATIONS,
    QUEUE,
    RECONCILE_EVENT,
    RECONCILE_MINUTES,
)
from infra.stages import STAGES
from tests.infra.template import Synthesised

pytestmark = pytest.mark.xdist_group("infra")

SETTINGS: dict[str, type[LedgerSettings | EngineSettings | ParseSettings | UploadsSettings]] = {
    "ingest": IngestSettings,
    "search": SearchSettings,
    "files": FilesSettings,
    "parse": ParseSettings,
    "uploads": UploadsSettings,
    "indices": IndicesSettings,
    "reconcile": ReconcileSettings,
}


def test_an_unknown_stage_is_refused_with_the_list_of_stages() -> None:
    with pytest.raises(ValueError, match=r"no stage 'production'; choose one of: dev, prod"):
        build({"stage": "production"})


def test_without_a_word_the_stage_is_dev() -> None:
    app = build()
    assert app.node.try_find_child("Broadsheet-dev") is not None


@pytest.mark.parametrize("stage", STAGES)
def test_cfn_lint_finds_nothing(stage: str, request: pytest.FixtureRequest) -> None:
    template = request.getfixturevalue(stage).template
    # W3005: a DependsOn that a reference implies already; the CDK writes it for every function and its role.
    config = ManualArgs(regions=["us-east-1", "eu-central-1"], ignore_checks=["W3005"])
    matches = cfnlint.api.lint(json.dumps(template), config=config)
    assert [str(match) for match in matches] == []


def test_a_message_stays_invisible_for_six_times_the_time_limit_of_its_function(dev: Synthesised) -> None:
    queue = dev.one("SQS::Queue", "QueueingFiles")
    assert queue["VisibilityTimeout"] >= 6 * dev.functions()["ingest"]["Timeout"]


def test_failures_of_a_batch_are_reported_one_by_one_and_concurrency_is_bounded(dev: Synthesised) -> None:
    (mapping,) = dev.of("Lambda::EventSourceMapping").values()
    properties = mapping["Properties"]
    assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert properties["BatchSize"] == QUEUE.batch_size
    assert properties["ScalingConfig"] == {"MaximumConcurrency": STAGES["dev"].ingest_concurrency}
    assert dev.text(properties["EventSourceArn"]) == "queue"
    assert set(mapping["DependsOn"]) == set(dev.of("Custom::Trigger")), "no file is read before there are indices"


def test_a_long_file_may_go_on_for_more_messages_than_lambda_takes_for_a_loop(dev: Synthesised) -> None:
    loops = {name: function.get("RecursiveLoop") for name, function in dev.functions().items()}
    assert loops == {name: "Allow" if name == "ingest" else None for name in loops}


def test_messages_that_fail_too_often_are_kept(dev: Synthesised) -> None:
    redrive = dev.one("SQS::Queue", "QueueingFiles")["RedrivePolicy"]
    assert dev.text(redrive["deadLetterTargetArn"]) == "dead-letters"
    assert redrive["maxReceiveCount"] == QUEUE.max_receive_count
    kept = dev.one("SQS::Queue", "QueueingDeadLetters")["MessageRetentionPeriod"]
    assert kept > dev.one("SQS::Queue", "QueueingFiles")["MessageRetentionPeriod"]


def test_the_bucket_itself_sends_every_event_to_the_queue_once_it_may(dev: Synthesised) -> None:
    (bucket,) = [item for id_, item in dev.of("S3::Bucket").items() if id_.startswith("StorageUploads")]
    sent = bucket["Properties"]["NotificationConfiguration"]["QueueConfigurations"]
    assert {(entry["Event"], dev.text(entry["Queue"])) for entry in sent} == {(name, "queue") for name in NOTIFICATIONS}
    assert [dev.resources[id_]["Type"] for id_ in bucket["DependsOn"]] == ["AWS::SQS::QueuePolicy"]


def test_only_s3_for_this_bucket_and_account_may_send(dev: Synthesised) -> None:
    policy = dev.one("SQS::QueuePolicy", "QueueingFiles")["PolicyDocument"]["Statement"]
    (allowed,) = [statement for statement in policy if statement["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "s3.amazonaws.com"}
    assert allowed["Action"] == "sqs:SendMessage"
    name = dev.text(dev.one("S3::Bucket", "StorageUploads")["BucketName"])
    assert dev.text(allowed["Condition"]["ArnEquals"]["aws:SourceArn"]) == f"arn:AWS::Partition:s3:::{name}"
    assert allowed["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}


@pytest.mark.parametrize(("kind", "count"), [("S3::BucketPolicy", 2), ("SQS::QueuePolicy", 2)])
def test_buckets_and_queues_refuse_requests_without_tls(dev: Synthesised, kind: str, count: int) -> None:
    policies = [item["Properties"]["PolicyDocument"]["Statement"] for item in dev.of(kind).values()]
    assert len(policies) == count
    for statements in policies:
        denied = [statement for statement in statements if statement["Effect"] == "Deny"]
        assert [statement["Condition"] for statement in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]


def test_buckets_are_private_and_encrypted_and_uploads_keep_old_versions_for_a_time(dev: Synthesised) -> None:
    for bucket in dev.of("S3::Bucket").values():
        assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
        (rule,) = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    uploads = dev.one("S3::Bucket", "StorageUploads")
    assert uploads["VersioningConfiguration"] == {"Status": "Enabled"}
    expiry = [rule.get("NoncurrentVersionExpiration") for rule in uploads["LifecycleConfiguration"]["Rules"]]
    assert {"NoncurrentDays": STAGES["dev"].noncurrent_days} in expiry
    assert all("Expiration" not in rule for rule in uploads["LifecycleConfiguration"]["Rules"]), "files never expire"


def test_the_ledger_has_the_keys_that_the_local_system_has(dev: Synthesised) -> None:
    table = dev.one("DynamoDB::Table")
    assert table["KeySchema"] == [{"AttributeName": LEDGER_KEY, "KeyType": "HASH"}]
    indexes = {
        index["IndexName"]: tuple(key["AttributeName"] for key in index["KeySchema"])
        for index in table["GlobalSecondaryIndexes"]
    }
    assert indexes == {index.name: (index.partition, index.sort) for index in LEDGER_INDEXES}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert "TimeToLiveSpecification" not in table


def test_data_of_prod_outlives_the_stack_and_data_of_dev_does_not(dev: Synthesised, prod: Synthesised) -> None:
    kinds = ("S3::Bucket", "DynamoDB::Table", "OpenSearchService::Domain")
    for stage, policy in ((dev, "Delete"), (prod, "Retain")):
        assert {item["DeletionPolicy"] for kind in kinds for item in stage.of(kind).values()} == {policy}
    assert prod.one("DynamoDB::Table")["DeletionProtectionEnabled"] is True
    assert dev.one("DynamoDB::Table")["DeletionProtectionEnabled"] is False


def test_the_domain_is_encrypted_and_answers_signed_requests_of_this_account_only(dev: Synthesised) -> None:
    domain = dev.one("OpenSearchService::Domain")
    assert domain["EncryptionAtRestOptions"] == domain["NodeToNodeEncryptionOptions"] == {"Enabled": True}
    assert domain["DomainEndpointOptions"]["EnforceHTTPS"] is True
    (statement,) = domain["AccessPolicies"]["Statement"]
    assert dev.text(statement["Principal"]["AWS"]) == "arn:AWS::Partition:iam::AWS::AccountId:root"


def test_dev_is_one_small_node_and_prod_two_zones_without_standby(dev: Synthesised, prod: Synthesised) -> None:
    small = dev.one("OpenSearchService::Domain")["ClusterConfig"]
    large = prod.one("OpenSearchService::Domain")["ClusterConfig"]
    assert (small["InstanceCount"], small["ZoneAwarenessEnabled"]) == (1, False)
    assert (large["InstanceCount"], large["ZoneAwarenessConfig"]) == (2, {"AvailabilityZoneCount": 2})
    assert large["DedicatedMasterCount"] == 3
    assert small["MultiAZWithStandbyEnabled"] is large["MultiAZWithStandbyEnabled"] is False


def test_every_function_is_arm64_python_with_both_layers_and_its_own_role(dev: Synthesised) -> None:
    functions = dev.functions()
    assert set(functions) == {function.name for function in FUNCTIONS}
    for function in FUNCTIONS:
        properties = functions[function.name]
        assert properties["Runtime"] == "python3.13"
        assert properties["Architectures"] == ["arm64"]
        assert properties["Handler"] == "handler.handle"
        assert (properties["MemorySize"], properties["Timeout"]) == (function.memory, function.timeout)
        assert len(properties["Layers"]) == len(dev.of("Lambda::LayerVersion")) == 2
    assert len({dev.text(properties["Role"]) for properties in functions.values()}) == len(FUNCTIONS)


@pytest.mark.parametrize("name", SETTINGS)
def test_the_environment_of_a_function_is_read_by_its_settings(dev: Synthesised, name: str) -> None:
    variables = dev.functions()[name]["Environment"]["Variables"]
    settings = SETTINGS[name].from_environ({key: dev.text(value) for key, value in variables.items()})
    telemetry = TelemetrySettings.from_environ(variables)
    assert telemetry.metrics_namespace == "broadsheet-dev-metrics"
    read = {*settings.to_environ(), *telemetry.to_environ()}
    assert read == set(variables), "a variable that nobody reads"
    expected: dict[str, object] = {
        "opensearch_url": "https://domain.DomainEndpoint",
        "sign_requests": True,
        "ledger_table": "ledger",
        "uploads_bucket": "uploads",
        "outcomes_bucket": "outcomes",
        "queue_url": "queue",
        "dead_letters_url": "dead-letters",
        "visibility_seconds": QUEUE.visibility,
    }
    for field, word in expected.items():
        assert getattr(settings, field, word) == word


def test_logs_expire(dev: Synthesised) -> None:
    groups = [group["Properties"]["RetentionInDays"] for group in dev.of("Logs::LogGroup").values()]
    assert len(groups) == len(FUNCTIONS) + 2, "one for each function, one for the CDK's own, one for the API"
    assert all(0 < days < 400 for days in groups)


def test_no_function_has_a_log_that_outlives_the_stack_unasked(dev: Synthesised, prod: Synthesised) -> None:
    # Lambda makes a log that never expires for a function that names none.
    for stage in (dev, prod):
        functions = stage.of("Lambda::Function")
        assert len(functions) == len(FUNCTIONS) + 1
        logs = {item["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] for item in functions.values()}
        assert len(logs & set(stage.of("Logs::LogGroup"))) == len(functions)


def test_indices_are_made_after_the_domain_and_again_when_code_changes(dev: Synthesised) -> None:
    (trigger,) = dev.of("Custom::Trigger").values()
    assert trigger["Properties"]["ExecuteOnHandlerChange"] is True
    assert set(dev.of("OpenSearchService::Domain")) <= set(trigger["DependsOn"])
    assert int(trigger["Properties"]["Timeout"]) == 1_000 * dev.functions()["indices"]["Timeout"]


def test_bucket_and_ledger_are_compared_by_the_clock(dev: Synthesised) -> None:
    rule = dev.one("Events::Rule")
    assert (rule["ScheduleExpression"], RECONCILE_MINUTES) == ("rate(1 hour)", 60)
    (target,) = rule["Targets"]
    assert dev.text(target["Arn"]).startswith("FunctionsReconcile")
    assert json.loads(target["Input"]) == RECONCILE_EVENT


def test_the_trigger_is_the_only_custom_resource(dev: Synthesised, prod: Synthesised) -> None:
    for stage in (dev, prod):
        kinds = {item["Type"] for item in stage.resources.values()}
        assert {kind for kind in kinds if not kind.startswith("AWS::")} == {"Custom::Trigger"}
        assert "AWS::CloudFormation::CustomResource" not in kinds


def test_the_outputs_say_where_everything_is(dev: Synthesised) -> None:
    assert set(dev.template["Outputs"]) == {
        "ApiUrl",
        "ApiId",
        "ApiKeyId",
        "UploadsBucket",
        "OutcomesBucket",
        "DomainEndpoint",
        "LedgerTable",
        "AlarmTopic",
        "DashboardUrl",
    }
