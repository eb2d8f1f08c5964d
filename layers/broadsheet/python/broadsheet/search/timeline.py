"""How many results a search has over time, without the results."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from broadsheet.index import fields
from broadsheet.search.facets import INTERVALS, Interval, timeline
from broadsheet.search.page import total
from broadsheet.search.parameters import Choice, Parameter, read_parameters
from broadsheet.search.plan import plan
from broadsheet.search.query import search_body
from broadsheet.search.request import SEARCH_PARAMETERS, SearchRequest, read_search

Json = dict[str, Any]

# What changes the page, and no count.
_OF_PAGES = frozenset(("sort", "recency", "limit", "cursor", "facet", "facet_size", "highlight", "fields", "explain"))
_STEPS: Mapping[Interval, str] = {"year": "P1Y", "month": "P1M", "week": "P7D", "day": "P1D"}
# The engine's own: a number with a unit that tells months (M) from minutes (m).
_CHOSEN_STEP = re.compile(r"(\d+)([smhdMy])", re.ASCII)


def _declared() -> Iterator[Parameter]:
    for parameter in SEARCH_PARAMETERS:
        if isinstance(parameter, Choice) and parameter.name == "timeline":
            steps = tuple(step for step in INTERVALS if step != "none")
            description = "The length of a step; auto takes what makes at most 60 of them."
            yield parameter._replace(description=description, choices=steps, default="auto")
        elif parameter.name not in _OF_PAGES:
            yield parameter


TIMELINE_PARAMETERS: tuple[Parameter, ...] = tuple(_declared())


def read_timeline(given: Mapping[str, Sequence[str]], now: float) -> SearchRequest:
    """Read the parameters; raise RequestError with one problem per wrong parameter. ``now`` is in seconds.

    As in every order that is not one of relevance, all words of the query are required unless ``match`` says otherwise:
    a count of what has one word of many tells nothing.
    """
    values = read_parameters(TIMELINE_PARAMETERS, given)
    return read_search({**given, "timeline": [values["timeline"]], "sort": ["newest"], "highlight": ["none"]}, now)


def timeline_body(request: SearchRequest, *, timeout_ms: int) -> Json:
    """Return the search that counts; all matches are counted, so that total and steps agree."""
    body = search_body(
        request,
        plan(request.query, match=request.match, exact=request.exact, ranked=False),
        timeout_ms=timeout_ms,
    )
    undated = {"undated": {"missing": {"field": fields.SORT_DATE}}}
    return {
        "query": body["query"],
        "size": 0,
        "track_total_hits": True,
        "timeout": body["timeout"],
        "aggs": body["aggs"] | undated,
    }


def timeline_page(request: SearchRequest, found: Json) -> Json:
    """Return ``total``, how many of it have no date, the length of a step (ISO 8601), and the steps, gaps filled.

    Raise RequestError for too many steps.
    """
    counted = found["aggregations"]
    return {
        "total": total(found),
        "took_ms": found["took"],
        "undated": counted["undated"]["doc_count"],
        "step": _step(request.timeline, counted["timeline"]["counts"]),
        "timeline": timeline(request.timeline, counted),
    }


def _step(interval: Interval, counts: Json) -> str:
    if interval != "auto":
        return _STEPS[interval]
    number, unit = _CHOSEN_STEP.fullmatch(counts["interval"]).groups()  # type: ignore[union-attr]
    return f"P{'T' if unit in 'smh' else ''}{number}{unit.upper()}"
