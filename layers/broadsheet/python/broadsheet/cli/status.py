"""``broadsheet status``: how the system is, or what became of one file."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from broadsheet.cli.addresses import add_address_options, find_addresses
from broadsheet.cli.api import Api
from broadsheet.cli.outcome import number, outcome_lines
from broadsheet.cli.terminal import Screen, shown, write_json
from broadsheet.errors import NotFoundError

DESCRIPTION = """\
Show how the system is and how many files have which status, or what became of the file with exactly the given KEY: its
status, what was found in it and every problem.

The exit status is 1 when the file is unknown or failed, or when the search engine is not available.
"""
EXAMPLES = """\
examples:
  broadsheet status
  broadsheet status samples/naharnet-homs-2014-05-09.txt
  broadsheet status --json | jq .files
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("key", nargs="?", metavar="KEY", help="key of a file in the uploads bucket")
    parser.add_argument("--json", action="store_true", help="print the API's answer as it is")
    add_address_options(parser)


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print the status; return the exit status."""
    addresses = find_addresses(arguments, environ, Path.cwd())
    api = Api(addresses)
    if arguments.key is not None:
        return _file(api, arguments.key, as_json=arguments.json)
    answer = api.get("/status", {})
    engine = answer.get("engine") or {}
    if arguments.json:
        write_json(answer, indent=True)
    else:
        _print_system(addresses.api_url, answer, engine)
    return 0 if engine.get("status") == "available" else 1


def _file(api: Api, key: str, *, as_json: bool) -> int:
    files = api.get("/files", {"key": key}).get("files") or []
    if not files:
        raise NotFoundError(
            f"no file with the key {key} was ever seen. Keys are exact, without s3:// and bucket; a file that was "
            "uploaded a moment ago may need a few seconds.",
            code="file_not_found",
        )
    if as_json:
        write_json(files[0], indent=True)
    else:
        screen = Screen()
        for line in outcome_lines(files[0]):
            screen.line(*line)
    return 1 if files[0].get("status") == "failed" else 0


def _print_system(url: str, answer: Mapping[str, Any], engine: Mapping[str, Any]) -> None:
    screen = Screen()
    screen.line("API:    ", shown(url), ", version ", shown(answer.get("version", "unknown")))
    screen.line("bucket: ", shown(answer.get("bucket", "unknown")))
    files = answer.get("files") or {}
    screen.line("files:  ", shown(", ".join(f"{count} {status}" for status, count in files.items()) or "none yet"))
    if engine.get("status") == "available":
        kinds = [number(engine[f"{noun}s"], noun) for noun in ("article", "comment") if f"{noun}s" in engine]
        screen.line("search: ", shown("available", "green"), ", ", shown(" and ".join(kinds)))
    else:
        code = engine.get("code", "no reason given")
        screen.line("search: ", shown(engine.get("status", "unknown"), "bold red"), ": ", shown(code))
