"""The explorer must find what each rule is for: without the rule, something diverges within a stated budget."""

from __future__ import annotations

import pytest

from tests.explore.explore import replay, run
from tests.explore.mutants import MUTANTS
from tests.explore.scripts import SCRIPTS

BUDGET = 600
"""Random schedules in which a missing rule is found; rules that need more have a script."""


def test_every_script_is_of_a_mutant():
    assert set(SCRIPTS) <= set(MUTANTS)


@pytest.mark.parametrize("name", [name for name in MUTANTS if name not in SCRIPTS])
def test_a_missing_rule_is_found_by_chance(name):
    mutant = MUTANTS[name]

    found = next((found for seed in range(BUDGET) if (found := run(seed, mutant)[1])), None)

    assert found, mutant.rule
    assert not any(sentence.startswith("crash") for sentence in found.sentences)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_missing_rule_is_found_by_its_script(name):
    script, mutant = SCRIPTS[name], MUTANTS[name]

    found = replay(0, script.rules, script.steps, mutant)

    assert found, mutant.rule
    assert not any(sentence.startswith("crash") for sentence in found)
