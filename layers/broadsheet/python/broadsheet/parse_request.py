"""The use case behind the parse function: the bytes of one file -> what would be indexed of it, and nothing is kept."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson

from broadsheet.dry_run import Place, Shown, dry_run, ending
from broadsheet.errors import ConfigurationError, ParameterProblem, PermanentError, RequestError
from broadsheet.model import Hints, Problem
from broadsheet.outcome import Tally
from broadsheet.parsing.dates import load_zone
from broadsheet.ports import JsonObject
from broadsheet.search.parameters import Exact, Moment, Parameter, Text, read_parameters, refusal
from broadsheet.settings import ParseSettings
from broadsheet.text import clean

# Lambda takes 6 MB, in which our JSON is a string and so escaped once more; what is beside the records needs little.
RECORDS_BYTES = 5_500_000
_UNNAMED = "-"
_NAME_BYTES = 1024  # S3's bound for a key

PARSE_PARAMETERS: tuple[Parameter, ...] = (
    Text("name", "Name of the file: its extension may tell the format.", shortest=1, longest=_NAME_BYTES, default=""),
    Exact(
        "as",
        "Where the file would be stored, as s3://bucket/key: its ids are shown then.",
        longest=_NAME_BYTES + 70,
        default="",
    ),
    Moment("captured_at", "When the page was saved: what 3 hours ago is counted from. Now, if not given."),
    Text("url", "Address of the page.", shortest=1, longest=2_048, default=""),
    Text("source", "Name of the publication.", shortest=1, longest=256, default=""),
    Text("language", "Language of the article, such as ar.", shortest=2, longest=35, default=""),
    Text("tags", "Tags of the article, separated by commas.", shortest=1, longest=1_024, default=""),
    Text("zone", "IANA zone of times that state none, such as Asia/Beirut.", shortest=1, longest=64, default=""),
)


class ParseRequest:
    """Dry runs. ``clock`` returns seconds since the epoch."""

    def __init__(self, settings: ParseSettings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._limits = replace(
            settings,
            # A record cannot be interrupted from here: its own limit has to keep it within the time of the answer.
            max_record_seconds=min(settings.max_record_seconds, settings.answer_seconds),
            max_unpacked_bytes=min(settings.max_unpacked_bytes, settings.max_body_unpacked_bytes),
        )

    def answer(self, content: bytes, content_type: str | None, parameters: Mapping[str, Sequence[str]]) -> JsonObject:
        """Answer ``{"file", "status", "counts", "problems", "truncated", "records"}``.

        ``records`` are those that ``broadsheet parse`` prints; ``status``, ``counts`` and ``problems`` (one entry per
        code) are those that GET /v1/files would show. Where the answer ends before the file, ``truncated`` is true and
        ``problems`` says why.

        Raise RequestError for wrong parameters, no body (``no_body``), a body that is too large (``body_too_large``)
        or a form (``form_body``); PermanentError, with the code that would become the file's outcome, for a file of
        which nothing can be read.
        """
        given = read_parameters(PARSE_PARAMETERS, parameters)
        self._check(content, content_type)
        place = _place(given["as"])
        zone = _zone(given["zone"]) or self._settings.default_zone
        # The key as it is makes the ids; it is shown, as a name is, without what JSON or a terminal cannot take.
        key = clean(place.key).text if place else ""
        file = given["name"] or key or _UNNAMED
        hints = self._hints(given, key or given["name"], content_type)
        found = dry_run(io.BytesIO(content), hints, file=file, place=place, zone=zone, limits=self._limits)
        return self._collected(found, file)

    def _check(self, content: bytes, content_type: str | None) -> None:
        if not content:
            raise RequestError("The body is empty: send the bytes of one file.", code="no_body")
        if len(content) > (largest := self._settings.max_body_bytes):
            raise RequestError(
                f"The body has {len(content)} bytes; a dry run takes {largest}. Use `broadsheet parse FILE`, or upload "
                "the file: what became of it is told there.",
                code="body_too_large",
            )
        if content_type and content_type.lower().startswith("multipart/"):
            raise RequestError(
                "The body is a form. Send the bytes of the file themselves, as `curl --data-binary @FILE` does.",
                code="form_body",
            )

    def _hints(self, given: Mapping[str, Any], name: str, content_type: str | None) -> Hints:
        stated = given["captured_at"]
        return Hints(
            name=name,
            content_type=content_type,
            captured_at=datetime.fromisoformat(stated) if stated else datetime.fromtimestamp(self._clock(), UTC),
            url=given["url"] or None,
            source=given["source"] or None,
            language=given["language"] or None,
            tags=tuple(tag.strip() for tag in given["tags"].split(",") if tag.strip()),
        )

    def _collected(self, found: Iterator[Shown], file: str) -> JsonObject:
        """Take records while there are room and time."""
        tally = Tally(_Nowhere(), "")
        records: list[JsonObject] = []
        room = RECORDS_BYTES
        ends = self._clock() + self._settings.answer_seconds
        cut: Problem | None = None
        try:
            for record, shown in found:
                if self._clock() > ends:
                    cut = Problem("time_over", f"The answer ends here after {self._settings.answer_seconds} seconds.")
                    break
                size = _size(shown)
                if size > room:
                    cut = Problem("answer_full", "The answer ends here: it may not pass 6 MB.")
                    if not records:
                        tally.record(record)
                        records.append(_shortened(shown, room))
                    break
                room -= size
                tally.record(record)
                records.append(shown)
        except PermanentError as error:
            if not records:
                raise
            last = ending(error.code, error.message, file=file, record=records[-1]["record"] + 1)
            tally.record(last.record)
            records.append(last.json)
        status, counts = tally.status(exists=True), tally.counts()
        if cut:
            tally.notice(cut)
        return {
            "file": file,
            "status": status,
            "counts": counts,
            "problems": tally.problems(),
            "truncated": cut is not None,
            "records": records,
        }


class _Nowhere:
    """ports.ReceiptStore: a dry run leaves nothing behind."""

    def put(self, key: str, body: bytes) -> None:
        """Forget it."""


def _place(address: str) -> Place | None:
    try:
        place = Place.from_address(address) if address else None
    except ValueError as error:
        raise refusal([ParameterProblem("as", "not_an_address", f"as: {error}.")]) from error
    if place and place.is_folder:
        raise refusal([ParameterProblem("as", "not_an_address", "as must end in the name of a file, not in a slash.")])
    return place


def _zone(name: str) -> str:
    try:
        return load_zone(name).key if name else ""
    except ConfigurationError as error:
        raise refusal([ParameterProblem("zone", "unknown_zone", error.message)]) from error


def _size(shown: Any) -> int:
    """Return the bytes that JSON takes in an answer of Lambda."""
    return len(orjson.dumps(orjson.dumps(shown).decode())) + 1


def _shortened(shown: JsonObject, room: int) -> JsonObject:
    """Return as much of one article as there is room for, and name what is not whole."""
    short = dict(shown)
    for name, share in (("report", 0.2), ("article", 0.6), ("comments", 1.0)):
        short[name] = _fitted(shown[name], int(room * share))
        room -= _size(short[name])
    return {**short, "shortened": [name for name in ("article", "comments", "report") if short[name] != shown[name]]}


def _fitted(value: Any, room: int) -> Any:
    """Return what fits of JSON: the first characters of a text, the first items of a list, a value after the other."""
    if isinstance(value, str):
        # A character takes four bytes at most: in UTF-8, or as a quote that is escaped twice.
        return value if len(value) * 4 <= room or _size(value) <= room else value[: max(room, 0) // 4]
    if isinstance(value, list):
        kept = []
        for item in value:
            room -= _size(item)
            if room < 0:
                break
            kept.append(item)
        return kept
    if isinstance(value, dict):
        fitted = {}
        for name, part in value.items():
            fitted[name] = _fitted(part, room)
            room -= _size(fitted[name]) + _size(name)
        return fitted
    return value
