"""``broadsheet upload``: files into the uploads bucket, and what became of each."""

from __future__ import annotations

import argparse
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Protocol

from broadsheet.cli.addresses import Addresses, add_address_options, find_addresses, is_loopback
from broadsheet.cli.api import Api
from broadsheet.cli.forms import Forms
from broadsheet.cli.outcome import number, outcome_lines
from broadsheet.cli.selection import Selected, Selection, select
from broadsheet.cli.signing import has_credentials
from broadsheet.cli.terminal import Screen, complain, shown
from broadsheet.cli.waiting import Stored, Waiting
from broadsheet.errors import ConfigurationError, RequestError

DESCRIPTION = """\
Upload files and whole folders, then wait and show what became of each: its status, what was found in it and every
problem.

A file keeps its name as its key, a file of a folder its path in that folder; hidden files of folders are left out. A
key that exists already is replaced, and the outcome shown is that of the new file.

The exit status is 1 when any file could not be uploaded, failed, or has no outcome in time.
"""
EXAMPLES = """\
examples:
  broadsheet upload page.txt
  broadsheet upload scrapes/ --prefix naharnet/2014
  broadsheet upload archive.jsonl.gz --no-wait
  BROADSHEET_API_KEY=... broadsheet upload page.txt --via-api
"""
_WORKERS = 8
_PATIENCE_SECONDS = 300.0


class Store(Protocol):
    """Where files go: the bucket itself, or forms."""

    def put(self, file: Selected, advance: Callable[[int], None]) -> None:
        """Store a file; ``advance`` hears of every few bytes, and what it raises ends it."""

    def state(self, key: str) -> Stored:
        """Return the state of what was just stored."""


class _StoppedError(Exception):
    """The upload of a file was ended because the whole command ends."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file, or a folder with all that is below it")
    parser.add_argument("--prefix", default="", metavar="P", help="folder of the bucket to put them into")
    parser.add_argument(
        "--via-api",
        action="store_true",
        help="by forms that the API signs, without rights on the bucket; also done when there are no AWS credentials",
    )
    parser.add_argument("--no-wait", action="store_true", help="end when the files are uploaded")
    parser.add_argument(
        "--timeout",
        type=float,
        default=_PATIENCE_SECONDS,
        metavar="SECONDS",
        help=f"give up after so long without a new outcome (default: {_PATIENCE_SECONDS:.0f})",
    )
    add_address_options(parser, bucket=True)


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Upload, wait, and print; return the exit status."""
    selection = select(arguments.files, arguments.prefix)
    if selection.skipped:
        complain(f"left out {number(selection.skipped, 'hidden or special file')}")
    if not selection.files:
        complain("there is nothing to upload")
        return 1
    addresses = find_addresses(arguments, environ, Path.cwd())
    screen = Screen()
    upload = Upload(addresses, screen, waits=not arguments.no_wait, via_api=arguments.via_api)
    stored = upload.store(selection)
    upload.wait(stored, patience=arguments.timeout)
    return upload.finish()


