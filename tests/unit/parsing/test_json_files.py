"""JSON and JSON Lines of any size and in any state: one bad record never costs the others."""

from __future__ import annotations

import io
import json
import time
import tracemalloc
from contextlib import suppress
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import PermanentError
from broadsheet.model import ArticleRecord, Hints, Problem, ProblemRecord
from broadsheet.parsing import Limits, read
from tests.unit.parsing.exports import outline, read_file, read_values

SMALL = Limits(max_record_bytes=1000)
LONG = {"title": "long", "text": "x" * 5000}
BAD = {
    "a number that is none": (b'{"title": NaN}', "json_invalid"),
    "infinity": (b'{"title": "a", "id": -Infinity}', "json_invalid"),
    "a number of 5,000 digits": (b'{"title": "a", "id": ' + b"9" * 5000 + b"}", "json_invalid"),
    "a lone surrogate": (b'{"title": "\\ud800"}', "json_invalid"),
    "bytes that are not UTF-8": (b'{"title": "caf\xe9"}', "json_not_utf8"),
    "too deep": (b'{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "json_too_deep"),
    "cut off": (b'{"title": "a', "json_invalid"),
    "two on a line": (b'{"title": "a"} {"title": "b"}', "json_invalid"),
    "a number": (b"7", "not_an_article"),
    "a string": (b'"title"', "not_an_article"),
    "nothing that is known": (b'{"title": " ", "colour": "red"}', "not_an_article"),
    "an empty object": (b"{}", "not_an_article"),
}


@pytest.mark.parametrize(("line", "code"), BAD.values(), ids=BAD)
def test_bad_line_is_a_problem_with_its_place_and_the_others_are_read(line: bytes, code: str) -> None:
    records = read_file(b'{"title": "first"}\r\n\n' + line + b'\n{"title": "last"}')
    assert outline(records) == ["first", code, "last"]
    problem = records[1]
    assert isinstance(problem, ProblemRecord)
    assert (problem.problem.line, problem.problem.offset) == (3, 21)


@pytest.mark.parametrize("case", [name for name in BAD if name not in {"cut off", "two on a line"}])
def test_bad_element_of_a_list_is_a_problem_and_the_others_are_read(case: str) -> None:
    element, code = BAD[case]
    assert outline(read_file(b'[{"title": "first"},\n' + element + b',\n{"title": "last"}]', "a.json")) == [
        "first",
        code,
        "last",
    ]


def test_byte_order_mark_is_allowed_on_the_first_line_only() -> None:
    line = b'\xef\xbb\xbf{"title": "a"}\n'
    assert outline(read_file(line * 2)) == ["a", "json_invalid"]
    assert outline(read_file(line, "a.json")) == ["a"]


def test_line_separators_of_unicode_end_no_line() -> None:
    text = '{"title": "a\u2028b\u2029c\x85d"}\n'
    (record,) = read_file(text.encode())
    assert isinstance(record, ArticleRecord)
    assert record.article.title == "a b c d"


def test_long_line_is_a_problem_and_the_others_are_read() -> None:
    records = read_values({"title": "a"}, LONG, {"title": "b"}, LONG, limits=SMALL)
    assert outline(records) == ["a", "line_too_long", "b", "line_too_long"]


def test_long_element_is_a_problem_and_the_others_are_read() -> None:
    data = json.dumps([{"title": "a"}, LONG, {"title": "b}"}]).encode()
    assert outline(read_file(data, "a.json", SMALL)) == ["a", "record_too_large", "b}"]


def test_empty_file_of_lines_is_empty() -> None:
    with pytest.raises(PermanentError) as caught:
        read_file(b"\n \n")
    assert caught.value.code == "empty_file"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"title": "a"}', ["a"]),
        (b'[{"title": "a"}, {"title": "b"}]', ["a", "b"]),
        (b'{\n "title": "a"\n}\n{\n "title": "b"\n}', ["a", "b"]),
        (b'{"title": "a"}\n{"title": \n{"title": "c"}', ["a", "json_invalid", "c"]),
        (b'[{"title": "a"}][{"title": "b"}]', ["a", "b"]),
        (b'[{"title": "a"}, {"title": "b', ["a", "json_truncated"]),
        (b'[{"title": "a"}', ["a", "json_truncated"]),
        (b'[{"title": "a"}, }]', ["a", "json_invalid"]),
        (b'[{"title": "a"}] and more', ["a", "json_invalid"]),
        (b'[{"title": "a"}, [{"title": "b"}], nonsense]', ["a", "b", "json_invalid"]),
        (b'[{"title": "}{"}, {"title": "]\\"["}]', ["}{", ']"[']),
        (b"[]", None),
    ],
)
def test_document(data: bytes, expected: list[str] | None) -> None:
    if expected is None:
        with pytest.raises(PermanentError):
            read_file(data, "a.json")
    else:
        assert outline(read_file(data, "a.json")) == expected


@pytest.mark.parametrize("opening", [b"{", b'{"meta": {"a": "' + b"}" * 2_000_000 + b'"}, '])
def test_large_object_is_looked_into_for_its_list(opening: bytes) -> None:
    articles = b",".join(b'{"title": "%d", "text": "%s"}' % (n, b"x" * 10_000) for n in range(150))
    data = opening + b'"articles": [' + articles + b'], "comments": [], "next": null}'
    assert outline(read_file(data, "a.json")) == [str(n) for n in range(150)]


