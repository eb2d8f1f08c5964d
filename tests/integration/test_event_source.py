"""Every change of the uploads bucket becomes one event in the queue, in the shape of S3."""

import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote_plus

import pytest
import requests

from broadsheet.notifications import read_message
from infra.local.aws import REGION, local_aws
from infra.local.listening import listen

ODD_KEYS = [
    "a b+c.txt",
    "100%25 sure/50%.txt",
    "أخبار/حمص ٢٠١٤.txt",
    "k" * 900,
    "e\u0301 \U0001f5de/~!*'().txt",
    "a/../b//c",
]
MULTIPART_PIECE = 5 * 1024 * 1024


@pytest.fixture(scope="module")
def aws():
    with listen(0, "--aws-port") as listener, local_aws(listener) as aws:
        yield aws


@pytest.fixture
def events(aws):
    """A function that gives the records of all events since it was last called."""

    def take():
        records = []
        while messages := aws.sqs.receive_message(QueueUrl=aws.queue_url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                records += json.loads(message["Body"])["Records"]
                aws.sqs.delete_message(QueueUrl=aws.queue_url, ReceiptHandle=message["ReceiptHandle"])
        return sorted(records, key=lambda record: record["s3"]["object"]["sequencer"])

    take()
    return take


def _told(records):
    return [(record["eventName"], unquote_plus(record["s3"]["object"]["key"])) for record in records]


def test_an_upload_is_told_once_with_everything_s3_says(aws, events):
    stored = aws.s3.put_object(Bucket=aws.uploads_bucket, Key="a.txt", Body=b"text")

    [record] = events()

    assert record["eventSource"] == "aws:s3"
    assert record["eventName"] == "ObjectCreated:Put"
    assert record["awsRegion"] == REGION
    assert record["s3"]["bucket"]["name"] == aws.uploads_bucket
    content = record["s3"]["object"]
    assert content.pop("sequencer")
    assert content == {
        "key": "a.txt",
        "size": 4,
        "eTag": stored["ETag"].strip('"'),
        "versionId": stored["VersionId"],
    }


@pytest.mark.parametrize("key", ODD_KEYS)
def test_a_key_is_encoded_as_s3_does_and_read_back(aws, events, key):
    aws.s3.put_object(Bucket=aws.uploads_bucket, Key=key, Body=b"text")
    aws.s3.delete_object(Bucket=aws.uploads_bucket, Key=key)

    created, removed = events()

    assert _told([created, removed]) == [("ObjectCreated:Put", key), ("ObjectRemoved:DeleteMarkerCreated", key)]
    encoded = created["s3"]["object"]["key"]
    assert encoded.isascii()
    assert " " not in encoded
    assert encoded.count("/") == key.count("/")
    assert [change.key for change in read_message(json.dumps({"Records": [created]}))] == [key]


def test_overwriting_is_told_again_with_a_later_sequencer(aws, events):
    for text in (b"old", b"new", b"newer"):
        aws.s3.put_object(Bucket=aws.uploads_bucket, Key="b.txt", Body=text)

    records = events()

    assert [record["s3"]["object"]["size"] for record in records] == [3, 3, 5]
    assert len({record["s3"]["object"]["sequencer"] for record in records}) == 3


def test_a_copy_is_told_as_a_copy(aws, events):
    aws.s3.put_object(Bucket=aws.uploads_bucket, Key="from.txt", Body=b"text")
    aws.s3.copy_object(
        Bucket=aws.uploads_bucket, Key="to.txt", CopySource={"Bucket": aws.uploads_bucket, "Key": "from.txt"}
    )

    assert _told(events()) == [("ObjectCreated:Put", "from.txt"), ("ObjectCreated:Copy", "to.txt")]


def test_a_multipart_upload_is_told_once_when_it_is_complete(aws, events):
    upload = aws.s3.create_multipart_upload(Bucket=aws.uploads_bucket, Key="big.txt")
    of = {"Bucket": aws.uploads_bucket, "Key": "big.txt", "UploadId": upload["UploadId"]}
    parts = [
        {"PartNumber": n, "ETag": aws.s3.upload_part(**of, PartNumber=n, Body=b"x" * MULTIPART_PIECE)["ETag"]}
        for n in (1, 2)
    ]
    assert events() == []

    aws.s3.complete_multipart_upload(**of, MultipartUpload={"Parts": parts})

    [record] = events()
    assert record["eventName"] == "ObjectCreated:CompleteMultipartUpload"
    assert record["s3"]["object"]["size"] == 2 * MULTIPART_PIECE
    assert record["s3"]["object"]["eTag"].endswith("-2")


def test_an_upload_by_a_form_is_told_as_a_post(aws, events):
    form = aws.s3.generate_presigned_post(aws.uploads_bucket, "form.txt")
    answer = requests.post(form["url"], data=form["fields"], files={"file": b"text"}, timeout=10)

    assert answer.ok
    assert _told(events()) == [("ObjectCreated:Post", "form.txt")]


def test_a_removal_makes_a_marker_and_says_neither_size_nor_etag(aws, events):
    aws.s3.put_object(Bucket=aws.uploads_bucket, Key="c.txt", Body=b"text")
    marker = aws.s3.delete_object(Bucket=aws.uploads_bucket, Key="c.txt")

    _, removed = events()

    assert removed["eventName"] == "ObjectRemoved:DeleteMarkerCreated"
    assert removed["s3"]["object"].keys() == {"key", "versionId", "sequencer"}
    assert removed["s3"]["object"]["versionId"] == marker["VersionId"]


def test_removing_a_version_or_a_marker_is_told_with_its_id(aws, events):
    old = aws.s3.put_object(Bucket=aws.uploads_bucket, Key="d.txt", Body=b"old")["VersionId"]
    aws.s3.put_object(Bucket=aws.uploads_bucket, Key="d.txt", Body=b"new")
    marker = aws.s3.delete_object(Bucket=aws.uploads_bucket, Key="d.txt")["VersionId"]
    events()

    for version in (old, marker):
        aws.s3.delete_object(Bucket=aws.uploads_bucket, Key="d.txt", VersionId=version)

    removed = events()
    assert _told(removed) == [("ObjectRemoved:Delete", "d.txt")] * 2
    assert [record["s3"]["object"]["versionId"] for record in removed] == [old, marker]
    assert aws.s3.get_object(Bucket=aws.uploads_bucket, Key="d.txt")["Body"].read() == b"new"


def test_removing_many_at_once_is_told_for_each(aws, events):
    keys = [f"many/{n} +.txt" for n in range(5)]
    for key in keys:
        aws.s3.put_object(Bucket=aws.uploads_bucket, Key=key, Body=b"text")
    events()

    aws.s3.delete_objects(Bucket=aws.uploads_bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True})

    assert _told(events()) == [("ObjectRemoved:DeleteMarkerCreated", key) for key in keys]


