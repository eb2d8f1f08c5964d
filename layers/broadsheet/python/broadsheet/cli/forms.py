"""The uploads bucket through the API: each file by a form that the API signs, without rights of one's own on S3."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from hashlib import md5
from typing import BinaryIO
from uuid import uuid4

from broadsheet.cli.api import Api, connections
from broadsheet.cli.selection import Selected
from broadsheet.cli.waiting import Stored
from broadsheet.errors import ConfigurationError, InfrastructureError, RequestError

_CHUNK = 256 * 1024
_TAKEN = frozenset({200, 201, 204})
# S3 states times in whole seconds, and the clock of the function that signs is another one.
_SKEW = timedelta(seconds=5)
_SIGNED_AT = "%Y%m%dT%H%M%SZ"


class Forms:
    """Stores files by forms; safe to use from several threads. ``signed`` says whether to ask with AWS credentials."""

    def __init__(self, api: Api, *, signed: bool) -> None:
        self._api = api
        self._signed = signed
        self._stored: dict[str, Stored] = {}
        # All forms of a bucket have one address.
        self._connections = cache(connections)

    def put(self, file: Selected, advance: Callable[[int], None]) -> None:
        """Store a file; ``advance`` hears of every few bytes, and what it raises ends it.

        Raise OSError when the file cannot be read, BroadsheetError when the API or S3 does not take it.
        """
        # Loaded by now, by the API's connections.
        from urllib3.exceptions import HTTPError

        asked = {"key": file.key, "content_type": file.content_type}
        form = self._api.post("/uploads", asked, signed=self._signed)
        url, fields = str(form["url"]), form["fields"]
        boundary = uuid4().hex
        head, tail = _around(fields, boundary)
        with file.path.open("rb") as content:
            size = content.seek(0, 2)
            content.seek(0)
            headers = {
                "content-type": f"multipart/form-data; boundary={boundary}",
                "content-length": str(len(head) + size + len(tail)),
            }
            # What S3 makes of an object's bytes, for a server that does not answer with it.
            digest = md5(usedforsecurity=False)

            def hear(chunk: bytes) -> None:
                digest.update(chunk)
                advance(len(chunk))

            body = _sent(head, content, tail, hear)
            try:
                # What was sent cannot be sent again: the file is open once.
                answer = self._connections(url).request(
                    "POST", url, body=body, headers=headers, redirect=False, retries=False
                )
            except HTTPError as error:
                raise InfrastructureError(f"S3 does not answer at {url}: {error}. Try again.") from error
        if answer.status not in _TAKEN:
            raise _refusal(answer.status, answer.data, file.key)
        signed_at = datetime.strptime(fields["x-amz-date"], _SIGNED_AT).replace(tzinfo=UTC)
        stored_at = parsedate_to_datetime(answer.headers["date"])
        # Somewhere between: S3 does not tell with the answer to a form.
        within = max(stored_at - signed_at, timedelta(0)) + _SKEW
        etag = answer.headers.get("etag", digest.hexdigest()).strip('"')
        self._stored[file.key] = Stored(etag, stored_at, within)

    def state(self, key: str) -> Stored:
        """Return the state of what was just stored."""
        return self._stored[key]


def _around(fields: Mapping[str, str], boundary: str) -> tuple[bytes, bytes]:
    """Return what stands before and after the bytes of the file, which S3 wants as the last field."""
    begin = f"--{boundary}\r\nContent-Disposition: form-data; name="
    parts = [f'{begin}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    head = "".join([*parts, f'{begin}"file"; filename="file"\r\n\r\n'])
    return head.encode(), f"\r\n--{boundary}--\r\n".encode()


def _sent(head: bytes, content: BinaryIO, tail: bytes, hear: Callable[[bytes], None]) -> Iterator[bytes]:
    yield head
    while chunk := content.read(_CHUNK):
        yield chunk
        hear(chunk)
    yield tail


def _refusal(status: int, answer: bytes, key: str) -> Exception:
    # S3 answers XML, of which one word tells all.
    code = answer.partition(b"<Code>")[2].partition(b"</Code>")[0].decode("ascii", "replace")
    says = f"S3 did not take {key} ({code or status})"
    if code == "EntityTooLarge":
        return RequestError(f"{says}: it is too large for a form; upload it with AWS credentials.", code=code)
    if status in {400, 403}:
        return ConfigurationError(f"{says}: the form was refused or is too old. Try again.", code=code or None)
    return InfrastructureError(f"{says}. Try again.", code=code or None)
