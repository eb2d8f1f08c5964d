"""Waiting for what comes by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from broadsheet.errors import InfrastructureError

LOOK_SECONDS = 0.1

_Found = TypeVar("_Found")


def wait_for(look: Callable[[], _Found | None], what: str, *, seconds: float) -> _Found:
    """Look until there is something that is not None, and return it.

    Raise InfrastructureError (``too_late``) after ``seconds``.
    """
    deadline = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise InfrastructureError(f"waited {seconds:.0f} s for {what}, in vain", code="too_late")
        time.sleep(LOOK_SECONDS)
    return found
