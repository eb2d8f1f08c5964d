"""What one file may cost, stated once; passing a limit is a permanent outcome with its own code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one text file.

    ``max_text_bytes`` (code ``text_too_large``) bounds memory. ``max_line_chars`` (``line_too_long``) and ``max_lines``
    (``too_many_lines``) keep out 32 MiB of one line or of line feeds. ``max_comments`` (``too_many_comments``) is two
    hundred times the largest of the discussions measured on 405 news pages (464).
    """

    max_text_bytes: int = 32 * 1024 * 1024
    max_line_chars: int = 4_000_000
    max_lines: int = 1_000_000
    max_comments: int = 100_000
