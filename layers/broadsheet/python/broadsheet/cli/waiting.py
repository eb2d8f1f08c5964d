"""Waits until the system has an outcome for every file of an upload."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from broadsheet.cli.api import Api
from broadsheet.errors import InfrastructureError

# Between two rounds of questions, in seconds: short after news, doubling without them.
_SHORTEST_PAUSE = 0.2
_LONGEST_PAUSE = 3.0
# Files are worked on in about the order of their upload: behind so many without news there is none either.
_MOST_WITHOUT_NEWS = 10


@dataclass(frozen=True, slots=True)
class Stored:
    """The state of an object as S3 told it after the upload; its time may lie so much earlier or later."""

    etag: str
    last_modified: datetime
    within: timedelta = timedelta(0)


class Waiting:
    """Asks the API for the outcomes of stored files; ``pending`` are those that have none yet, by key."""

    def __init__(self, api: Api, stored: Mapping[str, Stored]) -> None:
        self.pending = dict(stored)
        self.last_error: InfrastructureError | None = None
        self._api = api

    def outcomes(
        self,
        *,
        patience: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> Iterator[dict[str, Any]]:
        """Give the outcomes as they become known; end when all are, or after ``patience`` seconds without a new one.

        An API that fails for a while is asked again; ``last_error`` tells the last failure.
        """
        pause = _SHORTEST_PAUSE
        heard = clock()
        while self.pending:
            for outcome in self._round():
                pause = _SHORTEST_PAUSE
                yield outcome
                heard = clock()
            left = heard + patience - clock()
            if not self.pending or left <= 0:
                return
            sleep(min(pause, left))
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _round(self) -> Iterator[dict[str, Any]]:
        without_news = 0
        for key in list(self.pending):
            try:
                files = self._api.get("/files", {"key": key}).get("files") or []
            except InfrastructureError as error:
                self.last_error = error
                return
            if files and is_outcome_of(self.pending[key], files[0]):
                del self.pending[key]
                yield files[0]
                continue
            # To the end of the queue: one file that takes long must not hide the others.
            self.pending[key] = self.pending.pop(key)
            without_news += 1
            if without_news == _MOST_WITHOUT_NEWS:
                return


def is_outcome_of(stored: Stored, file: Mapping[str, Any]) -> bool:
    """Tell whether the API speaks of this state of the object or of a later one, and not of what it replaced.

    The ETag alone does not tell: the same bytes uploaded again have the same one.
    """
    if file.get("status") == "processing" or "last_modified" not in file:
        return False
    modified = datetime.fromisoformat(file["last_modified"])
    if modified > stored.last_modified + stored.within:
        return True
    return modified >= stored.last_modified - stored.within and file.get("etag") == stored.etag
