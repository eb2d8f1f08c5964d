"""Bytes -> records: one module per format family, one registry that chooses. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from broadsheet.model import Hints, Record
from broadsheet.parsing.dates import load_zone
from broadsheet.parsing.limits import Limits
from broadsheet.parsing.registry import read_with_surest
from broadsheet.parsing.upload import Settings, Upload

__all__ = ["READER_VERSION", "Limits", "read"]

# Raised by every change that gives other records for the same bytes; stored with each file's outcome.
READER_VERSION = "text/1"


def read(stream: BinaryIO, hints: Hints, *, zone: str = "Asia/Beirut", limits: Limits = Limits()) -> Iterator[Record]:  # noqa: B008 frozen
    """Read one file from a binary stream, which need not be seekable, record by record.

    ``zone`` is the IANA zone assumed for comment times that state none. Errors are raised while iterating:
    PermanentError ``empty_file``, ``binary_file``, ``format_unsupported``; LimitError with the codes of ``Limits``;
    ConfigurationError for an unknown zone. A record that cannot be read is a ProblemRecord among the others.
    """
    load_zone(zone)
    upload = Upload(stream, hints)
    yield from read_with_surest(upload, Settings(zone, limits))
