from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import PermanentError
from broadsheet.notifications import Change, again, newer, read_message
from tests.samples import body_of

CREATED = Change("uploads", "homs 2014/حمص +.txt", "0062E99A88DC407460", "d41d8cd98f00b204e9800998ecf8427e")


@pytest.mark.parametrize("name", ["s3-created", "s3-through-sns", "eventbridge-created"])
def test_every_envelope_tells_the_same_change(name):
    assert read_message(body_of(f"ingest/{name}")) == (CREATED,)


def test_removals_come_without_size_and_etag():
    (change,) = read_message(body_of("ingest/s3-removed-marker"))

    assert (change.key, change.etag) == (CREATED.key, None)


def test_a_missing_sequencer_is_accepted():
    (change,) = read_message(body_of("ingest/s3-lifecycle-expired"))

    assert change.sequencer is None


def test_the_test_event_speaks_of_nothing():
    assert read_message(body_of("ingest/s3-test-event")) == ()


def test_a_request_to_look_again_is_marked():
    assert read_message(again("uploads", "a b+c")) == (Change("uploads", "a b+c", again=True),)


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '"text"', '{"hello": "world"}', '{"Records": [{"s3": {}}]}', '{"Records": 1}',
             '{"Message": "{}"}', '{"detail": {"object": {"key": ""}, "bucket": {"name": "b"}}}']
)  # fmt: skip
def test_anything_else_is_refused_with_a_code(body):
    with pytest.raises(PermanentError) as caught:
        read_message(body)

    assert caught.value.code == "notification_unreadable"


NAMES = st.sampled_from(["Records", "s3", "bucket", "object", "key", "name", "detail", "Message", "Event", "source"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(NAMES | st.text(), inner),
)


@given(JSON)
def test_no_json_raises_anything_but_a_permanent_error(value):
    with suppress(PermanentError):
        read_message(json.dumps(value))


@pytest.mark.parametrize(
    ("sequencer", "than", "expected"),
    [
        ("0055AED6DCD90281E6", "0055AED6DCD90281E5", True),
        ("0055aed6dcd90281e5", "0055AED6DCD90281E5", False),
        ("0055AED6DCD90281E5", "0055AED6DCD90281E5FF", False),
        ("1", "0FFF", True),
        (None, "00", True),
        ("00", None, True),
    ],
)
def test_sequencers_are_compared_padded_on_the_right(sequencer, than, expected):
    assert newer(sequencer, than) is expected
