"""Names of indices and aliases, made from one prefix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["articles", "comments"]
KINDS: tuple[Kind, Kind] = ("articles", "comments")


@dataclass(frozen=True, slots=True)
class IndexNames:
    """``broadsheet-articles-v1`` and what points to it; ``prefix`` separates stages and tests on one engine."""

    prefix: str = "broadsheet"

    def index(self, kind: Kind, generation: int) -> str:
        """Return the concrete index of a generation."""
        return f"{self.prefix}-{kind}-v{generation}"

    def write_alias(self, kind: Kind, generation: int) -> str:
        """Return the private alias for writing: ``require_alias`` refuses concrete names, so nothing is made."""
        return f"{self.index(kind, generation)}-write"

    def search_alias(self, kind: Kind) -> str:
        """Return the alias that queries use; it points to one generation at a time."""
        return f"{self.prefix}-{kind}"
