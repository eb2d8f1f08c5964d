"""``make fuzz``: every reader on damaged files until the time is over; findings are kept in .fuzz/."""

from __future__ import annotations

import argparse
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.fuzz.fuzz import damaged, run
from tests.fuzz.seeds import Seed, seeds

FOUND = Path(".fuzz")
MOST_FINDINGS = 10


def main() -> int:
    """Read the command line, fuzz, report; 1 when anything was found."""
    known = seeds()
    options = argparse.ArgumentParser(prog="make fuzz ARGS=...", description=__doc__)
    options.add_argument("readers", nargs="*", metavar="reader", help=f"of {', '.join(known)} (default: all)")
    options.add_argument("--minutes", type=float, default=10, help="how long, shared by the readers (default 10)")
    options.add_argument("--seed", type=int, default=0, help="the number of the first run (default 0)")
    chosen = options.parse_args()
    readers = chosen.readers or list(known)
    if unknown := set(readers) - known.keys():
        options.error(f"no reader {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    findings = 0
    for reader in readers:
        findings += _fuzz(reader, known[reader], chosen.seed, chosen.minutes * 60 / len(readers))
    return 1 if findings else 0


def _fuzz(reader: str, reader_seeds: list[Seed], first: int, seconds: float) -> int:
    ends = time.monotonic() + seconds
    outcome: Counter[str] = Counter()
    kinds: set[str] = set()
    number = first
    while time.monotonic() < ends and len(kinds) < MOST_FINDINGS:
        try:
            outcome.update(run(reader_seeds, number))
        except Exception as error:  # noqa: BLE001 whatever it is, it is the finding
            place = traceback.extract_tb(error.__traceback__)[-1]
            kind = f"{type(error).__name__} {place.filename.rpartition('/')[2]}:{place.lineno}"
            if kind not in kinds:
                _keep(reader, number, damaged(reader_seeds, number))
                print(f"{reader} run {number}: {kind}: {str(error)[:300]}", flush=True)
            kinds.add(kind)
        number += 1
    told = ", ".join(f"{code} {count}" for code, count in outcome.most_common(8))
    print(f"{reader:<11} {number - first:>8} runs  {len(kinds)} findings  {told}", flush=True)
    return len(kinds)


def _keep(reader: str, number: int, found: Seed) -> None:
    FOUND.mkdir(exist_ok=True)
    (FOUND / f"{reader}-{number}-{Path(found.name).name}").write_bytes(found.data)


if __name__ == "__main__":
    raise SystemExit(main())
