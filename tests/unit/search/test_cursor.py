"""The place where a walk goes on: written, read back, and refused when it is anything else."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64encode
from dataclasses import replace

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.errors import RequestError
from broadsheet.search import cursor as cursors
from broadsheet.search.cursor import Cursor
from broadsheet.search.request import read_search

NOW = 1_400_000_000
PAGE = Cursor("r" * 26, 3, NOW, False, "", (1.5, -(2**63), "f-a0"))
WORDS = st.text(st.characters(exclude_categories=["Cs"]))


def read(text, **parameters):
    given = {"q": ["homs"], "cursor": [text]} | parameters
    return read_search(given, NOW + 1_000_000).cursor


def code(text, **parameters):
    with pytest.raises(RequestError) as refused:
        read(text, **parameters)
    (problem,) = refused.value.problems
    assert problem.parameter == "cursor"
    assert "tart again without it." in problem.message or "Send the parameters" in problem.message
    return problem.code


def of(parameters, **changes):
    """A cursor of the search with these parameters."""
    identity = read_search(parameters, NOW).identity
    return cursors.encode(replace(PAGE, request=identity, **changes))


def packed(values):
    return urlsafe_b64encode(zlib.compress(orjson.dumps(values))).decode()


@given(
    st.builds(
        Cursor,
        request=WORDS,
        generation=st.integers(0, 2**31),
        at=st.integers(0, 2**37),
        relaxed=st.booleans(),
        point_in_time=WORDS,
        after=st.tuples(st.floats(0, 1e6), st.integers(-(2**63), 2**63 - 1), WORDS),
        shown=st.lists(WORDS, max_size=100).map(tuple),
    )
)
def test_what_is_written_is_read_back_and_needs_no_escapes(cursor):
    text = cursors.encode(cursor)
    assert text.isascii()
    assert set(text) - set("-_") <= {character for character in text if character.isalnum()}
    assert cursors.decode(text) == cursor


def test_the_longest_cursor_is_shorter_than_what_is_read():
    # A page of 100 results, and the state of two indices with five shards each.
    shown = tuple(f"{cursors.identity({'page': number})}-a{number * 7}-c{number}" for number in range(100))
    longest = replace(PAGE, point_in_time="Zx9" * 400, shown=shown)
    assert len(cursors.encode(longest)) < cursors.LONGEST * 0.75
    assert len(cursors.encode(replace(PAGE, shown=shown[:10]))) < 700


@given(st.one_of(st.text(), st.binary().map(lambda raw: urlsafe_b64encode(raw).decode())))
@example("")
@example("é")
@example("=")
def test_whatever_is_no_cursor_is_refused(text):
    with pytest.raises(RequestError) as refused:
        cursors.decode(text)
    assert refused.value.problems[0].code == "invalid_cursor"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=12,
)


@given(st.one_of(JSON, st.lists(JSON, max_size=8).map(lambda rest: [2, *rest])))
def test_whatever_json_is_packed_is_refused_or_a_cursor(values):
    try:
        cursor = cursors.decode(packed(values))
    except RequestError:
        return
    assert packed(values).rstrip("=") == cursors.encode(cursor)


@given(st.integers(0, 200), st.integers(1, 255))
def test_a_damaged_cursor_is_refused(place, change):
    text = bytearray(cursors.encode(PAGE).encode())
    at = place % len(text)
    text[at] = text[at] ^ change & 0x7F or 0x41
    damaged = text.decode()
    try:
        read_back = cursors.decode(damaged)
    except RequestError:
        return
    assert read_back == PAGE  # the last letter holds bits that mean nothing


def test_a_cursor_that_unpacks_to_gigabytes_is_refused_early():
    bomb = urlsafe_b64encode(zlib.compress(b"[" * 50_000_000, 9)).decode()
    with pytest.raises(RequestError):
        cursors.decode(bomb)


@pytest.mark.parametrize(
    "changes",
    [
        {"after": (1.5, 0)},
        {"after": ("1.5", 0, "f-a0")},
        {"after": (1.5, None, "f-a0")},
        {"after": (1.5, 2**63, "f-a0")},
        {"after": (1.5, True, "f-a0")},
        {"after": (1.5, 0, ["f-a0"])},
        {"after": ()},
        {"at": -1},
        {"at": 2**60},
        {"shown": (1,)},
    ],
)
def test_values_that_the_engine_could_not_take_are_refused(changes):
    assert code(of({"q": ["homs"]}, **changes)) == "invalid_cursor"


@pytest.mark.parametrize(
    ("sort", "after"),
    [
        ("relevance", (1.5, 0, "f-a0")),
        ("newest", (-(2**63), "f-a0")),
        ("oldest", (2**63 - 1, "f-a0")),
        ("discussed", (30, 0, "f-a0")),
        ("active", (0, "f-a0")),
    ],
)
def test_every_order_takes_its_own_values_and_no_others(sort, after):
    parameters = {"q": ["homs"], "sort": [sort]} | ({"type": ["article"]} if sort == "discussed" else {})
    assert read(of(parameters, after=after), **parameters).after == after
    assert code(of(parameters, after=(*after, 1)), **parameters) == "invalid_cursor"


def test_only_the_order_of_relevance_starts_over_without_what_was_shown():
    assert read(of({"q": ["homs"]}, after=(), shown=("f-a0",))).shown == ("f-a0",)
    dated = {"q": ["homs"], "sort": ["newest"]}
    assert code(of(dated, after=(), shown=("f-a0",)), **dated) == "invalid_cursor"


@pytest.mark.parametrize(
    "other",
    [{"q": ["hama"]}, {"type": ["article"]}, {"lang": ["ar"]}, {"match": ["any"]}, {"facet": ["lang"]}, {"to": ["1d"]}],
)
def test_a_cursor_goes_with_the_request_that_it_came_from(other):
    assert code(of({"q": ["homs"]}), **other) == "cursor_mismatch"


def test_a_page_may_have_another_length():
    assert read(of({"q": ["homs"]}), limit=["50"])


def test_relative_dates_count_from_the_first_page_of_the_walk():
    first = read_search({"q": ["homs"], "from": ["30d"]}, NOW)
    following = cursors.encode(replace(PAGE, request=first.identity))
    later = read_search({"q": ["homs"], "from": ["30d"], "cursor": [following]}, NOW + 86_400)
    assert later.filters == first.filters
    assert later.at == NOW


def hits(index):
    return [{"_index": index}]


def test_a_walk_ends_where_the_generation_changes():
    assert cursors.generation(None, hits("t-articles-v3")) == 3
    assert cursors.generation(PAGE, hits("t-comments-v3")) == 3
    assert cursors.generation(PAGE, []) == 0
    with pytest.raises(RequestError) as refused:
        cursors.generation(PAGE, hits("t-articles-v4"))
    assert refused.value.problems[0].code == "cursor_expired"
    assert cursors.generation(replace(PAGE, generation=0), hits("t-articles-v4")) == 4
