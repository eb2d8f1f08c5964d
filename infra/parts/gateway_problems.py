"""Errors that the gateway answers by itself, in the shape of all others: ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

import json
from typing import NamedTuple

from aws_cdk import aws_apigateway as apigateway

ALLOW_ORIGIN = "*"


class GatewayProblem(NamedTuple):
    """One kind of refusal; ``status`` is None for the two families, whose members have different ones."""

    type: apigateway.ResponseType
    status: int | None
    code: str
    title: str
    detail: str


_TYPES = apigateway.ResponseType
GATEWAY_PROBLEMS = (
    GatewayProblem(
        _TYPES.INVALID_API_KEY,
        403,
        "api_key_required",
        "Forbidden",
        "This path needs an API key: send it in the header X-Api-Key.",
    ),
    # The gateway gives this answer both for a path it does not know and for an unsigned request to a signed path.
    GatewayProblem(
        _TYPES.MISSING_AUTHENTICATION_TOKEN,
        403,
        "unknown_path_or_unsigned",
        "Forbidden",
        "There is no such path and method, or it needs a request signed with AWS credentials.",
    ),
    GatewayProblem(
        _TYPES.ACCESS_DENIED, 403, "access_denied", "Forbidden", "These credentials may not make this request."
    ),
    GatewayProblem(
        _TYPES.THROTTLED,
        429,
        "throttled",
        "Too Many Requests",
        "Too many requests at once: wait a second and try again.",
    ),
    GatewayProblem(
        _TYPES.QUOTA_EXCEEDED, 429, "quota_exceeded", "Too Many Requests", "The quota of this API key is used up."
    ),
    GatewayProblem(
        _TYPES.REQUEST_TOO_LARGE,
        413,
        "request_too_large",
        "Content Too Large",
        "A request may hold 10 MB; larger files go through an upload address.",
    ),
    GatewayProblem(
        _TYPES.INTEGRATION_TIMEOUT,
        504,
        "timeout",
        "Gateway Timeout",
        "The answer took too long: try again, or ask for less.",
    ),
    GatewayProblem(
        _TYPES.DEFAULT_4_XX, None, "refused", "Request refused", "The gateway refused this request before it was read."
    ),
    GatewayProblem(
        _TYPES.DEFAULT_5_XX, None, "internal", "Internal error", "The request could not be answered: try again later."
    ),
)


def add_gateway_problems(api: apigateway.RestApi) -> None:
    """Give every refusal of the gateway our shape, and the header without which a browser hides it from its page."""
    for problem in GATEWAY_PROBLEMS:
        headers = {
            "Access-Control-Allow-Origin": f"'{ALLOW_ORIGIN}'",
            "Content-Type": "'application/problem+json'",
        }
        if problem.status == 429:
            headers["Retry-After"] = "'1'"
        api.add_gateway_response(
            f"Problem-{problem.code}",
            type=problem.type,
            status_code=None if problem.status is None else str(problem.status),
            response_headers=headers,
            # The gateway looks for this template only; the header above says what the answer really is.
            templates={"application/json": _body(problem)},
        )


def _body(problem: GatewayProblem) -> str:
    """Return the template; the gateway replaces the request's id and knows no other logic."""
    members = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "instance": "$context.requestId",
    }
    return json.dumps({name: value for name, value in members.items() if value is not None})
