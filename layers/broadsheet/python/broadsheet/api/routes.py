"""Every route of the HTTP API, declared once: the functions, both fronts and the descriptions read this table.

It imports nothing of ours, so that the infrastructure can read it, too. What a route takes and answers is said in
``operations``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

STAGE_PATH = "v1"

Access = Literal["key", "open", "feed", "iam"]


@dataclass(frozen=True, slots=True)
class Route:
    """One resource of the REST API, without the stage; what answers GET answers HEAD, too.

    ``access`` says who may call it: who has an API key, everybody, who has AWS credentials for it; a feed is like a
    resource with a key, but a stage can open feeds alone, since feed readers send no headers. ``max_age`` says for how
    many seconds an answer may be used again unasked; None for one that must not be kept at all. A ``costly`` one takes
    seconds of a whole CPU, or answers with megabytes: fewer requests a second are let through.
    """

    method: Literal["GET", "POST"]
    path: str
    function: str
    access: Access = "key"
    max_age: int | None = 0
    costly: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        """All methods that the route answers."""
        return ("GET", "HEAD") if self.method == "GET" else (self.method,)


ROUTES = (
    Route("GET", "/search", "search"),
    # Feed readers ask every some minutes, whatever they are told.
    Route("GET", "/feeds/search.atom", "search", access="feed", max_age=300),
    Route("GET", "/export", "search", costly=True),
    Route("GET", "/articles/{article_id}", "search"),
    Route("GET", "/articles/{article_id}/comments", "search"),
    Route("GET", "/articles/{article_id}/similar", "search"),
    Route("GET", "/comments/{comment_id}", "search"),
    Route("GET", "/authors", "search"),
    Route("GET", "/authors/{key}", "search"),
    Route("GET", "/suggest", "search"),
    Route("GET", "/timeline", "search"),
    Route("GET", "/files", "files"),
    Route("GET", "/files/{file_id}", "files"),
    Route("GET", "/files/{file_id}/problems", "files"),
    # The link in it is a key to the file.
    Route("GET", "/files/{file_id}/original", "files", max_age=None),
    Route("POST", "/files/{file_id}/retry", "reconcile", access="iam"),
    Route("GET", "/status", "files", access="open"),
    Route("POST", "/parse", "parse", costly=True),
    Route("POST", "/uploads", "uploads", access="iam"),
    Route("POST", "/reconcile", "reconcile", access="iam"),
    Route("POST", "/dead-letters/redrive", "reconcile", access="iam"),
    Route("GET", "/generations", "indices", access="iam"),
    Route("POST", "/generations", "indices", access="iam"),
    Route("GET", "/openapi.json", "search", access="open", max_age=3_600),
    Route("GET", "/reference", "search", access="open", max_age=3_600),
)
_MAX_AGES = {route.path: (route.access, route.max_age) for route in ROUTES if route.method == "GET"}


def cache_control(path: str) -> str:
    """Return the Cache-Control of a GET answer, by the path of its route.

    What needs a key is for who asked only; what may change at any time is kept, but asked for again by its tag.

    >>> cache_control("/search")
    'private, no-cache'
    """
    access, max_age = _MAX_AGES.get(path, ("key", 0))
    if max_age is None:
        return "no-store"
    whose = "public" if access == "open" else "private"
    return f"{whose}, max-age={max_age}" if max_age else f"{whose}, no-cache"
