"""The events of one bucket of moto, in the shape and number S3 gives them.

moto itself leaves out sequencers and version ids, says nothing of delete markers and removed versions, tells of a
multipart upload twice, and sends the event before the object has its metadata. So its notifications are not used:
its S3 backend is replaced by one that takes down every change of the store, and the changes of a request are sent
when the request has done its work. What is written down is what the store did, not what a request looked like:
however a client puts its requests, there is one event per change.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import quote_plus

from moto.s3.models import FakeKey, S3Backend, s3_backends

Send = Callable[[str], object]
"""Puts the body of a message into the queue."""

WsgiApplication = Callable[..., Iterable[bytes]]

# Seconds and nanoseconds in one number: it ascends within a process, and from one process to the next.
_sequence = itertools.count(time.time_ns())


class EventSource:
    """Collects the changes of one bucket and sends those that match ``patterns`` (such as ``s3:ObjectCreated:*``)."""

    def __init__(self, *, bucket: str, region: str, patterns: Iterable[str], send: Send) -> None:
        self._bucket = bucket
        self._region = region
        self._patterns = tuple(patterns)
        self._send = send
        self._request = threading.local()
        # Held while the store changes: sequencers have the order of the changes.
        self.order = threading.RLock()

    def around(self, application: WsgiApplication) -> WsgiApplication:
        """Wrap moto's application: the changes of a request are sent when it is done, metadata included."""

        def observed(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            events: list[str] = []
            self._request.events = events
            try:
                return application(environ, start_response)
            finally:
                del self._request.events
                for event in events:
                    self._send(event)

        return observed

    @contextmanager
    def called(self, name: str) -> Iterator[None]:
        """Give the objects created in this context (and thread) another event name."""
        self._request.name = name
        try:
            yield
        finally:
            del self._request.name

    def created(self, bucket: str, key: FakeKey, *, by_form: bool) -> None:
        """Take down that an object was stored."""
        name = getattr(self._request, "name", "ObjectCreated:Post" if by_form else "ObjectCreated:Put")
        self._add(name, bucket, key.name, key.version_id, {"size": key.size, "eTag": key.etag.strip('"')})

    def removed(self, name: str, bucket: str, key: str, version: str) -> None:
        """Take down that an object, a version or a marker is gone; as in S3's events, without size and ETag."""
        self._add(name, bucket, key, version, {})

    def _add(self, name: str, bucket: str, key: str, version: str, content: dict[str, Any]) -> None:
        if bucket != self._bucket or not any(fnmatchcase(f"s3:{name}", pattern) for pattern in self._patterns):
            return
        stored = {"key": quote_plus(key, safe="/"), **content}
        if version != "null":
            stored["versionId"] = version
        stored["sequencer"] = f"{next(_sequence):018X}"
        event = json.dumps({"Records": [self._record(name, stored)]})
        events: list[str] | None = getattr(self._request, "events", None)
        if events is None:
            self._send(event)
        else:
            events.append(event)

    def _record(self, name: str, stored: dict[str, Any]) -> dict[str, Any]:
        """Build a record after "Event message structure" of the S3 User Guide."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": self._region,
            "eventTime": now,
            "eventName": name,
            "userIdentity": {"principalId": "AWS:LOCAL"},
            "requestParameters": {"sourceIPAddress": "127.0.0.1"},
            "responseElements": {"x-amz-request-id": uuid.uuid4().hex[:16].upper(), "x-amz-id-2": uuid.uuid4().hex},
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": "uploads",
                "bucket": {
                    "name": self._bucket,
                    "ownerIdentity": {"principalId": "LOCAL"},
                    "arn": f"arn:aws:s3:::{self._bucket}",
                },
                "object": stored,
            },
        }


class ObservedS3Backend(S3Backend):
    """moto's store, which tells its event source what changed in it."""

    source: EventSource

    def put_object(self, bucket_name: str, key_name: str, *arguments: Any, **options: Any) -> FakeKey:
        """Store an object: the one way in for uploads, forms, copies and completed multipart uploads."""
        with self.source.order:
            key = super().put_object(bucket_name, key_name, *arguments, **options)
            self.source.created(bucket_name, key, by_form=options.get("request_method") == "POST")
        return key

    def copy_object(self, *arguments: Any, **options: Any) -> None:
        """Copy, which ends in `put_object`."""
        with self.source.called("ObjectCreated:Copy"):
            super().copy_object(*arguments, **options)

    def complete_multipart_upload(self, *arguments: Any, **options: Any) -> FakeKey | None:
        """Put the parts together, which ends in `put_object`."""
        with self.source.called("ObjectCreated:CompleteMultipartUpload"):
            return super().complete_multipart_upload(*arguments, **options)

    def delete_object(
        self, bucket_name: str, key_name: str, version_id: str | None = None, bypass: bool = False
    ) -> tuple[bool, dict[str, Any]]:
        """Remove an object (one of many, too): what was removed, or a marker that was added, is told."""
        with self.source.order:
            before = self._versions(bucket_name, key_name)
            answer = super().delete_object(bucket_name, key_name, version_id, bypass)
            after = self._versions(bucket_name, key_name)
            for marker in after - before:
                self.source.removed("ObjectRemoved:DeleteMarkerCreated", bucket_name, key_name, marker)
            for version in before - after:
                self.source.removed("ObjectRemoved:Delete", bucket_name, key_name, version)
        return answer

    def _versions(self, bucket_name: str, key_name: str) -> set[str]:
        """Return the version ids of a key, markers included; an unversioned object counts as "null"."""
        return {str(version.version_id) for version in self.get_bucket(bucket_name).keys.getlist(key_name, [])}


def observe(source: EventSource, *, partition: str, account: str) -> None:
    """Make moto use a store that tells ``source``; objects of the account that exist already are lost."""
    backend = ObservedS3Backend(partition, account)
    backend.source = source
    s3_backends[account][partition] = backend
