"""Signatures of AWS requests (SigV4), as a server checks them."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<date>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, "
    r"SignedHeaders=(?P<signed>[a-z0-9;-]+), Signature=(?P<signature>[0-9a-f]{64})"
)


class RefusedError(Exception):
    """The request is not what it says; the text is the reason."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who has an access key."""

    secret: str
    token: str
    principal: str
    """ARN of the role or user whose policies decide."""
    name: str


def caller_of(
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    service: str,
    known: Callable[[str], Caller | None],
) -> Caller:
    """Return who signed exactly this request (``path`` with its query, header names in small letters).

    Raise RefusedError: unsigned, for another service, by nobody who is known, with other words than were signed.
    """
    found = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if found is None:
        raise RefusedError("the request is not signed")
    if found["service"] != service:
        raise RefusedError(f"the request is signed for {found['service']}")
    caller = known(found["key"])
    if caller is None:
        raise RefusedError("nobody has this access key")
    if headers.get("x-amz-security-token", "") != caller.token:
        raise RefusedError("the session token is not the one of this access key")
    stated = headers.get("x-amz-content-sha256")
    if stated is not None and stated != hashlib.sha256(body).hexdigest():
        raise RefusedError("the body is not the one that was signed")
    signed = found["signed"].split(";")
    if "host" not in signed or "x-amz-date" not in signed:
        raise RefusedError("host or date are not signed")
    request = AWSRequest(
        method, f"https://{headers['host']}{path}", headers={name: headers[name] for name in signed}, data=body
    )
    request.context["timestamp"] = headers["x-amz-date"]
    auth = SigV4Auth(Credentials(found["key"], caller.secret, caller.token or None), service, found["region"])
    signature = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
    if not hmac.compare_digest(signature, found["signature"]):
        raise RefusedError("the signature does not match")
    return caller
