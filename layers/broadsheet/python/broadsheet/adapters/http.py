"""The HTTP side of a function: routes, requests, and one table from errors to answers.

The only module that knows Powertools' event handler; ``http_answers`` says how answers go out. A function registers its
routes and is done::

    api = Api(telemetry)
    api.get("/articles/{article_id}", lambda request: archive.article(request.path["article_id"]))
    answer = api.resolve(event, context)

Every failure is an ``application/problem+json`` (RFC 9457) with a ``code``, and ``errors`` for wrong parameters.
"""

from __future__ import annotations

import base64
import re
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

import orjson
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response

from broadsheet.adapters.http_answers import (
    EXPOSED_HEADERS,
    Document,
    address_of,
    encoded,
    entity_tag,
    headers_of,
    is_known,
)
from broadsheet.api.routes import STAGE_PATH, cache_control
from broadsheet.errors import (
    BroadsheetError,
    ConflictError,
    InfrastructureError,
    NotFoundError,
    PermanentError,
    RequestError,
)
from broadsheet.ports import JsonObject, Telemetry
from broadsheet.text import clean

# Error class -> status, by the first class that fits; a code goes before its class. All else is 500.
STATUS_OF_CLASS: tuple[tuple[type[BroadsheetError], HTTPStatus], ...] = (
    (RequestError, HTTPStatus.BAD_REQUEST),
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (ConflictError, HTTPStatus.CONFLICT),
    (PermanentError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (InfrastructureError, HTTPStatus.SERVICE_UNAVAILABLE),
)
STATUS_OF_CODE = {
    "body_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "form_body": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "method_not_allowed": HTTPStatus.METHOD_NOT_ALLOWED,
    "engine_partial": HTTPStatus.GATEWAY_TIMEOUT,
    "engine_refused": HTTPStatus.BAD_GATEWAY,  # our own request was wrong: sending it again helps nobody
}
RETRY_AFTER_SECONDS = 5
_PREFIX = f"/{STAGE_PATH}"
# What the user reads of a failure of ours; the error's own sentence is for the operator's log.
_OUR_FAILURES = {
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong here. The operator finds it in the log by this instance.",
    HTTPStatus.BAD_GATEWAY: "The search engine refused this. The operator finds it in the log by this instance.",
    HTTPStatus.SERVICE_UNAVAILABLE: f"The archive cannot answer now. Try again in {RETRY_AFTER_SECONDS} seconds.",
    HTTPStatus.GATEWAY_TIMEOUT: "This took too long and was given up. Try again, or with fewer or rarer words.",
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request: values of the path and of the query (each name with its values in order), and what came with it.

    ``address`` is that of the resource, without its query; empty when it is not known.
    """

    path: Mapping[str, str]
    query: Mapping[str, Sequence[str]]
    content: bytes = b""
    content_type: str | None = None
    address: str = ""

    @property
    def body(self) -> str | None:
        """The content as text, None when there is none; raise RequestError (``invalid_body``) when it is no UTF-8."""
        try:
            return self.content.decode() if self.content else None
        except UnicodeDecodeError as error:
            raise RequestError("The body must be text in UTF-8.", code="invalid_body") from error


Route = Callable[[Request], JsonObject | Document | tuple[JsonObject, int]]


class Api:
    """The routes of one function. A route returns JSON, alone (200) or with its status, or a Document, or raises."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._methods: dict[re.Pattern[str], list[str]] = {}
        self._resolver = APIGatewayRestResolver(
            cors=CORSConfig(max_age=3600, expose_headers=[*EXPOSED_HEADERS]),
            debug=False,
            # Behind a domain of one's own the gateway passes on what it maps to the stage.
            strip_prefixes=[_PREFIX],
        )
        self._resolver.not_found(self._no_route)
        self._resolver.exception_handler(Exception)(self._problem)

    def get(self, path: str, route: Route) -> None:
        """Answer GET and HEAD requests for a path; ``{name}`` in it stands for one segment."""
        self._add("GET", path, route)

    def post(self, path: str, route: Route) -> None:
        """Answer POST requests for a path."""
        self._add("POST", path, route)

    def resolve(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Answer a REST proxy event. HEAD is answered as GET is, without the body."""
        if event.get("httpMethod") != "HEAD":
            return self._resolver.resolve(event, context)
        return self._resolver.resolve({**event, "httpMethod": "GET"}, context) | {"body": ""}

    def _add(self, method: str, path: str, route: Route) -> None:
        pattern = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))
        self._methods.setdefault(pattern, []).append(method)

        def answer(**values: str) -> Response[str]:
            event = self._resolver.current_event
            content_type = event.headers.get("content-type")
            request = Request(values, _query(event), _content(event), content_type, address_of(event.raw_event))
            result = route(request)
            if isinstance(result, tuple):
                content, status = result
                return Response(int(status), "application/json", encoded(content), {"Cache-Control": "no-store"})
            return self._done(result, request, path if method == "GET" else None)

        self._resolver.route(re.sub(r"\{(\w+)\}", r"<\1>", path), method)(answer)

    def _done(self, content: JsonObject | Document, request: Request, path: str | None) -> Response[str]:
        """Answer with what a route returned; ``path`` is that of a route of GET, whose answers can be kept."""
        text = encoded(content)
        media_type = content.media_type if isinstance(content, Document) else "application/json"
        if path is None:
            return Response(int(HTTPStatus.OK), media_type, text, {"Cache-Control": "no-store"})
        tag = entity_tag(content, text)
        headers = headers_of(content, request.address, request.query, cache_control(path), tag)
        if is_known(tag, self._resolver.current_event.headers.get("if-none-match")):
            return Response(int(HTTPStatus.NOT_MODIFIED), None, "", headers)
        return Response(int(HTTPStatus.OK), media_type, text, headers)

    def _no_route(self, _error: Exception) -> Response[str]:
        event = self._resolver.current_event
        asked = event.path.removeprefix(_PREFIX) if event.path.startswith(f"{_PREFIX}/") else event.path
        for pattern, methods in self._methods.items():
            if pattern.fullmatch(asked) and event.http_method not in methods:
                allowed = ", ".join("GET, HEAD" if method == "GET" else method for method in methods)
                error = BroadsheetError(f"Only {allowed} here.", code="method_not_allowed")
                answer = self._problem(error)
                answer.headers["Allow"] = allowed
                return answer
        path = clean(event.path[:100]).text
        return self._problem(NotFoundError(f"There is nothing at {path}.", code="route_not_found"))

    def _problem(self, error: Exception) -> Response[str]:
        status = _status(error)
        problem: JsonObject = {
            "type": "about:blank",
            "title": status.phrase,
            "status": int(status),
            "detail": _OUR_FAILURES.get(status, str(error)),
            "code": error.code if isinstance(error, BroadsheetError) else "internal",
            "instance": self._resolver.current_event.request_context.request_id,
        }
        if isinstance(error, RequestError):
            problem["errors"] = [asdict(entry) for entry in error.problems]
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._report(error, problem)
        headers = {"Cache-Control": "no-store"}
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return Response(int(status), "application/problem+json", orjson.dumps(problem).decode(), headers)

    def _report(self, error: Exception, problem: JsonObject) -> None:
        ours = isinstance(error, BroadsheetError)
        self._telemetry.event(
            "request_failed",
            status=problem["status"],
            code=problem["code"],
            request=problem["instance"],
            # An unexpected error's own words may quote what a user wrote; its kind and place do not.
            reason=str(error) if ours else type(error).__name__,
            trace=[] if ours else traceback.format_tb(error.__traceback__),
        )


def _status(error: Exception) -> HTTPStatus:
    if isinstance(error, BroadsheetError):
        if error.code in STATUS_OF_CODE:
            return STATUS_OF_CODE[error.code]
        for kind, status in STATUS_OF_CLASS:
            if isinstance(error, kind):
                return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


def _query(event: Any) -> dict[str, list[str]]:
    # Not Powertools' resolved_query_string_parameters, which splits single values at commas.
    several: dict[str, list[str]] = event.multi_value_query_string_parameters
    return several or {name: [value] for name, value in event.query_string_parameters.items()}


def _content(event: Any) -> bytes:
    # The gateway takes every media type for binary, so that bodies arrive in base64.
    try:
        body: str = event.body or ""
        return base64.b64decode(body, validate=True) if event.is_base64_encoded else body.encode()
    except ValueError as error:
        raise RequestError("The body cannot be read.", code="invalid_body") from error
