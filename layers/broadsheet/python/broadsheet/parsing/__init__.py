"""Bytes -> records: one module per format family, one registry that chooses. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, overload

from broadsheet.errors import LimitError
from broadsheet.ids import natural_name
from broadsheet.model import ArticleRecord, Hints, PassedRecord, ProblemRecord, Record
from broadsheet.parsing.containers.budget import Budget
from broadsheet.parsing.containers.layers import numbered
from broadsheet.parsing.dates import load_zone
from broadsheet.parsing.limits import Deadline, Limits
from broadsheet.parsing.registry import read_with_surest
from broadsheet.parsing.upload import Settings, Upload

__all__ = ["Limits", "read"]


@overload
def read(stream: BinaryIO, hints: Hints, *, zone: str = ..., limits: Limits = ...) -> Iterator[Record]: ...
@overload
def read(
    stream: BinaryIO, hints: Hints, *, zone: str = ..., limits: Limits = ..., start: int
) -> Iterator[Record | PassedRecord]: ...
def read(
    stream: BinaryIO,
    hints: Hints,
    *,
    zone: str = "Asia/Beirut",
    limits: Limits = Limits(),  # noqa: B008 frozen
    start: int = 0,
) -> Iterator[Record | PassedRecord]:
    """Read one file from a binary stream, which need not be seekable, record by record, numbered from 0.

    ``zone`` is the IANA zone assumed for comment times that state none. A reading that goes on where another stopped
    says with ``start`` how many records that one yielded: each of them gives a PassedRecord, which names its article
    for ``ids.PublicIds.pass_over`` at a fraction of the cost.

    Errors are raised while iterating: PermanentError ``empty_file``, ``binary_file``, ``format_unsupported``;
    LimitError with the codes of ``Limits``; ConfigurationError for an unknown zone. A record that cannot be read is a
    ProblemRecord among the others.
    """
    load_zone(zone)
    deadline = Deadline(limits.max_record_seconds)
    settings = Settings(zone, limits, Budget(limits), start=start, deadline=deadline)
    upload = Upload(stream, hints)
    for record in numbered(read_with_surest(upload, settings), 0):
        if record.record >= limits.max_records:
            raise LimitError(
                f"The file has more than {limits.max_records} records (max_records). Split it.", code="too_many_records"
            )
        yield _passed(record) if record.record < start else record
        # What is done with a record is not on its time.
        deadline.restart()


def _passed(record: Record | PassedRecord) -> PassedRecord:
    """Pass over what a reader read although it need not have: files of one record are not worth a shorter way."""
    if isinstance(record, ArticleRecord):
        return PassedRecord(record.record, natural_name(record.article))
    return PassedRecord(record.record, None) if isinstance(record, ProblemRecord) else record
