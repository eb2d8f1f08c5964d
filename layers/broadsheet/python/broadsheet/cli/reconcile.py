"""``broadsheet reconcile``: the bucket against the ledger, and what events missed is read again."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from broadsheet.cli.addresses import add_address_options, find_addresses
from broadsheet.cli.api import Api
from broadsheet.cli.outcome import number
from broadsheet.cli.terminal import Screen, shown, write_json

DESCRIPTION = """\
Compare every file of the uploads bucket with its outcome, and have those read again whose outcome is not about what
lies in the bucket. The system does the same by itself every hour; nothing is lost by doing it at any time.
"""
EXAMPLES = """\
examples:
  broadsheet reconcile --dry-run            what would be read again, and why
  broadsheet reconcile --prefix 2014/       only files whose key begins like this
  broadsheet reconcile --reparse            files that an older reader has read, too
"""
_COUNTS = ("files", "in_work", "sent", "stale_readers")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("--dry-run", action="store_true", help="only tell what differs")
    parser.add_argument("--reparse", action="store_true", help="read again what another version of the reader has read")
    parser.add_argument("--prefix", metavar="P", default="", help="only files whose key begins like this")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    add_address_options(parser)


def run(arguments: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Walk over the bucket and print what was found; return the exit status."""
    api = Api(find_addresses(arguments, environ, Path.cwd()))
    screen = Screen()
    request = {"dry_run": arguments.dry_run, "reparse": arguments.reparse, "prefix": arguments.prefix}
    report = walk_with_progress(api, request, screen)
    if arguments.json:
        write_json(report, indent=True)
    else:
        print_report(report, screen, dry_run=arguments.dry_run)
    return 0


def walk_with_progress(api: Api, request: Mapping[str, Any], screen: Screen) -> dict[str, Any]:
    """Do what ``walk`` does, with a bar on a terminal."""
    if not screen.is_terminal:
        return walk(api, request, lambda _: None)
    known = sum((api.get("/status", {}).get("files") or {}).values())
    with screen.progress("comparing", known) as advance:
        return walk(api, request, advance)


def walk(api: Api, request: Mapping[str, Any], advance: Callable[[int], object]) -> dict[str, Any]:
    """Call the API until the whole bucket is done; return one report of all calls.

    ``advance`` hears how many files each call looked at.
    """
    total: dict[str, Any] = {**dict.fromkeys(_COUNTS, 0), "reasons": {}}
    cursor: str | None = None
    while True:
        report = api.post("/reconcile", {**request, "cursor": cursor})
        for name in _COUNTS:
            total[name] += report[name]
        for reason, found in report["reasons"].items():
            entry = total["reasons"].setdefault(reason, {"count": 0, "file_ids": []})
            entry["count"] += found["count"]
            entry["file_ids"] = (entry["file_ids"] + found["file_ids"])[:20]
        advance(report["files"])
        cursor = report["cursor"]
        if report["done"]:
            return total


def print_report(report: Mapping[str, Any], screen: Screen, *, dry_run: bool) -> None:
    """Print a report in lines for a person."""
    # Loaded here: the other verbs do without it.
    from broadsheet.differences import REASONS

    differing = sum(found["count"] for found in report["reasons"].values())
    done = "nothing was sent (dry run)" if dry_run else f"{report['sent']} sent to be read again"
    screen.line(f"{number(report['files'], 'file')} compared: {differing} differ, {done}")
    sentences: Mapping[str, str] = {str(reason): sentence for reason, sentence in REASONS.items()}
    for reason, found in report["reasons"].items():
        screen.line(f"  {found['count']} ", shown(reason), ": ", shown(sentences.get(reason, "")))
    if report["in_work"]:
        screen.line(f"  {report['in_work']} have no outcome yet: they are being worked on")
    if report["stale_readers"] and "reader" not in report["reasons"]:
        screen.line(
            f"  {report['stale_readers']} were read by another version of the reader: --reparse reads them again"
        )
