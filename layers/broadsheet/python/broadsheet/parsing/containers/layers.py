"""Containers in containers: how deep, and how the records of their members are numbered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from broadsheet.errors import LimitError
from broadsheet.model import PassedRecord, Record
from broadsheet.parsing.upload import Settings, Upload

Read = Callable[[Upload, Settings], Iterator[Record | PassedRecord]]


def deeper(settings: Settings) -> Settings:
    """Return the settings for what a container holds; raises LimitError ``nested_too_deep``."""
    limits = settings.limits
    if settings.layers >= limits.max_layers:
        raise LimitError(
            f"The file is packed in more than {limits.max_layers} layers (max_layers). Unpack the outer ones.",
            code="nested_too_deep",
        )
    return replace(settings, layers=settings.layers + 1)


def numbered(records: Iterable[Record | PassedRecord], first: int) -> Iterator[Record | PassedRecord]:
    """Yield the records numbered from ``first`` on: readers of single pages always say 0."""
    for number, record in enumerate(records, first):
        yield record if record.record == number else record._replace(record=number)
