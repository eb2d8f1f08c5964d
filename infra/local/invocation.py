"""What a handler is given beside its event: the context object of the Lambda runtime."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from infra.resources import Function

Handler = Callable[[dict[str, Any], Any], Any]
"""``handle(event, context)`` of a function."""


@dataclass(frozen=True, kw_only=True)
class InvocationContext:
    """The attributes and the method of Lambda's context that exist for every invocation."""

    function_name: str
    memory_limit_in_mb: int
    seconds: float
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    function_version: str = "$LATEST"
    started: float = field(default_factory=time.monotonic)

    @property
    def invoked_function_arn(self) -> str:
        """An ARN as Lambda would give."""
        return f"arn:aws:lambda:us-east-1:123456789012:function:{self.function_name}"

    @property
    def log_group_name(self) -> str:
        """The log group the function would have."""
        return f"/aws/lambda/{self.function_name}"

    @property
    def log_stream_name(self) -> str:
        """The log stream the invocation would have."""
        return "local"

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda would end the invocation; here nothing ends it."""
        return max(0, int((self.seconds - (time.monotonic() - self.started)) * 1000))


def invocation(function: Function, *, seconds: float | None = None) -> InvocationContext:
    """Begin an invocation of a function, with its own time limit or another."""
    return InvocationContext(
        function_name=f"broadsheet-{function.name}",
        memory_limit_in_mb=function.memory,
        seconds=function.timeout if seconds is None else seconds,
    )
