"""The HTTP API as seen by the command: answers as values, problems as the errors of ``broadsheet.errors``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import orjson

from broadsheet import __version__
from broadsheet.cli.addresses import Addresses, is_loopback
from broadsheet.cli.signing import signed_headers
from broadsheet.errors import (
    BroadsheetError,
    ConfigurationError,
    ConflictError,
    InfrastructureError,
    NotFoundError,
    ParameterProblem,
    RequestError,
    ThrottledError,
)

if TYPE_CHECKING:
    from urllib3 import PoolManager

# API Gateway gives a function 29 seconds.
_READ_SECONDS = 35.0
_CONNECT_SECONDS = 5.0
# Connections that are kept: files are uploaded by so many threads.
_AT_ONCE = 8
# Asked too often, and not ready. What took too long would only take as long again.
_TRY_AGAIN = frozenset({429, 503})
# POST too: whatever the API can be asked for may be asked for twice.
_METHODS = frozenset({"GET", "POST"})
_DONE = frozenset({HTTPStatus.OK, HTTPStatus.ACCEPTED})


class Api:
    """Reads and changes resources of the API at one address."""

    def __init__(self, addresses: Addresses) -> None:
        self._url = addresses.api_url
        self._headers = {
            "accept": "application/json, application/problem+json",
            "user-agent": f"broadsheet/{__version__}",
        }
        if addresses.api_key:
            if not (addresses.api_key.isascii() and addresses.api_key.isprintable()):
                raise ConfigurationError("the API key holds characters that no key has")
            self._headers["x-api-key"] = addresses.api_key
        self._pool = connections(self._url)

    def get(
        self, path: str, parameters: Mapping[str, str | int | Sequence[str] | None], *, signed: bool = False
    ) -> dict[str, Any]:
        """Return the JSON object at a path below the stage; parameters that are None are left out.

        ``signed`` is for resources that only AWS credentials open.

        Raise RequestError (400), NotFoundError (404), ConfigurationError (401, 403, or an address that is no API) and
        InfrastructureError (no answer, or one that says to try again later).
        """
        return self._request("GET", path + _query(parameters), None, signed=signed)

    def read(self, path: str, parameters: Mapping[str, str | int | Sequence[str] | None]) -> tuple[bytes, str | None]:
        """Return an answer that is not JSON as it is, and the cursor of the next one; raise what ``get`` raises."""
        status, data, headers, signed = self._answer("GET", path + _query(parameters), None, signed=False)
        if status not in _DONE:
            raise self._refused(status, _object(data), signed=signed)
        return data, headers.get("x-next-cursor")

    def post(self, path: str, fields: Mapping[str, Any], *, signed: bool = True) -> dict[str, Any]:
        """Ask for something to be done and return the answer; the request is signed, except to this machine.

        Raise what ``get`` raises, and ConflictError (409) when something else has to come first.
        """
        return self._request("POST", path, orjson.dumps(fields), signed=signed)

    def _request(self, method: str, path: str, body: bytes | None, *, signed: bool) -> dict[str, Any]:
        status, data, _, signed = self._answer(method, path, body, signed=signed)
        document = _object(data)
        if status in _DONE and document is not None:
            return document
        raise self._refused(status, document, signed=signed)

    def _answer(
        self, method: str, path: str, body: bytes | None, *, signed: bool
    ) -> tuple[int, bytes, Mapping[str, str], bool]:
        """Return status, body and headers of an answer, and whether the request was signed."""
        # Loaded by now, by the pool; at the top of the module it would slow down verbs that need no network.
        from urllib3.exceptions import HTTPError

        url = f"{self._url}{path}"
        headers = self._headers if body is None else {**self._headers, "content-type": "application/json"}
        signed = signed and not is_loopback(url)
        if signed:
            headers = signed_headers(method, url, body, headers)
        try:
            answer = self._pool.request(method, url, body=body, headers=headers, redirect=False)
            data = answer.data
        except HTTPError as error:
            raise self._unreachable(error) from error
        return answer.status, data, answer.headers, signed

    def _unreachable(self, error: Exception) -> BroadsheetError:
        from urllib3.exceptions import LocationParseError, MaxRetryError, NewConnectionError, SSLError

        reason = error.reason if isinstance(error, MaxRetryError) and error.reason else error
        if isinstance(reason, LocationParseError):
            return ConfigurationError(f"{self._url} is not the address of an API")
        if isinstance(reason, SSLError):
            return InfrastructureError(f"no safe connection to {self._url}: {reason}", code="tls_failed")
        if isinstance(reason, NewConnectionError) and is_loopback(self._url):
            return InfrastructureError(
                f"nothing answers at {self._url}. Start the local system with `make run`, or give the address of a "
                "deployed one with --api-url or BROADSHEET_API_URL.",
                code="no_answer",
            )
        return InfrastructureError(
            f"no answer from {self._url} ({type(reason).__name__}). Check the address (--api-url, BROADSHEET_API_URL) "
            "and the network, then try again.",
            code="no_answer",
        )

    def _refused(self, status: int, document: dict[str, Any] | None, *, signed: bool) -> BroadsheetError:
        problem = document or {}
        detail = str(problem.get("detail") or problem.get("message") or problem.get("title") or "").rstrip(". ")
        code = str(problem.get("code") or f"http_{status}")
        says = f"the API answered {status}" + (f": {detail}." if detail else ".")
        error: BroadsheetError
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            error = ConfigurationError(f"{says} {self._needed(signed=signed)}", code=code)
        elif status == HTTPStatus.BAD_REQUEST:
            error = RequestError(f"{detail or says}.", _parameter_problems(problem), code=code)
        elif status == HTTPStatus.NOT_FOUND:
            error = NotFoundError(f"{says} The address was {self._url}.", code=code)
        elif status == HTTPStatus.CONFLICT:
            error = ConflictError(f"{detail or says}.", code=code)
        elif status == HTTPStatus.TOO_MANY_REQUESTS:
            error = ThrottledError(f"{says} It asks for fewer requests: wait a minute and try again.", code=code)
        elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            if "instance" in problem:
                says += f" Its instance is {problem['instance']}."
            error = InfrastructureError(
                f"{says} Nothing is lost; try again in a minute. `broadsheet status` tells how the system is.",
                code=code,
            )
        else:
            error = ConfigurationError(
                f"{self._url} does not answer like a broadsheet API (status {status})", code=code
            )
        return error

    def _needed(self, *, signed: bool) -> str:
        """Say what opens a resource."""
        if signed:
            return f"This needs AWS credentials that may call {self._url} (execute-api:Invoke)."
        return (
            "Give its key with BROADSHEET_API_KEY or --api-key, and its whole address with the stage (such as /v1); "
            f"this was {self._url}."
        )


def connections(url: str) -> PoolManager:
    """Return the connections for an address, through the proxy that is set for it; what is local needs none."""
    from urllib.request import getproxies, proxy_bypass

    import urllib3

    retries = urllib3.Retry(
        total=3,
        connect=1,
        read=1,
        redirect=0,
        status_forcelist=_TRY_AGAIN,
        allowed_methods=_METHODS,
        backoff_factor=0.3,
        raise_on_status=False,
        # A server may ask for hours.
        respect_retry_after_header=False,
    )
    timeout = urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS)
    host = urllib3.util.parse_url(url).host or ""
    proxy = getproxies().get(url.partition(":")[0])
    if proxy and not is_loopback(url) and not proxy_bypass(host):
        return urllib3.ProxyManager(proxy, retries=retries, timeout=timeout, maxsize=_AT_ONCE)
    return urllib3.PoolManager(retries=retries, timeout=timeout, maxsize=_AT_ONCE)


def _query(parameters: Mapping[str, str | int | Sequence[str] | None]) -> str:
    given = {name: value for name, value in parameters.items() if value is not None}
    query = urlencode(given, doseq=True, quote_via=quote, errors="surrogateescape")
    return f"?{query}" if query else ""


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        document = orjson.loads(body)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _parameter_problems(problem: Mapping[str, Any]) -> tuple[ParameterProblem, ...]:
    errors = problem.get("errors")
    return tuple(
        ParameterProblem(str(error.get("parameter", "")), str(error.get("code", "")), str(error.get("message", "")))
        for error in (errors if isinstance(errors, list) else [])
        if isinstance(error, dict)
    )
