"""The queue of notifications and its dead letters."""

from __future__ import annotations

from typing import cast

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.resources import QUEUE


class Queueing(Construct):
    """``queue``, ``dead_letters``, and the ``policy`` that must exist before the bucket may send."""

    def __init__(self, scope: Construct, id_: str, *, sender_arn: str) -> None:
        super().__init__(scope, id_)
        self.dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.seconds(QUEUE.dead_letter_retention),
        )
        self.queue = sqs.Queue(
            self,
            "Files",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.seconds(QUEUE.retention),
            visibility_timeout=Duration.seconds(QUEUE.visibility),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=QUEUE.max_receive_count),
        )
        self.queue.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("s3.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[self.queue.queue_arn],
                conditions={
                    "ArnEquals": {"aws:SourceArn": sender_arn},
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                },
            )
        )
        self.policy = cast("sqs.CfnQueuePolicy", self.queue.node.find_child("Policy").node.default_child)
