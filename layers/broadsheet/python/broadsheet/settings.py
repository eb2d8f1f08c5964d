"""Typed settings: one class per function, read once from the environment, and written to it by the same class.

The deployment and the local system both call ``to_environ``; a handler calls ``from_environ`` in its first
invocation; the command has a class of its own. A variable is ``BROADSHEET_`` and the field's name in capitals. This
is the only module of the package that looks at the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, Self

from broadsheet.errors import ConfigurationError

PREFIX = "BROADSHEET_"
MIB = 1024 * 1024
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True, kw_only=True)
class _Settings:
    """How a settings class reads and writes the environment; a field without default is required."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read every field; raise ConfigurationError naming the variables that are missing or unreadable."""
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        wrong: list[str] = []
        for field in fields(cls):
            name = PREFIX + field.name.upper()
            if name not in environ:
                continue
            try:
                values[field.name] = _read(str(field.type), environ[name])
            except ValueError as error:
                wrong.append(f"{name}: {error}")
        try:
            if not wrong:
                return cls(**values)
        except TypeError:
            wrong = [PREFIX + field.name.upper() + " is not set" for field in fields(cls) if _missing(field, values)]
        raise ConfigurationError("; ".join(wrong))

    def to_environ(self) -> dict[str, str]:
        """Return the variables that make ``from_environ`` give this value again."""
        return {PREFIX + field.name.upper(): _write(getattr(self, field.name)) for field in fields(self)}


def _missing(field: Any, values: Mapping[str, Any]) -> bool:
    return field.default is MISSING and field.name not in values


def _read(kind: str, text: str) -> Any:
    if kind == "int":
        return int(text)
    if kind == "bool":
        lowered = text.strip().lower()
        if lowered not in _TRUE | _FALSE:
            raise ValueError(f"expected true or false, not {text!r}")
        return lowered in _TRUE
    return text


def _write(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, kw_only=True)
class TelemetrySettings(_Settings):
    """Where a function's metrics go."""

    metrics_namespace: str = "broadsheet"
    """Namespace of CloudWatch; every deployment has its own, so that two in one account are told apart."""


@dataclass(frozen=True, kw_only=True)
class EngineSettings(_Settings):
    """Where the engine is and how its indices are called."""

    opensearch_url: str
    """Scheme, host and port of the OpenSearch endpoint."""
    index_prefix: str = "broadsheet"
    """First part of every index and alias name."""
    sign_requests: bool = True
    """Sign engine requests with SigV4 (a plain node ignores the signature)."""


@dataclass(frozen=True, kw_only=True)
class LedgerSettings(_Settings):
    """Where the ledger is."""

    ledger_table: str
    """Name of the DynamoDB table with one item per (bucket, key)."""


@dataclass(frozen=True, kw_only=True)
class Limits(_Settings):
    """What one file may cost; passing a limit is a permanent outcome with the code that stands behind its number.

    Each field is named in the message that a file passing it gets. A limit of a record ends the record and no other;
    the limits of a file end the file where it is, and what was read before stays.
    """

    max_text_bytes: int = 32 * MIB
    """``text_too_large``: bounds the memory that one page of text or HTML takes."""
    max_line_chars: int = 4_000_000
    """``line_too_long``: keeps out 32 MiB of one line."""
    max_lines: int = 1_000_000
    """``too_many_lines``: keeps out 32 MiB of line feeds."""
    max_depth: int = 1_024
    """``xml_too_deep``: elements of an item in each other; JSON has the same bound (``json_too_deep``)."""
    max_comments: int = 100_000
    """``too_many_comments``, of one article: two hundred times the largest discussion on 405 news pages (464)."""
    max_record_bytes: int = 16 * MIB
    """``line_too_long``, ``record_too_large``: one record of an export or a crawl."""
    max_record_seconds: int = 60
    """``record_too_slow``: processor time of one record; the largest that the other limits let in take ten seconds."""
    max_records: int = 10_000_000
    """``too_many_records``: ends a file of nothing but commas."""
    max_unpacked_bytes: int = 100 * 1024 * MIB
    """``too_large_unpacked``: what a packed file becomes, all layers and members together."""
    max_ratio: int = 300
    """``ratio_too_high``: bytes out per byte in beyond the first 64 MiB. Exports pack 5 to 30 times; deflate's most is
    1,032, that of bzip2 a million."""
    max_layers: int = 4
    """``nested_too_deep``: packings in each other; four is a .tar.gz in a .tar.gz."""
    max_zip_bytes: int = 400 * MIB
    """``zip_too_large``: a .zip has its directory at the end and is kept on disk, where a Lambda has 512 MB. Feeds
    whose comments stand apart from their articles wait there, too; larger ones are brought together in parts."""
    max_zip_members: int = 100_000
    """``too_many_members``: the directory of a .zip is held in memory."""


