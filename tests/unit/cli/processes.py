"""The command as a process of its own, and what it writes to a pseudo-terminal."""

from __future__ import annotations

import os
import sys

COMMAND = [sys.executable, "-c", "import sys; from broadsheet.cli import main; sys.exit(main())"]


def read_all(descriptor: int) -> str:
    """Read a pseudo-terminal to its end, which Linux tells by an error, and close it."""
    pieces = []
    try:
        while piece := os.read(descriptor, 65536):
            pieces.append(piece)
    except OSError:
        pass
    os.close(descriptor)
    return b"".join(pieces).decode("utf-8")
