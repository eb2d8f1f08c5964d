"""What is known of a file beside its bytes: its sidecar ``K.meta.json`` and its ``x-amz-meta-*`` headers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from broadsheet.model import Hints, Problem, StoredObject

MAX_BYTES = 64 * 1024
_UNREADABLE = "sidecar_unreadable"


def hints_of(stored: StoredObject, sidecar: bytes | None) -> tuple[Hints, Problem | None]:
    """Return the hints for a file; what the sidecar states goes before the headers.

    Known fields: ``url``, ``source``, ``captured_at`` (ISO 8601; otherwise the time of storage), ``language``, ``tags``
    (a list; comma-separated in a header). A sidecar that is no JSON object is a problem, not an error: the file is
    read without it.
    """
    problem: Problem | None = None
    stated: Mapping[str, Any] = {}
    if sidecar is not None:
        try:
            stated = _object(sidecar)
        except ValueError as error:
            problem = Problem(_UNREADABLE, f"the sidecar was not used: {error}")
    headers = {name.lower().replace("-", "_"): value for name, value in stored.metadata.items()}
    tags = stated.get("tags")
    if not isinstance(tags, list):
        tags = headers.get("tags", "").split(",")
    hints = Hints(
        name=stored.key,
        content_type=stored.content_type,
        captured_at=_time(stated.get("captured_at")) or _time(headers.get("captured_at")) or stored.last_modified,
        url=_text(stated.get("url")) or _text(headers.get("url")),
        source=_text(stated.get("source")) or _text(headers.get("source")),
        language=_text(stated.get("language")) or _text(headers.get("language")),
        tags=tuple(tag.strip() for tag in tags if isinstance(tag, str) and tag.strip()),
    )
    return hints, problem


def _object(sidecar: bytes) -> Mapping[str, Any]:
    if len(sidecar) > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES} bytes")
    try:
        stated = orjson.loads(sidecar)
    except ValueError:
        raise ValueError("it is not JSON") from None
    if not isinstance(stated, dict):
        raise ValueError("it is not a JSON object")  # noqa: TRY004 - about content, not about a type of ours
    return stated


def _text(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) and value.strip() else None


def _time(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return None
    return time if time.tzinfo else None
