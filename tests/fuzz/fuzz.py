"""One run: a seed, damaged at random, read and held to the invariants; the same number gives the same run."""

from __future__ import annotations

import random
from collections import Counter

from broadsheet.parsing import Limits
from tests.fuzz.check import TIGHT, check
from tests.fuzz.mutation import mutated
from tests.fuzz.seeds import Seed

EXTENSIONS = ("txt", "html", "json", "jsonl", "xml", "csv", "warc", "gz", "zip", "tar", "")


def damaged(reader_seeds: list[Seed], number: int) -> Seed:
    """Return the file of a run."""
    chance = random.Random(number)  # noqa: S311 no secret
    seed = chance.choice(reader_seeds)
    data = mutated(seed.data, chance.choice(reader_seeds).data, chance) if number % 50 else seed.data
    name = seed.name if chance.random() < 0.9 else f"a.{chance.choice(EXTENSIONS)}"
    return Seed(name, data)


def run(reader_seeds: list[Seed], number: int) -> Counter[str]:
    """Make one run; raises what is found."""
    name, data = damaged(reader_seeds, number)
    limits = TIGHT if number % 3 == 0 else Limits()
    return check(name, data, limits, twice=number % 7 == 0, weigh=number % 41 == 0)
