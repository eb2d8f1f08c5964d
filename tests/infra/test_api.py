"""The HTTP API, read from the template."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from aws_cdk import App

from infra.options import Options
from infra.resources import ROUTES, STAGE_PATH
from infra.stack import BroadsheetStack
from infra.stages import STAGES
from tests.infra.template import Synthesised

pytestmark = pytest.mark.xdist_group("infra")


def routes(stage: Synthesised) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the properties of every method by (HTTP method, path)."""
    resources = stage.of("ApiGateway::Resource")

    def path(reference: dict[str, Any]) -> str:
        resource = resources.get(reference.get("Ref", ""))
        if resource is None:
            return ""
        return f"{path(resource['Properties']['ParentId'])}/{resource['Properties']['PathPart']}"

    methods = [item["Properties"] for item in stage.of("ApiGateway::Method").values()]
    return {(method["HttpMethod"], path(method["ResourceId"])): method for method in methods}


def test_the_routes_are_those_of_the_table_with_their_access(dev: Synthesised) -> None:
    found = {
        key: "iam" if method["AuthorizationType"] == "AWS_IAM" else "key" if method["ApiKeyRequired"] else "open"
        for key, method in routes(dev).items()
        if key[0] != "OPTIONS"
    }
    # Feeds need a key, unless the stage opens them.
    named = {"feed": "key"}
    assert found == {
        (method, route.path): named.get(route.access, route.access) for route in ROUTES for method in route.methods
    }


def test_a_stage_can_open_reading_to_everybody_but_not_dry_runs() -> None:
    app = App(context={"aws:cdk:bundling-stacks": []})
    BroadsheetStack(app, "Open", stage=replace(STAGES["dev"], public_reading=True), options=Options())
    opened = Synthesised(app.synth().get_stack_by_name("broadsheet-dev").template)
    assert [key for key, method in routes(opened).items() if method["ApiKeyRequired"]] == [("POST", "/parse")]


def test_a_stage_can_open_feeds_alone() -> None:
    app = App(context={"aws:cdk:bundling-stacks": []})
    BroadsheetStack(app, "Open", stage=replace(STAGES["dev"], public_feeds=True), options=Options())
    opened = routes(Synthesised(app.synth().get_stack_by_name("broadsheet-dev").template))
    assert opened["GET", "/feeds/search.atom"]["ApiKeyRequired"] is False
    assert opened["GET", "/search"]["ApiKeyRequired"] is True


def test_every_path_answers_the_question_of_a_browser_although_all_bodies_are_binary(dev: Synthesised) -> None:
    api = dev.one("ApiGateway::RestApi")
    assert api["BinaryMediaTypes"] == ["*/*"]
    assert api["MinimumCompressionSize"] > 0
    asked = {path: method for (verb, path), method in routes(dev).items() if verb == "OPTIONS"}
    assert set(asked) == {route.path for route in ROUTES}
    for method in asked.values():
        assert method["Integration"]["ContentHandling"] == "CONVERT_TO_TEXT"
        assert method["ApiKeyRequired"] is False
        (answer,) = method["Integration"]["IntegrationResponses"]
        assert answer["ResponseParameters"]["method.response.header.Access-Control-Allow-Origin"] == "'*'"


def test_the_api_is_regional_and_throttled(dev: Synthesised) -> None:
    assert dev.one("ApiGateway::RestApi")["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    stage = dev.one("ApiGateway::Stage")
    assert stage["StageName"] == STAGE_PATH
    (settings,) = (each for each in stage["MethodSettings"] if each["ResourcePath"] == "/*")
    limits = STAGES["dev"]
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (
        limits.requests_per_second,
        limits.request_burst,
    )
    plan = dev.one("ApiGateway::UsagePlan")
    assert plan["Throttle"] == {"RateLimit": limits.requests_per_second, "BurstLimit": limits.request_burst}
    assert len(dev.of("ApiGateway::UsagePlanKey")) == 1


def test_reading_files_and_exports_are_let_through_less_often(dev: Synthesised) -> None:
    costly = {
        (each["ResourcePath"], each["HttpMethod"]): (each["ThrottlingRateLimit"], each["ThrottlingBurstLimit"])
        for each in dev.one("ApiGateway::Stage")["MethodSettings"]
        if each["ResourcePath"] != "/*"
    }
    assert costly == {("/~1export", "GET"): (2, 4), ("/~1export", "HEAD"): (2, 4), ("/~1parse", "POST"): (2, 4)}


def test_access_logs_hold_neither_what_was_asked_nor_who_asked(dev: Synthesised) -> None:
    written = json.loads(dev.one("ApiGateway::Stage")["AccessLogSetting"]["Format"])
    assert {"$context.resourcePath", "$context.status", "$context.requestId"} <= set(written.values())
    for value in written.values():
        assert value not in {"$context.path", "$context.identity.sourceIp", "$context.identity.userAgent"}
        assert "querystring" not in value.lower()


def test_refusals_of_the_gateway_are_problems_that_a_page_may_read(dev: Synthesised) -> None:
    responses = [item["Properties"] for item in dev.of("ApiGateway::GatewayResponse").values()]
    assert {"DEFAULT_4XX", "DEFAULT_5XX", "INVALID_API_KEY", "THROTTLED"} <= {
        item["ResponseType"] for item in responses
    }
    for response in responses:
        headers = response["ResponseParameters"]
        assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"
        assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
        (template,) = response["ResponseTemplates"].values()
        problem = json.loads(template)
        assert problem["instance"] == "$context.requestId"
        assert problem["title"]
        assert problem["detail"]
        assert str(problem.get("status", "")) == response.get("StatusCode", "")
