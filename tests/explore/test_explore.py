from __future__ import annotations

import pytest

from infra.resources import QUEUE
from tests.explore.explore import begin, replay, run, settle, shorten, story
from tests.explore.mutants import MUTANTS
from tests.explore.rules import Rules
from tests.explore.scripts import SCRIPTS
from tests.explore.steps import do
from tests.explore.uploads import page

BLOCK = 300
"""Seeds of one case; `make explore` is for the many."""
DAY = 24 * 3600


@pytest.mark.parametrize("block", range(5))
def test_after_any_faults_the_index_equals_the_bucket(block):
    diverged = [seed for seed in range(block * BLOCK, (block + 1) * BLOCK) if run(seed)[1]]

    assert not diverged, f"make explore ARGS='--story {diverged[0]}'"


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripted_faults_do_no_harm(name):
    script = SCRIPTS[name]

    assert replay(0, script.rules, script.steps) == []


def test_a_day_without_the_engine_makes_no_dead_letter():
    rules = Rules(visibility=QUEUE.visibility, timeout=QUEUE.visibility / 6, most_receives=QUEUE.max_receive_count)
    world = begin(0, rules)
    do(world, ("put", "a1", "a.txt", page(1, 1)))
    do(world, ("away", True))
    number = 0
    while world.now < world.started + DAY:
        for name in world.queue.visible(world.now):
            number += 1
            do(world, ("start", f"w{number}", (name,), 0.0))
            do(world, ("run", f"w{number}", 1_000))
        do(world, ("tick", 30.0))

    assert number > 100
    assert settle(world) == []
    assert world.items()["a.txt"]["status"] == "indexed"


def test_a_seed_always_gives_the_same_run():
    def told(seed):
        world, _ = run(seed)
        return world.now, world.seen, world.ledger

    assert [told(seed) for seed in range(5)] == [told(seed) for seed in range(5)]


def test_a_divergence_is_shortened_and_told():
    mutant = MUTANTS["nothing removed"]
    found = next(found for seed in range(100) if (found := run(seed, mutant)[1]))

    short = shorten(found, mutant)

    assert short.sentences
    assert len(short.steps) < len(found.steps) or len(short.steps) <= 4
    assert all(repr(step) in story(short, mutant) for step in short.steps)
