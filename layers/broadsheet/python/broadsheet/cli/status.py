"""``broadsheet status``: how the system is, or what became of one file or of those that failed."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from broadsheet.cli.addresses import add_address_options, find_addresses
from broadsheet.cli.api import Api
from broadsheet.cli.outcome import find_file, number, outcome_lines, single_problem_lines
from broadsheet.cli.terminal import Screen, shown, write_json
from broadsheet.cli.watch import Line, watch
from broadsheet.errors import RequestError

DESCRIPTION = """\
Show how the system is and how many files have which status, or what became of the file with exactly the given KEY: its
status, what was found in it and what is wrong with it.

The exit status is 1 when the file is unknown or failed, or when the search engine is not available.
"""
EXAMPLES = """\
examples:
  broadsheet status
  broadsheet status samples/naharnet-homs-2014-05-09.txt
  broadsheet status --failed                the files that could not be read, the latest first
  broadsheet status --watch                 again every two seconds, until Ctrl-C
  broadsheet status --json | jq .files
"""
_PAGE = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("key", nargs="?", metavar="KEY", help="key of a file in the uploads bucket")
    parser.add_argument("--failed", action="store_true", help="list the files that failed, with their problems")
    parser.add_argument("--watch", action="store_true", help="show it again every two seconds, until Ctrl-C")
    parser.add_argument("--json", action="store_true", help="print the API's answer as it is")
    add_address_options(parser)


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print the status; return the exit status."""
    if arguments.key is not None and arguments.failed:
        raise RequestError("KEY is one file and --failed lists all: give one of them")
    if arguments.watch and arguments.json:
        raise RequestError("--watch is for people and --json for programs: give one of them")
    addresses = find_addresses(arguments, environ, Path.cwd())
    api = Api(addresses)
    screen = Screen()
    if arguments.watch:
        watch(partial(_lines, api, addresses.api_url, arguments), screen)
    if arguments.failed:
        return _failed(api, screen, as_json=arguments.json)
    if arguments.key is not None:
        return _file(api, arguments.key, screen, as_json=arguments.json)
    answer = api.get("/status", {})
    if arguments.json:
        write_json(answer, indent=True)
    else:
        for line in _system_lines(addresses.api_url, answer):
            screen.line(*line)
    return 0 if _engine(answer).get("status") == "available" else 1


def _lines(api: Api, url: str, arguments: argparse.Namespace) -> Iterator[Line]:
    """Give what is watched: the newest page where there are many."""
    if arguments.failed:
        files = api.get("/files", {"status": "failed", "limit": _PAGE}).get("files") or []
        yield (f"{number(len(files), 'file')} failed" + (" or more" if len(files) == _PAGE else ""),)
        for file in files:
            yield from outcome_lines(file)
    elif arguments.key is not None:
        yield from outcome_lines(find_file(api, arguments.key))
    else:
        yield from _system_lines(url, api.get("/status", {}))


def _failed(api: Api, screen: Screen, *, as_json: bool) -> int:
    for file in _all_failed(api):
        if as_json:
            write_json(file)
        else:
            for line in outcome_lines(file):
                screen.line(*line)
    return 0


def _all_failed(api: Api) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        page = api.get("/files", {"status": "failed", "limit": _PAGE, "cursor": cursor})
        yield from page.get("files") or ()
        cursor = page.get("next")
        if not cursor:
            return


def _file(api: Api, key: str, screen: Screen, *, as_json: bool) -> int:
    file = find_file(api, key)
    if as_json:
        write_json(file, indent=True)
    else:
        for line in chain(outcome_lines(file), single_problem_lines(api, file)):
            screen.line(*line)
    return 1 if file.get("status") == "failed" else 0


def _engine(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    engine: Mapping[str, Any] = answer.get("engine") or {}
    return engine


def _system_lines(url: str, answer: Mapping[str, Any]) -> Iterator[Line]:
    yield "API:    ", shown(url), ", version ", shown(answer.get("version", "unknown"))
    yield "bucket: ", shown(answer.get("bucket", "unknown"))
    files = answer.get("files") or {}
    yield "files:  ", shown(", ".join(f"{count} {status}" for status, count in files.items()) or "none yet")
    if dead := answer.get("dead_letters"):
        yield "queue:  ", shown(number(dead, "dead letter"), "bold red"), ": `broadsheet redrive` sends them again"
    engine = _engine(answer)
    if engine.get("status") == "available":
        kinds = [number(engine[f"{noun}s"], noun) for noun in ("article", "comment") if f"{noun}s" in engine]
        yield "search: ", shown("available", "green"), ", ", shown(" and ".join(kinds))
    else:
        code = engine.get("code", "no reason given")
        yield "search: ", shown(engine.get("status", "unknown"), "bold red"), ": ", shown(code)