def test_large_article_is_read_whole() -> None:
    article = {"title": "a", "text": "x" * 1_200_000, "posts": [], "comments": [{"text": "y"}] * 10}
    records = read_values(article, name="a.json")
    assert outline(records) == ["a"]
    assert isinstance(records[0], ArticleRecord)
    assert len(records[0].comments) == 10
    limits = Limits(max_record_bytes=1_100_000)
    assert outline(read_values(article, name="a.json", limits=limits)) == ["record_too_large"]


def test_discussion_over_the_limit_is_a_problem_of_its_record() -> None:
    nested: dict[str, object] = {"text": "x"}
    for _ in range(5):
        nested = {"text": "x", "replies": [nested]}
    records = read_values(
        {"title": "a", "comments": ["x"] * 6},
        {"title": "b", "comments": [nested]},
        {"title": "c", "comments": ["x"] * 5},
        limits=Limits(max_comments=5),
    )
    assert outline(records) == ["too_many_comments", "too_many_comments", "c"]


def test_deep_discussion_is_read() -> None:
    nested: dict[str, object] = {"text": "x"}
    for _ in range(400):
        nested = {"text": "x", "replies": [nested]}
    (record,) = read_values({"title": "a", "comments": [nested]})
    assert isinstance(record, ArticleRecord)
    assert [comment.thread.parent for comment in record.comments] == [None, *range(400)]


def test_number_of_records_is_limited() -> None:
    with pytest.raises(PermanentError) as caught:
        read_file(b"[" + b"1," * 20 + b"1]", "a.json", Limits(max_records=10))
    assert caught.value.code == "too_many_records"


NAMES = """
title body text comments replies id parent_id author date kind data children record article problem link_id items url
tags type thread posted_at @graph _embedded name created_utc language comment_count source
"""
NAME = st.sampled_from(NAMES.split()) | st.text(max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAME, inner, max_size=5),
    max_leaves=25,
)


@given(st.lists(JSON, min_size=1, max_size=5), st.sampled_from(["a.json", "a.jsonl"]))
def test_any_json_gives_records_in_order(values: list[object], name: str) -> None:
    text = "\n".join(map(json.dumps, values)) if name == "a.jsonl" else json.dumps(values)
    # Raises nothing but what an empty list is told.
    with suppress(PermanentError):
        outline(read_file(text.encode("utf-8", "surrogatepass"), name))


@given(st.lists(JSON, min_size=1, max_size=4), st.integers(1, 50))
def test_chunks_of_any_size_make_no_difference(values: list[object], size: int) -> None:
    data = json.dumps({"items": values, "title": "t"}, indent=1).encode("utf-8", "surrogatepass")

    class Drip:
        def __init__(self) -> None:
            self._data = io.BytesIO(data)

        def read(self, wanted: int = -1) -> bytes:
            return self._data.read(min(wanted, size))

    try:
        expected = read_file(data, "a.json")
    except PermanentError:
        return
    assert list(read(cast("BinaryIO", Drip()), Hints(name="a.json"))) == expected


class Endless:
    """A file that is made while it is read."""

    def __init__(self, first: bytes, repeated: bytes, last: bytes, times: int) -> None:
        self._parts = iter([first, *[repeated] * times, last])
        self._held = b""

    def read(self, size: int) -> bytes:
        while not self._held:
            part = next(self._parts, None)
            if part is None:
                return b""
            self._held = part
        part, self._held = self._held[:size], self._held[size:]
        return part


RECORD = json.dumps({"title": "a", "text": "word " * 400, "comments": [{"text": "word " * 50}] * 20}).encode()


@pytest.mark.parametrize(
    ("first", "repeated", "last", "name"),
    [
        (b"", RECORD + b"\n", b"", "a.jsonl"),
        (b"[", RECORD + b",", b"{}]", "a.json"),
        (b'{"articles": [', RECORD + b",", b"{}]}", "a.json"),
        (b"", RECORD + b"\n", b"", "a"),
    ],
)
def test_memory_does_not_grow_with_the_file(first: bytes, repeated: bytes, last: bytes, name: str) -> None:
    stream = Endless(first, repeated, last, times=3_000)  # 24 MB
    tracemalloc.start()
    try:
        count = sum(1 for _ in read(cast("BinaryIO", stream), Hints(name=name)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count >= 3_000
    assert peak < 5_000_000


def test_problem_of_a_value_names_line_and_byte() -> None:
    (problem,) = read_file(b'\n[\n {"colour":\n "red"}]', "a.json")
    assert problem == ProblemRecord(
        0,
        Problem(
            "not_an_article",
            "The record is no article: it has no title, text or comments under any name that is known.",
            line=3,
            offset=4,
        ),
    )


HOSTILE = {
    "brackets in strings": b"[" + b'{"title": "{"},' * 100_000 + b"]",
    "closing brackets in strings": b"[" + b'{"title": "}"},' * 100_000 + b"]",
    "escapes": b'[{"title": "{' + b"\\\\" * 1_000_000 + b'"}]',
    "open lists": b"[" * 3_000_000,
    "commas": b"[" + b"," * 5_000_000 + b"]",
    "separators": json.dumps({"title": "a", "author": ";" * 1_000_000, "tags": "," * 1_000_000}).encode(),
    "names": b"{" + b'"a": [1],' * 300_000 + b'"title": "a"}',
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_document_is_read_in_linear_time(data: bytes) -> None:
    started = time.process_time()
    with suppress(PermanentError):
        read_file(data, "a.json")
    assert time.process_time() - started < 20
