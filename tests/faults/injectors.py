"""Failures as values: any port, with something that happens before or after its calls."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

Happens = Callable[..., None]
"""What happens at a call; it is given the call's arguments and may raise."""


class WorkerDied(BaseException):
    """What a killed process looks like from inside: nothing that catches Exception sees it."""


class Faulty:
    """A port; ``before`` and ``after`` happen around the calls of the named methods (none named: of all).

    What raises before a call prevents it; what raises after it takes the answer of a call that was made.
    """

    def __init__(self, port: Any, *methods: str, before: Happens | None = None, after: Happens | None = None) -> None:
        self._port = port
        self._methods = methods
        self._before = before or nothing
        self._after = after or nothing

    def __getattr__(self, name: str) -> Any:
        if self._methods and name not in self._methods:
            return getattr(self._port, name)

        def faulty(*values: Any, **named: Any) -> Any:
            self._before(*values, **named)
            answer = getattr(self._port, name)(*values, **named)
            self._after(*values, **named)
            return answer

        return faulty


def nothing(*_values: Any, **_named: Any) -> None:
    """Nothing happens."""


def raises(error: BaseException) -> Happens:
    """It fails every time."""

    def happens(*_values: Any, **_named: Any) -> None:
        raise error

    return happens


def first(times: int, happens: Happens) -> Happens:
    """It happens the first ``times`` times and not again."""
    return nth(range(1, times + 1), happens)


def nth(which: range | int, happens: Happens) -> Happens:
    """It happens at these calls, counted from 1."""
    counter = itertools.count(1)
    wanted = range(which, which + 1) if isinstance(which, int) else which

    def counted(*values: Any, **named: Any) -> None:
        if next(counter) in wanted:
            happens(*values, **named)

    return counted


@contextmanager
def answers_with(client: Any, service: str, status: int, code: str) -> Iterator[None]:
    """Let every call of a boto3 client end with an error of its service, without sending anything."""

    def refuse(**_event: Any) -> tuple[AWSResponse, dict[str, Any]]:
        error = {"Error": {"Code": code, "Message": "on purpose"}, "ResponseMetadata": {"HTTPStatusCode": status}}
        return AWSResponse("http://unused", status, HTTPHeaders(), None), error

    client.meta.events.register(f"before-call.{service}", refuse)
    try:
        yield
    finally:
        client.meta.events.unregister(f"before-call.{service}", refuse)
