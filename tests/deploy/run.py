"""Steps done one after the other, with their times and what went wrong."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tests.deploy.world import World

Step = Callable[[World], None]
"""Named by its docstring."""


class Done(NamedTuple):
    """A step that was done; ``error`` is empty when all was as it should be."""

    name: str
    seconds: float
    error: str


def do(world: World, steps: Sequence[Step]) -> Iterator[Done]:
    """Do steps one after the other; after one that fails the next are done all the same, if there is a stack."""
    for step in steps:
        name, error = str(step.__doc__), ""
        world.say(f"... {name}")
        started = time.monotonic()
        try:
            step(world)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the other steps still tell something
            error = "".join(traceback.format_exception(failure))
            world.say(f"    FAILED {error}")
        yield Done(name, time.monotonic() - started, error)
        if error and not world.outputs:
            return
