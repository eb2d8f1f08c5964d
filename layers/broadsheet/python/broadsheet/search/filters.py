"""Filters of a search: what narrows it without ranking it. Declared once, read, and compiled to engine clauses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from broadsheet.index import fields
from broadsheet.search.kinds import Choice, Day, Integer, Stated, Values, seconds_of
from broadsheet.text import author_key

Clause = dict[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FILE_ID = re.compile("[a-z2-7]{26}")
_AUTHOR_KINDS = ("member", "member_without_avatar", "guest", "unknown")

_REPEAT = "Repeat it for one or the other; a leading minus leaves out."
FILTERS = (
    Values("source", f"The newspaper or site. {_REPEAT}"),
    Values("article", f"An article's id: the article itself, and its comments. {_REPEAT}", longest=26),
    Values("author", f"Who wrote it, in any case of letters. {_REPEAT}"),
    Values("author_kind", f"What a page says of a comment's author. {_REPEAT}", choices=_AUTHOR_KINDS),
    Values("lang", f"The language, as ar or en. {_REPEAT}", longest=16),
    Values("tag", f"A tag of the article. {_REPEAT}"),
    Values("file", f"The file it came from: its id, or its key in the bucket. {_REPEAT}", longest=1_024),
    Values(
        "date_basis",
        f"How the date is known. {_REPEAT}",
        choices=("explicit", "estimated", "none"),
    ),
    Day("from", "Not before this day, month (2014-05), year or time, or not longer ago than 30d, 12h, 2w, 6m, 1y."),
    Day("to", "Not after this day, month or year (all of it is included) or time, or at least so long ago."),
    Choice("has_comments", "Only articles with comments (true) or without (false).", ("true", "false"), default=""),
    Integer("min_comments", "Only articles with at least so many comments.", smallest=0, largest=1_000_000, default=0),
)
# Years, months and days by their length as text: the engine's units.
_ROUNDED_TO = {len("2014"): "y", len("2014-05"): "M", len("2014-05-09"): "d"}
_FIELD_OF = {
    "source": fields.SOURCE,
    "article": fields.ARTICLE_ID,
    "author_kind": fields.AUTHOR_KIND,
    "lang": fields.LANG,
    "tag": fields.TAGS,
    "date_basis": fields.DATE_BASIS,
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Clauses by the name of their filter; those of one filter are already joined by "or" and "not"."""

    clauses: Mapping[str, Clause]

    def but(self, names: Iterable[str]) -> list[Clause]:
        """Return the clauses of all filters except these."""
        left_out = frozenset(names)
        return [clause for name, clause in self.clauses.items() if name not in left_out]


def compiled(values: Mapping[str, Any], at: int) -> Filters:
    """Compile the values that ``read_parameters`` returned for FILTERS; ``at`` is now, in seconds since the epoch."""
    return Filters(dict(_compiled(values, at)))


def counts_from(values: Mapping[str, Any], now: float) -> int:
    """Return the time that relative values count from, in seconds; 0 where all are absolute.

    A cursor holds it, and so the same request gives the same answer, to be known again by its tag.
    """
    relative = values.get("recency") or any(seconds_of(values.get(name, "")) is not None for name in ("from", "to"))
    return int(now) if relative else 0


def _compiled(values: Mapping[str, Any], at: int) -> Iterator[tuple[str, Clause]]:
    for name in ("source", "article", "author", "author_kind", "lang", "tag", "file", "date_basis"):
        if stated := values.get(name):
            yield name, _any_but(name, stated)
    span: Clause = {}
    if values.get("from"):
        span["gte"] = _moment(values["from"], at)
    if values.get("to"):
        span["lte"] = _moment(values["to"], at)
    if span:
        yield "from", {"range": {fields.SORT_DATE: span}}
    if values.get("has_comments"):
        bound = {"gt": 0} if values["has_comments"] == "true" else {"lte": 0}
        yield "has_comments", {"range": {fields.COMMENT_COUNT: bound}}
    if values.get("min_comments"):
        yield "min_comments", {"range": {fields.COMMENT_COUNT: {"gte": values["min_comments"]}}}


def _any_but(name: str, stated: Iterable[Stated]) -> Clause:
    wanted: dict[str, list[str]] = {}
    unwanted: dict[str, list[str]] = {}
    for value, excluded in stated:
        field, term = _term(name, value)
        (unwanted if excluded else wanted).setdefault(field, []).append(term)
    clause: Clause = {}
    if wanted:
        clause["should"] = [{"terms": {field: terms}} for field, terms in wanted.items()]
        clause["minimum_should_match"] = 1
    if unwanted:
        clause["must_not"] = [{"terms": {field: terms}} for field, terms in unwanted.items()]
    return {"bool": clause}


def _term(name: str, value: str) -> tuple[str, str]:
    if name == "author":
        return fields.AUTHOR_KEY, author_key(value)
    if name == "file":
        return (fields.FILE_ID if _FILE_ID.fullmatch(value) else fields.S3_KEY), value
    return _FIELD_OF[name], value.lower() if name == "lang" else value


def _moment(written: str, at: int) -> str:
    """Return a bound for the engine, which rounds a lower one down and an upper one up: all of a day is included."""
    seconds = seconds_of(written)
    if seconds is None:
        unit = _ROUNDED_TO.get(len(written))
        return f"{written}||/{unit}" if unit else written
    now = _EPOCH + timedelta(seconds=at)
    # Archives hold what is older than 1970, too; nothing is older than the calendar.
    ago = min(timedelta(seconds=seconds), now - datetime.min.replace(tzinfo=UTC))
    return (now - ago).isoformat(timespec="seconds")
