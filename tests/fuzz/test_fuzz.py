"""A few runs of every reader's fuzzing; ``make fuzz`` makes many."""

from __future__ import annotations

import pytest

from tests.fuzz.fuzz import run
from tests.fuzz.seeds import seeds

SEEDS = seeds()


@pytest.mark.parametrize("reader", SEEDS)
def test_damaged_files_give_records_or_a_permanent_error(reader: str) -> None:
    for number in range(100):
        run(SEEDS[reader], number)
