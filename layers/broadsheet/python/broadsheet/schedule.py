"""Reconciliation by the clock: every run goes on where the last one ended, so that each key has its turn.

One item of the ledger's table keeps the place. Two runs at once do no harm: both re-drive, and one of them keeps it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from broadsheet.ports import JsonObject
from broadsheet.reconcile import ReconcileRequest, ReconcileRuntime, reconcile

PLACE_ID = "control:reconcile"
"""``file_id`` of the item; no hash of a file has a colon."""

MOST_WAITING = 1_000
"""With more messages in the queue a run is put off: their files differ because nobody looked at them yet, and would be
asked for again and again."""


def scheduled_run(runtime: ReconcileRuntime, *, remaining: Callable[[], float]) -> JsonObject:
    """Go on with the walk over the whole bucket; answer the report, or ``{"put_off": messages}``."""
    waiting = runtime.sender.waiting()
    if waiting > MOST_WAITING:
        runtime.telemetry.event("reconcile_put_off", waiting=waiting)
        return {"put_off": waiting}
    place = runtime.ledger.get(PLACE_ID)
    report = reconcile(ReconcileRequest(cursor=place["cursor"] if place else ""), runtime, remaining=remaining)
    kept = {
        **(place or {}),
        "file_id": PLACE_ID,
        "epoch": place["epoch"] + 1 if place else 1,
        "cursor": "" if report.done else report.cursor,
    }
    if report.done:
        kept["finished_at"] = datetime.fromtimestamp(runtime.clock(), UTC).isoformat(timespec="seconds")
    if place:
        runtime.ledger.put(kept, expected={"epoch": place["epoch"]})
    else:
        runtime.ledger.add(kept)
    return report.to_json()
