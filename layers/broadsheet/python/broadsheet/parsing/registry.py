"""The registry of formats: each says by name and first bytes how sure it is that a file is its own; the surest reads.

To add a format, write a module with ``sniff(opening) -> float`` and ``read(upload, settings) -> Iterator[Record]`` and
put it into ``FORMATS``; a reader that can resume yields PassedRecords too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import BinaryIO, cast

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
    read: Callable[[Upload, Settings], Iterator[Record | PassedRecord]]


# The readers of HTML, JSON and archives are loaded when a file needs them: a function that meets none starts sooner.
def _read_html(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.html import reader

    return reader.read(upload, settings)


def _read_mhtml(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.html import mhtml

    return mhtml.read(upload, settings)


def _read_json(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.exports import reader

    if b"\x00" in upload.opening.data:
        # Two bytes per character: other programs read no JSON but UTF-8, but some of Windows write it so.
        from broadsheet.parsing.recoding import Recoded

        upload = Upload(cast("BinaryIO", Recoded(upload)), upload.hints)
    return reader.read(upload, settings)


def _read_xml(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.feeds import reader

    return reader.read(upload, settings)


def _read_movable_type(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.feeds import reader

    return reader.read_movable_type(upload, settings)


def _read_csv(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.tables import reader

    return reader.read(upload, settings)


def _read_warc(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.crawls import reader

    return reader.read_warc(upload, settings, read_with_surest)


def _read_arc(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.crawls import reader

    return reader.read_arc(upload, settings, read_with_surest)


def _read_gzip(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.containers import gzip

    return gzip.read(upload, settings, read_with_surest)


def _read_bzip2(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.containers import blocks

    return blocks.read_bzip2(upload, settings, read_with_surest)


def _read_xz(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.containers import blocks

    return blocks.read_xz(upload, settings, read_with_surest)


def _read_tar(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.containers import tar

    return tar.read(upload, settings, read_with_surest)


def _read_zip(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    from broadsheet.parsing.containers import zip_archive

    return zip_archive.read(upload, settings, read_with_surest)


FORMATS: tuple[Format, ...] = (
    Format(plaintext.FORMAT, plaintext.sniff, plaintext.read),
    Format("HTML", sniffing.html, _read_html),
    Format("MHTML", sniffing.mhtml, _read_mhtml),
    Format("JSON", sniffing.json, _read_json),
    Format("XML", sniffing.xml, _read_xml),
    Format("Movable Type", sniffing.movable_type, _read_movable_type),
    Format("CSV", sniffing.csv, _read_csv),
    Format("WARC", sniffing.warc, _read_warc),
    Format("ARC", sniffing.arc, _read_arc),
    Format("gzip", sniffing.gzip, _read_gzip),
    Format("bzip2", sniffing.bzip2, _read_bzip2),
    Format("xz", sniffing.xz, _read_xz),
    Format("tar", sniffing.tar, _read_tar),
    Format("zip", sniffing.zip_archive, _read_zip),
)


def read_with_surest(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    """Let the surest format read; raises PermanentError ``binary_file`` if it is none that is known."""
    sureness, surest = max(((known.sniff(upload.opening), known) for known in FORMATS), key=itemgetter(0))
    if sureness == 0.0:
        raise PermanentError(f"This is {binary_kind(upload.opening.data)}", code="binary_file")
    return surest.read(upload, settings)
