"""``broadsheet generations``: the indices are filled anew beside those in use, compared, and put in their place."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from broadsheet.cli.addresses import add_address_options, find_addresses
from broadsheet.cli.api import Api
from broadsheet.cli.outcome import number
from broadsheet.cli.reconcile import print_report, walk_with_progress
from broadsheet.cli.terminal import Screen, write_json

DESCRIPTION = """\
Fill a new generation of the indices from the bucket and search in it, without a gap for readers or uploads:

  fill       create it, and have every file written to it, too (new mapping, or an index that cannot be trusted)
  status     how many documents each generation has, and whether every file is in the new one
  swap       search in the new one; the old one is still written
  rollback   search in the old one again
  drop       stop writing the old one and delete it (with --generation N: give up another one)
  recover    after the ledger was restored from a backup: see what the engine has; then fill, swap and drop
"""
EXAMPLES = """\
examples:
  broadsheet generations fill
  broadsheet generations                    until it says that every file is in the new one
  broadsheet generations swap
  broadsheet generations drop
"""
_ACTIONS = ("status", "fill", "swap", "rollback", "drop", "recover")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("action", nargs="?", choices=_ACTIONS, default="status", metavar="ACTION", help="see above")
    parser.add_argument("--generation", type=int, metavar="N", help="with drop: this one, which is not searched")
    parser.add_argument("--accept-difference", action="store_true", help="with swap: even if it holds fewer documents")
    parser.add_argument("--json", action="store_true", help="print the API's answer as it is")
    add_address_options(parser)


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Do it and print the state after it; return the exit status."""
    api = Api(find_addresses(arguments, environ, Path.cwd()))
    screen = Screen()
    if arguments.action == "status":
        state = api.get("/generations", {}, signed=True)
    else:
        asked = {
            "action": arguments.action,
            "generation": arguments.generation,
            "accept_difference": arguments.accept_difference,
        }
        state = api.post("/generations", asked)
    if arguments.action == "fill":
        report = walk_with_progress(api, {}, screen)
        if not arguments.json:
            print_report(report, screen, dry_run=False)
    if arguments.json:
        write_json(state, indent=True)
    else:
        _print_state(state, screen)
    return 0


def _print_state(state: Mapping[str, Any], screen: Screen) -> None:
    for generation in state["active"]:
        documents = state["documents"][str(generation)]
        counts = " and ".join(number(documents[f"{noun}s"], noun) for noun in ("article", "comment"))
        use = "searched" if generation == state["search"] else "written"
        screen.line(f"generation {generation}: {use}, {counts}")
    if state["filling"] is not None and state["filled"]:
        screen.line(f"every file is in generation {state['filling']}: `broadsheet generations swap` searches in it")
    elif state["filling"] is not None:
        screen.line(f"generation {state['filling']} is being filled: some files are not in it yet")
    if state.get("outdated"):
        screen.line("this version has a newer mapping: `broadsheet generations fill` brings it into use")
