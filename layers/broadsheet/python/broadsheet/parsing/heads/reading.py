"""One way to read a page: the heads of its comments, and on which side of the bodies they stand."""

from __future__ import annotations

from typing import NamedTuple

from broadsheet.parsing.heads.anchors import Anchor
from broadsheet.parsing.moments import Moment


class Span(NamedTuple):
    """The head of one comment: its units (not always adjacent), and what they say."""

    units: tuple[int, ...]
    name: str | None
    moment: Moment | None
    anchor: Anchor


class Reading(NamedTuple):
    """One way to read a page. ``below`` says that heads stand below their bodies."""

    layout: str
    below: bool
    spans: list[Span]

    def units(self) -> set[int]:
        """Return the units of all heads."""
        return {unit for span in self.spans for unit in span.units}
