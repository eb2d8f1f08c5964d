"""Something shown again and again, until Ctrl-C."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from broadsheet.cli.terminal import Run, Screen
from broadsheet.errors import InfrastructureError

Line = Sequence[str | Run]

_SECONDS = 2.0


def watch(look: Callable[[], Iterable[Line]], screen: Screen, sleep: Callable[[float], None] = time.sleep) -> None:
    """Show what ``look`` gives every two seconds: in place on a terminal, elsewhere whenever it changed.

    A system that does not answer for a while is asked again. Ends only by what ``sleep`` raises (Ctrl-C).
    """
    with screen.redrawing() as draw:
        while True:
            try:
                draw(list(look()))
            except InfrastructureError as error:
                draw([(error.message,)])
            sleep(_SECONDS)
