"""One packed file (gzip, bzip2, xz): read as what it unpacks to, as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from broadsheet.errors import PermanentError
from broadsheet.model import PassedRecord, ProblemRecord, Record
from broadsheet.parsing.containers.layers import Read
from broadsheet.parsing.containers.members import MemberStream
from broadsheet.parsing.upload import Settings, Upload

_READ_BYTES = 64 * 1024
_PACKINGS = frozenset({".gz", ".gzip", ".bz2", ".xz"})
_TARS = frozenset({".tgz", ".tbz", ".tbz2", ".txz"})


def read_packed(
    stream: MemberStream, upload: Upload, inner_settings: Settings, read_inner: Read
) -> Iterator[Record | PassedRecord]:
    """Read the unpacked bytes; what is wrong with the packing follows what could be read, as a problem.

    When nothing could be read, that problem is raised as PermanentError. ``inner_settings`` are those of
    ``layers.deeper``.
    """
    hints = replace(upload.hints, name=inner_name(upload.hints.name), content_type=None)
    inner = Upload(cast("BinaryIO", stream), hints)
    number = inner_settings.first
    try:
        for record in read_inner(inner, inner_settings):
            yield record
            number = record.record + 1
    except PermanentError as error:
        if error.code == "empty_file" and stream.problem:
            raise PermanentError(stream.problem.message, code=stream.problem.code) from error
        raise
    while stream.problem is None and stream.read(_READ_BYTES):
        # The reader of the inner file may stop before its end.
        pass
    if stream.problem:
        passed = number < inner_settings.start
        yield PassedRecord(number, None) if passed else ProblemRecord(number, stream.problem)


def inner_name(packed: str) -> str:
    """Return the name of the packed file.

    >>> inner_name("a.jsonl.gz"), inner_name("b/a.TGZ"), inner_name("a")
    ('a.jsonl', 'b/a.tar', 'a')
    """
    name = PurePosixPath(packed)
    suffix = name.suffix.lower()
    if suffix in _TARS:
        return str(name.with_suffix(".tar"))
    return str(name.with_suffix("")) if suffix in _PACKINGS else packed
