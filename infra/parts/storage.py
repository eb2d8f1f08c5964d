"""The two buckets: what people upload, and the receipts of what became of it."""

from __future__ import annotations

from typing import cast

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.parts.queueing import Queueing
from infra.resources import NOTIFICATIONS
from infra.stages import Stage


def bucket_name(stage: Stage, what: str) -> str:
    """Return the name of a bucket, unique by account and region.

    Given, not generated: the queue's policy names the bucket before the bucket exists, and a stack that is made
    again can adopt the retained bucket (``cdk deploy --import-existing-resources`` asks for names).
    """
    return f"{stage.named(what)}-{Aws.ACCOUNT_ID}-{Aws.REGION}"


def bucket_arn(name: str) -> str:
    """Return the ARN of a bucket that need not exist yet."""
    return f"arn:{Aws.PARTITION}:s3:::{name}"


class Storage(Construct):
    """``uploads`` sends its notifications straight to the queue; ``outcomes`` receives receipts."""

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, queueing: Queueing) -> None:
        super().__init__(scope, id_)
        removal = RemovalPolicy.RETAIN if stage.retain else RemovalPolicy.DESTROY
        self.uploads = s3.Bucket(
            self,
            "Uploads",
            bucket_name=bucket_name(stage, "uploads"),
            versioned=True,
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            removal_policy=removal,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="old-versions",
                    noncurrent_version_expiration=Duration.days(stage.noncurrent_days),
                    expired_object_delete_marker=True,
                ),
                s3.LifecycleRule(id="unfinished-uploads", abort_incomplete_multipart_upload_after=Duration.days(7)),
            ],
        )
        self.outcomes = s3.Bucket(
            self,
            "Outcomes",
            bucket_name=bucket_name(stage, "outcomes"),
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            removal_policy=removal,
        )
        self._notify(queueing)

    def _notify(self, queueing: Queueing) -> None:
        """Let the bucket send by its own property: the L2's way deploys a function of its own to do this."""
        bucket = cast("s3.CfnBucket", self.uploads.node.default_child)
        bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            queue_configurations=[
                s3.CfnBucket.QueueConfigurationProperty(event=event, queue=queueing.queue.queue_arn)
                for event in NOTIFICATIONS
            ]
        )
        # S3 sends a test message when the bucket is made, and fails if it may not.
        bucket.add_resource_dependency(queueing.policy)
