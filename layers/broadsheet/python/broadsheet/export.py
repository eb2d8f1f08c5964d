"""The read side's way out: the results of a search with their whole texts, answer by answer.

An answer holds as many rows as Lambda lets through; its cursor goes on after the last. Pages come from the same search
that people see, so that the export of a query is what the query shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import orjson

from broadsheet.archive import Archive
from broadsheet.ports import JsonObject
from broadsheet.search import cursor as cursors
from broadsheet.search import export
from broadsheet.search.export import ExportRequest
from broadsheet.search.request import SearchRequest

ANSWER_BYTES = 5_000_000
"""Bytes of the rows of one answer, as the JSON string they become in an answer of Lambda, which may have 6 MB."""
# Rows of the first page; the next are as large as the rows so far let expect. A text may have a megabyte, and by
# relevance the first page is named in the cursors of all others.
_FIRST = 20
_MOST = 500


@dataclass(frozen=True, slots=True)
class Exported:
    """The rows of one answer as text, and the cursor to go on with; None at the end."""

    text: str
    following: str | None


@dataclass(frozen=True, slots=True)
class Export:
    """Whole results of the archive; one answer has rows of ``answer_bytes``, and one row at least."""

    archive: Archive
    answer_bytes: int = ANSWER_BYTES

    def export(self, request: ExportRequest, *, remaining: Callable[[], float]) -> Exported:
        """Return rows until the answer is full or ``remaining`` seconds are used up; at least one page of them.

        Raise what ``Archive.search`` raises. A row that was deleted while the export ran is left out.
        """
        lines = [export.heading(request)]
        used, count = 0, 0
        place, size = request.cursor, _FIRST
        while True:
            page = self._page(request, place, size)
            found = self.archive.search(page)
            whole = self._whole(request, export.identities(found["results"]))
            for shown, result in enumerate(found["results"]):
                row = whole.pop(export.identities([result])[0], None)
                text = export.line(request, row) if row else ""
                weight = len(orjson.dumps(text))
                if used + weight > self.answer_bytes and count:
                    return Exported("".join(lines), self._after(request, place, shown))
                lines.append(text)
                used, count = used + weight, count + 1
            place = found["next"] or ""
            if not place or remaining() <= 0:
                return Exported("".join(lines), place or None)
            size = max(1, min(_MOST, (self.answer_bytes - used) * count // (used or 1)))

    def _page(self, request: ExportRequest, place: str, size: int) -> SearchRequest:
        cursor = cursors.decode(place) if place else None
        return replace(request.search, limit=size, cursor=cursor)

    def _after(self, request: ExportRequest, place: str, shown: int) -> str | None:
        """Return the cursor after so many rows of the page that begins at a place."""
        if not shown:
            return place
        following: str | None = self.archive.search(self._page(request, place, shown))["next"]
        return following

    def _whole(self, request: ExportRequest, identities: list[str]) -> dict[str, JsonObject]:
        """Return the rows of some results by their ids."""
        if not identities:
            return {}
        engine, names, timeout_ms = self.archive.engine, self.archive.names, self.archive.timeout_ms
        if request.search.type == "article":
            body = export.articles_body(identities, timeout_ms=timeout_ms)
            return export.whole_articles(engine.search(names.search_alias("articles"), body))
        body = export.comments_body(identities, timeout_ms=timeout_ms)
        return export.whole_comments(engine.search(names.search_alias("comments"), body))
