"""Waiting for several services at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Each(Protocol):
    """Calls a function with every item: one after another like ``map``, or side by side like that of a thread pool."""

    def __call__(self, function: Callable[[T], R], items: Iterable[T], /) -> Iterable[R]:
        """Return what the calls returned, in order."""


class Ahead(Generic[T]):
    """A call that was made before its result is asked for, beside others; an error of it waits till then."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._error: Exception | None = None
        try:
            self._value = call()
        except Exception as error:  # noqa: BLE001 - raised where the result is asked for
            self._error = error

    def result(self) -> T:
        """Return what the call returned or raise what it raised."""
        if self._error is not None:
            raise self._error
        return self._value
