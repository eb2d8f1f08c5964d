"""Clock times and their zones: ``4:33 pm``, ``16:33:05 EDT``, ``4.33pm``, ``٤:٣٣ م`` (all in the plain form)."""

from __future__ import annotations

import re
from typing import NamedTuple

_HALF = r"(?:[ap]\.?\s?m\b\.?|صباحا|فجرا|مساء|ظهرا|عصرا|ليلا|[صم](?!\w))"
_CLOCK = (
    rf"(?<![\d:.])(?:(?P<hour>\d{{1,2}})(?P<colon>[:.h])(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{{1,6}})?)?(?![\d:])\s{{0,2}}(?P<half>{_HALF})?"
    rf"|(?P<hour2>\d{{1,2}})\s?(?P<half2>[ap]\.?m\b\.?))"
)
CLOCK = re.compile(_CLOCK)
_ZONE = re.compile(
    r"\s{0,2}\(?(?:(?P<name>utc|gmt|z|[a-z]{1,4}t|msk)\b)?\s?(?P<sign>[+-])?(?(sign)(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?)(?!\w)\)?"
)
_OFFSETS = {
    "utc": "+00:00", "gmt": "+00:00", "z": "+00:00", "wet": "+00:00", "bst": "+01:00", "cet": "+01:00",
    "cest": "+02:00", "eet": "+02:00", "eest": "+03:00", "msk": "+03:00", "est": "-05:00", "edt": "-04:00",
    "cst": "-06:00", "cdt": "-05:00", "mst": "-07:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00",
    "akst": "-09:00", "akdt": "-08:00", "hst": "-10:00", "aest": "+10:00", "aedt": "+11:00", "awst": "+08:00",
    "nzst": "+12:00", "nzdt": "+13:00", "jst": "+09:00", "sgt": "+08:00", "hkt": "+08:00", "pkt": "+05:00",
    "ist": "+05:30",
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
}  # fmt: skip
_NOON = 12


class Clock(NamedTuple):
    """A clock time at ``line[start:end]``, zone included; ``half_day`` says that am or pm is written."""

    start: int
    end: int
    hour: int
    minute: int
    half_day: bool
    offset: str | None
    second: int | None = None


def read_clock(line: str, found: re.Match[str], *, strict: bool) -> Clock | None:
    """Read what CLOCK found; ``strict`` refuses a full stop between hour and minute, which stands in prices too."""
    half = found["half"] or found["half2"] or ""
    if strict and found["colon"] == "." and not half:
        return None
    hour = int(found["hour"] or found["hour2"])
    minute = int(found["minute"] or 0)
    if half:
        if hour > _NOON and half[0] in "aصف":
            return None
        if hour <= _NOON:
            hour = hour % _NOON + (_NOON if half[0] in "pمظعل" else 0)
    if hour > 23 or minute > 59:
        return None
    offset, end = read_zone(line, found.end())
    second = int(found["second"]) if found["second"] and int(found["second"]) < 60 else None
    return Clock(found.start(), end, hour, minute, bool(half), offset, second)


def read_zone(line: str, start: int) -> tuple[str | None, int]:
    """Return offset or zone written at this place and where it ends; (None, start) for none."""
    found = _ZONE.match(line, start)
    if not found or found.end() == start:
        return None, start
    name = found["name"]
    if name is not None and name not in _OFFSETS:
        return None, start
    if found["sign"]:
        hours, minutes = int(found["hours"]), int(found["minutes"] or 0)
        if hours > 14 or minutes > 59 or (name is None and found["minutes"] is None):
            return None, start
        return f"{found['sign']}{hours:02}:{minutes:02}", found.end()
    return (_OFFSETS[name], found.end()) if name else (None, start)
