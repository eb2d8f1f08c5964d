"""Days of the Islamic calendar in its tabular form, which differs from the sighted one by a day or two."""

from __future__ import annotations

from datetime import date, timedelta

# 1 Muharram 1 of the tabular calendar with the astronomical epoch is 18 July 622 (proleptic Gregorian).
_EPOCH = date(622, 7, 18)
UNCERTAIN_DAYS = 2


def gregorian(year: int, month: int, day: int) -> date | None:
    """Return the Gregorian day of a Hijri date (leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29 of each thirty).

    >>> gregorian(1435, 7, 10)
    datetime.date(2014, 5, 9)
    """
    if not (1300 <= year <= 1600 and 1 <= month <= 12 and 1 <= day <= 30):
        return None
    days = (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2 + day - 1
    return _EPOCH + timedelta(days=days)
