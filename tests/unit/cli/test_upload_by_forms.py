"""``broadsheet upload --via-api``: forms signed by the function, taken by a real S3 server."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.config import Config

from broadsheet.adapters.s3 import S3Forms
from broadsheet.cli.waiting import Stored, is_outcome_of
from broadsheet.errors import RequestError
from broadsheet.uploads import Uploads
from infra.local.aws import local_aws
from infra.local.listening import listen


@pytest.fixture(scope="module")
def aws():
    with listen(0, "--aws-port") as listener, local_aws(listener) as aws:
        yield aws


@pytest.fixture
def system(api, aws):
    s3 = boto3.client(
        "s3",
        endpoint_url=aws.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=Config(signature_version="s3v4"),
    )
    uploads = Uploads(S3Forms(aws.uploads_bucket, s3), time.time, max_bytes=1_000_000)

    def form(asked):
        try:
            return 200, uploads.form(asked)
        except RequestError as error:
            return 400, {"code": error.code, "detail": error.message, "errors": []}

    def files(query):
        (key,) = query["key"]
        head = aws.s3.head_object(Bucket=aws.uploads_bucket, Key=key)
        told = {"etag": head["ETag"].strip('"'), "last_modified": head["LastModified"].isoformat()}
        return 200, {"files": [{"key": key, "status": "indexed", "counts": {}, "problems": [], **told}]}

    api.routes["/uploads"] = form
    api.routes["/files"] = files
    return api


def stored(aws, key):
    answer = aws.s3.get_object(Bucket=aws.uploads_bucket, Key=key)
    return answer["Body"].read(), answer["ContentType"]


def test_files_are_stored_as_they_are_without_rights_on_the_bucket(system, aws, ask, tmp_path):
    (tmp_path / "حمص page.html").write_bytes(b"<p>one\r\n--two\x00</p>" * 40_000)
    (tmp_path / "empty.txt").write_bytes(b"")
    status, out, err = ask("upload", str(tmp_path), "--prefix", "a", "--via-api")
    assert (status, "uploading 2 files to the API" in err) == (0, True), (out, err)
    assert stored(aws, "a/حمص page.html") == (b"<p>one\r\n--two\x00</p>" * 40_000, "text/html")
    assert stored(aws, "a/empty.txt") == (b"", "text/plain")


def test_a_key_that_the_api_refuses_is_told_with_its_sentence_and_the_others_are_stored(system, ask, tmp_path):
    (tmp_path / "page.txt").write_text("x")
    (tmp_path / "${filename}").write_text("x")
    status, out, _ = ask("upload", str(tmp_path), "--prefix", "b", "--via-api")
    assert status == 1
    assert "b/${filename}: not uploaded: " in out
    assert "key may hold neither" in out
    assert "b/page.txt: indexed" in out


AT = datetime(2026, 5, 9, 12, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "etag", "expected"),
    [(-6, "mine", False), (-4, "mine", True), (-4, "other", False), (4, "mine", True), (6, "other", True)],
)
def test_a_state_whose_time_is_known_only_roughly_is_recognised_by_its_bytes(seconds, etag, expected):
    mine = Stored("mine", AT, timedelta(seconds=5))
    file = {"status": "indexed", "etag": etag, "last_modified": (AT + timedelta(seconds=seconds)).isoformat()}
    assert is_outcome_of(mine, file) is expected
