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
from tests.unit.parsing import crawls

LIMIT_MB = 256
_SIZES_MB = (100, 1_000)
_QUICK_SIZES_MB = (20, 200)
_COMMENTS = 50_000
_CRAWL_MB = 10_000
_QUICK_CRAWL_MB = 500
# Of a crawl, so many records of a mebibyte are pictures and films for each page.
_RECORDS_PER_PAGE = 25
_MB = 1_000_000
_KEYS = {"crawl": "a.warc"}
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
    size = _QUICK_CRAWL_MB if quick else _CRAWL_MB
    peak = _peak_of("crawl", size)
    yield Line(f"crawl of {size:,} MB, WARC", peak, "MB resident", limit, peak / LIMIT_MB)
    peak = _peak_of("discussion", _COMMENTS)
    yield Line(f"one article with {_COMMENTS:,} comments", peak, "MB resident", limit, peak / LIMIT_MB)


def _peak_of(kind: str, size: int) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.memory", kind, str(size)], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


class _Generated:
    """ports.ObjectStore with one object, made while it is read; its stated size is about that."""

    def __init__(self, key: str, pieces: Iterator[bytes], size: int) -> None:
        self._pieces = pieces
        self._stored = StoredObject(BUCKET, key, "generated", datetime(2026, 1, 1, tzinfo=UTC), size)

    def head(self, bucket: str, key: str) -> StoredObject | None:
        return self._stored if key == self._stored.key else None

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


def _crawl(size: int) -> Iterator[bytes]:
    """Yield a crawl of at least so many bytes."""
    film = crawls.warc("response", crawls.http(bytes(1 << 20), "Content-Type: video/mp4"), "https://a.example/film")
    page = crawls.response("Tyre", "https://a.example/page")
    made = number = 0
    while made < size:
        record = film if number % _RECORDS_PER_PAGE else page
        yield record
        made += len(record)
        number += 1


def _run(kind: str, size: int) -> float:
    """Take one object through the handler; return the greatest resident memory of this process in MB."""
    engine = Discarding()
    if kind == "archive":
        pieces, stated = _archive(size * _MB), size * _MB
    elif kind == "crawl":
        pieces, stated = _crawl(size * _MB), size * _MB
    else:
        pieces, stated = family.packed([family.one_of(size)]), _MB
    key = _KEYS.get(kind, _KEY)
    system = MemorySystem(engine, index_prefix="t", objects=_Generated(key, pieces, stated), receipts=Forgetful())
    system.deliver([key])
    least = size // (2 * _RECORDS_PER_PAGE) if kind == "crawl" else size
    assert engine.actions > least, engine.actions
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
