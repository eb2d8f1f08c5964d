"""Clients of AWS services and what their errors mean here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from broadsheet.errors import InfrastructureError, ThrottledError

_THROTTLED = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
# A batch holds its files for the whole call: fail within seconds and let the queue repeat, rather than wait here.
# Connections beyond those kept would be made anew for every call: ingestion looks at 22 things at once.
_CONFIG = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=22,
)


def client(service: str, **options: Any) -> Any:
    """Return a boto3 client for the region and endpoint of the environment; ``options`` are those of botocore."""
    return boto3.client(service, config=_CONFIG.merge(Config(**options)))  # type: ignore[call-overload]


@contextmanager
def aws_errors(service: str) -> Iterator[None]:
    """Turn what boto3 raises into InfrastructureError, with the service's own error code as ``code``."""
    try:
        yield
    except ClientError as error:
        code = error_code(error)
        kind = ThrottledError if code in _THROTTLED else InfrastructureError
        raise kind(f"{service} answered {code}", code=f"{service}_{code}") from error
    except BotoCoreError as error:
        raise InfrastructureError(f"{service} could not be reached: {type(error).__name__}") from error


def error_code(error: ClientError) -> str:
    """Return the service's word for the error; HEAD requests have none and give the HTTP status."""
    return str(error.response.get("Error", {}).get("Code", "unknown"))
