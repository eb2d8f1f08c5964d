"""The same cases against every implementation of a port: what the fakes promise, the services keep."""

from __future__ import annotations

import time

import boto3
import pytest
from moto import mock_aws

from broadsheet.adapters.dynamodb import DynamoLedger
from broadsheet.adapters.s3 import S3Objects, S3Receipts
from broadsheet.adapters.sqs import SqsQueue
from broadsheet.errors import InfrastructureError, ObjectChangedError
from broadsheet.ledger import LedgerItem, Status
from infra.resources import LEDGER_INDEXES, LEDGER_KEY
from tests.fakes import BUCKET, MemoryLedger, MemoryObjects


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


def item(**facts):
    return LedgerItem("a1", BUCKET, "key", **facts)


def test_an_unknown_item_is_none(ledger):
    assert ledger.get("nothing") is None


def test_an_item_comes_back_as_it_was_stored(ledger):
    stored = LedgerItem(
        "a1", BUCKET, "حمص 🗞", epoch=1_800_000_000_000, counts={"articles": 1}, problems=({"code": "x", "count": 2},),
        generations=(1, 2), size=0, status="indexed", updated_at="2026-05-09T13:33:00.000+00:00",
    )  # fmt: skip

    assert ledger.put(stored.to_json(), expected=None)
    assert LedgerItem.from_json(ledger.get("a1")) == stored


def test_only_the_first_of_two_creates_an_item(ledger):
    assert ledger.put(item(updated_at="t").to_json(), expected=None)
    assert not ledger.put(item(updated_at="t", epoch=9).to_json(), expected=None)
    assert ledger.get("a1")["epoch"] == 0


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
    ledger.put(item(epoch=5, token="mine", lease_until=7, updated_at="t").to_json(), expected=None)

    assert ledger.put(item(epoch=6, updated_at="t").to_json(), expected=expected) is done
    assert ledger.get("a1")["epoch"] == (6 if done else 5)


def test_a_condition_on_a_missing_item_fails(ledger):
    assert not ledger.put(item(updated_at="t").to_json(), expected={"epoch": 0})


def test_files_are_listed_in_order_of_their_keys_page_by_page(ledger):
    keys = sorted((f"{folder}/{number:02}" for folder in ("a", "b", "ح") for number in range(12)), key=str.encode)
    for number, key in enumerate(keys):
        identity = f"{'abcdefghijklmnopqrstuvwxyz234567'[number % 32]}{number}"
        ledger.put(LedgerItem(identity, BUCKET, key, status="indexed", updated_at="t").to_json(), expected=None)

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
        ledger.put(stored.to_json(), expected=None)
    ledger.put({"file_id": "control:generations", "epoch": 1, "active": [1]}, expected=None)

    assert ledger.count_by_status() == {"indexed": 3, "failed": 1}


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
    ):
        with pytest.raises(InfrastructureError):
            call()
