from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.adapters.s3 import S3Forms, S3Links
from broadsheet.errors import RequestError
from broadsheet.model import StoredObject
from broadsheet.uploads import DEFAULT_TYPE, FORM_SECONDS, Uploads

NOW = 1_700_000_000.0


class Forms:
    """Notes what is signed."""

    def __init__(self):
        self.signed = []

    def form(self, key, content_type, *, seconds, max_bytes):
        self.signed.append((key, content_type, seconds, max_bytes))
        return "https://bucket.example/", {"key": key}


def ask(**fields):
    forms = Forms()
    return Uploads(forms, lambda: NOW, max_bytes=7).form(fields), forms.signed


def test_a_form_is_for_one_key_one_type_and_a_quarter_of_an_hour():
    answer, signed = ask(key="2014/حمص page.html", content_type="text/html; charset=utf-8")
    assert signed == [("2014/حمص page.html", "text/html; charset=utf-8", FORM_SECONDS, 7)]
    assert answer == {
        "url": "https://bucket.example/",
        "fields": {"key": "2014/حمص page.html"},
        "key": "2014/حمص page.html",
        "expires_at": "2023-11-14T22:28:20+00:00",
    }


def test_without_a_type_a_file_is_any_bytes():
    assert ask(key="a")[1][0][1] == DEFAULT_TYPE


@pytest.mark.parametrize(
    ("fields", "parameter", "code"),
    [
        ({}, "key", "missing"),
        ({"key": ""}, "key", "missing"),
        ({"key": "ح" * 513}, "key", "too_long"),
        ({"key": "folder/"}, "key", "folder_marker"),
        ({"key": ".broadsheet/suppress.jsonl"}, "key", "control_file"),
        ({"key": "a\nb"}, "key", "invalid_key"),
        # S3 would put the name of the sent file there: a form for any key.
        ({"key": "${filename}"}, "key", "invalid_key"),
        ({"key": "a/${filename}"}, "key", "invalid_key"),
        ({"key": "a", "content_type": "html"}, "content_type", "invalid_type"),
        ({"key": "a", "content_type": "text/html\r\nx: y"}, "content_type", "invalid_type"),
        ({"key": 1}, "key", "wrong_type"),
        ({"kye": "a"}, "kye", "unknown_field"),
    ],
)
def test_what_is_no_upload_is_refused_and_nothing_is_signed(fields, parameter, code):
    with pytest.raises(RequestError) as refused:
        ask(**fields)
    (problem,) = refused.value.problems
    assert (problem.parameter, problem.code) == (parameter, code)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_every_other_key_is_signed_as_it_is_or_refused(key):
    try:
        _, signed = ask(key=key)
    except RequestError:
        assert key.endswith("/") or key.startswith(".broadsheet/") or "${filename}" in key
    else:
        assert signed[0][0] == key


@pytest.mark.parametrize(
    ("region", "bucket", "address"),
    [
        ("eu-central-1", "papers", "https://papers.s3.eu-central-1.amazonaws.com/"),
        ("eu-central-1", "old.papers", "https://s3.eu-central-1.amazonaws.com/old.papers"),
        ("us-east-1", "papers", "https://papers.s3.amazonaws.com/"),
    ],
)
def test_addresses_that_others_use_are_those_of_the_region(region, bucket, address, monkeypatch):
    for name, value in (("AWS_DEFAULT_REGION", region), ("AWS_ACCESS_KEY_ID", "x"), ("AWS_SECRET_ACCESS_KEY", "x")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_REGION", raising=False)
    url, _ = S3Forms(bucket).form("key", "text/plain", seconds=60, max_bytes=9)
    assert url == address
    stored = StoredObject(bucket, "key", "etag", datetime(2026, 5, 9, tzinfo=UTC), 1)
    assert S3Links().link(stored, seconds=60).startswith(address)
