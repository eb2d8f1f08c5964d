"""Requests signed with AWS credentials, for the resources of the API that change something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from broadsheet.errors import ConfigurationError

_API_GATEWAY = re.compile(r"[^.]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")


def has_credentials() -> bool:
    """Tell whether there are AWS credentials, wherever AWS commands look for them; broken ones are some."""
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    try:
        return Session().get_credentials() is not None
    except BotoCoreError:
        return True


def signed_headers(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with a signature (SigV4, execute-api) for exactly this request.

    Credentials are found as by every AWS command; the region is that of the address, else the configured one. Raise
    ConfigurationError when there are none.
    """
    # Loaded here: reading needs no credentials.
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    session = Session()
    try:
        credentials = session.get_credentials()
        named = _API_GATEWAY.fullmatch(urlsplit(url).hostname or "")
        region = named[1] if named else session.get_config_variable("region")
    except BotoCoreError as error:
        raise ConfigurationError(f"the AWS credentials cannot be used: {error}") from error
    if credentials is None or not region:
        missing = "is no AWS region (AWS_REGION)" if credentials else "are no AWS credentials (aws configure)"
        raise ConfigurationError(f"this changes something, so the request is signed, but there {missing}")
    request = AWSRequest(method=method, url=url, data=body, headers=dict(headers))
    SigV4Auth(credentials, "execute-api", region).add_auth(request)
    return dict(request.headers.items())
