"""``broadsheet parse``: what would be indexed of a file, as JSON Lines or as a page to read, without any system."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from broadsheet.cli.outcome import place_in_file
from broadsheet.cli.reading import opened
from broadsheet.cli.terminal import Screen, complain, write_json
from broadsheet.errors import PermanentError, RequestError
from broadsheet.model import Hints, ProblemRecord, StoredObject
from broadsheet.notifications import SIDECAR_SUFFIX
from broadsheet.settings import ClientSettings
from broadsheet.text import clean

if TYPE_CHECKING:
    from broadsheet.dry_run import Place, Shown

STANDARD_INPUT = "-"
DESCRIPTION = """\
Read files and show what would be indexed of them, without a running system or the network: each record is an article
with its comments, or a problem.

By default every record is one line of JSON with the name of its file, in the shape that POST /v1/parse answers; with
--explain it is a page to read: how the file was read, which text was set apart and why, who answers whom, and what was
lost.

What FILE.meta.json beside a file states (url, source, captured_at, language, tags) is used, as for uploads. Times such
as "3 hours ago" count from captured_at, or from now. Ids depend on where a file is stored: --as names that place. With
several files, or to keep a file's name, end it with a slash.

Records go to standard output, problems also as sentences to standard error. The exit status is 0 when every record was
read, 1 when at least one is a problem, 2 for wrong use.
"""
EXAMPLES = """\
examples:
  broadsheet parse page.txt
  broadsheet parse --explain page.html | less -R
  broadsheet parse --as s3://broadsheet-uploads/2014/ *.txt | jq -r .article.article_id
  broadsheet parse archive.jsonl.gz | jq -c 'select(.kind == "problem")'
  curl -s https://example.org/page.txt | broadsheet parse -
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file to read; - reads standard input")
    parser.add_argument("--explain", action="store_true", help="show pages for a person instead of JSON")
    parser.add_argument(
        "--as",
        dest="place",
        type=_place,
        metavar="s3://BUCKET/KEY",
        help="show the ids that the file gets when it is stored there",
    )
    parser.add_argument(
        "--zone",
        metavar="NAME",
        help="IANA zone of times that state none (or BROADSHEET_DEFAULT_ZONE; default "
        f"{ClientSettings.default_zone}, as for uploads)",
    )


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print the records of every file; return the exit status."""
    settings = ClientSettings.from_environ(environ)
    zone = arguments.zone or settings.default_zone
    place: Place | None = arguments.place
    if place and not place.is_folder and len(arguments.files) > 1:
        raise RequestError("several files cannot be stored under one key: end the address of --as with a slash")
    if place and place.is_folder and STANDARD_INPUT in arguments.files:
        raise RequestError("standard input has no name: give --as a whole key for it")
    # Loaded here: the other verbs need no reader.
    from broadsheet.parsing.dates import load_zone

    load_zone(zone)
    printer = _Explaining() if arguments.explain else _Printing()
    for name in arguments.files:
        if name.endswith(SIDECAR_SUFFIX):
            complain(f"{_shown(name)}: left out: what it states belongs to the file beside it")
            continue
        for shown in _records(name, place.of(name) if place else None, zone=zone, limits=settings):
            printer.write(shown)
        # The next file may be a pipe that has not begun.
        sys.stdout.flush()
    return 1 if printer.problems else 0


class _Printing:
    """Records as JSON Lines, problems as sentences, too."""

    def __init__(self) -> None:
        self.problems = 0

    def write(self, shown: Shown) -> None:
        """Write one record."""
        record = shown.record
        if isinstance(record, ProblemRecord):
            self.problems += 1
            place = place_in_file(record.record, record.problem.line)
            sentence = f"{record.problem.message} ({record.problem.code})"
            complain(": ".join([shown.json["file"], *([place] if place else []), sentence]))
        write_json(shown.json)


class _Explaining:
    """Records as pages."""

    def __init__(self) -> None:
        self.problems = 0
        self._screen = Screen()

    def write(self, shown: Shown) -> None:
        """Write one record."""
        from broadsheet.cli.explain import page

        self.problems += isinstance(shown.record, ProblemRecord)
        for line in page(shown.json):
            self._screen.line(*line)


def _records(name: str, place: Place | None, *, zone: str, limits: ClientSettings) -> Iterator[Shown]:
    """Read a file; what ends the reading becomes its last record."""
    from broadsheet.dry_run import dry_run, ending

    file = _shown(name)
    record = 0
    try:
        with _stream(name) as stream:
            hints = _hints(name, clean(place.key).text if place else "" if name == STANDARD_INPUT else file)
            for shown in dry_run(stream, hints, file=file, place=place, zone=zone, limits=limits):
                yield shown
                record = shown.record.record + 1
    except PermanentError as error:
        yield ending(error.code, error.message, file=file, record=record)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}"
        yield ending("file_unreadable", message, file=file, record=record)


@contextmanager
def _stream(name: str) -> Iterator[BinaryIO]:
    if name == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    with opened(name) as stream:
        yield stream


def _hints(name: str, key: str) -> Hints:
    """Return what is known of a file that would be stored now, with the sidecar beside it."""
    from broadsheet.sidecar import MAX_BYTES, hints_of

    beside: bytes | None = None
    if name != STANDARD_INPUT and (sidecar := Path(name + SIDECAR_SUFFIX)).is_file():
        with sidecar.open("rb") as stream:
            beside = stream.read(MAX_BYTES + 1)
    hints, problem = hints_of(StoredObject("", key, "", datetime.now(UTC), 0), beside)
    if problem:
        complain(f"{_shown(name)}: {problem.message} ({problem.code})")
    return hints


def _shown(name: str) -> str:
    """Return a name that JSON can hold, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", "replace")


def _place(address: str) -> Place:
    from broadsheet.dry_run import Place

    try:
        return Place.from_address(address)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
