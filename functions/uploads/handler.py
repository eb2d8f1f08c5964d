"""HTTP requests -> addresses that take files: the only function that may write to the uploads bucket."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

from broadsheet.adapters.http import Api, Request
from broadsheet.adapters.s3 import S3Forms
from broadsheet.adapters.telemetry import PowertoolsTelemetry
from broadsheet.ports import JsonObject, Telemetry
from broadsheet.request_body import read_object
from broadsheet.search.request import read_nothing
from broadsheet.settings import UploadsSettings
from broadsheet.uploads import Uploads


def make_api(uploads: Uploads, telemetry: Telemetry) -> Api:
    """Return the one route."""
    api = Api(telemetry)

    def form(request: Request) -> JsonObject:
        read_nothing(request.query)
        return uploads.form(read_object(request.body))

    api.post("/uploads", form)
    return api


@cache
def build_runtime() -> Api:
    """Build the API from the environment; raise ConfigurationError naming what is missing."""
    settings = UploadsSettings.from_environ()
    uploads = Uploads(S3Forms(settings.uploads_bucket), time.time, max_bytes=settings.max_upload_bytes)
    return make_api(uploads, PowertoolsTelemetry("uploads"))


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer a REST proxy event."""
    return build_runtime().resolve(event, context)
