"""The engine's ports on opensearch-py: bulk writing, searching, indices.

Nothing here tries again: the queue repeats ingestion, the user a search. opensearch-py's grpc transport is never
imported, so that its requirements need not be installed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import orjson
from opensearchpy import OpenSearch, TransportError, Urllib3HttpConnection
from opensearchpy.exceptions import OpenSearchException, SerializationError

from broadsheet.errors import (
    ConfigurationError,
    EngineError,
    InfrastructureError,
    RequestTooLargeError,
    ThrottledError,
)
from broadsheet.ports import BulkItem, JsonObject
from broadsheet.settings import EngineSettings

TIMEOUT_SECONDS = 30.0
"""For one bulk: half of what a lease keeps for it."""

_CONNECTIONS = 8
_GZIP = zlib.MAX_WBITS | 16
_FASTEST = 1
_BULK_ANSWER = "items.*.status,items.*.error.type,items.*.error.reason"
# The engine quotes the value that it could not read; reasons are kept, and text of users is not.
_QUOTED_VALUE = "Preview of field's value"
_LONGEST_KIND = 200
_EXISTS = "resource_already_exists_exception"


class _Orjson:
    """opensearch-py's serializer on orjson; finished bodies pass as they are."""

    mimetype = "application/json"

    @staticmethod
    def dumps(data: Any) -> bytes:
        return data if isinstance(data, bytes) else orjson.dumps(data)

    @staticmethod
    def loads(text: str) -> Any:
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise SerializationError(str(error)) from error


