"""What API Gateway does to requests and answers (REST API, Lambda proxy integration, binary media types ``*/*``).

Pure: from a request to a proxy event, from a function's answer to an HTTP answer.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from infra.resources import REQUEST_HEADERS, STAGE_PATH, Route

# The deployed API's minimumCompressionSize.
COMPRESS_FROM = 1024
# Lambda refuses larger answers of a synchronous invocation.
ANSWER_BYTES = 6 * 1024 * 1024
_FORBIDDEN_IN_HEADER = re.compile(r"[^\t\x20-\x7e\x80-\xff]")
_GZIP = re.compile(r"(?:^|,)\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[0-9.]+\s*)?(?:,|$)", re.IGNORECASE)

Headers = Sequence[tuple[str, str]]


class BadRequestError(Exception):
    """The request cannot be read."""


class BadAnswerError(Exception):
    """The function's answer is not one of a proxy integration."""


@dataclass(frozen=True)
class Request:
    """An HTTP request as received: ``target`` is what stands between method and version in its first line."""

    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""
    source_ip: str = "127.0.0.1"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True)
class Match:
    """A route and the decoded values of the parameters in its path."""

    route: Route
    parameters: Mapping[str, str] = field(default_factory=dict)


def path_of(request: Request) -> str:
    """Return the path without the stage, still encoded; raise BadRequestError if the target cannot be read.

    >>> path_of(Request("GET", "/v1/search?q=homs"))
    '/search'
    """
    try:
        path = urlsplit(request.target).path
    except ValueError as error:
        raise BadRequestError("the address of the request cannot be read") from error
    stage = f"/{STAGE_PATH}"
    return path.removeprefix(stage) if path.startswith(f"{stage}/") else ""


def methods_of(path: str, routes: Iterable[Route]) -> list[str]:
    """Return the methods a path can be called with."""
    known = [route for route in routes if _parameters(route.path, path) is not None]
    return sorted({method for route in known for method in route.methods})


def find_route(method: str, path: str, routes: Iterable[Route]) -> Match | None:
    """Find the route of a request, that of GET for HEAD; literal paths go before those with parameters.

    Raise BadRequestError when the path is not UTF-8.
    """
    for route in sorted(routes, key=lambda route: route.path.count("{")):
        parameters = _parameters(route.path, path)
        if method in route.methods and parameters is not None:
            return Match(route, {name: _decode(value) for name, value in parameters.items()})
    return None


def _parameters(template: str, path: str) -> dict[str, str] | None:
    names, values = template.split("/"), path.split("/")
    if len(names) != len(values):
        return None
    parameters = {}
    for name, value in zip(names, values, strict=True):
        if name.startswith("{") and value:
            parameters[name.strip("{}")] = value
        elif name != value:
            return None
    return parameters


def _decode(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise BadRequestError("the address is not UTF-8 in percent-encoding") from error


def proxy_event(request: Request, match: Match, *, request_id: str) -> dict[str, Any]:
    """Build the event of a proxy integration ("Input format of a Lambda function for proxy integration").

    Raise BadRequestError when the query is not UTF-8.
    """
    split = urlsplit(request.target)
    try:
        query = parse_qsl(split.query, keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise BadRequestError("the query is not UTF-8 in percent-encoding") from error
    path = path_of(request)
    headers = [*request.headers, ("X-Forwarded-For", request.source_ip), ("X-Forwarded-Proto", "http")]
    now = time.time()
    return {
        "resource": match.route.path,
        "path": path,
        "httpMethod": request.method,
        "headers": dict(headers),
        "multiValueHeaders": _grouped(headers),
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": _grouped(query) or None,
        "pathParameters": dict(match.parameters) or None,
        "stageVariables": None,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "local",
            "stage": STAGE_PATH,
            "protocol": "HTTP/1.1",
            "httpMethod": request.method,
            "resourcePath": match.route.path,
            "path": f"/{STAGE_PATH}{path}",
            "requestId": request_id,
            "extendedRequestId": request_id,
            "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "requestTimeEpoch": int(now * 1000),
            "domainName": dict(headers).get("Host", "localhost"),
            "identity": {
                "sourceIp": request.source_ip,
                "userAgent": next((value for name, value in headers if name.lower() == "user-agent"), None),
            },
        },
        "body": base64.b64encode(request.body).decode("ascii") if request.body else None,
        "isBase64Encoded": bool(request.body),
    }


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def read_answer(answer: Any) -> Answer:
    """Turn the answer of a function into one of HTTP; raise BadAnswerError where API Gateway would answer 502."""
    try:
        status = int(answer["statusCode"])
        text = answer.get("body") or ""
        if len(text) > ANSWER_BYTES:
            raise BadAnswerError(f"the body has {len(text)} characters, more than Lambda's {ANSWER_BYTES}")
        body = base64.b64decode(text, validate=True) if answer.get("isBase64Encoded") else text.encode("utf-8")
        # Where both name a header, the lists win.
        lists = {name.lower() for name in answer.get("multiValueHeaders") or {}}
        headers = [
            *((name, str(v)) for name, v in (answer.get("headers") or {}).items() if name.lower() not in lists),
            *((name, str(v)) for name, values in (answer.get("multiValueHeaders") or {}).items() for v in values),
        ]
    except (TypeError, AttributeError, KeyError, ValueError, binascii.Error) as error:
        raise BadAnswerError(f"not an answer of a proxy integration: {error!r}") from error
    if not 200 <= status <= 599:
        raise BadAnswerError(f"status {status}")
    for name, value in headers:
        if _FORBIDDEN_IN_HEADER.search(name + value) or not name:
            raise BadAnswerError(f"header {name!r} cannot be sent")
    return Answer(status, headers, body)


def compress(answer: Answer, accept_encoding: str) -> Answer:
    """Compress a larger body for a client that takes gzip, as the gateway does and the functions never do."""
    names = {name.lower() for name, _ in answer.headers}
    if len(answer.body) <= COMPRESS_FROM or "content-encoding" in names or not _GZIP.search(accept_encoding):
        return answer
    headers = [*answer.headers, ("Content-Encoding", "gzip")]
    return replace(answer, headers=headers, body=gzip.compress(answer.body, 6, mtime=0))


def problem(status: int, detail: str, *, code: str) -> Answer:
    """Build an answer the gateway itself gives, in the form of RFC 9457."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    headers = [("Content-Type", "application/problem+json"), ("Access-Control-Allow-Origin", "*")]
    return Answer(status, headers, json.dumps(document, ensure_ascii=False).encode("utf-8"))


def preflight(methods: Sequence[str]) -> Answer:
    """Answer a browser that asks whether a page of another origin may call."""
    headers = [
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Methods", ",".join([*methods, "OPTIONS"])),
        ("Access-Control-Allow-Headers", ",".join(REQUEST_HEADERS)),
        ("Access-Control-Max-Age", "86400"),
    ]
    return Answer(204, headers)
