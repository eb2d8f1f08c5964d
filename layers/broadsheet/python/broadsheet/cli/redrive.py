"""``broadsheet redrive``: messages that failed too often go back to the queue."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from broadsheet.cli.addresses import add_address_options, find_addresses
from broadsheet.cli.api import Api
from broadsheet.cli.outcome import number
from broadsheet.cli.terminal import Screen
from broadsheet.errors import RequestError

DESCRIPTION = """\
Send dead letters to the queue again: messages that were received too often, most likely because something was wrong
with the system for days. A message that was redriven can never bring old content back.

`broadsheet status` tells how many there are.
"""
EXAMPLES = """\
examples:
  broadsheet redrive
  broadsheet redrive --limit 10             a few first, to see whether they succeed now
"""
# What one call may be asked for.
_MOST = 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("--limit", type=int, metavar="N", help="at most so many (default: all)")
    add_address_options(parser)


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Redrive and tell how many; return the exit status."""
    limit: int | None = arguments.limit
    if limit is not None and limit < 1:
        raise RequestError("--limit must be 1 or more")
    api = Api(find_addresses(arguments, environ, Path.cwd()))
    redriven = 0
    while limit is None or redriven < limit:
        asked = _MOST if limit is None else min(_MOST, limit - redriven)
        answer = api.post("/dead-letters/redrive", {"limit": asked})
        redriven += answer["redriven"]
        if not answer["redriven"]:
            break
    Screen().line(f"{number(redriven, 'dead letter')} sent to the queue again")
    return 0
