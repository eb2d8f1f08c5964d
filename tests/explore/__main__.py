"""``make explore``: many random schedules on all cores; a divergence is shortened, told and makes it fail."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, as_completed, wait

from tests.explore.explore import Divergence, run, shorten, story
from tests.explore.mutants import MUTANTS

CHUNK = 200
MOST_RUNS_FOR_A_MUTANT = 20_000


def explore(first: int, count: int) -> tuple[list[Divergence], Counter[str]]:
    """Run consecutive seeds; return the divergences and in how many runs everything worth knowing was seen."""
    divergences, seen = [], Counter[str]()
    for seed in range(first, first + count):
        world, divergence = run(seed)
        seen.update(world.seen.keys())
        if divergence:
            divergences.append(divergence)
    return divergences, seen


def main() -> int:
    """Read the command line, explore, report; 1 when anything diverged."""
    options = argparse.ArgumentParser(prog="make explore ARGS=...", description=__doc__)
    options.add_argument("--runs", type=int, default=100_000, help="how many schedules (default 100000)")
    options.add_argument("--seconds", type=float, default=float("inf"), help="stop after this time")
    options.add_argument("--seed", type=int, default=0, help="the first seed (default 0)")
    options.add_argument("--story", type=int, metavar="SEED", help="tell one schedule, shortened if it diverges")
    options.add_argument("--mutants", action="store_true", help="how many schedules it takes to find each missing rule")
    chosen = options.parse_args()
    if chosen.mutants:
        return _hunt(chosen.seed, min(chosen.runs, MOST_RUNS_FOR_A_MUTANT))
    if chosen.story is not None:
        return _tell(chosen.story)
    return _explore(chosen.seed, chosen.runs, chosen.seconds)


def first_found(name: str, first: int, runs: int) -> tuple[str, int | None]:
    """Return how many schedules it took to find a missing rule, None when these were not enough."""
    for number in range(runs):
        if run(first + number, MUTANTS[name])[1]:
            return name, number + 1
    return name, None


def _hunt(first: int, runs: int) -> int:
    missed = 0
    with ProcessPoolExecutor() as pool:
        for future in as_completed([pool.submit(first_found, name, first, runs) for name in MUTANTS]):
            name, needed = future.result()
            missed += needed is None
            print(f"{needed or f'not in {runs}':>12}  {name}: {MUTANTS[name].rule}", flush=True)
    return 1 if missed else 0


def _tell(seed: int) -> int:
    _, divergence = run(seed)
    if divergence is None:
        print(f"seed {seed} ends well")
        return 0
    print(story(shorten(divergence)))
    return 1


def _explore(first: int, runs: int, seconds: float) -> int:
    started = time.monotonic()
    divergences: list[Divergence] = []
    seen: Counter[str] = Counter()
    done, end = 0, first + runs
    with ProcessPoolExecutor() as pool:
        pending: dict[Future[tuple[list[Divergence], Counter[str]]], int] = {}
        while pending or (first < end and time.monotonic() - started < seconds and not divergences):
            while (
                first < end
                and len(pending) < 2 * (os.cpu_count() or 1)
                and time.monotonic() - started < seconds
                and not divergences
            ):
                count = min(CHUNK, end - first)
                pending[pool.submit(explore, first, count)] = count
                first += count
            finished, _ = wait(pending, return_when=FIRST_COMPLETED)
            for future in finished:
                done += pending.pop(future)
                found, part = future.result()
                divergences += found
                seen += part
            _progress(done, runs, len(divergences), time.monotonic() - started)
    print(file=sys.stderr)
    for name, count in sorted(seen.items(), key=lambda entry: -entry[1]):
        print(f"{count / done:8.2%}  {name}")
    for divergence in divergences[:3]:
        print(f"\n{story(shorten(divergence))}")
    print(f"\n{done} runs, {len(divergences)} divergences, {done / (time.monotonic() - started):.0f} runs/s")
    return 1 if divergences else 0


def _progress(done: int, runs: int, divergences: int, seconds: float) -> None:
    print(
        f"\r{done} of {runs} runs, {divergences} divergences, {done / seconds:.0f} runs/s",
        end="",
        file=sys.stderr,
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
