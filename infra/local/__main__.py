"""``python -m infra.local``: the whole system on this machine, for a person at a terminal."""

from __future__ import annotations

import argparse
import io
import os
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout, suppress

from broadsheet.cli.addresses import LOCAL_ENVIRONMENT, Addresses
from broadsheet.cli.selection import Selection, select
from broadsheet.cli.terminal import Screen
from broadsheet.errors import BroadsheetError
from infra.local.demonstration import demonstrate, examples, upload
from infra.local.listening import API_PORT, AWS_PORT
from infra.local.system import LocalSystem, local_system

LOG = LOCAL_ENVIRONMENT.with_name("functions.log")
# What a shell reports for a program that Ctrl-C ended.
INTERRUPTED = 130

DESCRIPTION = """\
Run broadsheet on this machine: a real OpenSearch node, S3, SQS and DynamoDB (moto), the functions and the HTTP API,
in one process and without an AWS account. Uploads FOLDER, if given, and a sample; shows what became of them and a
search; then serves until Ctrl-C. What was uploaded lives as long as the process.
"""
EPILOG = """\
in another terminal, while it runs:
  . .local/environment                         addresses, region and dummy credentials
  aws s3 cp FILE s3://$BROADSHEET_BUCKET/      a file becomes searchable within seconds; s3 rm takes it away
  curl "$BROADSHEET_API_URL/search?q=homs"     search articles and comments
  curl "$BROADSHEET_API_URL/files"             what became of every file

environment:
  BROADSHEET_OPENSEARCH_URL   use this OpenSearch and start none
  BROADSHEET_CACHE            where the downloaded engine is kept

What the functions log is in .local/functions.log.
"""


class _Screen(Screen):
    """A screen beside a standard output that is the log of the functions."""

    @contextmanager
    def progress(self, what: str, total: int, *, in_bytes: bool = False) -> Iterator[Callable[[int], object]]:
        """Show a bar; rich would show what goes to standard output above it."""
        log = sys.stdout
        with super().progress(what, total, in_bytes=in_bytes) as advance, redirect_stdout(log):
            yield advance


def arguments_of(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; wrong use ends the process with status 2."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.local",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", nargs="?", metavar="FOLDER", help="upload every file of it first")
    parser.add_argument(
        "--once", action="store_true", help="end after the demonstration; status 1 if a step or a file failed"
    )
    for option, port, what in (("--port", API_PORT, "the API"), ("--aws-port", AWS_PORT, "S3, SQS and DynamoDB")):
        parser.add_argument(
            option, type=int, default=port, metavar="N", help=f"port of {what} (default: {port}; 0 takes any free one)"
        )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the system as the command line says; return the exit status."""
    arguments = arguments_of(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Lines appear when they are written, and Arabic whatever the locale.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    screen = _Screen(sys.stdout)
    for name in (signal.SIGTERM, signal.SIGHUP):
        # Not under nohup.
        if signal.getsignal(name) is not signal.SIG_IGN:
            signal.signal(name, signal.default_int_handler)
    try:
        # Before anything is started: the folder may not be there.
        folder = select([arguments.folder], "") if arguments.folder else None
        with (
            _log_of_functions(),
            local_system(
                environ=dict(os.environ), api_port=arguments.port, aws_port=arguments.aws_port, say=screen.line
            ) as system,
            _environment_file(system.exports),
        ):
            done = _work(folder, system, screen)
            if not arguments.once:
                _show_examples(system, screen)
                threading.Event().wait()
            return 0 if done else 1
    except KeyboardInterrupt:
        screen.line()
        screen.line("stopped")
        return INTERRUPTED if arguments.once else 0
    except BroadsheetError as error:
        screen.line(f"failed: {error.message}")
        return 1


def _work(folder: Selection | None, system: LocalSystem, screen: Screen) -> bool:
    """Upload the folder and show the demonstration; tell whether all of it worked, and say what did not."""
    addresses = Addresses(
        api_url=system.api_url,
        bucket=system.aws.uploads_bucket,
        endpoint_url=system.aws.endpoint_url,
        aws=system.aws.environ,
    )
    try:
        done = upload(folder, addresses, screen) if folder else True
        demonstrate(addresses, screen)
    except BroadsheetError as error:
        screen.line(f"failed: {error.message}")
        screen.line(f"what the functions logged is in {LOG}")
        return False
    return done


def _show_examples(system: LocalSystem, screen: Screen) -> None:
    screen.line()
    screen.line("serving until Ctrl-C; in another terminal:")
    for line in examples(system.aws.uploads_bucket, LOCAL_ENVIRONMENT):
        screen.line(f"  {line}")


@contextmanager
def _log_of_functions() -> Iterator[None]:
    """Send what the functions write to standard output to a file: on AWS it would go to CloudWatch."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("w", encoding="utf-8", errors="backslashreplace", buffering=1) as log, redirect_stdout(log):
        yield


@contextmanager
def _environment_file(variables: Mapping[str, str]) -> Iterator[None]:
    """Keep the file that shells read for as long as the addresses in it are true."""
    text = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
    LOCAL_ENVIRONMENT.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        # Not the file of another system that was started since.
        with suppress(FileNotFoundError):
            if LOCAL_ENVIRONMENT.read_text(encoding="utf-8") == text:
                LOCAL_ENVIRONMENT.unlink()


if __name__ == "__main__":
    sys.exit(main())
