"""Objects and receipts in S3."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from botocore.exceptions import ClientError, HTTPClientError

from broadsheet.adapters.aws import aws_errors, client, error_code
from broadsheet.errors import InfrastructureError, ObjectChangedError, PermanentError
from broadsheet.model import StoredObject

_GONE = frozenset({"404", "NoSuchKey", "NoSuchVersion"})
_CHANGED = frozenset({"412", "PreconditionFailed"})
# States of an object that trying again does not change. A plain 403 is none: a role that lost its rights must not fail
# every file.
_UNREADABLE = {
    "400": "it is encrypted with a key of its uploader's; upload a copy encrypted by the bucket",
    "InvalidObjectState": "it lies in an archive storage class; restore it and retry the file",
    "KMS.DisabledException": "the key it is encrypted with is disabled; enable the key and retry the file",
    "KMS.NotFoundException": "the key it is encrypted with is gone; upload the file again",
}
_READ_AHEAD = 1024 * 1024


class S3Objects:
    """ports.ObjectStore and ports.ObjectLister on S3.

    The role needs s3:ListBucket: without it a missing key answers 403, not 404.
    """

    def __init__(self, s3: Any = None) -> None:
        self._s3 = s3 or client("s3")

    def head(self, bucket: str, key: str) -> StoredObject | None:
        """Return the current state, None when there is no such object."""
        with aws_errors("s3"):
            try:
                answer = self._s3.head_object(Bucket=bucket, Key=key)
            except ClientError as error:
                if error_code(error) in _GONE:
                    return None
                _raise_unreadable(error)
                raise
        return StoredObject(
            bucket=bucket,
            key=key,
            etag=answer["ETag"].strip('"'),
            last_modified=answer["LastModified"],
            size=answer["ContentLength"],
            content_type=answer.get("ContentType"),
            metadata=answer.get("Metadata", {}),
        )

    def open(self, stored: StoredObject) -> BinaryIO:
        """Open exactly this state for reading; raise ObjectChangedError when it is no longer the current one."""
        with aws_errors("s3"):
            try:
                answer = self._s3.get_object(Bucket=stored.bucket, Key=stored.key, IfMatch=f'"{stored.etag}"')
            except ClientError as error:
                if error_code(error) in _GONE | _CHANGED:
                    raise ObjectChangedError("the object was replaced or removed before it was read") from error
                _raise_unreadable(error)
                raise
        # An ETag that does not match what was asked for means a store without conditional reads.
        if answer["ETag"].strip('"') != stored.etag:
            raise ObjectChangedError("the object was replaced before it was read")
        return cast("BinaryIO", BufferedReader(_Body(answer["Body"], stored.size), _READ_AHEAD))

    def list(self, bucket: str, *, after: str = "", prefix: str = "") -> Iterator[StoredObject]:
        """Yield the current objects with keys above ``after``, in UTF-8 order of their keys, page by page."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, StartAfter=after, Prefix=prefix)
        with aws_errors("s3"):
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield StoredObject(
                        bucket=bucket,
                        key=entry["Key"],
                        etag=entry["ETag"].strip('"'),
                        last_modified=entry["LastModified"],
                        size=entry["Size"],
                    )


class S3Links:
    """ports.ObjectLinks by presigned URLs; they carry the rights of the role, for no longer than its session."""

    def __init__(self, s3: Any = None) -> None:
        self._s3 = s3 or signing_client()

    def link(self, stored: StoredObject, *, seconds: int) -> str:
        """Return a URL that downloads the object under its name, for this time.

        Never shown in place: an upload may be a page with scripts.
        """
        name = quote(stored.key.rstrip("/").rpartition("/")[2], safe="")
        request = {
            "Bucket": stored.bucket,
            "Key": stored.key,
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{name}",
        }
        with aws_errors("s3"):
            url: str = self._s3.generate_presigned_url("get_object", Params=request, ExpiresIn=seconds)
        return url


class S3Forms:
    """ports.UploadForms on one bucket by presigned POST, whose policy S3 itself checks: key, type and size."""

    def __init__(self, bucket: str, s3: Any = None) -> None:
        self._bucket = bucket
        self._s3 = s3 or signing_client()

    def form(self, key: str, content_type: str, *, seconds: int, max_bytes: int) -> tuple[str, dict[str, str]]:
        """Return address and fields; they carry the rights of the role, for no longer than its session."""
        described = {"Content-Type": content_type}
        with aws_errors("s3"):
            answer = self._s3.generate_presigned_post(
                self._bucket,
                key,
                Fields=described,
                Conditions=[described, ["content-length-range", 0, max_bytes]],
                ExpiresIn=seconds,
            )
        return answer["url"], answer["fields"]


class S3Receipts:
    """ports.ReceiptStore and ports.ReceiptReader on one bucket."""

    def __init__(self, bucket: str, s3: Any = None) -> None:
        self._bucket = bucket
        self._s3 = s3 or client("s3")

    def put(self, key: str, body: bytes) -> None:
        """Store a JSON document; writing the same key again replaces it."""
        with aws_errors("s3"):
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/json")

    def get(self, key: str) -> bytes | None:
        """Return a document as it was stored, None when there is none."""
        with aws_errors("s3"):
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if error_code(error) in _GONE:
                    return None
                raise
            body: bytes = answer["Body"].read()
        return body


def signing_client() -> Any:
    """Return a client for addresses that others use.

    The older signature, the default of some regions, is refused by buckets with KMS keys. Unless it is told how to
    address a bucket, botocore signs for s3.amazonaws.com: for hours after a bucket was made in another region that
    answers with a redirect, which neither a form nor a signature survives.
    """
    return client("s3", signature_version="s3v4", s3={"addressing_style": "virtual"})


def _raise_unreadable(error: ClientError) -> None:
    if reason := _UNREADABLE.get(error_code(error)):
        raise PermanentError(f"the object cannot be read: {reason}", code="object_unreadable") from error


class _Body(RawIOBase):
    """A response body as a raw stream; a read that ends early is an error, not the end of the file."""

    def __init__(self, body: Any, size: int) -> None:
        self._body = body
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        try:
            data = self._body.read(len(view))
        except HTTPClientError as error:
            raise InfrastructureError("the connection to s3 broke while the object was read") from error
        view[: len(data)] = data
        self._left -= len(data)
        if not data and self._left > 0:
            raise InfrastructureError(f"s3 closed the connection {self._left} bytes before the end of the object")
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._body.close()
        super().close()
