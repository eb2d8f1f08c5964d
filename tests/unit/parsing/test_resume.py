"""A reading that goes on where another stopped gives the same records with the same ids."""

from __future__ import annotations

import gzip
import io

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import PermanentError
from broadsheet.ids import PublicIds
from broadsheet.model import ArticleRecord, Hints, PassedRecord
from broadsheet.parsing import Limits, read
from broadsheet.parsing.shape import record_json
from tests.records import full_record
from tests.samples import HOMS
from tests.unit.parsing.test_containers import FILES, tar_of, zip_of

# Every kind of line, with names that occur again and again.
VALUE = st.sampled_from(
    [
        {"title": "a"},
        {"title": "a", "text": "b", "comments": ["x", "y"]},
        {"title": "a", "comments": ["x"] * 5},
        {"id": 1, "title": "a", "url": "https://news.example/1"},
        {"url": "https://news.example/1", "text": "<p>b</p>"},
        {"title": "<b>a</b>", "children": [{"text": "x"}]},
        {"text": "no name"},
        {"id": "s", "title": "r"},
        {"id": "c", "link_id": "t3_s", "parent_id": "t3_s", "body": "x"},
        {"id": "d", "link_id": "t3_z", "parent_id": "t1_c", "body": "x", "link_title": "z"},
        {"colour": "red"},
        {"articles": [{"title": "a"}, {"title": "b"}]},
        [],
        7,
        record_json(full_record(), file="a"),
        {"record": 1, "kind": "problem", "problem": {"code": "json_invalid", "message": "m"}},
        {"record": 1, "kind": "article", "article": {}},
    ]
)


def assert_resumes(data: bytes, name: str, limits: Limits) -> None:
    try:
        whole = list(read(io.BytesIO(data), Hints(name=name), limits=limits))
    except PermanentError as error:
        with pytest.raises(type(error)):
            list(read(io.BytesIO(data), Hints(name=name), limits=limits, start=1))
        return
    ids = PublicIds("f")
    assigned = [ids.assign(record) if isinstance(record, ArticleRecord) else None for record in whole]
    for start in range(len(whole) + 2):
        resumed = PublicIds("f")
        number = -1
        for number, record in enumerate(read(io.BytesIO(data), Hints(name=name), limits=limits, start=start)):
            assert record.record == number
            if number < start:
                assert isinstance(record, PassedRecord)
                assert (record.natural is None) == (assigned[number] is None)
                if record.natural is not None:
                    resumed.pass_over(record.natural)
                continue
            assert record == whole[number]
            if isinstance(record, ArticleRecord):
                assert resumed.assign(record) == assigned[number]
        assert number == len(whole) - 1


@given(st.lists(VALUE, max_size=12), st.sampled_from(["a.jsonl", "a.jsonl.gz", "a.json"]))
def test_any_start_gives_the_records_and_ids_of_a_whole_reading(values: list[object], name: str) -> None:
    lines = b"\n".join(map(orjson.dumps, values)) + b"\nbroken"
    data = orjson.dumps(values) if name == "a.json" else gzip.compress(lines) if name.endswith("gz") else lines
    assert_resumes(data, name, Limits(max_comments=4))


ARCHIVES = {"tar.gz": tar_of(FILES, "gz"), "zip": zip_of(FILES), "gz": gzip.compress(HOMS.read_bytes())[:-3]}


@pytest.mark.parametrize("data", ARCHIVES.values(), ids=ARCHIVES)
def test_archives_of_pages_resume_anywhere(data: bytes) -> None:
    assert_resumes(data, "archive", Limits())


def test_page_is_passed_over_by_the_name_that_its_id_is_made_of() -> None:
    (passed,) = read(io.BytesIO(HOMS.read_bytes()), Hints(name="a.txt"), start=1)
    assert isinstance(passed, PassedRecord)
    assert passed.natural
    assert passed.natural.startswith("Syria Army Enters Homs")
