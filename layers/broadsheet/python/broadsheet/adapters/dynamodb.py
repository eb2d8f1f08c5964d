"""The ledger in DynamoDB: one table, two indexes (``by_key`` and ``by_status``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from itertools import groupby, islice
from typing import Any, cast

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from broadsheet.adapters.aws import aws_errors, client, error_code
from broadsheet.ledger_item import SHARDS, STATUSES
from broadsheet.ports import JsonObject

_CONDITION_FAILED = "ConditionalCheckFailedException"


class DynamoLedger:
    """ports.LedgerStore, ports.LedgerIndex and ports.LedgerScan on one table whose key is ``file_id``."""

    def __init__(self, table: str, dynamodb: Any = None) -> None:
        self._table = table
        self._dynamodb = dynamodb or client("dynamodb")
        self._write = TypeSerializer().serialize
        self._read = TypeDeserializer().deserialize

    def get(self, file_id: str) -> JsonObject | None:
        """Return the item by a consistent read, None when there is none."""
        with aws_errors("dynamodb"):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key={"file_id": {"S": file_id}}, ConsistentRead=True
            )
        item = answer.get("Item")
        return self._item(item) if item else None

    def add(self, item: JsonObject) -> JsonObject | None:
        """Store an item if there is none of its id; otherwise return the one there is, as a consistent read would."""
        refused = self._put(
            item,
            ConditionExpression="attribute_not_exists(file_id)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
        return self._item(cast("Any", refused.response)["Item"]) if refused else None

    def put(self, item: JsonObject, *, expected: Mapping[str, Any]) -> bool:
        """Store the whole item if there is one that has all ``expected`` values."""
        refused = self._put(
            item,
            # Names as placeholders: some of ours (token, key, status) are reserved words.
            ConditionExpression=" AND ".join(f"#{name} = :{name}" for name in expected),
            ExpressionAttributeNames={f"#{name}": name for name in expected},
            ExpressionAttributeValues={f":{name}": self._write(value) for name, value in expected.items()},
        )
        return refused is None

    def by_key(self, *, prefix: str, after: str, limit: int) -> list[JsonObject]:
        """Return up to ``limit`` items with keys above ``after`` that start with ``prefix``, in UTF-8 order of key."""
        shards = [self._shard(shard, prefix, after, limit) for shard in SHARDS]
        with aws_errors("dynamodb"):
            return list(islice(merge(*shards, key=lambda item: item["key"].encode()), limit))

    def by_time(
        self, *, statuses: Sequence[str], since: str, until: str, before: tuple[str, str] | None, limit: int
    ) -> list[JsonObject]:
        """Return up to ``limit`` items of these statuses, the latest ``updated_at`` (then ``file_id``) first."""
        # Bounds are always given: times begin with a year. A place bounds them further.
        latest = min(until or "9", before[0] if before else "9")
        streams = [
            self._latest(f"{status}#{shard}", since or "0", latest, limit) for status in statuses for shard in SHARDS
        ]
        with aws_errors("dynamodb"):
            items = merge(*streams, key=_time_and_id, reverse=True)
            behind = (item for item in items if before is None or _time_and_id(item) < before)
            return list(islice(behind, limit))

    def scan(self, *, after: str) -> Iterator[JsonObject]:
        """Yield ``file_id``, ``status`` and ``generations`` of every file by consistent reads, in the table's order."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "ConsistentRead": True,
            "ProjectionExpression": "file_id, #status, generations",
            # Items that are no file's have no shard.
            "FilterExpression": "attribute_exists(#shard)",
            "ExpressionAttributeNames": {"#status": "status", "#shard": "shard"},
        }
        place = {"file_id": {"S": after}} if after else None
        while True:
            with aws_errors("dynamodb"):
                page = self._dynamodb.scan(**request, **({"ExclusiveStartKey": place} if place else {}))
            yield from (self._item(stored) for stored in page["Items"])
            place = page.get("LastEvaluatedKey")
            if not place:
                return

    def count_by_status(self) -> dict[str, int]:
        """Return how many files have which status; statuses without files are left out."""
        counts: dict[str, int] = {}
        with aws_errors("dynamodb"):
            for status in STATUSES:
                count = sum(self._count(f"{status}#{shard}") for shard in SHARDS)
                if count:
                    counts[status] = count
        return counts

    def _put(self, item: JsonObject, **condition: Any) -> ClientError | None:
        """Store an item on a condition; return what says that it does not hold."""
        with aws_errors("dynamodb"):
            try:
                self._dynamodb.put_item(TableName=self._table, Item=self._write(_storable(item))["M"], **condition)
            except ClientError as error:
                if error_code(error) == _CONDITION_FAILED:
                    return error
                raise
        return None

    def _shard(self, shard: str, prefix: str, after: str, limit: int) -> Iterator[JsonObject]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": "by_key",
            # Names as placeholders: both are reserved words.
            "KeyConditionExpression": "#shard = :shard",
            "ExpressionAttributeNames": {"#shard": "shard"},
            "ExpressionAttributeValues": {":shard": {"S": shard}},
            # Files fall evenly on the shards: most pages need no second look at any of them.
            "Limit": limit // 8 + 1,
        }
        # DynamoDB takes one condition on a sort key: a range that begins after the last key, or the prefix.
        if after and after >= prefix:
            request["KeyConditionExpression"] += " AND #key > :after"
            request["ExpressionAttributeValues"][":after"] = {"S": after}
        elif prefix:
            request["KeyConditionExpression"] += " AND begins_with(#key, :prefix)"
            request["ExpressionAttributeValues"][":prefix"] = {"S": prefix}
        if "#key" in request["KeyConditionExpression"]:
            request["ExpressionAttributeNames"]["#key"] = "key"
        for page in self._dynamodb.get_paginator("query").paginate(**request):
            for stored in page["Items"]:
                item = self._item(stored)
                if not item["key"].startswith(prefix):
                    return
                yield item

    def _latest(self, status_shard: str, since: str, until: str, limit: int) -> Iterator[JsonObject]:
        """Yield one partition of ``by_status`` backwards; items of the same time in order of their ids, too."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="by_status",
            KeyConditionExpression="status_shard = :status_shard AND updated_at BETWEEN :since AND :until",
            ExpressionAttributeValues={
                ":status_shard": {"S": status_shard},
                ":since": {"S": since},
                ":until": {"S": until},
            },
            ScanIndexForward=False,
            Limit=limit // 8 + 1,
        )
        items = (self._item(stored) for page in pages for stored in page["Items"])
        for _, together in groupby(items, key=lambda item: item["updated_at"]):
            yield from sorted(together, key=_time_and_id, reverse=True)

    def _count(self, status_shard: str) -> int:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="by_status",
            Select="COUNT",
            KeyConditionExpression="status_shard = :status_shard",
            ExpressionAttributeValues={":status_shard": {"S": status_shard}},
        )
        return sum(page["Count"] for page in pages)

    def _item(self, stored: Mapping[str, Any]) -> JsonObject:
        return {name: _plain(self._read(value)) for name, value in stored.items()}


def _time_and_id(item: JsonObject) -> tuple[str, str]:
    return item["updated_at"], item["file_id"]


def _storable(value: Any) -> Any:
    """Make tuples lists: the serializer takes no others. The ledger holds no floats."""
    if isinstance(value, Mapping):
        return {name: _storable(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(entry) for entry in value]
    return value


def _plain(value: Any) -> Any:
    """Make numbers ints again: DynamoDB's are decimals, the ledger's are whole."""
    if isinstance(value, Mapping):
        return {name: _plain(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    if value is None or isinstance(value, str | bool):
        return value
    return int(value)
