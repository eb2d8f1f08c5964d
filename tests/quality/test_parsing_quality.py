"""The reading of the labelled pages never falls under floors.json; raise its numbers as the parser improves."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.quality.labelled import PARTS
from tests.quality.parsing import by_family, figures, score_all

FLOORS: dict[str, float] = orjson.loads((Path(__file__).parent / "floors.json").read_bytes())
PARSING = [name for name in FLOORS if name.startswith("parsing ")]


@pytest.fixture(scope="module")
def measured() -> dict[str, float | None]:
    return {
        f"parsing {part} {family} {figure}": value
        for part, scored in score_all().items()
        for family, counts in by_family(scored).items()
        for figure, value in figures(counts).items()
    }


def test_there_is_a_floor_for_every_part():
    assert {name.split()[1] for name in PARSING} == set(PARTS)


@pytest.mark.parametrize("name", PARSING)
def test_figure_keeps_its_floor(name, measured):
    value, floor = measured[name], FLOORS[name]
    assert value is not None, f"{name} has a floor and nothing to measure"
    if name.endswith(" alarms"):
        assert value <= floor, f"{name} is {value:.3f}, over its ceiling; see make quality ARGS='parsing --details'"
    else:
        assert value >= floor, f"{name} is {value:.3f}, under its floor; see make quality ARGS='parsing --details'"
