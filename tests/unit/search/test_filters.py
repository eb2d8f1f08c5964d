"""Filters become clauses that narrow a search without ranking it."""

from __future__ import annotations

import pytest

from broadsheet.errors import RequestError
from broadsheet.search.filters import FILTERS, compiled
from broadsheet.search.parameters import read_parameters

NOW = 1_400_000_000  # 2014-05-13T16:53:20Z
ARTICLE = "a" * 26


def clauses(**given):
    return compiled(read_parameters(FILTERS, given), NOW).clauses


def problem(**given):
    with pytest.raises(RequestError) as refused:
        clauses(**given)
    (only,) = refused.value.problems
    return only.code, only.message


def test_without_filters_nothing_is_narrowed():
    assert clauses() == {}


@pytest.mark.parametrize(
    ("name", "value", "field", "term"),
    [
        ("source", "Naharnet", "source", "Naharnet"),
        ("article", ARTICLE, "article_id", ARTICLE),
        ("author", "The  21st", "author_key", "the 21st"),
        ("author", "الأسد", "author_key", "الاسد"),
        ("author_kind", "guest", "author_kind", "guest"),
        ("lang", "AR", "lang", "ar"),
        ("tag", "حمص", "tags", "حمص"),
        ("file", ARTICLE, "file_id", ARTICLE),
        ("file", "2014/homs.txt", "s3_key", "2014/homs.txt"),
        ("date_basis", "none", "date_basis", "none"),
    ],
)
def test_a_value_is_looked_for_in_its_field(name, value, field, term):
    wanted = {"should": [{"terms": {field: [term]}}], "minimum_should_match": 1}
    assert clauses(**{name: [value]}) == {name: {"bool": wanted}}
    assert clauses(**{name: ["-" + value]}) == {name: {"bool": {"must_not": [{"terms": {field: [term]}}]}}}


def test_repeated_values_are_alternatives_and_exclusions_hold_beside_them():
    (clause,) = clauses(source=["a", "-b", "c", "a"]).values()
    assert clause["bool"] == {
        "should": [{"terms": {"source": ["a", "c"]}}],
        "minimum_should_match": 1,
        "must_not": [{"terms": {"source": ["b"]}}],
    }


def test_ids_and_keys_of_files_may_stand_side_by_side():
    (clause,) = clauses(file=[ARTICLE, "a.txt"]).values()
    assert clause["bool"]["should"] == [{"terms": {"file_id": [ARTICLE]}}, {"terms": {"s3_key": ["a.txt"]}}]


@pytest.mark.parametrize(
    ("given", "span"),
    [
        ({"from": ["2014-05-09"]}, {"gte": "2014-05-09||/d"}),
        ({"from": ["2014"], "to": ["2014-05"]}, {"gte": "2014||/y", "lte": "2014-05||/M"}),
        ({"to": ["20140509"]}, {"lte": "2014-05-09||/d"}),
        ({"to": ["2014-05-09"]}, {"lte": "2014-05-09||/d"}),
        ({"to": ["2014-05-09T16:33:00"]}, {"lte": "2014-05-09T16:33:00+00:00"}),
        ({"from": ["2014-05-09T16:33:00+03:00"]}, {"gte": "2014-05-09T16:33:00+03:00"}),
        ({"from": ["12h"]}, {"gte": "2014-05-13T04:53:20+00:00"}),
        ({"from": ["30d"], "to": ["2w"]}, {"gte": "2014-04-13T16:53:20+00:00", "lte": "2014-04-29T16:53:20+00:00"}),
        ({"from": ["1y"]}, {"gte": "2013-05-13T16:53:20+00:00"}),
        ({"from": ["100y"]}, {"gte": "1914-06-07T16:53:20+00:00"}),
        ({"from": ["9999y"]}, {"gte": "0001-01-01T00:00:00+00:00"}),
    ],
)
def test_days_are_inclusive_and_lengths_of_time_count_from_now(given, span):
    assert clauses(**given) == {"from": {"range": {"sort_date": span}}}


@pytest.mark.parametrize(
    ("given", "bound"),
    [
        ({"has_comments": ["true"]}, {"gt": 0}),
        ({"has_comments": ["false"]}, {"lte": 0}),
        ({"min_comments": ["3"]}, {"gte": 3}),
    ],
)
def test_comments_are_counted(given, bound):
    (clause,) = clauses(**given).values()
    assert clause == {"range": {"comment_count": bound}}


def test_at_least_no_comments_is_no_filter():
    assert clauses(min_comments=["0"]) == {}


def test_a_facet_takes_all_filters_but_its_own():
    filters = compiled(read_parameters(FILTERS, {"source": ["a"], "lang": ["en"], "from": ["1d"]}), NOW)
    assert filters.but(["source", "author"]) == [filters.clauses["lang"], filters.clauses["from"]]


@pytest.mark.parametrize(
    ("given", "code", "sentence"),
    [
        ({"author_kind": ["-human"]}, "not_a_choice", "author_kind must be one of member, member_without_avatar"),
        ({"source": ["-"]}, "out_of_range", "source must have 1 to 256 characters."),
        ({"source": ["x" * 257]}, "out_of_range", "source must have 1 to 256 characters."),
        ({"article": ["a" * 27]}, "out_of_range", "article must have 1 to 26 characters."),
        ({"tag": ["\x00"]}, "out_of_range", "tag must have 1 to 256 characters."),
        ({"from": ["9.5.2014"]}, "not_a_time", "from must be a date or time such as 2014-05-09, or how long ago"),
        ({"to": ["2014-02-30"]}, "not_a_time", "to must be a date or time"),
        ({"to": ["5x"]}, "not_a_time", "to must be a date or time"),
        ({"has_comments": ["yes"]}, "not_a_choice", "has_comments must be one of true, false, not yes."),
        ({"min_comments": ["-1"]}, "out_of_range", "min_comments must be a whole number from 0 to 1000000, not -1."),
        ({"from": ["1d", "2d"]}, "repeated", "from may be given once; it was given 2 times."),
    ],
)
def test_a_wrong_value_says_what_would_be_right(given, code, sentence):
    found, message = problem(**given)
    assert found == code
    assert message.startswith(sentence)
