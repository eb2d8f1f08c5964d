"""The search engine: a managed OpenSearch domain that answers signed requests only."""

from __future__ import annotations

from typing import cast

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_opensearchservice as opensearch
from constructs import Construct

from infra.options import Options
from infra.stages import Stage

VERSION = opensearch.EngineVersion.OPENSEARCH_3_7
METHODS = ("es:ESHttpGet", "es:ESHttpPost", "es:ESHttpPut")


class Engine(Construct):
    """``domain``, encrypted at rest and between nodes, or one that is there already; ``url`` is its HTTPS address.

    ``own`` holds the domain when it belongs to the stack: whatever needs it to answer waits for it.
    """

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, options: Options) -> None:
        super().__init__(scope, id_)
        self.domain: opensearch.IDomain
        self.own: list[Construct] = []
        if options.domain_arn and options.domain_endpoint:
            self.domain = opensearch.Domain.from_domain_attributes(
                self, "Domain", domain_arn=options.domain_arn, domain_endpoint=options.domain_endpoint
            )
        else:
            domain = self._made(stage)
            self.domain, self.own = domain, [domain]
        self.url = f"https://{self.domain.domain_endpoint}"

    def _made(self, stage: Stage) -> opensearch.Domain:
        zones = min(stage.data_nodes, 2)
        domain = opensearch.Domain(
            self,
            "Domain",
            version=VERSION,
            capacity=opensearch.CapacityConfig(
                data_nodes=stage.data_nodes,
                data_node_instance_type=stage.data_instance,
                master_nodes=stage.manager_nodes or None,
                master_node_instance_type=stage.manager_instance or None,
                multi_az_with_standby_enabled=False,
            ),
            zone_awareness=opensearch.ZoneAwarenessConfig(enabled=zones > 1, availability_zone_count=zones)
            if zones > 1
            else None,
            ebs=opensearch.EbsOptions(volume_type=ec2.EbsDeviceVolumeType.GP3, volume_size=stage.volume_gb),
            encryption_at_rest=opensearch.EncryptionAtRestOptions(enabled=True),
            node_to_node_encryption=True,
            enforce_https=True,
            tls_security_policy=opensearch.TLSSecurityPolicy.TLS_1_2_PFS,
            enable_auto_software_update=True,
            enable_version_upgrade=True,
            removal_policy=RemovalPolicy.RETAIN if stage.retain else RemovalPolicy.DESTROY,
        )
        _only_signed(domain)
        return domain


def _only_signed(own: opensearch.Domain) -> None:
    """Leave the decision to IAM: principals of this account that their own policy allows, nobody unsigned.

    Written as the domain's own property (the L2's ``access_policies`` deploys a function to set it). The domain
    cannot name itself there, and need not: the policy belongs to it.
    """
    domain = cast("opensearch.CfnDomain", own.node.default_child)
    statement = iam.PolicyStatement(principals=[iam.AccountRootPrincipal()], actions=list(METHODS), resources=["*"])
    domain.access_policies = iam.PolicyDocument(statements=[statement])
