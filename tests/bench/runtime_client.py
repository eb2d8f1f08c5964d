"""Run as a script: the least that gives invocations to a handler, as Lambda's runtime does (``... module.function``).

It loads what Lambda's own client for Python loads before the handler, so that an empty handler costs as much.
"""

import importlib
import json
import logging  # noqa: F401 - loaded by Lambda's client before any handler
import os
import sys
import time  # noqa: F401
import traceback  # noqa: F401
from http.client import HTTPConnection
from types import SimpleNamespace

_PATH = "/2018-06-01/runtime/invocation"


def main() -> None:
    """Import the handler and answer invocations until killed."""
    module, _, function = sys.argv[1].rpartition(".")
    handle = getattr(importlib.import_module(module), function)
    connection = HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    while True:
        connection.request("GET", f"{_PATH}/next")
        answer = connection.getresponse()
        event = json.loads(answer.read())
        request = answer.headers["Lambda-Runtime-Aws-Request-Id"]
        context = SimpleNamespace(
            aws_request_id=request,
            function_name="bench",
            function_version="$LATEST",
            memory_limit_in_mb=512,
            invoked_function_arn="arn:aws:lambda:eu-central-1:123456789012:function:bench",
            log_group_name="bench",
            log_stream_name="bench",
            get_remaining_time_in_millis=lambda: 30_000,
        )
        body = json.dumps(handle(event, context)).encode()
        connection.request("POST", f"{_PATH}/{request}/response", body)
        connection.getresponse().read()


def nothing(event: object, context: object) -> None:
    """Do nothing: the handler that all others are compared with."""


if __name__ == "__main__":
    main()
