"""The registry of formats: each says by name and first bytes how sure it is that a file is its own; the surest reads.

To add a format, write a module with ``sniff(opening) -> float`` and ``read(upload, settings) -> Iterator[Record]`` and
put it into ``FORMATS``. A format whose ``read`` is None is recognised, so that its users are told, but not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter

from broadsheet.errors import PermanentError
from broadsheet.model import Record
from broadsheet.parsing import plaintext
from broadsheet.parsing.signatures import binary_kind
from broadsheet.parsing.upload import Opening, Settings, Upload

_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}<[!?a-zA-Z]")
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}<\?xml\s")
_JSON = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,200}(?:\[\s{0,200})?\{\s{0,200}[\"}]|(?:\xef\xbb\xbf)?\s{0,200}\[\s{0,200}\]"
)


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name for people, how sure it is of a file (0 to 1), and its reader."""

    name: str
    sniff: Callable[[Opening], float]
    read: Callable[[Upload, Settings], Iterator[Record]] | None = None


def _sniff_by(
    pattern: re.Pattern[bytes], extensions: frozenset[str], weak: re.Pattern[bytes]
) -> Callable[[Opening], float]:
    """Sure by content; also by name when the content does not speak against it."""

    def sniff(opening: Opening) -> float:
        if pattern.match(opening.data):
            return 0.9
        return 0.8 if opening.extension in extensions and weak.match(opening.data) else 0.0

    return sniff


def _sniff_warc(opening: Opening) -> float:
    return 0.95 if opening.data.startswith(b"WARC/") else 0.0


FORMATS: tuple[Format, ...] = (
    Format(plaintext.FORMAT, plaintext.sniff, plaintext.read),
    Format("HTML", _sniff_by(_HTML, frozenset({"html", "htm", "xhtml"}), _MARKUP)),
    Format("JSON", _sniff_by(_JSON, frozenset({"json", "jsonl", "ndjson"}), _JSON)),
    Format("XML", _sniff_by(_XML, frozenset({"xml", "rss", "atom"}), _MARKUP)),
    Format("WARC", _sniff_warc),
)


def read_with_surest(upload: Upload, settings: Settings) -> Iterator[Record]:
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
