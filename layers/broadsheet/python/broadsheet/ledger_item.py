"""One item of the ledger: what is known of one (bucket, key), and its stored form."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from broadsheet.ports import JsonObject

Status = Literal["processing", "indexed", "partial", "empty", "skipped", "failed", "deleted"]
STATUSES: tuple[Status, ...] = ("processing", "indexed", "partial", "empty", "skipped", "failed", "deleted")
SHARDS = "0123456789abcdef"


class LedgerItem(NamedTuple):
    """What the ledger holds of one object; times of leases in milliseconds since the epoch, others ISO 8601.

    ``etag`` to ``suppression`` are what the outcome is about: the object, its sidecar and the suppression list as they
    were read. A difference to their current state means that the index is behind. ``attempts``, ``among_others`` and
    ``attempts_on`` are explained in ``attempts``; ``best`` is how far the best of these workers came.
    """

    file_id: str
    bucket: str
    key: str
    epoch: int = 0
    token: str = ""
    lease_until: int = 0
    high_articles: int = 0
    high_comments: int = 0
    etag: str | None = None
    last_modified: str | None = None
    size: int | None = None
    sidecar_etag: str | None = None
    suppression: str = ""
    sequencer: str | None = None
    attempts: int = 0
    among_others: bool = False
    attempts_on: str | None = None
    best: int = 0
    checkpoint: Mapping[str, Any] | None = None
    generations: tuple[int, ...] = ()
    status: Status = "processing"
    counts: Mapping[str, int] = MappingProxyType({})
    problems: tuple[Mapping[str, Any], ...] = ()
    receipt: str | None = None
    reader: str | None = None
    updated_at: str = ""

    def to_json(self) -> JsonObject:
        """Return the stored form; ``shard`` and ``status_shard`` are the partitions of the two indexes."""
        item: JsonObject = {name: value for name, value in zip(self._fields, self, strict=True) if value is not None}
        item["counts"] = dict(self.counts)
        item["generations"] = list(self.generations)
        item["problems"] = [dict(problem) for problem in self.problems]
        item["shard"] = shard(self.file_id)
        item["status_shard"] = f"{self.status}#{item['shard']}"
        return item

    @classmethod
    def from_json(cls, item: JsonObject) -> LedgerItem:
        """Read a stored item; unknown attributes (of a newer version) are left out."""
        known = {name: item[name] for name in cls._fields if name in item}
        known["generations"] = tuple(known.get("generations", ()))
        known["problems"] = tuple(known.get("problems", ()))
        return cls(**known)


def shard(file: str) -> str:
    """Return the partition of a file in the ledger's indexes: one of 16, by the first character of its id.

    Ids are base32: letters a-z and digits 2-7; 32 characters fall evenly on 16 shards.
    """
    return SHARDS[int(file[0], 36) % 16]