def test_what_changes_no_object_of_the_bucket_is_not_told(aws, events):
    aws.s3.put_object(Bucket=aws.uploads_bucket, Key="e.txt", Body=b"text")
    events()

    aws.s3.get_object(Bucket=aws.uploads_bucket, Key="e.txt")
    aws.s3.put_object_tagging(Bucket=aws.uploads_bucket, Key="e.txt", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    aws.s3.put_object(Bucket=aws.outcomes_bucket, Key="receipt.json", Body=b"{}")
    aws.s3.delete_object(Bucket=aws.outcomes_bucket, Key="receipt.json")
    with pytest.raises(aws.s3.exceptions.ClientError, match="PreconditionFailed"):
        aws.s3.put_object(Bucket=aws.uploads_bucket, Key="e.txt", Body=b"other", IfNoneMatch="*")

    assert events() == []


def test_the_event_comes_after_the_metadata(aws, events):
    aws.s3.put_object(Bucket=aws.uploads_bucket, Key="f.txt", Body=b"text", Metadata={"source": "naharnet"})

    assert len(events()) == 1
    assert aws.s3.head_object(Bucket=aws.uploads_bucket, Key="f.txt")["Metadata"] == {"source": "naharnet"}


@pytest.mark.skipif(shutil.which("aws") is None, reason="needs the AWS command line")
def test_the_aws_command_line_copies_syncs_and_removes(aws, events, tmp_path):
    folder = tmp_path / "uploads"
    (folder / "ملف").mkdir(parents=True)
    (folder / "one two+.txt").write_text("text")
    (folder / "ملف" / "100%25.txt").write_text("text")
    (folder / "big.bin").write_bytes(b"x" * 9 * 1024 * 1024)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **aws.environ}

    def run(*words):
        subprocess.run(["aws", "s3", *words], env=environment, check=True, capture_output=True, timeout=60)
        return _told(events())

    bucket = f"s3://{aws.uploads_bucket}"
    assert run("cp", str(folder / "one two+.txt"), f"{bucket}/x/") == [("ObjectCreated:Put", "x/one two+.txt")]
    assert run("cp", f"{bucket}/x/one two+.txt", f"{bucket}/x/y.txt") == [("ObjectCreated:Copy", "x/y.txt")]
    assert run("rm", f"{bucket}/x/y.txt") == [("ObjectRemoved:DeleteMarkerCreated", "x/y.txt")]
    assert sorted(run("cp", "--recursive", str(folder), f"{bucket}/z/")) == [
        ("ObjectCreated:CompleteMultipartUpload", "z/big.bin"),
        ("ObjectCreated:Put", "z/one two+.txt"),
        ("ObjectCreated:Put", "z/ملف/100%25.txt"),
    ]
    assert sorted(run("rm", "--recursive", f"{bucket}/z/")) == [
        ("ObjectRemoved:DeleteMarkerCreated", "z/big.bin"),
        ("ObjectRemoved:DeleteMarkerCreated", "z/one two+.txt"),
        ("ObjectRemoved:DeleteMarkerCreated", "z/ملف/100%25.txt"),
    ]


def test_changes_of_one_key_at_the_same_time_keep_their_order(aws, events):
    def put(n):
        return aws.s3.put_object(Bucket=aws.uploads_bucket, Key="race.txt", Body=str(n).encode())["VersionId"]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(40)))

    records = events()
    assert len(records) == 40
    current = aws.s3.head_object(Bucket=aws.uploads_bucket, Key="race.txt")["VersionId"]
    assert records[-1]["s3"]["object"]["versionId"] == current
