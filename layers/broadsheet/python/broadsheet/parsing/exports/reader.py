"""The reader of JSON and JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.errors import LimitError, PermanentError
from broadsheet.model import Hints, PassedRecord, Problem, ProblemRecord, Record
from broadsheet.parsing.exports import own
from broadsheet.parsing.exports.article import FORMAT, natural_of, read_article
from broadsheet.parsing.exports.document import read_document
from broadsheet.parsing.exports.groups import Group, Groups
from broadsheet.parsing.exports.lines import read_lines
from broadsheet.parsing.sniffing import JSON_LINES
from broadsheet.parsing.upload import Settings, Upload


def read(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    """Read every article of a file; raises ``empty_file`` and LimitError ``too_many_records``."""
    limits = settings.limits
    by_line = upload.opening.extension in JSON_LINES
    pieces = (
        read_lines(upload.read, limits.max_record_bytes) if by_line else read_document(upload, limits.max_record_bytes)
    )
    number = settings.first
    for group in Groups(limits.max_record_bytes, limits.max_comments).of(pieces):
        if number >= limits.max_records:
            raise LimitError(
                f"The file has more than {limits.max_records} records (max_records).", code="too_many_records"
            )
        if number < settings.start:
            yield PassedRecord(number, _natural(group, settings))
        else:
            yield _record(group, number, settings, upload)
        number += 1
    if number == settings.first:
        raise PermanentError("There is nothing to read in the file. Upload it again with its text.", code="empty_file")


def _record(group: Group, number: int, settings: Settings, upload: Upload) -> Record:
    value = group.value
    if isinstance(value, Problem):
        return ProblemRecord(number, value)
    if own.is_own(value):
        return own.read_own(value, number, FORMAT, upload.hints)
    return read_article(group, number, settings, upload.hints)


def _natural(group: Group, settings: Settings) -> str | None:
    value = group.value
    if isinstance(value, Problem):
        return None
    if own.is_own(value):
        return own.natural_of_own(value)
    natural = natural_of(group)
    # A comment takes three bytes at the least: only a huge record can have too many.
    if natural is not None and group.size > 3 * settings.limits.max_comments:
        record = read_article(group, 0, settings, Hints())
        return None if isinstance(record, ProblemRecord) else natural
    return natural
