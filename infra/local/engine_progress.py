"""What a person sees while the engine is fetched: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

MEGABYTE = 1_000_000

Advance = Callable[[int], None]
"""Tells how many bytes arrived since the last call."""


class Reporter(Protocol):
    """Where the preparation of the engine says what it does."""

    def say(self, text: str) -> None:
        """Show one line."""

    def transfer(self, name: str, size: int) -> AbstractContextManager[Advance]:
        """Show the transfer of `name`, `size` bytes long, as long as the context lasts."""


class LineReporter:
    """Plain lines, for logs and pipes: one when a transfer starts, then at most one every `seconds`."""

    def __init__(
        self, write: Callable[[str], None], *, seconds: float = 4.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._write = write
        self._seconds = seconds
        self._clock = clock

    def say(self, text: str) -> None:
        """Write the line."""
        self._write(text)

    @contextmanager
    def transfer(self, name: str, size: int) -> Iterator[Advance]:
        """Write how far the transfer is."""
        self._write(f"fetching {name} ({size / MEGABYTE:.1f} MB)")
        received = 0
        written_at = self._clock()

        def advance(count: int) -> None:
            nonlocal received, written_at
            received += count
            if self._clock() - written_at >= self._seconds:
                written_at = self._clock()
                self._write(f"  {received / MEGABYTE:.1f} of {size / MEGABYTE:.1f} MB")

        yield advance


class BarReporter:
    """Bars on a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream)

    def say(self, text: str) -> None:
        """Write the line."""
        self._console.print(text, markup=False, highlight=False)

    @contextmanager
    def transfer(self, name: str, size: int) -> Iterator[Advance]:
        """Draw a bar with speed and remaining time."""
        columns = (
            TextColumn("fetching {task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self._console) as progress:
            task = progress.add_task(name, total=size)

            def advance(count: int) -> None:
                progress.advance(task, count)

            yield advance


def reporter_on(stream: TextIO) -> Reporter:
    """Give the reporter that suits `stream`."""
    if stream.isatty():
        return BarReporter(stream)
    return LineReporter(lambda text: print(text, file=stream, flush=True))


def standard_reporter() -> Reporter:
    """Report on standard error, as it is now: standard output is for results."""
    return reporter_on(sys.stderr)
