"""``broadsheet export``: everything that a search finds, with the whole texts, on standard output."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from broadsheet.cli.addresses import add_address_options, find_addresses
from broadsheet.cli.api import Api
from broadsheet.cli.parameters import add_parameters, given
from broadsheet.cli.terminal import Screen, complain
from broadsheet.search.export import EXPORT_PARAMETERS

DESCRIPTION = """\
Write everything that a search finds to standard output, with the whole texts: lines of JSON, or a table.

QUERY is that of `broadsheet search`; without it, everything is exported. In a table, a quote (') stands before texts
that a spreadsheet would run as formulas.
"""
EXAMPLES = """\
examples:
  broadsheet export homs > homs.ndjson
  broadsheet export --type comment --author popeye --format csv > popeye.csv
  broadsheet export homs | jq -r .article.title
"""
_MEGABYTE = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("query", nargs="*", metavar="QUERY", help="what to look for; several words are one query")
    add_parameters(parser, EXPORT_PARAMETERS, "what to export")
    add_address_options(parser)


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Write all answers, one after the other; return the exit status."""
    api = Api(find_addresses(arguments, environ, Path.cwd()))
    asked = given(arguments, EXPORT_PARAMETERS) | {"q": " ".join(arguments.query) or None}
    messages = Screen(sys.stderr)
    written = 0
    cursor: str | None = None
    while True:
        body, cursor = api.read("/export", asked | {"cursor": cursor})
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
        written += len(body)
        if not cursor:
            break
        if messages.is_terminal:
            complain(f"{written / _MEGABYTE:,.1f} MB so far")
    if not written:
        complain("nothing found")
    elif messages.is_terminal:
        complain(f"{written / _MEGABYTE:,.1f} MB, all")
    return 0
