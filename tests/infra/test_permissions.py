"""What each function may do, in one table beside the reason; the template may hold nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any, cast

import pytest
from opensearchpy import OpenSearch

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, OpenSearchSearch
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.settings import ParseSettings, TelemetrySettings
from infra.resources import FUNCTIONS
from tests.infra.template import Synthesised

pytestmark = pytest.mark.xdist_group("infra")

# (function, action, resource): why
ALLOWED = {
    ("ingest", "s3:GetObject", "uploads/*"): "reads the file an event names",
    ("ingest", "s3:ListBucket", "uploads"): "a removed object is a 404 then, not a 403",
    ("ingest", "s3:PutObject", "outcomes/*"): "writes receipts; the uploads bucket it can never write",
    ("ingest", "sqs:ReceiveMessage", "queue"): "the mapping polls with this role",
    ("ingest", "sqs:DeleteMessage", "queue"): "the mapping acknowledges with this role",
    ("ingest", "sqs:GetQueueAttributes", "queue"): "the mapping asks for the queue's settings",
    ("ingest", "sqs:ChangeMessageVisibility", "queue"): "returns messages with a delay of its choice",
    ("ingest", "sqs:SendMessage", "queue"): "goes on with a long file; hands over a claim it cannot give back",
    ("ingest", "dynamodb:GetItem", "ledger"): "reads who has claimed a file, and which generations are active",
    ("ingest", "dynamodb:PutItem", "ledger"): "claims and closes, on a condition",
    ("ingest", "es:ESHttpPost", "domain/_bulk"): "writes; the aliases stand in the body",
    ("search", "es:ESHttpPost", "domain/broadsheet-articles*/_search"): "articles, or both aliases in one path",
    ("search", "es:ESHttpPost", "domain/broadsheet-comments*/_search"): "comments",
    ("search", "es:ESHttpPost", "domain/broadsheet-articles*/_search/point_in_time"): "walks through articles, or both",
    ("search", "es:ESHttpPost", "domain/broadsheet-comments*/_search/point_in_time"): "a walk through comments",
    ("search", "es:ESHttpPost", "domain/_search"): "pages of a walk: a point in time names its indices itself",
    ("search", "es:ESHttpPost", "domain/_msearch"): "several searches in one request",
    ("files", "s3:GetObject", "uploads/*"): "signs addresses of originals, which carry its rights",
    ("files", "s3:ListBucket", "uploads"): "an original that is gone is a 404 then, not a 403",
    ("files", "s3:GetObject", "outcomes/*"): "every single problem of a file, from its receipt",
    ("files", "s3:ListBucket", "outcomes"): "a receipt that is gone is a 404 then, not a 403",
    ("files", "sqs:GetQueueAttributes", "dead-letters"): "counts dead letters for the status page",
    ("files", "dynamodb:GetItem", "ledger"): "one file's outcome",
    ("files", "dynamodb:Query", "ledger/index/*"): "files by key, files by status",
    ("files", "es:ESHttpPost", "domain/_msearch"): "counts for the status page",
    ("uploads", "s3:PutObject", "uploads/*"): "signs forms that store files, which carry its rights",
    ("indices", "dynamodb:GetItem", "ledger"): "which generations are active",
    ("indices", "dynamodb:PutItem", "ledger"): "records a new one",
    ("indices", "dynamodb:Scan", "ledger"): "looks whether any file lacks the new one; an index of the table lags",
    ("indices", "es:ESHttpPut", "domain/broadsheet-*"): "creates an index",
    ("indices", "es:ESHttpDelete", "domain/broadsheet-*"): "deletes the indices of a generation that is dropped",
    ("indices", "es:ESHttpGet", "domain/_alias/broadsheet-*"): "where an alias points to",
    ("indices", "es:ESHttpPost", "domain/_aliases"): "moves an alias in one atomic step",
    ("indices", "es:ESHttpPost", "domain/_msearch"): "compares how many documents two generations have",
    ("reconcile", "s3:ListBucket", "uploads"): "the bucket as a list",
    ("reconcile", "s3:GetObject", "uploads/*"): "the state of a sidecar that is not its file's neighbour in the list",
    ("reconcile", "dynamodb:GetItem", "ledger"): "one item, the active generations, where the last run ended",
    ("reconcile", "dynamodb:PutItem", "ledger"): "keeps where this run ended",
    ("reconcile", "dynamodb:Query", "ledger/index/*"): "the ledger in the order of keys",
    ("reconcile", "sqs:SendMessage", "queue"): "asks ingestion to look at a file again",
    ("reconcile", "sqs:GetQueueAttributes", "queue"): "puts a run off while the queue is long",
    ("reconcile", "sqs:ReceiveMessage", "dead-letters"): "takes dead letters",
    ("reconcile", "sqs:DeleteMessage", "dead-letters"): "... and removes those it sent to the queue again",
    ("reconcile", "sqs:GetQueueAttributes", "dead-letters"): "... and tells how many are left",
}


def role_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"Functions{name.capitalize()}Role[0-9A-F]{{8}}")


def test_each_function_may_do_exactly_what_the_table_says(dev: Synthesised) -> None:
    found = set()
    for function in FUNCTIONS:
        (role,) = [role for id_, role in dev.of("IAM::Role").items() if role_of(function.name).fullmatch(id_)]
        found |= {(function.name, *allowed) for allowed in dev.allowed(role) if not allowed[0].startswith("logs:")}
    assert found == set(ALLOWED)


def test_only_the_uploads_function_may_write_the_uploads_bucket_and_never_what_hides_things(dev: Synthesised) -> None:
    writers = {name for name, action, resource in ALLOWED if action == "s3:PutObject" and resource == "uploads/*"}
    assert writers == {"uploads"}
    for function in FUNCTIONS:
        (role,) = [role for id_, role in dev.of("IAM::Role").items() if role_of(function.name).fullmatch(id_)]
        expected = {("s3:PutObject", "uploads/.broadsheet/*")} if function.name == "uploads" else set()
        assert set(dev.denied(role)) == expected


class Recorder:
    """An engine that notes what is asked of it."""

    def __init__(self) -> None:
        self.asked: set[tuple[str, str]] = set()
        self.transport = self

    def perform_request(self, method: str, path: str, **_: Any) -> dict[str, Any]:
        self.asked.add((f"es:ESHttp{method.capitalize()}", f"domain{path}"))
        return {"hits": {}, "responses": [], "timed_out": False, "_shards": {"failed": 0}, "pit_id": ""}


def write(engine: OpenSearch, _: IndexNames) -> None:
    OpenSearchBulk(engine).bulk(b"")


def read(engine: OpenSearch, names: IndexNames) -> None:
    for aliases in (*map(names.search_alias, KINDS), ",".join(map(names.search_alias, KINDS))):
        OpenSearchSearch(engine).search(aliases, {})
        OpenSearchSearch(engine).open_point_in_time(aliases, 1)
    OpenSearchSearch(engine).search("", {})
    OpenSearchSearch(engine).multi_search([])


def count(engine: OpenSearch, _: IndexNames) -> None:
    OpenSearchSearch(engine).multi_search([])


def administer(engine: OpenSearch, names: IndexNames) -> None:
    for kind in KINDS:
        OpenSearchAdmin(engine).create(names.index(kind, 1), {})
        OpenSearchAdmin(engine).point(names.search_alias(kind), names.index(kind, 1))
        OpenSearchAdmin(engine).aliases(names.write_alias(kind, 1))
        OpenSearchAdmin(engine).delete(names.index(kind, 1))
    OpenSearchAdmin(engine).aliases(f"{names.prefix}-*-write")
    OpenSearchSearch(engine).multi_search([])


@pytest.mark.parametrize(
    ("function", "use"), [("ingest", write), ("search", read), ("files", count), ("indices", administer)]
)
def test_the_requests_a_function_makes_to_the_engine_are_allowed_and_no_others(
    function: str, use: Callable[[OpenSearch, IndexNames], None]
) -> None:
    recorder = Recorder()
    use(cast("OpenSearch", recorder), IndexNames())
    rules = {(action, path) for name, action, path in ALLOWED if name == function and action.startswith("es:")}
    used = {
        asked: {rule for rule in rules if rule[0] == asked[0] and fnmatchcase(asked[1], rule[1])}
        for asked in recorder.asked
    }
    assert [asked for asked, allowing in used.items() if not allowing] == []
    assert set().union(*used.values()) == rules, "a permission that nothing uses"


def test_each_function_writes_its_own_log_and_no_other(dev: Synthesised) -> None:
    for name, properties in dev.functions().items():
        (role,) = [role for id_, role in dev.of("IAM::Role").items() if role_of(name).fullmatch(id_)]
        logs = {allowed for allowed in dev.allowed(role) if allowed[0].startswith("logs:")}
        own = dev.text(properties["LoggingConfig"]["LogGroup"])
        assert logs == {("logs:CreateLogStream", own), ("logs:PutLogEvents", own)}


def test_the_function_that_reads_what_strangers_send_may_write_its_log_and_nothing_else(dev: Synthesised) -> None:
    (role,) = [role for id_, role in dev.of("IAM::Role").items() if role_of("parse").fullmatch(id_)]
    assert {action for action, _ in dev.allowed(role)} == {"logs:CreateLogStream", "logs:PutLogEvents"}
    variables = dev.functions()["parse"]["Environment"]["Variables"]
    telemetry = TelemetrySettings(metrics_namespace="broadsheet-dev-metrics")
    assert variables == ParseSettings().to_environ() | telemetry.to_environ(), "it knows no address"


def test_no_policy_allows_an_action_with_a_wildcard(dev: Synthesised, prod: Synthesised) -> None:
    for stage in (dev, prod):
        roles = stage.of("IAM::Role").values()
        actions = {action for role in roles for action, _ in stage.allowed(role)}
        assert actions
        assert [action for action in actions if "*" in action] == []
        assert stage.of("IAM::Policy") == {}, "permissions stand inside the roles"


def test_only_roles_of_aws_constructs_use_managed_policies(dev: Synthesised) -> None:
    managed = {id_ for id_, role in dev.of("IAM::Role").items() if role["Properties"].get("ManagedPolicyArns")}
    assert {id_.rstrip("0123456789ABCDEF") for id_ in managed} == {
        "AWSCDKTriggerCustomResourceProviderCustomResourceProviderRole",
        "HttpApiCloudWatchRole",
    }
