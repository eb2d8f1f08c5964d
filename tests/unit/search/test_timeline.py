"""The timeline as a resource of its own: what may be asked, what the engine is asked, and what people get."""

from __future__ import annotations

import pytest

from broadsheet.errors import RequestError
from broadsheet.search.request import read_search
from broadsheet.search.timeline import TIMELINE_PARAMETERS, read_timeline, timeline_body, timeline_page
from tests.engine_answers import timeline_counted

NOW = 1_400_000_000.0
MAY, JULY = 1_398_902_400_000, 1_404_172_800_000


def refused(given):
    with pytest.raises(RequestError) as problem:
        read_timeline(given, NOW)
    return [(each.parameter, each.code) for each in problem.value.problems]


def test_it_takes_what_narrows_a_search():
    asked = read_timeline({"q": ["homs"], "source": ["naharnet"], "from": ["30d"], "type": ["article"]}, NOW)
    same = read_search({"q": ["homs"], "source": ["naharnet"], "from": ["30d"], "type": ["article"]}, NOW)
    assert (asked.query, asked.filters, asked.type, asked.at) == (same.query, same.filters, same.type, same.at)
    assert asked.timeline == "auto"


@pytest.mark.parametrize("name", ["limit", "cursor", "facet", "sort", "highlight", "fields", "explain", "interval"])
def test_it_refuses_what_is_of_pages(name):
    assert refused({"q": ["homs"], name: ["1"]}) == [(name, "unknown_parameter")]


def test_wrong_values_are_refused_as_in_a_search():
    assert refused({"timeline": ["none"]}) == [("timeline", "not_a_choice")]
    assert refused({"q": ["..."]}) == [("q", "no_words")]
    assert len({parameter.name for parameter in TIMELINE_PARAMETERS}) == len(TIMELINE_PARAMETERS)


def test_no_result_is_fetched_and_every_match_is_counted():
    body = timeline_body(read_timeline({"q": ["homs"], "timeline": ["month"]}, NOW), timeout_ms=5_000)
    assert (body["size"], body["track_total_hits"], body["timeout"]) == (0, True, "5000ms")
    assert set(body["aggs"]) == {"timeline", "undated"}
    assert not {"highlight", "sort", "_source"} & set(body)


def test_every_word_of_a_long_query_is_required_unless_any_is_asked_for():
    long = "siege of the old city in homs ends after months"
    required, any_ = (
        timeline_body(read_timeline({"q": [long], "type": ["article"], "match": [match]}, NOW), timeout_ms=1)["query"]
        for match in ("auto", "any")
    )
    assert len(required["bool"]["must"]) == 6
    assert len(any_["bool"]["must"]) == 1


@pytest.mark.parametrize(
    ("chosen", "step"),
    [("7d", "P7D"), ("1M", "P1M"), ("20y", "P20Y"), ("12h", "PT12H"), ("5m", "PT5M"), ("1s", "PT1S")],
)
def test_the_step_that_the_engine_chose_is_told_as_a_duration(chosen, step):
    answer = timeline_counted({"interval": chosen, "buckets": [{"key": MAY, "doc_count": 2}]}, undated=1, total=3)
    page = timeline_page(read_timeline({}, NOW), answer)
    assert (page["step"], page["undated"], page["total"]) == (step, 1, {"value": 3, "relation": "eq"})
    assert [each["count"] for each in page["timeline"]] == [2]


def test_gaps_are_filled():
    buckets = [{"key": MAY, "doc_count": 2}, {"key": JULY, "doc_count": 1}]
    page = timeline_page(read_timeline({"timeline": ["month"]}, NOW), timeline_counted({"buckets": buckets}, total=3))
    assert page == {
        "total": {"value": 3, "relation": "eq"},
        "took_ms": 3,
        "undated": 0,
        "step": "P1M",
        "timeline": [
            {"from": "2014-05-01", "count": 2},
            {"from": "2014-06-01", "count": 0},
            {"from": "2014-07-01", "count": 1},
        ],
    }
