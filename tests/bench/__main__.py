"""`make bench`: ratios against a ceiling measured in the same run; a table, and .bench/latest.json."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import uuid
from dataclasses import asdict
from pathlib import Path

import orjson

from infra.local.engine import engine_from_environ
from tests.bench import ingestion, memory, parsing, searching
from tests.bench.measure import Line

LATEST = Path(".bench/latest.json")


def main() -> int:
    """Measure everything, print a table and write the figures."""
    options = argparse.ArgumentParser(prog="make bench ARGS=...", description=__doc__)
    options.add_argument("--quick", action="store_true", help="memory on archives of 20 and 200 MB, not 100 and 1,000")
    quick = options.parse_args().quick
    lines: list[Line] = []

    def show(line: Line) -> None:
        lines.append(line)
        ratio = f"{line.ratio:6.2f} x {line.ceiling}" if line.ratio is not None else ""
        print(f"{line.name:72} {line.value:10,.2f} {line.unit:28} {ratio}", flush=True)

    for line in parsing.measure():
        show(line)
    with engine_from_environ(os.environ) as url:
        for module in (ingestion, searching):
            for line in module.measure(url, f"bench-{uuid.uuid4().hex[:8]}"):
                show(line)
    for line in memory.measure(quick=quick):
        show(line)
    LATEST.parent.mkdir(exist_ok=True)
    report = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "lines": [asdict(line) for line in lines],
    }
    LATEST.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2))
    print(f"written to {LATEST}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
