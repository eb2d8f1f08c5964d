"""What a message of the queue says: which objects may have changed. Tolerant on purpose: an event is only a hint.

Understood are S3 event notifications as S3 sends them to SQS, the same wrapped by SNS, EventBridge's form, the test
event S3 sends when notifications are configured, and broadsheet's own request to look at one object again. Everything
but bucket and key is optional: sequencers are missing from some sources, removals carry neither size nor ETag.

An event for a sidecar ``K.meta.json`` is a hint for ``K``, whose outcome depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import unquote_plus

import orjson

from broadsheet.errors import PermanentError

HINT = "broadsheet:hint"
SIDECAR_SUFFIX = ".meta.json"


@dataclass(frozen=True, slots=True)
class Change:
    """A hint that an object was stored, replaced or removed.

    ``sequencer`` orders the changes of one key where the source gives it; ``etag`` is the object the event was about,
    not necessarily the current one. ``again`` asks for the work even if this change is known already; ``resume`` only
    if the work has begun and has no end yet; ``forgive`` forgets how many workers it ended. ``released`` is the epoch
    of a claim that could not be given back: whoever claims next does it, if nobody claimed since.
    """

    bucket: str
    key: str
    sequencer: str | None = None
    etag: str | None = None
    again: bool = False
    resume: bool = False
    forgive: bool = False
    released: int = 0

    @property
    def stored(self) -> bool:
        """Whether the object was stored, as its own event says: that of a removal names no state."""
        return self.etag is not None and not self.again and not self.resume


def hint(change: Change) -> str:
    """Return the body of a message of our own that gives this change when it is read."""
    return orjson.dumps({"source": HINT, **asdict(change)}).decode()


def again(bucket: str, key: str, *, forgive: bool = False) -> str:
    """Return the body of a message that asks to look at one object again, as if it had never ended a worker."""
    return hint(Change(bucket, key, again=True, forgive=forgive))


def base_of(key: str) -> str:
    """Return the key of the file that a key belongs to: itself, or what its sidecar suffixes are taken off.

    >>> base_of("a.txt.meta.json"), base_of("a.txt"), base_of(".meta.json")
    ('a.txt', 'a.txt', '.meta.json')
    """
    while key.endswith(SIDECAR_SUFFIX) and len(key) > len(SIDECAR_SUFFIX):
        key = key.removesuffix(SIDECAR_SUFFIX)
    return key


def merged(first: Change, second: Change) -> Change:
    """Return one change of an object that asks for all that two of them ask for; the newer one gives the sequencer."""
    latest = second if newer(second.sequencer, first.sequencer) else first
    return replace(
        latest,
        again=first.again or second.again or first.resume != second.resume,
        resume=first.resume and second.resume,
        forgive=first.forgive or second.forgive,
        released=max(first.released, second.released),
    )


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
    if message.get("source") == HINT:
        yield _own(message)
    elif isinstance(message.get("Message"), str) and depth == 0:
        yield from _changes(orjson.loads(message["Message"]), depth=1)
    elif "detail" in message:
        stored = message["detail"]["object"]
        yield _change(message["detail"]["bucket"], stored, _text(stored["key"]))
    else:
        for record in message["Records"]:
            stored = record["s3"]["object"]
            yield _change(record["s3"]["bucket"], stored, unquote_plus(_text(stored["key"])))


def _own(message: Any) -> Change:
    return Change(
        _text(message["bucket"]),
        _text(message["key"]),
        sequencer=message.get("sequencer"),
        etag=message.get("etag"),
        again=message.get("again") is True,
        resume=message.get("resume") is True,
        forgive=message.get("forgive") is True,
        released=int(message.get("released", 0)),
    )


def _change(bucket: Any, stored: Any, key: str) -> Change:
    if (base := base_of(key)) != key:
        return Change(_text(bucket["name"]), base, again=True)
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
