"""Every error broadsheet raises, in one tree.

::

    BroadsheetError
    |-- PermanentError             the input can never work: recorded as the file's outcome, never retried
    |   `-- LimitError             ... because a stated limit was passed
    |-- RequestError               a request that breaks the API's rules (HTTP 400), with one entry per parameter
    |-- NotFoundError              nothing under that id (HTTP 404)
    |-- ConflictError              not possible as things are now (HTTP 409)
    |-- ConfigurationError         settings that are missing or make no sense
    `-- InfrastructureError        a service failed: try the same again later (HTTP 503)
        |-- ThrottledError         ... because it asked for less load
        |-- ObjectChangedError     the object was replaced or removed while it was read: claim again
        |-- EngineError            the search engine did not answer, or answered only in part
        `-- RequestTooLargeError   ... or refused a request for its size: send it in parts

The class decides what happens to a message or a request; ``code`` says what went wrong in a stable word.
"""

from __future__ import annotations

from dataclasses import dataclass


class BroadsheetError(Exception):
    """Base of the tree: a sentence for people and a stable ``code`` for programs."""

    default_code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code


class PermanentError(BroadsheetError):
    """This input can never be read, however often it is tried."""

    default_code = "unreadable"


class LimitError(PermanentError):
    """The input passes a stated limit; the message names the limit and its setting."""

    default_code = "limit_exceeded"


@dataclass(frozen=True, slots=True)
class ParameterProblem:
    """One wrong parameter of a request."""

    parameter: str
    code: str
    message: str


class RequestError(BroadsheetError):
    """A request breaks the rules of the API; ``problems`` holds one entry per wrong parameter."""

    default_code = "invalid_request"

    def __init__(self, message: str, problems: tuple[ParameterProblem, ...] = (), *, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.problems = problems


class NotFoundError(BroadsheetError):
    """There is nothing under the given id."""

    default_code = "not_found"


class ConflictError(BroadsheetError):
    """The request is right, but not possible as things are now; the message says what has to come first."""

    default_code = "conflict"


class ConfigurationError(BroadsheetError):
    """A setting is missing or makes no sense; the message names it."""

    default_code = "configuration"


class InfrastructureError(BroadsheetError):
    """A service failed. Nothing is wrong with the input: the same work is tried again later."""

    default_code = "infrastructure"


class ThrottledError(InfrastructureError):
    """A service asked for less load."""

    default_code = "throttled"


class ObjectChangedError(InfrastructureError):
    """The object was replaced or removed between the look at its state and the end of the read."""

    default_code = "object_changed"


class EngineError(InfrastructureError):
    """The search engine could not be reached, or gave no complete answer."""

    default_code = "engine_unavailable"


class RequestTooLargeError(InfrastructureError):
    """The engine refuses a request for its size (HTTP 413): it has to be sent in smaller parts."""

    default_code = "request_too_large"
