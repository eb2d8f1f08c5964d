"""The HTTP API: a regional REST API made from ``infra.resources.ROUTES``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from aws_cdk import Duration, RemovalPolicy, Size
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_certificatemanager as certificates
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from broadsheet.api.routes import Access
from infra.options import Options
from infra.parts.gateway_problems import ALLOW_ORIGIN, add_gateway_problems
from infra.resources import REQUEST_HEADERS, ROUTES, STAGE_PATH, Route
from infra.stages import Stage

# What was asked for stands in the path, who asked and for what in the query and the address: neither is logged.
ACCESS_LOG = {
    "request_id": "$context.requestId",
    "time": "$context.requestTime",
    "method": "$context.httpMethod",
    "resource": "$context.resourcePath",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "latency_ms": "$context.responseLatency",
    "function_ms": "$context.integrationLatency",
    "key_id": "$context.identity.apiKeyId",
    "error": "$context.error.responseType",
}
# Below about one network packet compression costs more than it saves.
COMPRESS_FROM = Size.bytes(1_024)
# Of the stage's requests per second, for each method of a costly route.
COSTLY_SHARE = 0.2


class Api(Construct):
    """``api`` with its routes, and ``key``, the first API key of its usage plan."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        options: Options,
        functions: Mapping[str, lambda_.Function],
    ) -> None:
        super().__init__(scope, id_)
        self._stage = stage
        log_group = logs.LogGroup(
            self,
            "AccessLogs",
            retention=stage.log_retention,
            removal_policy=RemovalPolicy.RETAIN if stage.retain else RemovalPolicy.DESTROY,
        )
        self.api = apigateway.RestApi(
            self,
            "Api",
            rest_api_name=stage.named("api"),
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            min_compression_size=COMPRESS_FROM,
            # Compressed answers are bytes: every type has to pass as binary.
            binary_media_types=["*/*"],
            # Access logs need a role that is a setting of the whole account and region; it stays for other APIs.
            cloud_watch_role=True,
            cloud_watch_role_removal_policy=RemovalPolicy.RETAIN,
            deploy_options=apigateway.StageOptions(
                stage_name=STAGE_PATH,
                tracing_enabled=options.tracing,
                throttling_rate_limit=stage.requests_per_second,
                throttling_burst_limit=stage.request_burst,
                method_options={
                    f"{route.path}/{method}": apigateway.MethodDeploymentOptions(
                        throttling_rate_limit=stage.requests_per_second * COSTLY_SHARE,
                        throttling_burst_limit=round(stage.request_burst * COSTLY_SHARE),
                    )
                    for route in ROUTES
                    if route.costly
                    for method in route.methods
                },
                access_log_destination=apigateway.LogGroupLogDestination(log_group),
                access_log_format=apigateway.AccessLogFormat.custom(json.dumps(ACCESS_LOG)),
            ),
        )
        self.api.node.try_remove_child("Endpoint")  # the stack has outputs with plain names
        add_gateway_problems(self.api)
        integrations = {
            name: apigateway.LambdaIntegration(functions[name], scope_permission_to_method=False)
            for name in sorted({route.function for route in ROUTES})
        }
        for route in ROUTES:
            self._route(route, integrations[route.function])
        for path in sorted({route.path for route in ROUTES}):
            self._preflight(path)
        self.key = self._usage(stage)
        self.name = self._named(options)
        if options.web_acl:
            wafv2.CfnWebACLAssociation(
                self, "WebAcl", resource_arn=self.api.deployment_stage.stage_arn, web_acl_arn=options.web_acl
            )

    def _route(self, route: Route, integration: apigateway.LambdaIntegration) -> None:
        by_iam = self._access(route) == "iam"
        for method in route.methods:
            self.api.root.resource_for_path(route.path).add_method(
                method,
                integration,
                api_key_required=self._needs_key(route),
                authorization_type=apigateway.AuthorizationType.IAM if by_iam else apigateway.AuthorizationType.NONE,
            )

    def _access(self, route: Route) -> Access:
        return "key" if route.path == "/uploads" and self._stage.key_uploads else route.access

    def _needs_key(self, route: Route) -> bool:
        if route.access == "feed":
            return not (self._stage.public_reading or self._stage.public_feeds)
        # A dry run reads nothing of ours: it is no part of what an open stage shows to everybody.
        return self._access(route) == "key" and not (self._stage.public_reading and route.method == "GET")

    def _preflight(self, path: str) -> None:
        """Answer a browser's question before a request from another site."""
        method = self.api.root.resource_for_path(path).add_cors_preflight(
            allow_origins=[ALLOW_ORIGIN],
            allow_methods=sorted({method for route in ROUTES if route.path == path for method in route.methods}),
            allow_headers=list(REQUEST_HEADERS),
            max_age=Duration.days(1),
        )
        # With binary type */* the empty body of the question counts as binary, which the mock cannot read: without
        # this, every preflight is answered with 500.
        cast("apigateway.CfnMethod", method.node.default_child).add_property_override(
            "Integration.ContentHandling", "CONVERT_TO_TEXT"
        )

    def _named(self, options: Options) -> apigateway.DomainName | None:
        """Return a name of its owner's for the API, None unless one is given; addresses are the same behind it."""
        if not (options.api_domain and options.api_certificate):
            return None
        return apigateway.DomainName(
            self,
            "Name",
            domain_name=options.api_domain,
            certificate=certificates.Certificate.from_certificate_arn(self, "Certificate", options.api_certificate),
            endpoint_type=apigateway.EndpointType.REGIONAL,
            security_policy=apigateway.SecurityPolicy.TLS_1_2,
            mapping=self.api,
            base_path=STAGE_PATH,
        )

    def _usage(self, stage: Stage) -> apigateway.IApiKey:
        """Return a key whose requests are counted and throttled by a usage plan; keys can be added to it."""
        plan = self.api.add_usage_plan(
            "Readers",
            name=stage.named("readers"),
            throttle=apigateway.ThrottleSettings(rate_limit=stage.requests_per_second, burst_limit=stage.request_burst),
            api_stages=[apigateway.UsagePlanPerApiStage(api=self.api, stage=self.api.deployment_stage)],
        )
        key = self.api.add_api_key("Key")
        plan.add_api_key(key)
        return key
