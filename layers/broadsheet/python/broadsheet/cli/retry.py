"""``broadsheet retry``: one file is read again."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from broadsheet.cli.addresses import add_address_options, find_addresses
from broadsheet.cli.api import Api
from broadsheet.cli.outcome import find_file
from broadsheet.cli.terminal import Screen, shown

DESCRIPTION = """\
Have the file with exactly the given KEY read again, whatever became of it: after a permission was given, a sidecar
was put right, or a newer version was deployed.
"""
EXAMPLES = """\
examples:
  broadsheet status --failed
  broadsheet retry samples/broken.txt
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("key", metavar="KEY", help="key of a file in the uploads bucket")
    add_address_options(parser)


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Ask for it; return the exit status."""
    api = Api(find_addresses(arguments, environ, Path.cwd()))
    file = find_file(api, arguments.key)
    api.post(f"/files/{file['file_id']}/retry", {})
    Screen().line(shown(file.get("key", "")), ": will be read again; `broadsheet status KEY` tells what became of it")
    return 0
