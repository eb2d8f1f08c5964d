"""The committed sample events and uploads, and messages made of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import orjson

from broadsheet.deliveries import Message

EVENTS = Path(__file__).parent.parent / "events"
HOMS = EVENTS / "uploads" / "naharnet-homs-2014-05-09.txt"
HOMS_ARABIC = EVENTS / "uploads" / "naharnet-homs-2014-05-09-ar.txt"


def load_event(name: str) -> dict[str, Any]:
    """Read a sample event by its path below events/, without ``.json``."""
    event: dict[str, Any] = orjson.loads((EVENTS / f"{name}.json").read_bytes())
    return event


def body_of(name: str) -> str:
    """Return the body of the one message of a sample SQS event."""
    body: str = load_event(name)["Records"][0]["body"]
    return body


def notification(bucket: str, key: str, *, sequencer: str | None = None, etag: str | None = None) -> str:
    """Return the body of an S3 notification with only what readers may rely on."""
    stored = {"key": quote_plus(key, safe="/"), "sequencer": sequencer, "eTag": etag}
    known = {name: value for name, value in stored.items() if value is not None}
    return orjson.dumps({"Records": [{"s3": {"bucket": {"name": bucket}, "object": known}}]}).decode()


def message(body: str, name: str = "m1", receives: int = 1) -> Message:
    """Return a message of the queue with this body."""
    return Message(name, f"receipt-{name}", body, receives)