@dataclass(frozen=True, kw_only=True)
class IngestSettings(EngineSettings, LedgerSettings, Limits):
    """What the ingest function needs."""

    uploads_bucket: str
    """Events for any other bucket are refused."""
    outcomes_bucket: str
    """Receives one receipt per outcome."""
    queue_url: str
    """The queue of notifications; held messages are returned to it."""
    default_zone: str = "Asia/Beirut"
    """IANA zone assumed for times that state none."""
    bulk_bytes: int = 5 * 1024 * 1024
    """Soft bound of one bulk request; the smallest managed domains refuse 10 MiB."""
    bulk_actions: int = 5_000
    """Bound of the actions of one bulk request."""
    compress_bulks: bool = False
    """Send bulk requests packed as gzip: a fifth of the bytes for half as much CPU again (`make bench`: an article with
    30 comments makes 51 KB, packed 10 KB, in 0.23 ms beside 0.5 ms for all else). It pays where traffic to the engine
    is billed, as between availability zones; beside the engine it does not."""
    lease_margin_seconds: int = 60
    """Added to the invocation's remaining time: one bulk and twice the greatest clock skew."""


@dataclass(frozen=True, kw_only=True)
class SearchSettings(EngineSettings):
    """What the search function needs."""

    engine_timeout_ms: int = 5_000
    """The engine gives up a query after this time; a partial answer is never shown."""


@dataclass(frozen=True, kw_only=True)
class FilesSettings(EngineSettings, LedgerSettings):
    """What the files function needs: outcomes from the ledger, health of the engine for the status page."""

    uploads_bucket: str
    """The bucket whose files are shown."""
    outcomes_bucket: str
    """Holds their receipts."""
    dead_letters_url: str
    """The queue of messages that were received too often; they are counted."""


@dataclass(frozen=True, kw_only=True)
class UploadsSettings(_Settings):
    """What the uploads function needs."""

    uploads_bucket: str
    """The bucket that takes the files."""
    max_upload_bytes: int = 5 * 1024 * MIB
    """S3 takes no larger file by a form; larger ones are uploaded in parts, with AWS credentials."""


@dataclass(frozen=True, kw_only=True)
class ParseSettings(Limits):
    """What the parse function needs: limits, and no address of anything."""

    default_zone: str = IngestSettings.default_zone
    """As for ingestion."""
    max_body_bytes: int = MIB
    """``body_too_large``: of one request; larger files are uploaded, or read by the command."""
    max_body_unpacked_bytes: int = 8 * MIB
    """``too_large_unpacked``: more than an answer can show. As HTML it takes 700 MB of memory and ten seconds."""
    answer_seconds: int = 12
    """An answer ends after this time. A record that was begun has as much time again; API Gateway waits for 29."""


@dataclass(frozen=True, kw_only=True)
class ReconcileSettings(LedgerSettings):
    """What the reconcile function needs: the bucket, the ledger and both queues, but no engine."""

    uploads_bucket: str
    """The bucket that is compared with the ledger."""
    queue_url: str
    """The queue of notifications; files that differ are sent there."""
    dead_letters_url: str
    """The queue whose messages can be sent there again."""
    visibility_seconds: int
    """How long the queue hides a message that was received: work without a sign of life for longer is abandoned."""


@dataclass(frozen=True, kw_only=True)
class IndicesSettings(EngineSettings, LedgerSettings):
    """What the indices function needs at deploy."""

    shards: int = 1
    """Primary shards of each index."""
    replicas: str = "0-1"
    """OpenSearch's auto_expand_replicas."""
    refresh_interval: str = "5s"
    """How long an indexed document may wait to be searchable."""


@dataclass(frozen=True, kw_only=True)
class ClientSettings(Limits):
    """What the user's command needs; without any variable it speaks to the local system.

    The limits are those of ingestion, so that a dry run shows what would be indexed.
    """

    api_url: str = "http://127.0.0.1:8080/v1"
    """Address of the API with its stage."""
    bucket: str = ""
    """The uploads bucket; empty: the one the API names."""
    api_key: str = ""
    """Sent as ``x-api-key``; empty: none."""
    default_zone: str = IngestSettings.default_zone
    """As for ingestion."""


def environment() -> Mapping[str, str]:
    """Return the variables of this process, for programs that pass them on as a value."""
    return os.environ
