"""A claim that ends without an outcome: lost to another worker, or given back."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from broadsheet.errors import InfrastructureError
from broadsheet.ledger import Ledger
from broadsheet.ledger_item import LedgerItem
from broadsheet.notifications import Change, hint
from broadsheet.ports import MessageQueue, Telemetry


class ClaimLostError(InfrastructureError):
    """Somebody else claimed the file: whatever was written under this claim loses against theirs."""

    default_code = "claim_lost"


class ClaimPorts(Protocol):
    """What ending a claim needs."""

    @property
    def ledger(self) -> Ledger:
        """The ledger of the claim."""

    @property
    def queue(self) -> MessageQueue:
        """The queue its messages came from."""

    @property
    def telemetry(self) -> Telemetry:
        """Where failures are reported."""


def give_back(claim: LedgerItem, change: Change, ports: ClaimPorts, *, crashed: bool, after_seconds: float = 0) -> bool:
    """End a claim without an outcome; True when a message of our own stands in for those that began the work.

    A claim that cannot be given back is handed over by such a message, which tells the next holder to do it: an outage
    of the ledger must never count as a crash of the file.
    """
    try:
        ports.ledger.release(claim, crashed=crashed, after_seconds=after_seconds)
    except InfrastructureError as error:
        ports.telemetry.event("release_failed", file_id=claim.file_id, code=error.code)
        if crashed:
            return False
        try:
            ports.queue.send(hint(replace(change, released=claim.epoch)), delay_seconds=int(after_seconds))
        except InfrastructureError:
            return False
        return True
    return False


def kept(claim: LedgerItem | None) -> LedgerItem:
    """Return the claim after a write under it; raise ClaimLostError when the write found it lost."""
    if claim is None:
        raise ClaimLostError("another worker claimed the file")
    return claim
