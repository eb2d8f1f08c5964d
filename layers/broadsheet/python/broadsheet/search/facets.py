"""Counts beside the results: facets and the timeline, for the engine and for people.

A facet counts what the other filters leave: choosing one source does not make the other sources vanish from the list.
Filters whose facet is shown therefore narrow the hits afterwards (``post_filter``), and each count takes all of them
but its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from broadsheet.errors import ParameterProblem
from broadsheet.index import fields
from broadsheet.search import stored
from broadsheet.search.filters import Filters
from broadsheet.search.parameters import refusal
from broadsheet.text import author_key

Json = dict[str, Any]
FacetName = Literal["source", "author", "lang", "tag", "author_kind", "year"]
Interval = Literal["none", "auto", "year", "month", "week", "day"]

FACETS: tuple[FacetName, ...] = ("source", "author", "lang", "tag", "author_kind", "year")
INTERVALS: tuple[Interval, ...] = ("none", "auto", "year", "month", "week", "day")
MOST_BUCKETS = 1_000
"""Buckets of a timeline, empty ones included: 83 years of months, 2 years and 9 months of days."""

_AUTO_BUCKETS = 60
# An article may have several bylines: the name of a key is among those that stand beside it.
_NAMES_BESIDE = 20
_FIELD_OF: Mapping[FacetName, str] = {
    "source": fields.SOURCE,
    "author": fields.AUTHOR_KEY,
    "lang": fields.LANG,
    "tag": fields.TAGS,
    "author_kind": fields.AUTHOR_KIND,
}
_TIMELINE = "timeline"


def aggregations(names: Sequence[FacetName], size: int, interval: Interval, filters: Filters) -> Json:
    """Return the engine's part of the facets and the timeline."""
    asked: Json = {}
    for name in names:
        own = {name} if name in _FIELD_OF else set()
        asked[name] = _among(
            _counts(name, size), [filters.clauses[n] for n in names if n in filters.clauses and n not in own]
        )
    if interval != "none":
        asked[_TIMELINE] = _among(_histogram(interval), [filters.clauses[n] for n in names if n in filters.clauses])
    return asked


def facets(names: Sequence[FacetName], answer: Json) -> Json:
    """Return each facet as ``{"values": [{"value", "count"}], "other"}``; ``other`` counts what is not listed.

    ``approximate`` is set where shards have more values than they report, so that a count may be too low.
    """
    return {name: _facet(name, answer[name]["counts"]) for name in names}


def timeline(interval: Interval, answer: Json) -> list[Json]:
    """Return ``[{"from", "count"}]``, a bucket per step of the interval from the first to the last, gaps filled.

    Raise RequestError when that are more than MOST_BUCKETS.
    """
    if interval == "none":
        return []
    counts = answer[_TIMELINE]["counts"]
    step = counts.get("interval", "")
    buckets = {bucket["key"] // 1_000: bucket["doc_count"] for bucket in counts["buckets"]}
    if interval == "auto" or len(buckets) < 2:
        return [{"from": _day(key, step), "count": count} for key, count in buckets.items()]
    filled: list[Json] = []
    key, last = min(buckets), max(buckets)
    while True:
        if len(filled) == MOST_BUCKETS:
            sentence = f"timeline would have more than {MOST_BUCKETS} steps; take a longer one, or narrow from and to."
            raise refusal([ParameterProblem("timeline", "timeline_too_fine", sentence)])
        filled.append({"from": _day(key, step), "count": buckets.get(key, 0)})
        if key >= last:
            return filled
        key = _next(key, interval)


def _among(counts: Json, others: list[Json]) -> Json:
    return {"filter": {"bool": {"filter": others}}, "aggs": {"counts": counts}}


def _counts(name: FacetName, size: int) -> Json:
    if name == "year":
        return {"date_histogram": _calendar("year") | {"order": {"_key": "desc"}}}
    counts: Json = {"terms": {"field": _FIELD_OF[name], "size": size, "shard_size": stored.PER_SHARD}}
    if name == "author":
        counts["aggs"] = {"name": {"terms": {"field": fields.AUTHOR, "size": _NAMES_BESIDE}}}
    return counts


def _calendar(interval: str) -> Json:
    return {"field": fields.SORT_DATE, "calendar_interval": interval, "min_doc_count": 1}


def _histogram(interval: Interval) -> Json:
    if interval == "auto":
        return {"auto_date_histogram": {"field": fields.SORT_DATE, "buckets": _AUTO_BUCKETS}}
    return {"date_histogram": _calendar(interval)}


def _facet(name: FacetName, counts: Json) -> Json:
    values = [{"value": _value(name, bucket), "count": bucket["doc_count"]} for bucket in counts["buckets"]]
    facet: Json = {"values": values, "other": counts.get("sum_other_doc_count", 0)}
    return facet | ({"approximate": True} if counts.get("doc_count_error_upper_bound") else {})


def _value(name: FacetName, bucket: Json) -> str:
    if name == "year":
        return _time(bucket["key"] // 1_000).strftime("%Y")
    if name == "author":
        # A key is what spellings of a name have in common; people know the name.
        spelled = (str(name["key"]) for name in bucket["name"]["buckets"])
        return next((name for name in spelled if author_key(name) == bucket["key"]), str(bucket["key"]))
    return str(bucket["key"])


def _time(seconds: int) -> datetime:
    # Not fromtimestamp, which refuses years before 1970 on some systems.
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def _day(seconds: int, step: str) -> str:
    moment = _time(seconds)
    return moment.isoformat(timespec="minutes") if step[-1:] in {"s", "m", "h"} else moment.date().isoformat()


def _next(seconds: int, interval: Interval) -> int:
    moment = _time(seconds)
    if interval == "year":
        moment = moment.replace(year=moment.year + 1)
    elif interval == "month":
        moment = moment.replace(year=moment.year + moment.month // 12, month=moment.month % 12 + 1)
    else:
        moment += timedelta(days=7 if interval == "week" else 1)
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
