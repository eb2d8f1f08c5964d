"""The thread that sends one bulk while the next one is built."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

# The sender has an answer to read and the next bulk to send; by default Python lets it wait for 5 ms each time that
# the other thread computes, which the engine spends idle.
SWITCH_SECONDS = 0.000_5
_USUAL_SECONDS = sys.getswitchinterval()


class Sender:
    """bulk_writer.Background: one thread, which soon gets its turn while it has a call under way.

    At other times threads change turns as seldom as Python does by itself: ten files of a batch, each of them read in
    less than that, would only take the processor from each other.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)

    def submit(self, function: Callable[[T], R], argument: T, /) -> Future[R]:
        """Begin the call; the one before must have ended."""
        sys.setswitchinterval(SWITCH_SECONDS)
        return self._thread.submit(self._call, function, argument)

    @staticmethod
    def _call(function: Callable[[T], R], argument: T) -> R:
        try:
            return function(argument)
        finally:
            sys.setswitchinterval(_USUAL_SECONDS)
