"""The whole system in this process, for people and for tests: engine, queue, table, buckets, functions, API."""

from __future__ import annotations

import importlib
import os
import socket
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from broadsheet.settings import EngineSettings
from infra.local.engine import engine_from_environ
from infra.local.front import Gateway, serve
from infra.local.invocation import Handler, invocation
from infra.local.listening import HOST, listen
from infra.local.mapping import EventSourceMapping
from infra.resources import FUNCTIONS, QUEUE, ROUTES

if TYPE_CHECKING:
    from infra.local.aws import LocalAws

Say = Callable[[str], object]

_FUNCTIONS = {function.name: function for function in FUNCTIONS}


@dataclass(frozen=True, kw_only=True)
class LocalSystem:
    """What a running system offers."""

    api_url: str
    """Address of the API with its stage, such as ``http://127.0.0.1:8080/v1``."""
    opensearch_url: str
    aws: LocalAws

    @property
    def exports(self) -> dict[str, str]:
        """The variables that spare a client every option."""
        return {
            "BROADSHEET_API_URL": self.api_url,
            "BROADSHEET_BUCKET": self.aws.uploads_bucket,
            **self.aws.environ,
        }


@contextmanager
def local_system(
    *,
    environ: Mapping[str, str],
    api_port: int = 0,
    aws_port: int = 0,
    say: Say,
) -> Iterator[LocalSystem]:
    """Start everything, give the addresses, and stop everything.

    ``environ`` decides about the engine (BROADSHEET_OPENSEARCH_URL) and its cache; ports of 0 take any free one;
    ``say`` gets a line for each step and each failure of a function. ``os.environ`` is that of the functions while
    the system runs; one system at a time in a process.

    Raise ConfigurationError when a port is taken, EngineError when there is no engine.
    """
    started = time.monotonic()

    def step(text: str) -> None:
        say(f"{time.monotonic() - started:5.1f} s  {text}")

    with ExitStack() as stack:
        step("starting OpenSearch, S3, SQS and DynamoDB")
        aws_listener = stack.enter_context(listen(aws_port, "--aws-port"))
        api_listener = stack.enter_context(listen(api_port, "--port"))
        stack.enter_context(own_environment())
        with ThreadPoolExecutor(1) as beside:
            # What takes long to import or to start does so while the engine boots.
            starting = beside.submit(_start_aws, stack, aws_listener, step)
            opensearch_url = stack.enter_context(engine_from_environ(environ))
            step(f"OpenSearch at {opensearch_url}")
            aws = starting.result()
        shared = bool(environ.get("BROADSHEET_OPENSEARCH_URL"))
        # There may be other systems on a shared engine, and it outlives this one and its bucket.
        prefix = f"broadsheet-local-{uuid.uuid4().hex[:8]}" if shared else "broadsheet"
        os.environ.update(aws.environ)
        for settings in aws.settings(opensearch_url, prefix):
            os.environ.update(settings.to_environ())
        handlers = {name: _cold_start(name) for name in _FUNCTIONS}
        if shared:
            stack.callback(_remove_indices, opensearch_url, prefix, say)
        handlers["indices"]({}, invocation(_FUNCTIONS["indices"]))
        step("indices created")
        stack.enter_context(_polling(aws, handlers["ingest"], say))
        api_url = stack.enter_context(serve(Gateway(handlers, ROUTES, say), api_listener))
        step(f"API at {api_url}")
        yield LocalSystem(api_url=api_url, opensearch_url=opensearch_url, aws=aws)


def _start_aws(stack: ExitStack, listener: socket.socket, step: Say) -> LocalAws:
    # Imported here: moto and boto3 take a second, which the engine needs anyway.
    from infra.local.aws import local_aws

    aws = stack.enter_context(local_aws(listener))
    step(f"S3, SQS and DynamoDB at {aws.endpoint_url}")
    for name in _FUNCTIONS:
        importlib.import_module(_module(name))
    return aws


def _module(function: str) -> str:
    return f"functions.{function}.handler"


def _cold_start(function: str) -> Handler:
    """Import a handler anew: what it kept of an earlier system in this process (clients, settings) is gone."""
    handler: Handler = importlib.reload(importlib.import_module(_module(function))).handle
    return handler


def _remove_indices(opensearch_url: str, prefix: str, say: Say) -> None:
    from opensearchpy.exceptions import OpenSearchException

    from broadsheet.adapters.opensearch import client

    settings = EngineSettings(opensearch_url=opensearch_url, index_prefix=prefix, sign_requests=False)
    try:
        with closing(client(settings)) as engine:
            for index in engine.indices.get(index=f"{prefix}-*"):
                engine.indices.delete(index=index)
    except OpenSearchException as error:
        say(f"the indices {prefix}-* of {opensearch_url} could not be removed: {error!r}")


def _polling(aws: LocalAws, handler: Handler, say: Say) -> AbstractContextManager[object]:
    from infra.local.aws import FUNCTION_SECONDS

    return EventSourceMapping(
        sqs=aws.sqs,
        queue_url=aws.queue_url,
        queue_arn=aws.queue_arn,
        handler=handler,
        context=partial(invocation, _FUNCTIONS["ingest"], seconds=FUNCTION_SECONDS),
        batch_size=QUEUE.batch_size,
        say=say,
    )


@contextmanager
def own_environment() -> Iterator[None]:
    """Keep what is configured for AWS on the machine away from the functions, and put it back at the end."""
    before = dict(os.environ)
    for name in before:
        if name in {"AWS_PROFILE", "AWS_SESSION_TOKEN"} or name.startswith("AWS_ENDPOINT_URL"):
            del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    # A proxy is for the world, not for this machine.
    local = ",".join(filter(None, [before.get("NO_PROXY") or before.get("no_proxy"), HOST, "localhost"]))
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = local
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
