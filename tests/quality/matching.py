"""Which read comment is which labelled one, and whether a value of it is right. Words only: no layout, no markup."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

SAME_BODY = 0.8
"""Word F1 from which a read body counts as the labelled one."""

_WORD = re.compile(r"\w+")
_OFFSET = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")


def words(text: str) -> list[str]:
    """Return the words of a text, case and width folded; a text of signs alone ("+", ":-)") gives its signs."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _WORD.findall(folded) or folded.split()


def holds(text: str, quote: str) -> bool:
    """Tell whether the words of a quote stand in a text, next to each other and in order."""
    return f" {' '.join(words(quote))} " in f" {' '.join(words(text))} "


def f1(left: Counter[str], right: Counter[str]) -> float:
    """Return the F1 of two bags of words, 1.0 for two empty ones."""
    size = left.total() + right.total()
    return 2 * (left & right).total() / size if size else 1.0


def align(labelled: Sequence[Counter[str]], read: Sequence[Counter[str]]) -> dict[int, int]:
    """Pair labelled with read bodies in page order, so that the sum of F1 is greatest, none under SAME_BODY.

    Returns labelled place -> read place. The usual alignment table, quadratic in the number of comments.
    """
    best = [[0.0] * (len(read) + 1) for _ in range(len(labelled) + 1)]
    same = [[f1(label, body) for body in read] for label in labelled]
    for i in range(len(labelled) - 1, -1, -1):
        for j in range(len(read) - 1, -1, -1):
            paired = best[i + 1][j + 1] + same[i][j] if same[i][j] >= SAME_BODY else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    pairs: dict[int, int] = {}
    i = j = 0
    while i < len(labelled) and j < len(read):
        if same[i][j] >= SAME_BODY and best[i][j] == best[i + 1][j + 1] + same[i][j]:
            pairs[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def same_text(label: str | None, value: str | None) -> bool:
    """Tell whether two short texts (names, titles) are equal but for width and white space; None equals only None."""
    if label is None or value is None:
        return label is value
    return _plain(label) == _plain(value)


def same_date(label: str | None, value: str | None) -> bool:
    """Tell whether a date is right as far as the label goes; a label with an offset asks for the same instant.

    A label without one is the wall time of the page, so the offset of the value, mostly an assumed one, does not count.
    """
    if label is None or value is None:
        return label is value
    if "T" in label and _OFFSET.search(label):
        stated, given = datetime.fromisoformat(label), datetime.fromisoformat(value)
        return given.tzinfo is not None and abs((stated - given).total_seconds()) < 60
    return value.startswith(label)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
