"""The ledger: what became of every file."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from infra.resources import LEDGER_INDEXES, LEDGER_KEY
from infra.stages import Stage


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


class Ledger(Construct):
    """``table``: on demand, with point-in-time recovery. It has no time to live: items of deleted files stay."""

    def __init__(self, scope: Construct, id_: str, *, stage: Stage) -> None:
        super().__init__(scope, id_)
        self.table = dynamodb.Table(
            self,
            "Table",
            table_name=stage.named("ledger"),  # a stack that is made again can adopt it
            partition_key=_string(LEDGER_KEY),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=stage.retain,
            removal_policy=RemovalPolicy.RETAIN if stage.retain else RemovalPolicy.DESTROY,
        )
        for index in LEDGER_INDEXES:
            self.table.add_global_secondary_index(
                index_name=index.name, partition_key=_string(index.partition), sort_key=_string(index.sort)
            )
