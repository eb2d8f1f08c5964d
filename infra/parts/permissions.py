"""What each function may do, written by hand: one statement per need, no action with a wildcard.

The grants of the CDK are too wide for some needs and too narrow for others: ``grant_read`` on a bucket includes every
version and tag, ``grant_index_read`` on a domain leaves out POST, which every search with a body is.

IAM sees the method and the path of a request to the domain, not its body. Where indices are named in the body
(``_bulk``, ``_msearch``, ``_aliases``) the path stands alone; ``require_alias`` of the request bounds the writes.
"""

from __future__ import annotations

from aws_cdk import aws_iam as iam

from broadsheet.index.names import KINDS, IndexNames
from broadsheet.object_keys import CONTROL_PREFIX
from infra.parts.engine import Engine
from infra.parts.ledger import Ledger
from infra.parts.queueing import Queueing
from infra.parts.storage import Storage


def allow(actions: list[str], *resources: str) -> iam.PolicyStatement:
    """Return a statement that allows actions on resources."""
    return iam.PolicyStatement(actions=actions, resources=list(resources))


def ingest(*, storage: Storage, queueing: Queueing, ledger: Ledger, engine: Engine) -> list[iam.PolicyStatement]:
    """Read uploads, write receipts, claim in the ledger, write to the engine.

    There is no permission to write or delete in the uploads bucket, so that ingestion can never start itself.
    """
    queue = [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
        "sqs:SendMessage",
    ]
    return [
        allow(["s3:GetObject"], storage.uploads.arn_for_objects("*")),
        # Without it a missing object is answered as 403, not as 404.
        allow(["s3:ListBucket"], storage.uploads.bucket_arn),
        allow(["s3:PutObject"], storage.outcomes.arn_for_objects("*")),
        allow(queue, queueing.queue.queue_arn),
        allow(["dynamodb:GetItem", "dynamodb:PutItem"], ledger.table.table_arn),
        allow(["es:ESHttpPost"], f"{engine.domain.domain_arn}/_bulk"),
    ]


def search(*, engine: Engine, names: IndexNames) -> list[iam.PolicyStatement]:
    """Search behind the aliases; several aliases of one request stand in one path, hence the asterisk.

    A walk opens a point in time over the aliases and searches in it without naming them.
    """
    domain = engine.domain.domain_arn
    aliases = [f"{domain}/{names.search_alias(kind)}*" for kind in KINDS]
    paths = [f"{alias}/_search{more}" for alias in aliases for more in ("", "/point_in_time")]
    return [allow(["es:ESHttpPost"], *paths, f"{domain}/_search", f"{domain}/_msearch")]


def uploads(*, storage: Storage) -> list[iam.PolicyStatement]:
    """Sign forms that store a file: the only function that may write the uploads bucket.

    What lies under the prefix of control files decides what is shown to anybody: that is for operators.
    """
    control = iam.PolicyStatement(
        effect=iam.Effect.DENY,
        actions=["s3:PutObject"],
        resources=[storage.uploads.arn_for_objects(f"{CONTROL_PREFIX}*")],
    )
    return [allow(["s3:PutObject"], storage.uploads.arn_for_objects("*")), control]


def files(*, storage: Storage, queueing: Queueing, ledger: Ledger, engine: Engine) -> list[iam.PolicyStatement]:
    """Look up outcomes and their receipts, count for the status page, sign addresses of originals.

    Readers can call it, and it can change nothing.
    """
    table = ledger.table.table_arn
    return [
        allow(["s3:GetObject"], storage.uploads.arn_for_objects("*")),
        allow(["s3:ListBucket"], storage.uploads.bucket_arn),
        allow(["s3:GetObject"], storage.outcomes.arn_for_objects("*")),
        allow(["s3:ListBucket"], storage.outcomes.bucket_arn),
        allow(["sqs:GetQueueAttributes"], queueing.dead_letters.queue_arn),
        allow(["dynamodb:GetItem"], table),
        allow(["dynamodb:Query"], f"{table}/index/*"),
        allow(["es:ESHttpPost"], f"{engine.domain.domain_arn}/_msearch"),
    ]


def indices(*, ledger: Ledger, engine: Engine, names: IndexNames) -> list[iam.PolicyStatement]:
    """Create and delete indices and point aliases to them; keep the control item; see whether all files are there."""
    domain = engine.domain.domain_arn
    return [
        allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan"], ledger.table.table_arn),
        allow(["es:ESHttpPut", "es:ESHttpDelete"], f"{domain}/{names.prefix}-*"),
        allow(["es:ESHttpGet"], f"{domain}/_alias/{names.prefix}-*"),
        allow(["es:ESHttpPost"], f"{domain}/_aliases", f"{domain}/_msearch"),
    ]


def reconcile(*, storage: Storage, queueing: Queueing, ledger: Ledger) -> list[iam.PolicyStatement]:
    """Compare the bucket with the ledger, and send messages; the engine is only reached through ingestion.

    It sees which files there are and their states, which S3 allows only together with reading them.
    """
    table = ledger.table.table_arn
    dead_letters = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    return [
        allow(["s3:ListBucket"], storage.uploads.bucket_arn),
        allow(["s3:GetObject"], storage.uploads.arn_for_objects("*")),
        allow(["dynamodb:GetItem", "dynamodb:PutItem"], table),
        allow(["dynamodb:Query"], f"{table}/index/*"),
        allow(["sqs:SendMessage", "sqs:GetQueueAttributes"], queueing.queue.queue_arn),
        allow(dead_letters, queueing.dead_letters.queue_arn),
    ]
