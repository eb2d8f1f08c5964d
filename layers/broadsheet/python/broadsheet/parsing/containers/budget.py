"""How much a packed file may become, counted over all its layers and members."""

from __future__ import annotations

from broadsheet.errors import LimitError
from broadsheet.parsing.limits import Limits

# Small files may pack well: a page of a thousand equal lines harms nobody.
_FREE_BYTES = 64 * 1024 * 1024


class Budget:
    """Counts bytes in and out of all layers of one file.

    Raises LimitError ``too_large_unpacked`` or ``ratio_too_high``.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._into = 0
        self._out = 0

    def take(self, size: int) -> None:
        """Count packed bytes."""
        self._into += size

    def give(self, size: int) -> None:
        """Count unpacked bytes."""
        self._out += size
        if self._out > self._limits.max_unpacked_bytes:
            raise LimitError(
                f"Unpacked, the file is larger than {self._limits.max_unpacked_bytes} bytes (max_unpacked_bytes). "
                "Split it.",
                code="too_large_unpacked",
            )
        if self._out > _FREE_BYTES and self._out > self._into * self._limits.max_ratio:
            raise LimitError(
                f"The file unpacks to more than {self._limits.max_ratio} times its size (max_ratio). "
                "Upload it unpacked.",
                code="ratio_too_high",
            )
