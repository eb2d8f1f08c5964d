"""The two buckets: what people upload, and the receipts of what became of it."""

from __future__ import annotations

from typing import Any, cast

from aws_cdk import Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.options import Options
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
    """``uploads`` sends its notifications straight to the queue; ``outcomes`` receives receipts.

    ``notifications`` is what the owner of an existing uploads bucket has to configure there, None for a bucket of ours.
    """

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, options: Options, queueing: Queueing) -> None:
        super().__init__(scope, id_)
        self.uploads: s3.IBucket
        self.notifications: str | None = None
        if options.uploads_bucket:
            self.uploads = s3.Bucket.from_bucket_name(self, "Uploads", options.uploads_bucket)
            entry = {"QueueArn": queueing.queue.queue_arn, "Events": list(NOTIFICATIONS)}
            self.notifications = Stack.of(self).to_json_string({"QueueConfigurations": [entry]})
        else:
            lifecycle = [
                s3.LifecycleRule(
                    id="old-versions",
                    noncurrent_version_expiration=Duration.days(stage.noncurrent_days),
                    expired_object_delete_marker=True,
                ),
                s3.LifecycleRule(id="unfinished-uploads", abort_incomplete_multipart_upload_after=Duration.days(7)),
            ]
            uploads = self._bucket(stage, "uploads", versioned=True, lifecycle_rules=lifecycle)
            _notify(uploads, queueing)
            self.uploads = uploads
        self.outcomes = self._bucket(stage, "outcomes")

    def _bucket(self, stage: Stage, what: str, **more: Any) -> s3.Bucket:
        return s3.Bucket(
            self,
            what.capitalize(),
            bucket_name=bucket_name(stage, what),
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            removal_policy=RemovalPolicy.RETAIN if stage.retain else RemovalPolicy.DESTROY,
            **more,
        )


def _notify(uploads: s3.Bucket, queueing: Queueing) -> None:
    """Let the bucket send by its own property: the L2's way deploys a function of its own to do this."""
    bucket = cast("s3.CfnBucket", uploads.node.default_child)
    bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
        queue_configurations=[
            s3.CfnBucket.QueueConfigurationProperty(event=event, queue=queueing.queue.queue_arn)
            for event in NOTIFICATIONS
        ]
    )
    # S3 sends a test message when the bucket is made, and fails if it may not.
    bucket.add_resource_dependency(queueing.policy)
