"""Asks an engine over HTTP whether it answers. Only the standard library, and never through a proxy."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from base64 import b64encode
from http.client import HTTPException
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from broadsheet.errors import EngineError

# The engine is beside us: proxies of the environment are for the internet.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(url: str, method: str = "GET", body: object = None, *, timeout: float = 10.0) -> Any:
    """Send a request, with `body` as JSON unless it is None, and decode the JSON of the answer.

    `url` may hold a user and a password; `timeout` is in seconds.

    Raises OSError (urllib's errors among them), HTTPException or ValueError when there is no such answer.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        raise ValueError("an engine's URL starts with http:// or https://")
    place = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(place, data, {"Content-Type": "application/json"}, method=method)  # noqa: S310  checked
    if parts.username is not None:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        request.add_header("Authorization", f"Basic {b64encode(login.encode()).decode()}")
    with _OPENER.open(request, timeout=timeout) as response:
        return json.load(response)


def is_ready(url: str) -> bool:
    """Tell whether the node at `url` has a cluster and takes writes."""
    try:
        health = call(f"{url}/_cluster/health?wait_for_status=yellow&timeout=1s", timeout=5.0)
    except (OSError, HTTPException, ValueError):
        return False
    return health.get("timed_out") is False


def require_answer(url: str) -> None:
    """Raise EngineError (`engine_unreachable`) unless an OpenSearch answers at `url`."""
    try:
        answer = call(url)
        number = answer["version"]["number"]
    except urllib.error.HTTPError as error:
        reason = f"it answers HTTP {error.code}"
    except (OSError, HTTPException) as error:
        reason = str(getattr(error, "reason", error))
    except (ValueError, LookupError, TypeError) as error:
        reason = f"what answers there is no OpenSearch ({error})"
    else:
        if number:
            return
        reason = "what answers there is no OpenSearch"
    raise EngineError(
        f"BROADSHEET_OPENSEARCH_URL names an engine that cannot be used, {_without_login(url)}: {reason}. Start it, "
        "correct the URL, or unset the variable to get a local node.",
        code="engine_unreachable",
    )


def _without_login(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"
