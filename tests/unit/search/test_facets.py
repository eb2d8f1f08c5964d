"""Facets and the timeline: what the engine is asked for, and what people get."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.errors import RequestError
from broadsheet.search.facets import MOST_BUCKETS, aggregations, facets, timeline
from broadsheet.search.filters import Filters
from tests.engine_answers import values

NOTHING = Filters({})
SOURCE = {"bool": {"should": [{"terms": {"source": ["a"]}}]}}
LANG = {"bool": {"should": [{"terms": {"lang": ["ar"]}}]}}
DATES = {"range": {"sort_date": {"gte": "2014-05-09"}}}
BOTH = Filters({"source": SOURCE, "lang": LANG, "from": DATES})


def others(asked, name):
    return asked[name]["filter"]["bool"]["filter"]


def test_nothing_is_counted_unasked():
    assert aggregations((), 10, "none", BOTH) == {}
    assert facets((), {}) == {}
    assert timeline("none", {}) == []


def test_a_facet_takes_the_filters_of_the_other_facets_and_not_its_own():
    asked = aggregations(("source", "lang", "tag"), 10, "none", BOTH)
    assert others(asked, "source") == [LANG]
    assert others(asked, "lang") == [SOURCE]
    assert others(asked, "tag") == [SOURCE, LANG]
    # Dates have no facet: that filter narrows the search itself, and so every count.
    assert DATES not in others(asked, "tag")


def test_the_timeline_takes_the_filters_of_all_facets():
    assert others(aggregations(("source",), 10, "month", BOTH), "timeline") == [SOURCE]


def test_facets_have_the_size_that_is_asked_for():
    asked = aggregations(("author", "year"), 25, "none", NOTHING)
    assert asked["author"]["aggs"]["counts"]["terms"] == {"field": "author_key", "size": 25, "shard_size": 500}
    assert asked["year"]["aggs"]["counts"]["date_histogram"]["order"] == {"_key": "desc"}


def answer(name, counts):
    return {name: {"counts": counts}}


def test_values_come_with_their_counts_and_the_number_of_what_is_not_listed():
    found = facets(("lang",), answer("lang", values(("en", 7), ("ar", 3), others=2)))
    assert found == {
        "lang": {"values": [{"value": "en", "count": 7}, {"value": "ar", "count": 3}], "other": 2},
    }


def test_counts_that_shards_did_not_report_in_full_are_called_approximate():
    exact = facets(("lang",), answer("lang", values(("en", 7)) | {"doc_count_error_upper_bound": 0}))
    assert "approximate" not in exact["lang"]
    found = facets(("lang",), answer("lang", values(("en", 7)) | {"doc_count_error_upper_bound": 3}))
    assert found["lang"]["approximate"] is True


def test_authors_have_their_names_also_beside_other_bylines():
    beside = values(("Agence France Presse", 9), ("The  21st", 4))
    found = facets(("author",), answer("author", values(("the 21st", 4), name=beside)) | answer("year", values()))
    assert found["author"]["values"] == [{"value": "The  21st", "count": 4}]
    unnamed = facets(("author",), answer("author", values(("the 21st", 4), name=values())))
    assert unnamed["author"]["values"] == [{"value": "the 21st", "count": 4}]


def stamp(day):
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)


def steps(name, *days, **more):
    buckets = [{"key": stamp(day), "doc_count": count} for day, count in days]
    return timeline(name, answer("timeline", {"buckets": buckets, **more}))


def test_years_are_told_as_numbers():
    buckets = {"buckets": [{"key": stamp("2014-01-01"), "doc_count": 2}, {"key": stamp("1905-01-01"), "doc_count": 1}]}
    assert [each["value"] for each in facets(("year",), answer("year", buckets))["year"]["values"]] == ["2014", "1905"]


@pytest.mark.parametrize(
    ("interval", "first", "last", "between"),
    [
        ("year", "2012-01-01", "2014-01-01", ["2013-01-01"]),
        ("month", "2013-11-01", "2014-02-01", ["2013-12-01", "2014-01-01"]),
        ("week", "2014-02-24", "2014-03-10", ["2014-03-03"]),
        ("day", "2016-02-28", "2016-03-01", ["2016-02-29"]),
        ("year", "1968-01-01", "1970-01-01", ["1969-01-01"]),
        ("day", "9999-12-29", "9999-12-31", ["9999-12-30"]),
        ("year", "9998-01-01", "9999-01-01", []),
    ],
)
def test_gaps_are_filled(interval, first, last, between):
    expected = [(first, 1), *((day, 0) for day in between), (last, 2)]
    found = steps(interval, (first, 1), (last, 2))
    assert [(step["from"], step["count"]) for step in found] == expected


def test_one_step_and_none_stay_as_they_are():
    assert steps("day") == []
    assert steps("day", ("2014-05-09", 3)) == [{"from": "2014-05-09", "count": 3}]


def test_automatic_steps_shorter_than_a_day_have_a_time():
    found = steps("auto", ("2014-05-09T13:00", 1), ("2014-05-09T16:00", 1), interval="3h")
    assert [step["from"] for step in found] == ["2014-05-09T13:00+00:00", "2014-05-09T16:00+00:00"]
    assert steps("auto", ("2014-05-09", 1), interval="7d") == [{"from": "2014-05-09", "count": 1}]


def test_a_timeline_of_too_many_steps_is_refused_with_what_to_do():
    with pytest.raises(RequestError) as refused:
        steps("day", ("1900-01-01", 1), ("2014-05-09", 1))
    (problem,) = refused.value.problems
    assert (problem.parameter, problem.code) == ("timeline", "timeline_too_fine")
    assert problem.message == "timeline would have more than 1000 steps; take a longer one, or narrow from and to."


def test_as_many_steps_as_allowed_are_answered():
    assert len(steps("day", ("2014-01-01", 1), ("2016-09-26", 1))) == MOST_BUCKETS
