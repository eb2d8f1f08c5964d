"""How workers that began on a file and did not end are counted against it.

A file that ends its workers has to be given up, and no other file with it. When a worker dies that had several files
open, nobody can tell whose fault it was: such a death only makes each of them *suspect* (``among_others`` stays set),
and what is suspect is claimed alone from then on. ``attempts`` are claims that were alone, so that only deaths alone
count. Every clean end takes back what its claim had counted.

Attempts belong to one state of an object and its sidecar, ``attempts_on``: a file that killed its readers must not
count against its replacement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from broadsheet.ledger_item import LedgerItem

MOST_ATTEMPTS = 3
"""A file is given up on as ``failed`` when this many workers died while they had it alone."""


def is_suspect(item: LedgerItem) -> bool:
    """Tell whether a worker that had the file died: then it must be claimed alone."""
    return item.among_others or item.attempts > 0


def begun(item: LedgerItem, etag: str | None, *, alone: bool) -> LedgerItem:
    """Count a claim; on what is only known after it.

    While attempts are open, an event that speaks of another state never resets them: two events of one object would
    take turns and no poison would ever be given up. ``found`` resets when the state found is another one.
    """
    counted = item._replace(attempts=item.attempts + alone, among_others=not alone)
    if is_suspect(item):
        return counted
    known = item.attempts_on
    if known is not None and etag is not None and known != etag and not known.startswith(f"{etag}+"):
        return counted._replace(attempts_on=etag, best=0)
    return counted._replace(attempts_on=known or etag)


def found(item: LedgerItem, state: str) -> LedgerItem:
    """Count a claim for the state that was really found."""
    if item.attempts_on == state:
        return item
    return item._replace(attempts=_this_one(item), attempts_on=state, best=0)


def advanced(item: LedgerItem, checkpoint: Mapping[str, Any], reached: int) -> LedgerItem:
    """Store a checkpoint; attempts begin anew only past the best one, else a poison behind it would never end."""
    if reached > item.best:
        return item._replace(checkpoint=checkpoint, best=reached, attempts=_this_one(item))
    return item._replace(checkpoint=checkpoint)


def taken_back(item: LedgerItem) -> LedgerItem:
    """Take the present claim back: nothing was wrong with the object."""
    return item._replace(attempts=item.attempts - _this_one(item), among_others=False)


def crashed(item: LedgerItem) -> LedgerItem:
    """Count the present claim as a death that was certainly the file's own fault."""
    return item._replace(attempts=item.attempts + 1 - _this_one(item), among_others=False)


def _this_one(item: LedgerItem) -> int:
    """Return what the present claim counts."""
    return 0 if item.among_others else min(item.attempts, 1)
