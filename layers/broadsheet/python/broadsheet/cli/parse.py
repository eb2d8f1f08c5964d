"""``broadsheet parse``: what would be indexed of a file, as JSON Lines, without any system."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from broadsheet.cli.outcome import place_in_file
from broadsheet.cli.terminal import complain, write_json
from broadsheet.errors import PermanentError, RequestError
from broadsheet.ids import PublicIds, file_id
from broadsheet.model import Hints, Problem, ProblemRecord, Record
from broadsheet.settings import ClientSettings

STANDARD_INPUT = "-"
DESCRIPTION = """\
Read files and print what would be indexed of them: one JSON document per record, an article with its comments or a
problem. Needs neither a running system nor the network.

Records go to standard output, problems also as sentences to standard error. The exit status is 0 when every record was
read, 1 when at least one is a problem, 2 for wrong use.

Ids depend on where a file is stored: they are shown with --as, which names that place. With several files, or to keep
a file's name, end it with a slash.
"""
EXAMPLES = """\
examples:
  broadsheet parse page.txt
  broadsheet parse --as s3://broadsheet-uploads/2014/page.txt page.txt
  broadsheet parse --as s3://broadsheet-uploads/2014/ *.txt | jq -r .article.title
  curl -s https://example.org/page.txt | broadsheet parse -
"""


@dataclass(frozen=True, slots=True)
class Place:
    """An address in S3; a key that is empty or ends in a slash stands for a folder."""

    bucket: str
    key: str

    @classmethod
    def from_address(cls, address: str) -> Place:
        """Read ``s3://bucket/key``; raise ArgumentTypeError for anything else."""
        scheme, _, rest = address.partition("://")
        bucket, _, key = rest.partition("/")
        if scheme != "s3" or not bucket:
            raise argparse.ArgumentTypeError(f"expected an address such as s3://bucket/key, not {address}")
        return cls(bucket, key)

    @property
    def is_folder(self) -> bool:
        """Whether files keep their names under it."""
        return not self.key or self.key.endswith("/")

    def of(self, name: str) -> Place:
        """Return the place of a file that is stored here."""
        return Place(self.bucket, self.key + PurePath(name).name) if self.is_folder else self


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file to read; - reads standard input")
    parser.add_argument(
        "--as",
        dest="place",
        type=Place.from_address,
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
    if arguments.place and not arguments.place.is_folder and len(arguments.files) > 1:
        raise RequestError("several files cannot be stored under one key: end the address of --as with a slash")
    if arguments.place and arguments.place.is_folder and STANDARD_INPUT in arguments.files:
        raise RequestError("standard input has no name: give --as a whole key for it")
    # Loaded here: the other verbs need no reader.
    from broadsheet.parsing.dates import load_zone

    load_zone(zone)
    problems = 0
    for name in arguments.files:
        place = arguments.place.of(name) if arguments.place else None
        problems += _print_records(name, place, zone=zone, max_text_bytes=settings.max_text_bytes)
    return 1 if problems else 0


def _print_records(name: str, place: Place | None, *, zone: str, max_text_bytes: int) -> int:
    """Print the records of one file and return how many of them are problems."""
    from broadsheet.parsing.shape import record_json

    shown = os.fsencode(name).decode("utf-8", "replace")
    ids = PublicIds(file_id(place.bucket, place.key)) if place else None
    problems = 0
    for record in _records(name, place, zone=zone, max_text_bytes=max_text_bytes):
        article_id: str | None = None
        comment_ids: tuple[str, ...] = ()
        if isinstance(record, ProblemRecord):
            problems += 1
            complain(f"{shown}: {_sentence(record)}")
        elif ids:
            article_id, comment_ids = ids.assign(record)
        write_json(record_json(record, file=shown, article_id=article_id, comment_ids=comment_ids))
    # The next file may be a pipe that has not begun.
    sys.stdout.flush()
    return problems


def _records(name: str, place: Place | None, *, zone: str, max_text_bytes: int) -> Iterator[Record]:
    """Read a file; what ends the reading becomes its last record."""
    from broadsheet.parsing import Limits, read

    record = 0
    try:
        with _opened(name) as stream:
            hints = Hints(name=place.key if place else "" if name == STANDARD_INPUT else name)
            for found in read(stream, hints, zone=zone, limits=Limits(max_text_bytes=max_text_bytes)):
                yield found
                record = found.record + 1
    except PermanentError as error:
        yield ProblemRecord(record, Problem(error.code, error.message))
    except OSError as error:
        yield ProblemRecord(record, Problem("file_unreadable", f"the file cannot be read: {error.strerror or error}"))


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    with open(name, "rb") as stream:  # noqa: PTH123  a path that ends in a slash, as given, is no file
        yield stream


def _sentence(record: ProblemRecord) -> str:
    problem = record.problem
    place = place_in_file(record.record, problem.line)
    return f"{place}: {problem.message} ({problem.code})" if place else f"{problem.message} ({problem.code})"
