"""Where the system is: options before variables, variables before what the local system wrote down."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from broadsheet.errors import ConfigurationError
from broadsheet.settings import ClientSettings

LOCAL_API_URL = ClientSettings.api_url
# Written by the local system while it runs, in the folder it was started in.
LOCAL_ENVIRONMENT = Path(".local/environment")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")


@dataclass(frozen=True, slots=True)
class Addresses:
    """The API, the uploads bucket (empty: ask the API), and how AWS is reached.

    ``aws`` holds the variables of the local system where they count, whatever else is configured for AWS; when it is
    empty boto3 finds region and credentials by its own rules. ``endpoint_url`` is None for AWS itself.
    """

    api_url: str
    api_key: str = field(default="", repr=False)
    bucket: str = ""
    endpoint_url: str | None = None
    aws: Mapping[str, str] = field(default_factory=dict, repr=False)


def add_address_options(parser: argparse.ArgumentParser, *, bucket: bool = False) -> None:
    """Add the options that say where the system is."""
    group = parser.add_argument_group(
        "where the system is",
        "Without these the local system is used, the one that `make run` starts.",
    )
    group.add_argument(
        "--api-url",
        metavar="URL",
        help=f"address of the API, with its stage (or BROADSHEET_API_URL; default {LOCAL_API_URL})",
    )
    group.add_argument(
        "--api-key", metavar="KEY", help="key of the API (better: BROADSHEET_API_KEY, which ps never shows)"
    )
    if bucket:
        group.add_argument(
            "--bucket", metavar="NAME", help="the uploads bucket (or BROADSHEET_BUCKET; default: the one the API names)"
        )


def find_addresses(arguments: argparse.Namespace, environ: Mapping[str, str], folder: Path) -> Addresses:
    """Return the addresses for these options and variables; raise ConfigurationError for one that makes no sense.

    The file of the local system in ``folder`` is read only if neither API nor AWS endpoint point elsewhere. Its AWS
    variables then go before others: real credentials are of no use there, and must not be used by mistake.
    """
    given = {name.upper(): getattr(arguments, name, None) for name in ("api_url", "api_key", "bucket")}
    options = {f"BROADSHEET_{name}": value for name, value in given.items() if value is not None}
    # An empty variable is one that was never set.
    said = {name: value for name, value in {**environ, **options}.items() if value}
    local: dict[str, str] = {}
    if said.get("BROADSHEET_API_URL", LOCAL_API_URL) == LOCAL_API_URL and not _endpoint(environ):
        local = read_exports(folder / LOCAL_ENVIRONMENT)
    settings = ClientSettings.from_environ({**local, **said})
    aws = {name: value for name, value in local.items() if name.startswith("AWS_")}
    return Addresses(
        api_url=_api_url(settings.api_url),
        api_key=settings.api_key,
        bucket=settings.bucket,
        endpoint_url=_endpoint(aws) or _endpoint(environ),
        aws=aws,
    )


def is_loopback(url: str) -> bool:
    """Tell whether an address is on this machine.

    >>> is_loopback("http://127.0.0.1:8080/v1")
    True
    """
    return urlsplit(url).hostname in _LOOPBACK


def read_exports(path: Path) -> dict[str, str]:
    """Return the variables of a file of ``export NAME=value`` lines; none if there is no such file."""
    try:
        words = shlex.split(path.read_text(encoding="utf-8"), comments=True)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path} cannot be read ({error}). Start the local system anew.") from error
    pairs = (word.partition("=") for word in words)
    return {name: value for name, equals, value in pairs if equals}


def _endpoint(variables: Mapping[str, str]) -> str | None:
    return next((variables[name] for name in _ENDPOINTS if variables.get(name)), None)


def _api_url(url: str) -> str:
    try:
        split = urlsplit(url)
        usable = split.scheme in {"http", "https"} and split.hostname and not (split.query or split.fragment)
        _ = split.port
    except ValueError:
        usable = False
    if not usable:
        raise ConfigurationError(f"{url} is not the address of an API: it should look like {LOCAL_API_URL}")
    # The stage is part of every address of the API; an address without any path was shortened by hand.
    return url.rstrip("/") if split.path.strip("/") else f"{url.rstrip('/')}/v1"
