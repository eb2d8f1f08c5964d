"""The same cases against every implementation of a port: what the fakes promise, the services keep."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import boto3
import orjson
import pytest
from botocore.config import Config
from moto import mock_aws

from broadsheet.adapters.dynamodb import DynamoLedger
from broadsheet.adapters.s3 import S3Links, S3Objects, S3Receipts
from broadsheet.adapters.sqs import SqsDeadLetters, SqsQueue
from broadsheet.errors import InfrastructureError, ObjectChangedError
from broadsheet.ledger_item import LedgerItem, Status
from infra.resources import LEDGER_INDEXES, LEDGER_KEY
from tests.fakes import BUCKET, MemoryDeadLetters, MemoryLedger, MemoryObjects, MemoryReceipts


@pytest.fixture
def aws():
    with mock_aws():
        yield


@pytest.fixture(params=["memory", "dynamodb"])
def ledger(request):
    if request.param == "memory":
        return MemoryLedger()
    request.getfixturevalue("aws")
    dynamodb = boto3.client("dynamodb")
    keys = {LEDGER_KEY} | {name for index in LEDGER_INDEXES for name in (index.partition, index.sort)}
    dynamodb.create_table(
        TableName="ledger",
        KeySchema=[{"AttributeName": LEDGER_KEY, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in sorted(keys)],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index.name,
                "KeySchema": [
                    {"AttributeName": index.partition, "KeyType": "HASH"},
                    {"AttributeName": index.sort, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
            for index in LEDGER_INDEXES
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return DynamoLedger("ledger", dynamodb)


@pytest.fixture(params=["memory", "s3"])
def objects(request):
    """An object store, and what stores and removes in it."""
    if request.param == "memory":
        store = MemoryObjects(time.time)
        return store, store.put, store.delete
    request.getfixturevalue("aws")
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    return (
        S3Objects(s3),
        lambda key, body: s3.put_object(Bucket=BUCKET, Key=key, Body=body),
        lambda key: s3.delete_object(Bucket=BUCKET, Key=key),
    )


@pytest.fixture(params=["memory", "s3"])
def receipts(request):
    if request.param == "memory":
        return MemoryReceipts()
    request.getfixturevalue("aws")
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="outcomes")
    return S3Receipts("outcomes", s3)


@pytest.fixture(params=["memory", "sqs"])
def dead_letters(request):
    """A function from bodies to a queue that holds them."""
    if request.param == "memory":
        return MemoryDeadLetters

    def filled(*bodies):
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="dead")["QueueUrl"]
        SqsQueue(url, sqs).send_all(bodies)
        return SqsDeadLetters(url, sqs)

    request.getfixturevalue("aws")
    return filled


def item(**facts):
    return LedgerItem("a1", BUCKET, "key", **facts)


def test_an_unknown_item_is_none(ledger):
    assert ledger.get("nothing") is None


def test_an_item_comes_back_as_it_was_stored(ledger):
    stored = LedgerItem(
        "a1", BUCKET, "حمص 🗞", epoch=1_800_000_000_000, counts={"articles": 1}, problems=({"code": "x", "count": 2},),
        generations=(1, 2), size=0, status="indexed", updated_at="2026-05-09T13:33:00.000+00:00",
    )  # fmt: skip

    assert ledger.add(stored.to_json()) is None
    assert LedgerItem.from_json(ledger.get("a1")) == stored


def test_only_the_first_of_two_creates_an_item_and_the_second_is_told_of_it(ledger):
    first = item(updated_at="t", counts={"articles": 1}, problems=({"code": "x", "count": 2},), generations=(1,))

    assert ledger.add(first.to_json()) is None
    found = ledger.add(item(updated_at="t", epoch=9).to_json())

    assert LedgerItem.from_json(found) == first
    assert ledger.get("a1") == found


@pytest.mark.parametrize(
    ("expected", "done"),
    [
        ({"epoch": 5}, True),
        ({"epoch": 5, "token": "mine", "lease_until": 7}, True),
        ({"epoch": 5, "token": "other"}, False),
        ({"epoch": 4}, False),
        ({"epoch": 5, "etag": "absent"}, False),
    ],
)
def test_a_write_needs_all_expected_values(ledger, expected, done):
    ledger.add(item(epoch=5, token="mine", lease_until=7, updated_at="t").to_json())

    assert ledger.put(item(epoch=6, updated_at="t").to_json(), expected=expected) is done
    assert ledger.get("a1")["epoch"] == (6 if done else 5)


def test_a_condition_on_a_missing_item_fails(ledger):
    assert not ledger.put(item(updated_at="t").to_json(), expected={"epoch": 0})


def test_files_are_listed_in_order_of_their_keys_page_by_page(ledger):
    keys = sorted((f"{folder}/{number:02}" for folder in ("a", "b", "ح") for number in range(12)), key=str.encode)
    for number, key in enumerate(keys):
        identity = f"{'abcdefghijklmnopqrstuvwxyz234567'[number % 32]}{number}"
        ledger.add(LedgerItem(identity, BUCKET, key, status="indexed", updated_at="t").to_json())

    pages: list[str] = []
    after = ""
    while page := ledger.by_key(prefix="", after=after, limit=5):
        pages.extend(found["key"] for found in page)
        after = page[-1]["key"]

    assert pages == keys
    assert [found["key"] for found in ledger.by_key(prefix="b/", after="", limit=100)] == keys[12:24]
    assert [found["key"] for found in ledger.by_key(prefix="b/", after="b/05", limit=3)] == ["b/06", "b/07", "b/08"]
    assert ledger.by_key(prefix="b/", after="c", limit=3) == []


def test_files_are_counted_by_status(ledger):
    statuses: tuple[Status, ...] = ("indexed", "failed", "indexed", "indexed")
    for number, status in enumerate(statuses):
        stored = LedgerItem(f"{number}a", BUCKET, f"key {number}", status=status, updated_at="t")
        ledger.add(stored.to_json())
    ledger.add({"file_id": "control:generations", "epoch": 1, "active": [1]})

    assert ledger.count_by_status() == {"indexed": 3, "failed": 1}


def test_files_of_some_statuses_are_listed_by_time_page_by_page(ledger):
    stored = []
    for number in range(40):
        identity = f"{'abcdefghijklmnopqrstuvwxyz234567'[number % 32]}{number:02}"
        status: Status = ("indexed", "failed", "empty", "failed")[number % 4]
        # Several at the same time, in the same partition too.
        when = f"2026-05-09T13:{number // 16:02}:00.000+00:00"
        stored.append(LedgerItem(identity, BUCKET, f"key {number}", status=status, updated_at=when))
        stored.append(stored[-1]._replace(file_id=identity + "x", key=f"key {number} x"))
    for entry in stored:
        ledger.add(entry.to_json())

    def listed(limit, since="", until=""):
        found: list[tuple[str, str]] = []
        before = None
        while page := ledger.by_time(
            statuses=("failed", "empty"), since=since, until=until, before=before, limit=limit
        ):
            assert len(page) <= limit
            found += [(entry["updated_at"], entry["file_id"]) for entry in page]
            before = found[-1]
        return found

    expected = sorted(((e.updated_at, e.file_id) for e in stored if e.status in {"failed", "empty"}), reverse=True)
    assert listed(7) == expected
    assert listed(100) == expected
    middle = "2026-05-09T13:01:00.000+00:00"
    assert listed(5, since=middle, until=middle) == [entry for entry in expected if entry[0] == middle]


def test_the_table_is_walked_from_where_one_stopped_and_holds_files_only(ledger):
    for number in range(12):
        stored = LedgerItem(f"{number:02}", BUCKET, "k", generations=(1,), updated_at="t")
        ledger.add(stored.to_json())
    ledger.add({"file_id": "control:generations", "epoch": 1, "active": [1]})

    whole = list(ledger.scan(after=""))
    stopped_at = whole[4]["file_id"]

    assert sorted(entry["file_id"] for entry in whole) == [f"{number:02}" for number in range(12)]
    assert whole[0] == {"file_id": whole[0]["file_id"], "status": "processing", "generations": [1]}
    assert list(ledger.scan(after=stopped_at)) == whole[5:]


def test_dead_letters_are_given_until_they_are_deleted(dead_letters):
    dead = dead_letters(*(f"body {number}" for number in range(13)))
    assert dead.count() == 13

    bodies: list[str] = []
    while letters := dead.receive():
        bodies += [letter.body for letter in letters]
        for letter in letters:
            dead.delete(letter.receipt_handle)

    assert sorted(bodies) == sorted(f"body {number}" for number in range(13))
    assert dead.count() == 0


@pytest.mark.usefixtures("aws")
def test_messages_are_sent_in_any_number():
    sqs = boto3.client("sqs")
    queue = SqsQueue(sqs.create_queue(QueueName="files")["QueueUrl"], sqs)

    queue.send_all([f"حمص {number}" for number in range(23)])
    queue.send_all([])

    assert queue.waiting() == 23


@pytest.mark.usefixtures("aws")
def test_an_original_is_downloaded_under_its_name_and_never_shown_in_place():
    key = 'dir/حمص "1".html'
    s3 = boto3.client("s3", config=Config(signature_version="s3v4"))
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key=key, Body=b"<script>", ContentType="text/html")

    stored = S3Objects(s3).head(BUCKET, key)
    assert stored
    url = S3Links(s3).link(stored, seconds=900)

    query = parse_qs(urlsplit(url).query)
    assert query["X-Amz-Expires"] == ["900"]
    assert query["response-content-disposition"] == ["attachment; filename*=UTF-8''%D8%AD%D9%85%D8%B5%20%221%22.html"]


def test_a_missing_object_is_none(objects):
    store, _, _ = objects

    assert store.head(BUCKET, "nothing") is None


@pytest.mark.parametrize("key", ["plain.txt", "a b+c%25.txt", "حمص/أخبار.txt", "x" * 900])
def test_an_object_is_read_as_it_was_seen(objects, key):
    store, put, _ = objects
    put(key, b"some bytes")

    stored = store.head(BUCKET, key)
    with store.open(stored) as stream:
        body = stream.read()

    assert (stored.key, stored.size, body) == (key, 10, b"some bytes")
    assert stored.last_modified.tzinfo is not None


def test_an_object_replaced_after_the_look_cannot_be_opened(objects):
    store, put, _ = objects
    put("a", b"old")
    stored = store.head(BUCKET, "a")
    put("a", b"new")

    with pytest.raises(ObjectChangedError):
        store.open(stored)


def test_an_object_removed_after_the_look_cannot_be_opened(objects):
    store, put, delete = objects
    put("a", b"old")
    stored = store.head(BUCKET, "a")
    delete("a")

    with pytest.raises(ObjectChangedError):
        store.open(stored)


def test_objects_are_listed_in_utf_8_order_from_where_one_stopped(objects):
    store, put, _ = objects
    keys = ["a", "a b", "a/b", "ab", "ح", "\uffee", "🗞"]
    for key in reversed(keys):
        put(key, b"x")

    assert [found.key for found in store.list(BUCKET)] == keys
    assert [found.key for found in store.list(BUCKET, after="a/b")] == keys[3:]
    assert [found.key for found in store.list(BUCKET, prefix="a/")] == ["a/b"]
    (first, *_) = store.list(BUCKET)
    assert first.etag == store.head(BUCKET, "a").etag
    assert first.last_modified == store.head(BUCKET, "a").last_modified


@pytest.mark.usefixtures("aws")
def test_a_missing_bucket_or_table_or_queue_is_infrastructure():
    queue_url = "https://sqs.eu-west-1.amazonaws.com/123456789012/none"
    for call in (
        lambda: S3Receipts("none").put("k", b"{}"),
        lambda: DynamoLedger("none").get("x"),
        lambda: SqsQueue(queue_url).hold("receipt", 5),
        lambda: SqsQueue(queue_url).send_all(["body"]),
        lambda: SqsQueue(queue_url).waiting(),
        lambda: SqsDeadLetters(queue_url).receive(),
        lambda: SqsDeadLetters(queue_url).count(),
        lambda: list(DynamoLedger("none").scan(after="")),
    ):
        with pytest.raises(InfrastructureError):
            call()


def test_a_receipt_comes_back_and_one_that_was_never_stored_is_none(receipts):
    receipts.put("f/1/summary.json", b'{"parts": 1}')
    receipts.put("f/1/part-00000.ndjson", b'{"record": 0}\n{"record": 1}\n')

    assert orjson.loads(receipts.get("f/1/summary.json")) == {"parts": 1}
    assert [orjson.loads(line) for line in receipts.get("f/1/part-00000.ndjson").splitlines()] == [
        {"record": 0},
        {"record": 1},
    ]
    assert receipts.get("f/2/summary.json") is None
