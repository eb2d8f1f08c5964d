"""What makes the index of one file differ from the bucket: its ledger item against the object as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from broadsheet.ledger_item import LedgerItem
from broadsheet.model import StoredObject
from broadsheet.notifications import base_of
from broadsheet.object_keys import no_file
from broadsheet.reader_version import READER_VERSION

Reason = Literal["missing", "gone", "abandoned", "changed", "sidecar", "generation", "suppression", "reader"]
REASONS: dict[Reason, str] = {
    "missing": "in the bucket, not in the ledger",
    "gone": "removed from the bucket, not from the index",
    "abandoned": "begun long ago, and nobody goes on with it",
    "changed": "replaced since it was read",
    "sidecar": "its .meta.json was added, replaced or removed",
    "generation": "not yet in every generation of the indices",
    "suppression": "read under another version of the take-down list",
    "reader": "read by another version of the reader",
}
"""Every reason, in the order in which they are looked for: a file is counted under the first that holds."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What every outcome is compared with; times in milliseconds since the epoch."""

    generations: Sequence[int]
    suppression: str
    now: int
    visibility: int


def is_file(key: str) -> bool:
    """Tell whether a key is one of a file: not of a folder marker, a sidecar or the system's own."""
    return base_of(key) == key and not no_file(key)


def in_work(item: LedgerItem) -> bool:
    """Tell whether a file has no outcome yet: what it would be compared with is still being read."""
    return item.status == "processing"


def is_abandoned(item: LedgerItem, wanted: Wanted) -> bool:
    """Tell whether a file that is in work lost its message: it would have been seen again by now.

    A message that is held or whose holder died comes back within the visibility time of the queue.
    """
    claimed = datetime.fromisoformat(item.updated_at).timestamp() * 1000 if item.updated_at else 0
    return max(item.lease_until, claimed) + wanted.visibility < wanted.now


def difference(
    item: LedgerItem | None, stored: StoredObject | None, sidecar_etag: str | None, wanted: Wanted
) -> Reason | None:
    """Return why a file has to be read again, None when its outcome is about what is there.

    ``stored`` is the object, None when there is none; ``item`` has an outcome, or is None when the file was never seen.
    """
    if item is None:
        return "missing"
    if stored is None:
        return _difference_of_removed(item, sidecar_etag, wanted)
    if item.etag != stored.etag or not _same_second(item.last_modified, stored.last_modified):
        return "changed"
    behind: dict[Reason, bool] = {
        "sidecar": item.sidecar_etag != sidecar_etag,
        "generation": not set(wanted.generations) <= set(item.generations),
        "suppression": item.suppression != wanted.suppression,
        "reader": item.reader != READER_VERSION,
    }
    return next((reason for reason, holds in behind.items() if holds), None)


def _difference_of_removed(item: LedgerItem, sidecar_etag: str | None, wanted: Wanted) -> Reason | None:
    """Compare an outcome with nothing: no list and no reader matters to it."""
    if item.etag is not None:
        return "gone"
    if item.sidecar_etag != sidecar_etag:
        return "sidecar"
    # Deleted files too: a generation is complete when every item has it, and a removal must have reached it.
    return "generation" if not set(wanted.generations) <= set(item.generations) else None


def _same_second(stored: str | None, listed: datetime) -> bool:
    """Compare by seconds: HEAD tells no more, and a listing may."""
    return stored is not None and int(datetime.fromisoformat(stored).timestamp()) == int(listed.timestamp())
