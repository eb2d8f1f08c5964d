"""What one file may cost, stated once; passing a limit is a permanent outcome with its own code."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file.

    ``max_text_bytes`` (code ``text_too_large``) bounds the memory that one page takes. ``max_line_chars``
    (``line_too_long``) and ``max_lines`` (``too_many_lines``) keep out 32 MiB of one line or of line feeds.
    ``max_comments`` (``too_many_comments``) is two hundred times the largest of the discussions measured on 405 news
    pages (464).

    ``max_record_bytes`` bounds one record of an archive: a longer one becomes a problem (``line_too_long``,
    ``record_too_large``), the others are read. ``max_records`` (``too_many_records``) ends a file of nothing but
    commas.

    Of packed files: ``max_unpacked_bytes`` (``too_large_unpacked``) per file, all layers and members together;
    ``max_ratio`` (``ratio_too_high``), bytes out per byte in beyond the first 64 MiB: exports pack 5 to 30 times,
    deflate's most is 1032; ``max_layers`` (``nested_too_deep``): four is a .tar.gz in a .tar.gz. A .zip has its
    directory at the end and is kept on disk while it is read, where a Lambda has 512 MB: ``max_zip_bytes``
    (``zip_too_large``); its directory is held in memory: ``max_zip_members`` (``too_many_members``).
    """

    max_text_bytes: int = 32 * _MIB
    max_line_chars: int = 4_000_000
    max_lines: int = 1_000_000
    max_comments: int = 100_000
    max_record_bytes: int = 16 * _MIB
    max_records: int = 10_000_000
    max_unpacked_bytes: int = 100 * 1024 * _MIB
    max_ratio: int = 300
    max_layers: int = 4
    max_zip_bytes: int = 400 * _MIB
    max_zip_members: int = 100_000
