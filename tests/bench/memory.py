"""Resident memory of the handler on archives of any size, each in a process of its own, with an engine that discards.

An archive is made while it is read: nothing of it is on disk or in memory.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from broadsheet.model import StoredObject
from tests.bench import family
from tests.bench.measure import Line
from tests.fakes import BUCKET
from tests.memory_system import Discarding, Forgetful, MemorySystem

LIMIT_MB = 256
_SIZES_MB = (100, 1_000)
_QUICK_SIZES_MB = (20, 200)
_COMMENTS = 50_000
_MB = 1_000_000
_KEY = "a.jsonl.gz"


def measure(*, quick: bool) -> Iterator[Line]:
    """Yield the greatest resident memory in MB for a small and a large archive, and for one great discussion."""
    small, large = _QUICK_SIZES_MB if quick else _SIZES_MB
    peaks = {size: _peak_of("archive", size) for size in (small, large)}
    limit = f"{LIMIT_MB} MB"
    yield Line(f"archive of {small} MB, NDJSON.gz", peaks[small], "MB resident", limit, peaks[small] / LIMIT_MB)
    yield Line(
        f"archive of {large:,} MB, NDJSON.gz",
        peaks[large],
        "MB resident",
        f"that of {small} MB",
        peaks[large] / peaks[small],
    )
    peak = _peak_of("discussion", _COMMENTS)
    yield Line(f"one article with {_COMMENTS:,} comments", peak, "MB resident", limit, peak / LIMIT_MB)


def _peak_of(kind: str, size: int) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.memory", kind, str(size)], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


class _Generated:
    """ports.ObjectStore with one object, made while it is read; its stated size is about that."""

    def __init__(self, pieces: Iterator[bytes], size: int) -> None:
        self._pieces = pieces
        self._stored = StoredObject(BUCKET, _KEY, "generated", datetime(2026, 1, 1, tzinfo=UTC), size)

    def head(self, bucket: str, key: str) -> StoredObject | None:
        return self._stored if key == _KEY else None

    def open(self, stored: StoredObject) -> BinaryIO:
        return cast("BinaryIO", io.BufferedReader(_Pieces(self._pieces), 1024 * 1024))

    def list(self, bucket: str, *, after: str = "", prefix: str = "") -> Iterator[StoredObject]:
        yield self._stored


class _Pieces(io.RawIOBase):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = piece
        part, self._left = self._left[: len(view)], self._left[len(view) :]
        view[: len(part)] = part
        return len(part)


def _archive(size: int) -> Iterator[bytes]:
    """Yield a packed archive of at least so many bytes."""
    made = 0

    def enough() -> Iterator[bytes]:
        for line in family.endless():
            if made >= size:
                return
            yield line

    for piece in family.packed(enough()):
        made += len(piece)
        yield piece


def _run(kind: str, size: int) -> float:
    """Take one object through the handler; return the greatest resident memory of this process in MB."""
    engine = Discarding()
    if kind == "archive":
        pieces, stated = _archive(size * _MB), size * _MB
    else:
        pieces, stated = family.packed([family.one_of(size)]), _MB
    system = MemorySystem(engine, index_prefix="t", objects=_Generated(pieces, stated), receipts=Forgetful())
    system.deliver([_KEY])
    assert engine.actions > size, engine.actions
    return _peak()


def _peak() -> float:
    # On Linux getrusage() knows the memory of the process that this one was made by; the kernel's own count does not.
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / _MB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MB


if __name__ == "__main__":
    print(_run(sys.argv[1], int(sys.argv[2])))
