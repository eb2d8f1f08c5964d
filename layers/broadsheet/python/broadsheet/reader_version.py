"""Which readers there are: beside them, so that those who only compare versions do not load them."""

from __future__ import annotations

# Raised by every change that gives other records for the same bytes; stored with each file's outcome.
READER_VERSION = "text/4"
