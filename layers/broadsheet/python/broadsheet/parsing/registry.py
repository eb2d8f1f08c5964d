"""The registry of formats: each says by name and first bytes how sure it is that a file is its own; the surest reads.

To add a format, write a module with ``sniff(opening) -> float`` and ``read(upload, settings) -> Iterator[Record]`` and
put it into ``FORMATS``; a reader that can resume yields PassedRecords too. A format whose ``read`` is None is
recognised, so that its users are told, but not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter

from broadsheet.errors import PermanentError
from broadsheet.model import PassedRecord, Record
from broadsheet.parsing import plaintext, sniffing
from broadsheet.parsing.signatures import binary_kind
from broadsheet.parsing.upload import Opening, Settings, Upload


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name for people, how sure it is of a file (0 to 1), and its reader."""

    name: str
    sniff: Callable[[Opening], float]
    read: Callable[[Upload, Settings], Iterator[Record | PassedRecord]] | None = None


# The readers of JSON and of archives are loaded when a file needs them: a function that meets none starts sooner.
def _read_json(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.exports import reader

    return reader.read(upload, settings)


def _read_gzip(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.containers import gzip

    return gzip.read(upload, settings, read_with_surest)


def _read_tar(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.containers import tar

    return tar.read(upload, settings, read_with_surest)


def _read_zip(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.containers import zip_archive

    return zip_archive.read(upload, settings, read_with_surest)


FORMATS: tuple[Format, ...] = (
    Format(plaintext.FORMAT, plaintext.sniff, plaintext.read),
    Format("HTML", sniffing.html),
    Format("JSON", sniffing.json, _read_json),
    Format("XML", sniffing.xml),
    Format("WARC", sniffing.warc),
    Format("gzip", sniffing.gzip, _read_gzip),
    Format("tar", sniffing.tar, _read_tar),
    Format("zip", sniffing.zip_archive, _read_zip),
)


def read_with_surest(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    """Let the surest format read; raises PermanentError ``binary_file`` or ``format_unsupported`` if none can."""
    sureness, surest = max(((known.sniff(upload.opening), known) for known in FORMATS), key=itemgetter(0))
    if sureness == 0.0:
        raise PermanentError(f"This is {binary_kind(upload.opening.data)}", code="binary_file")
    if surest.read is None:
        raise PermanentError(
            f"This is {surest.name}, which has no reader yet. Upload the page's plain text instead.",
            code="format_unsupported",
        )
    return surest.read(upload, settings)
