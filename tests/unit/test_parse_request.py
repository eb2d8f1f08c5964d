"""Dry runs for the API: what ends an answer, and any bytes at all."""

from __future__ import annotations

import gzip
import itertools

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.dry_run import Place
from broadsheet.errors import BroadsheetError, LimitError, PermanentError, RequestError
from broadsheet.parse_request import ParseRequest
from broadsheet.settings import ParseSettings

LINES = b"".join(orjson.dumps({"title": f"title {number}", "body": "b"}) + b"\n" for number in range(5))

PAGE = b"""<!doctype html><title>A title</title><article><h1>A title</h1>
<p>The last rebels left the old city on Friday, and their families with them.</p></article>
<ol class="commentlist">
<li class="comment" id="comment-1"><cite class="fn">first</cite> <time>3 hours ago</time><p>At last they left.</p></li>
<li class="comment" id="comment-2"><cite class="fn">second</cite> <time>2 hours ago</time><p>And who is next?</p></li>
</ol>"""


def answer(content, *, settings=ParseSettings(), clock=lambda: 0.0, **query):  # noqa: B008 frozen
    return ParseRequest(settings, clock).answer(content, None, {name: [value] for name, value in query.items()})


def test_an_answer_ends_when_its_time_is_over_with_what_it_has():
    seconds = itertools.count(step=5)
    found = answer(LINES, name="a.jsonl", clock=lambda: float(next(seconds)))
    assert 0 < len(found["records"]) < 5
    assert found["truncated"] is True
    assert [problem["code"] for problem in found["problems"]] == ["time_over"]


def test_a_limit_that_is_passed_after_some_records_is_the_last_record():
    found = answer(LINES, name="a.jsonl", settings=ParseSettings(max_records=3))
    assert [record["kind"] for record in found["records"]] == ["article"] * 3 + ["problem"]
    assert found["records"][-1]["record"] == 3
    assert found["records"][-1]["problem"]["code"] == "too_many_records"
    assert (found["status"], found["truncated"]) == ("partial", False)


def test_what_is_packed_may_not_become_more_than_an_answer_can_show():
    bomb = gzip.compress(b"A title\n\n" + b"word " * 2_000_000)
    with pytest.raises(LimitError) as raised:
        answer(bomb, name="a.txt.gz")
    assert raised.value.code == "too_large_unpacked"


def test_a_record_may_not_take_longer_than_the_answer():
    page = b"<!doctype html><title>A title</title>" + b"<p>word word" * 40_000
    with pytest.raises(LimitError) as raised:
        answer(page, name="a.html", settings=ParseSettings(answer_seconds=0))
    assert raised.value.code == "record_too_slow"


def test_a_limit_that_leaves_nothing_is_raised():
    with pytest.raises(LimitError) as raised:
        answer(LINES, name="a.jsonl", settings=ParseSettings(max_records=0))
    assert raised.value.code == "too_many_records"


def test_relative_times_are_counted_from_now_unless_the_capture_is_stated():
    now = answer(PAGE, name="a.html", clock=lambda: 1_400_000_000.0)
    stated = answer(PAGE, name="a.html", captured_at="2014-05-09T16:33:00+03:00")
    days = [found["records"][0]["comments"][0]["posted_at"]["value"][:10] for found in (now, stated)]
    assert days == ["2014-05-13", "2014-05-09"]


@pytest.mark.parametrize("address", ["", "bucket/key", "s3:///key", "http://bucket/key", "s3:/bucket/key"])
def test_what_is_no_address_in_s3_is_refused(address):
    with pytest.raises(ValueError, match="s3://bucket/key"):
        Place.from_address(address)


@given(
    st.binary(max_size=3_000), st.text(max_size=12), st.sampled_from(["", "txt", "html", "json", "xml", "csv", "zip"])
)
def test_any_bytes_under_any_name_give_an_answer_or_a_reason(content, stem, extension):
    query = {"name": f"{stem}.{extension}"} if extension else {}
    try:
        found = answer(content, **query)
    except (PermanentError, RequestError) as error:
        found = {"status": error.code, "records": error.message}
    assert orjson.dumps(found)
    assert bool(found["records"]) == (found["status"] != "empty")
    assert found["status"] not in {"deleted", *(kind.default_code for kind in (BroadsheetError, RequestError))}
