"""One synthesis per stage and run, without building the layers: nothing is fetched."""

from __future__ import annotations

import pytest

import infra.node  # noqa: F401 - before anything imports the CDK

# isort: split
from infra.app import build
from tests.infra.template import Synthesised


def synthesise(context: dict[str, str]) -> Synthesised:
    """Return the template for these options of ``-c``."""
    (stack,) = build(context).synth().stacks
    return Synthesised(stack.template)


@pytest.fixture(scope="session")
def dev() -> Synthesised:
    return synthesise({"stage": "dev"})


@pytest.fixture(scope="session")
def prod() -> Synthesised:
    return synthesise({"stage": "prod"})