def client(settings: EngineSettings, *, timeout_seconds: float = TIMEOUT_SECONDS) -> OpenSearch:
    """Return a client of the engine that the settings name; raise ConfigurationError when it cannot sign requests."""
    parts = urlsplit(settings.opensearch_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(f"BROADSHEET_OPENSEARCH_URL must be an http or https URL, not {parts.geturl()!r}")
    host = {
        "host": parts.hostname,
        "port": parts.port or (443 if parts.scheme == "https" else 80),
        "use_ssl": parts.scheme == "https",
        "url_prefix": parts.path.strip("/"),
    }
    return OpenSearch(
        [host],
        connection_class=Urllib3HttpConnection,
        http_auth=_signer() if settings.sign_requests else None,
        serializer=_Orjson(),
        max_retries=0,
        timeout=timeout_seconds,
        pool_maxsize=_CONNECTIONS,
    )


def _signer() -> Any:
    # Only signed requests need botocore.
    from botocore.session import Session
    from opensearchpy import Urllib3AWSV4SignerAuth

    session = Session()
    credentials = session.get_credentials()
    region = session.get_config_variable("region")
    if credentials is None or not region:
        raise ConfigurationError(
            "requests to the engine are signed, but there are no AWS credentials or no region; "
            "set them, or BROADSHEET_SIGN_REQUESTS=false for an engine that needs no signature"
        )
    return Urllib3AWSV4SignerAuth(credentials, region, "es")


class OpenSearchBulk:
    """ports.BulkEngine; writes through aliases only, so that no index is ever made by a write.

    ``compress`` packs requests as gzip: opensearch-py can do that too, at level 9, which takes five times as long.
    """

    def __init__(self, engine: OpenSearch, *, compress: bool = False) -> None:
        self._request = engine.transport.perform_request
        self._compress = compress

    def bulk(self, body: bytes) -> Sequence[BulkItem]:
        """Send a finished NDJSON body.

        Raise ThrottledError when the engine took nothing of it, RequestTooLargeError when it is too large, EngineError
        when there was no complete answer: the outcome is unknown then.
        """
        parameters = {"require_alias": "true", "filter_path": _BULK_ANSWER}
        headers = {}
        if self._compress:
            headers["content-encoding"] = "gzip"
            body = zlib.compress(body, _FASTEST, wbits=_GZIP)
        with _engine_errors():
            answer = self._request("POST", "/_bulk", params=parameters, body=body, headers=headers)
        entries = (entry for item in answer.get("items", ()) for entry in item.values())
        return [_bulk_item(entry) if "error" in entry else _done(entry["status"]) for entry in entries]


# Nearly all answers are one of three.
@cache
def _done(status: int) -> BulkItem:
    return BulkItem(status, None)


def _bulk_item(entry: JsonObject) -> BulkItem:
    error = entry["error"]
    reason, quoted, _ = error.get("reason", "").partition(_QUOTED_VALUE)
    return BulkItem(entry["status"], f"{error['type']}: {reason.rstrip() if quoted else reason}")


class OpenSearchSearch:
    """ports.SearchEngine; an answer that some shard has no part in is no answer."""

    def __init__(self, engine: OpenSearch) -> None:
        self._request = engine.transport.perform_request

    def search(self, index: str, body: JsonObject) -> JsonObject:
        """Run one search over an alias (or several, comma-separated), or none; raise EngineError unless complete."""
        with _engine_errors():
            answer = self._request("POST", f"/{index}/_search" if index else "/_search", body=body)
        return _complete(answer)

    def open_point_in_time(self, index: str, seconds: int) -> str:
        """Keep the present state of these indices for a while and return its id; raise EngineError when it cannot."""
        path = f"/{index}/_search/point_in_time"
        with _engine_errors():
            answer = self._request("POST", path, params={"keep_alive": f"{seconds}s"})
        return str(answer["pit_id"])

    def multi_search(self, searches: Sequence[tuple[str, JsonObject]]) -> list[JsonObject]:
        """Run several searches in one round trip; raise EngineError unless all are complete."""
        lines = [line for index, body in searches for line in ({"index": index.split(",")}, body)]
        with _engine_errors():
            answer = self._request("POST", "/_msearch", body=b"".join(orjson.dumps(line) + b"\n" for line in lines))
        return [_complete(response) for response in answer["responses"]]


def _complete(answer: JsonObject) -> JsonObject:
    if "error" in answer:
        raise _status_error(answer.get("status", 500), answer["error"].get("type", "error"))
    failed = answer["_shards"]["failed"]
    if answer["timed_out"] or failed:
        why = "it ran out of time" if answer["timed_out"] else f"{failed} shards failed"
        raise EngineError(f"the engine answered only in part: {why}", code="engine_partial")
    return answer


class OpenSearchAdmin:
    """ports.IndexAdmin and ports.GenerationAdmin."""

    def __init__(self, engine: OpenSearch) -> None:
        self._request = engine.transport.perform_request

    def create(self, index: str, body: JsonObject) -> bool:
        """Create an index with settings, mappings and aliases; False when it already exists."""
        with _engine_errors():
            try:
                self._request("PUT", f"/{index}", body=body)
            except TransportError as error:
                if error.error == _EXISTS:
                    return False
                raise
        return True

    def aliases(self, name: str) -> list[str]:
        """Return the indices an alias points to, sorted; empty when there is no such alias."""
        with _engine_errors():
            try:
                return sorted(self._request("GET", f"/_alias/{name}"))
            except TransportError as error:
                if error.status_code == 404:
                    return []
                raise

    def point(self, alias: str, index: str) -> None:
        """Make the alias point to this index and no other, in one atomic step."""
        self.move({alias: index})

    def move(self, targets: Mapping[str, str]) -> None:
        """Make every alias point to its index and no other, all in one atomic step."""
        actions: list[JsonObject] = []
        for alias, index in targets.items():
            actions += [{"remove": {"index": old, "alias": alias}} for old in self.aliases(alias) if old != index]
            actions.append({"add": {"index": index, "alias": alias}})
        with _engine_errors():
            self._request("POST", "/_aliases", body={"actions": actions})

    def delete(self, index: str) -> None:
        """Delete an index with its aliases; one that does not exist is deleted already."""
        with _engine_errors():
            try:
                self._request("DELETE", f"/{index}")
            except TransportError as error:
                if error.status_code != 404:
                    raise


@contextmanager
def _engine_errors() -> Iterator[None]:
    """Turn what opensearch-py raises into errors of broadsheet; no text of a request or an answer gets into them."""
    try:
        yield
    except TransportError as error:
        if isinstance(error.status_code, int):
            raise _status_error(error.status_code, str(error.error)) from error
        raise EngineError(f"the engine could not be reached: {type(error.info).__name__}") from error
    except OpenSearchException as error:
        raise EngineError("the engine's answer could not be read", code="engine_unreadable") from error


def _status_error(status: int, kind: str) -> InfrastructureError:
    # A gateway in front of the engine may answer a page instead of a word.
    sentence = f"the engine answered {status} {kind[:_LONGEST_KIND]}"
    if status == 429:
        return ThrottledError(sentence)
    if status == 413:
        return RequestTooLargeError(sentence)
    if status == 404:
        return EngineError(sentence, code="engine_not_found")
    # A refusal (a malformed request, missing permission, a disk that is full) is for an operator; nothing is lost by
    # trying again meanwhile. OpenSearch 3.7 calls a made-up point in time a failure of its own.
    refused = status < 500 or kind == "unsupported_version_exception"
    return EngineError(sentence, code="engine_refused" if refused else None)
