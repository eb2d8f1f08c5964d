"""The user's command ``broadsheet``: a client of a running system, and the reader of files without any.

Each verb is a module with ``DESCRIPTION``, ``EXAMPLES``, ``add_arguments`` and ``run``. Exit statuses: 0 done, 1
something failed, 2 wrong use, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from broadsheet import __version__
from broadsheet.cli import export, generations, opening, parse, reconcile, redrive, retry, search, status, upload
from broadsheet.cli.terminal import complain, one_line
from broadsheet.errors import BroadsheetError, ConfigurationError, RequestError
from broadsheet.settings import environment

DESCRIPTION = """\
Read, upload and search news articles and the discussions under them.

`broadsheet COMMAND --help` tells more about a command, with examples.
"""
FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130
# What a shell reports for a program that wrote into a closed pipe (128 + SIGPIPE).
PIPE_CLOSED = 141
_EXTRAS = frozenset({"boto3", "botocore", "rich", "urllib3"})
_VERBS = (
    ("parse", "print what would be indexed of a file, without any system", parse),
    ("upload", "upload files and show what became of each", upload),
    ("search", "search articles and comments", search),
    ("open", "show an article with its discussion, or a comment", opening),
    ("export", "write all that a search finds, with the whole texts", export),
    ("status", "show how the system is, or what became of a file", status),
    ("retry", "have one file read again", retry),
    ("reconcile", "compare bucket and outcomes, and repair what differs", reconcile),
    ("redrive", "send messages that failed too often to the queue again", redrive),
    ("generations", "fill new indices beside those in use, and swap them", generations),
)


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Run the command and return its exit status; ``argv`` and ``environ`` are those of the process unless given.

    Raise SystemExit, as argparse does, for ``--help``, ``--version`` and arguments that are none.
    """
    for stream in (sys.stdout, sys.stderr):
        # Arabic must not depend on the locale of the machine.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        arguments = build_parser().parse_args(argv)
        exit_status: int = arguments.run(arguments, environment() if environ is None else environ)
        # Here, where a closed pipe is understood, and not when the interpreter ends.
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return PIPE_CLOSED
    except ModuleNotFoundError as error:
        if error.name not in _EXTRAS:
            raise
        complain(f"this needs the library {error.name}: pip install 'broadsheet[cli]'")
        return FAILED
    except OSError as error:
        if error.filename is None:
            _forget_output()
        complain(f"{error.filename or 'the output'}: {error.strerror or error}")
        return FAILED
    except BroadsheetError as error:
        return _explain(error)
    return exit_status


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line; each verb leaves its function in ``run``."""
    parser = _Parser(prog="broadsheet", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", action="version", version=f"broadsheet {__version__}")
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, summary, verb in _VERBS:
        verb_parser = verbs.add_parser(
            name,
            help=summary,
            description=verb.DESCRIPTION,
            epilog=verb.EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        verb.add_arguments(verb_parser)
        verb_parser.set_defaults(run=verb.run)
    return parser


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Refuse arguments that are none: by the shell's ``*`` they may be names of strangers' files."""
        super().error(one_line(message))


def _explain(error: BroadsheetError) -> int:
    problems = error.problems if isinstance(error, RequestError) else ()
    sentences = [
        problem.message if problem.parameter in problem.message else f"{problem.parameter}: {problem.message}"
        for problem in problems
    ]
    for sentence in sentences or [error.message]:
        complain(sentence)
    return WRONG_USE if isinstance(error, RequestError | ConfigurationError) else FAILED


def _forget_output() -> None:
    """Send what is still buffered nowhere, so that the interpreter does not fail on it when it ends."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  a device
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
