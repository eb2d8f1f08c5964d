"""`make bench`: ratios against a ceiling measured in the same run; a table, and .bench/latest.json."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from functools import cache
from pathlib import Path

import orjson

from infra.local.engine import engine_from_environ
from tests.bench import cold_start, imports, ingestion, memory, parsing, querying, searching, suggest, walking
from tests.bench.measure import Line

LATEST = Path(".bench/latest.json")
# What measures without an engine, and what is given the address of one and a prefix for its indices.
ALONE = {"cold": cold_start.measure, "imports": imports.measure, "parsing": parsing.measure}
ON_THE_ENGINE = {
    "ingestion": ingestion.measure,
    "querying": querying.measure,
    "searching": searching.measure,
    "suggest": suggest.measure,
    "walking": walking.measure,
}
PARTS = (*ALONE, *ON_THE_ENGINE, "memory")


def main() -> int:
    """Measure everything, or the parts that are named; print a table and write the figures."""
    options = argparse.ArgumentParser(prog="make bench ARGS=...", description=__doc__)
    options.add_argument(
        "parts", nargs="*", metavar="PART", help=f"what to measure, of: {', '.join(PARTS)} (default: all)"
    )
    options.add_argument("--quick", action="store_true", help="memory on archives of 20 and 200 MB, not 100 and 1,000")
    given = options.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        options.error(f"there is no part {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    lines = []
    for line in _measured(given.parts or PARTS, quick=given.quick):
        lines.append(line)
        ratio = f"{line.ratio:6.2f} x {line.ceiling}" if line.ratio is not None else ""
        print(f"{line.name:72} {line.value:10,.2f} {line.unit:28} {ratio}", flush=True)
    LATEST.parent.mkdir(exist_ok=True)
    report = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "lines": [asdict(line) for line in lines],
    }
    LATEST.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2))
    print(f"written to {LATEST}")
    return 0


def _measured(parts: list[str] | tuple[str, ...], *, quick: bool) -> Iterator[Line]:
    with ExitStack() as stack:

        @cache
        def engine() -> str:
            return stack.enter_context(engine_from_environ(os.environ))

        for part in parts:
            if part in ALONE:
                yield from ALONE[part]()
            elif part in ON_THE_ENGINE:
                yield from ON_THE_ENGINE[part](engine(), f"bench-{uuid.uuid4().hex[:8]}")
            else:
                yield from memory.measure(quick=quick)


if __name__ == "__main__":
    sys.exit(main())
