"""The uploads bucket as seen by the command."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from boto3.exceptions import S3UploadFailedError
from boto3.s3.transfer import TransferConfig
from botocore import exceptions
from botocore.config import Config
from botocore.session import Session as BotocoreSession

from broadsheet.cli.addresses import Addresses, is_loopback
from broadsheet.cli.selection import Selected
from broadsheet.cli.waiting import Stored
from broadsheet.errors import BroadsheetError, ConfigurationError, InfrastructureError, NotFoundError

_REFUSED = frozenset({"403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"})
# Of one file; several files are under way at a time, and each part takes 8 MiB.
_PARTS = TransferConfig(max_concurrency=4)


class UploadsBucket:
    """Stores files in one bucket; safe to use from several threads."""

    def __init__(self, addresses: Addresses, bucket: str) -> None:
        self._bucket = bucket
        with _sentences(bucket):
            self._s3 = _client(addresses)

    def put(self, file: Selected, advance: Callable[[int], None]) -> None:
        """Store a file, in parts when it is large; ``advance`` hears of every few bytes, and what it raises ends it.

        Raise OSError when the file cannot be read, BroadsheetError when S3 does not take it.
        """
        described = {"ContentType": file.content_type} if file.content_type else {}
        with _sentences(self._bucket):
            self._s3.upload_file(
                str(file.path), self._bucket, file.key, ExtraArgs=described, Callback=advance, Config=_PARTS
            )

    def state(self, key: str) -> Stored:
        """Return the state of what was just stored."""
        with _sentences(self._bucket):
            answer = self._s3.head_object(Bucket=self._bucket, Key=key)
        return Stored(answer["ETag"].strip('"'), answer["LastModified"])


# Profiles and files of the machine are for AWS.
_NOTHING_OF_THE_MACHINE = {"profile": (None, None, None, None), "config_file": (None, None, os.devnull, None)}


def _client(addresses: Addresses) -> Any:
    session = boto3.session.Session(
        aws_access_key_id=addresses.aws.get("AWS_ACCESS_KEY_ID"),
        aws_secret_access_key=addresses.aws.get("AWS_SECRET_ACCESS_KEY"),
        region_name=addresses.aws.get("AWS_REGION"),
        botocore_session=BotocoreSession(_NOTHING_OF_THE_MACHINE) if addresses.aws else None,
    )
    local = bool(addresses.endpoint_url and is_loopback(addresses.endpoint_url))
    config = Config(
        connect_timeout=5,
        retries={"mode": "standard", "total_max_attempts": 4},
        # A proxy is for the world, not for this machine.
        proxies={} if local else None,
        max_pool_connections=32,
    )
    return session.client("s3", endpoint_url=addresses.endpoint_url, config=config)


@contextmanager
def _sentences(bucket: str) -> Iterator[None]:
    """Turn what boto3 raises into errors that say what to do next."""
    try:
        yield
    except S3UploadFailedError as error:
        # boto3 raises it for a ClientError and keeps only its words.
        cause = error.__context__
        if isinstance(cause, exceptions.ClientError):
            raise _refusal(cause, bucket) from error
        raise InfrastructureError(str(error)) from error
    except exceptions.ClientError as error:
        raise _refusal(error, bucket) from error
    except exceptions.NoCredentialsError as error:
        raise ConfigurationError(
            "there are no AWS credentials. Set them up (aws configure), choose a profile with AWS_PROFILE, or "
            "upload by the API's forms: --via-api."
        ) from error
    except exceptions.NoRegionError as error:
        raise ConfigurationError("the AWS region is not known. Set it with AWS_REGION.") from error
    except (exceptions.ConnectionError, exceptions.HTTPClientError) as error:
        raise InfrastructureError(f"S3 does not answer: {error}. Check AWS_ENDPOINT_URL and the network.") from error
    except exceptions.BotoCoreError as error:
        raise ConfigurationError(f"S3 cannot be used: {error}") from error


def _refusal(error: exceptions.ClientError, bucket: str) -> BroadsheetError:
    told = error.response.get("Error", {})
    code = str(told.get("Code", "unknown"))
    if code == "NoSuchBucket":
        return NotFoundError(
            f"there is no bucket {bucket}. Give the name of the uploads bucket with --bucket or BROADSHEET_BUCKET.",
            code=code,
        )
    if code in _REFUSED:
        return ConfigurationError(
            f"S3 refuses access to bucket {bucket} ({code}). Uploading needs s3:PutObject, and waiting for the outcome "
            "s3:GetObject (--no-wait spares it).",
            code=code,
        )
    return InfrastructureError(f"S3 answered {code}: {told.get('Message', 'no reason given')}. Try again.", code=code)
