"""HTTP requests -> what would be indexed of a file: hostile input, read without permissions."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

from broadsheet.adapters.http import Api, Request
from broadsheet.adapters.telemetry import PowertoolsTelemetry
from broadsheet.parse_request import ParseRequest
from broadsheet.ports import JsonObject, Telemetry
from broadsheet.settings import ParseSettings


def make_api(parse: ParseRequest, telemetry: Telemetry) -> Api:
    """Return the one route."""
    api = Api(telemetry)

    def answer(request: Request) -> JsonObject:
        return parse.answer(request.content, request.content_type, request.query)

    api.post("/parse", answer)
    return api


@cache
def build_runtime() -> Api:
    """Build the API from the environment; raise ConfigurationError for settings that make no sense."""
    return make_api(ParseRequest(ParseSettings.from_environ(), time.time), PowertoolsTelemetry("parse"))


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer a REST proxy event."""
    return build_runtime().resolve(event, context)
