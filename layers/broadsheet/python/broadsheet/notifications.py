"""What a message of the queue says: which objects may have changed. Tolerant on purpose: an event is only a hint.

Understood are S3 event notifications as S3 sends them to SQS, the same wrapped by SNS, EventBridge's form, the test
event S3 sends when notifications are configured, and broadsheet's own request to look at one object again. Everything
but bucket and key is optional: sequencers are missing from some sources, removals carry neither size nor ETag.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

import orjson

from broadsheet.errors import PermanentError

AGAIN = "broadsheet:again"


@dataclass(frozen=True, slots=True)
class Change:
    """A hint that an object was stored, replaced or removed.

    ``sequencer`` orders the changes of one key where the source gives it; ``etag`` is the object the event was about,
    not necessarily the current one. ``again`` asks for the work even if this change is known already.
    """

    bucket: str
    key: str
    sequencer: str | None = None
    etag: str | None = None
    again: bool = False


def again(bucket: str, key: str) -> str:
    """Return the body of a message that asks to look at one object again."""
    return orjson.dumps({"source": AGAIN, "bucket": bucket, "key": key}).decode()


def read_message(body: str) -> tuple[Change, ...]:
    """Return the changes a message speaks of, none for a test event.

    Raise PermanentError (``notification_unreadable``) for anything that is not a notification.
    """
    try:
        return tuple(_changes(orjson.loads(body), depth=0))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PermanentError(
            f"the message is not a notification of S3, SNS or EventBridge ({type(error).__name__})",
            code="notification_unreadable",
        ) from error


def newer(sequencer: str | None, than: str | None) -> bool:
    """Tell whether a sequencer is newer than another; unknown counts as newer, since nothing may be missed.

    Sequencers are hexadecimal strings of different lengths: the shorter is padded with zeros on the right and they
    are compared as text (AWS Knowledge Center, on duplicate S3 messages in SQS).

    >>> newer("0062E99A88DC407460", "0062E99A88DC4074")
    True
    """
    if sequencer is None or than is None:
        return True
    width = max(len(sequencer), len(than))
    return sequencer.upper().ljust(width, "0") > than.upper().ljust(width, "0")


def _changes(message: Any, *, depth: int) -> Iterator[Change]:
    if message.get("Event") == "s3:TestEvent":
        return
    if message.get("source") == AGAIN:
        yield Change(_text(message["bucket"]), _text(message["key"]), again=True)
    elif isinstance(message.get("Message"), str) and depth == 0:
        yield from _changes(orjson.loads(message["Message"]), depth=1)
    elif "detail" in message:
        stored = message["detail"]["object"]
        yield _change(message["detail"]["bucket"], stored, _text(stored["key"]))
    else:
        for record in message["Records"]:
            stored = record["s3"]["object"]
            yield _change(record["s3"]["bucket"], stored, unquote_plus(_text(stored["key"])))


def _change(bucket: Any, stored: Any, key: str) -> Change:
    sequencer = stored.get("sequencer")
    etag = stored.get("eTag") or stored.get("etag")
    return Change(
        _text(bucket["name"]),
        key,
        sequencer=sequencer if isinstance(sequencer, str) and sequencer else None,
        etag=etag.strip('"') if isinstance(etag, str) and etag else None,
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("expected text")
    return value