class Upload:
    """One run of the command: counts what becomes of the files.

    With ``waits`` the API must answer and speak of the same bucket: otherwise nothing is uploaded.
    """

    def __init__(self, addresses: Addresses, screen: Screen, *, waits: bool, via_api: bool = False) -> None:
        self._screen = screen
        self._api = Api(addresses)
        self._waits = waits
        has_rights = bool(addresses.aws) or has_credentials()
        if via_api or not (has_rights or addresses.bucket):
            self._bucket_name = ""
            self._store: Store = Forms(self._api, signed=has_rights)
        else:
            # Loaded here: boto3 takes longer than the other verbs need for all they do.
            from broadsheet.cli.storage import UploadsBucket

            self._bucket_name = self._name_of_bucket(addresses)
            self._store = UploadsBucket(addresses, self._bucket_name)
        self._outcomes: Counter[str] = Counter()
        self._failed = False

    def store(self, selection: Selection) -> dict[str, Stored]:
        """Upload all files, several at a time, and return the states to wait for, by key.

        Raise BroadsheetError for what concerns all files, such as a bucket that does not exist.
        """
        stored: dict[str, Stored] = {}
        stopping = threading.Event()
        if not self._screen.is_terminal:
            target = f"s3://{self._bucket_name}/" if self._bucket_name else "the API"
            complain(f"uploading {number(len(selection.files), 'file')} to {target}")
        with (
            self._screen.progress("uploading", selection.size, in_bytes=True) as advance,
            ThreadPoolExecutor(_WORKERS) as workers,
        ):

            def advance_or_stop(count: int) -> None:
                if stopping.is_set():
                    raise _StoppedError
                advance(count)

            def put(file: Selected) -> Stored | None:
                if stopping.is_set():
                    raise _StoppedError
                self._store.put(file, advance_or_stop)
                return self._store.state(file.key) if self._waits else None

            futures = {workers.submit(put, file): file for file in selection.files}
            try:
                for future in as_completed(futures):
                    self._stored(future, futures[future], stored)
            except BaseException:
                # The files that are under way end at their next bytes, the others do not begin.
                stopping.set()
                raise
        return stored

    def wait(self, stored: Mapping[str, Stored], *, patience: float) -> None:
        """Print the outcome of every file as it becomes known."""
        waiting = Waiting(self._api, stored)
        with self._screen.progress("reading and indexing", len(stored), in_bytes=False) as advance:
            for outcome in waiting.outcomes(patience=patience):
                self._outcomes[str(outcome.get("status"))] += 1
                for line in outcome_lines(outcome):
                    self._screen.line(*line)
                advance(1)
        for key in waiting.pending:
            self._failed = True
            self._outcomes["without an outcome"] += 1
            complain(f"{key}: no outcome yet; ask later: broadsheet status {key}")
        if waiting.pending and waiting.last_error:
            complain(f"the API could not be asked: {waiting.last_error.message}")

    def finish(self) -> int:
        """Print the sum of several files; return the exit status."""
        if self._outcomes.total() > 1:
            kinds = ", ".join(f"{count} {kind}" for kind, count in self._outcomes.most_common())
            self._screen.line(number(self._outcomes.total(), "file"), ": ", kinds)
        return 1 if self._failed or self._outcomes["failed"] else 0

    def _stored(self, future: Future[Stored | None], file: Selected, stored: dict[str, Stored]) -> None:
        try:
            state = future.result()
        except (OSError, RequestError) as error:
            self._failed = True
            self._outcomes["not uploaded"] += 1
            reason = shown((error.strerror if isinstance(error, OSError) else _sentences(error)) or error)
            self._screen.line(shown(file.key), ": ", shown("not uploaded", "bold red"), ": ", reason)
            return
        if state is None:
            self._outcomes["uploaded"] += 1
            self._screen.line(shown(file.key), ": uploaded")
        else:
            stored[file.key] = state

    def _name_of_bucket(self, addresses: Addresses) -> str:
        if not addresses.bucket and is_loopback(addresses.api_url) and not addresses.endpoint_url:
            # The name of the local bucket may well be somebody's on AWS.
            raise ConfigurationError(
                f"the API at {addresses.api_url} is on this machine, but where its S3 is, is not known. Start it with "
                "`make run` and run this in the same folder, or first `. .local/environment` there."
            )
        if addresses.bucket and not self._waits:
            return addresses.bucket
        named = self._api.get("/status", {}).get("bucket")
        if not isinstance(named, str) or not named:
            raise ConfigurationError("the API names no uploads bucket: give it with --bucket, and --no-wait")
        if addresses.bucket and addresses.bucket != named:
            raise ConfigurationError(
                f"the API at {addresses.api_url} reports on the bucket {named}, not on {addresses.bucket}. Give the "
                "right one, or --no-wait."
            )
        return named


def _sentences(error: RequestError) -> str:
    return " ".join(problem.message for problem in error.problems)
