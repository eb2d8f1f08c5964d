"""One synthesis per stage and run, without building the layers: nothing is fetched."""

from __future__ import annotations

import pytest

import infra.node  # noqa: F401 - before anything imports the CDK

# isort: split
from infra.app import build
from tests.infra.template import Synthesised


def _synthesise(stage: str) -> Synthesised:
    assembly = build({"stage": stage}).synth()
    return Synthesised(assembly.get_stack_by_name(f"broadsheet-{stage}").template)


@pytest.fixture(scope="session")
def dev() -> Synthesised:
    return _synthesise("dev")


@pytest.fixture(scope="session")
def prod() -> Synthesised:
    return _synthesise("prod")
