"""Names without what a page prints with all of them: towns, ranks, numbers, signs, a platform's icon.

One head cannot tell "Mike from Eastport", a nickname, from a name and a town; most heads of a page together can.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

Names = list[str | None]

# The text of an icon: "Blogger Newt said...".
_PLATFORMS = ("Blogger ", "Gravatar ", "Avatar ", "OpenID ", "Typepad ")
_SIGNS = " \t:;,|•·★☆*~»«›‹–—"
# What most heads of a page must have to be no part of the names.
_PARTS = (
    re.compile(r"(?P<kept>.{1,60}?)\s?[,،]\s.*"),  # Ahmad, Beirut, Lebanon
    re.compile(r"(?P<kept>.{1,60}?)\s[|·•/]\s.*"),  # Ahmad | Beirut
    re.compile(r"(?P<kept>.{1,60}?)\s(?:from|of|in|من)\s\w.*"),  # Ahmad from Beirut
    re.compile(r"[\[(#]?\d{1,4}[\])]?[.:]?\s(?P<kept>.*\S.*)"),  # [3] Ahmad
)
# Points or the number of an account behind the name: "Ahmad 87p", "Ahmad (61182)".
_NUMBER_BEHIND = re.compile(r"(?P<kept>.{1,60}?)(?:\s[(\[]?[+-]?\d{1,8}\s?(?:p|pts?|points?)?[)\]]?)")
_MARK = re.compile(r"\s\[[^\]]{1,30}\]$")
_FEWEST = 3


def tidy(names: Sequence[str | None]) -> Names:
    """Return the names of one page's heads, in order, without what is common to most of them."""
    tidied: Names = [name and (_MARK.sub("", name).strip(_SIGNS) or name) for name in names]
    for platform in _PLATFORMS:
        if sum(name.startswith(platform) for name in tidied if name) > 1:
            tidied = [name.removeprefix(platform) if name else name for name in tidied]
    if sum(name is not None and _NUMBER_BEHIND.fullmatch(name) is not None for name in tidied) * 5 > 4 * len(tidied):
        tidied = _without(_NUMBER_BEHIND, tidied)
    for part in _PARTS:
        tidied = _without(part, tidied)
    return _without_rank(tidied)


def _without(part: re.Pattern[str], names: Names) -> Names:
    found = {name: match["kept"].strip() for name in set(names) if name and (match := part.fullmatch(name))}
    having = sum(name in found for name in names if name)
    known = sum(name is not None for name in names)
    if (having < 2 and known > 1) or having * 5 < known * 3:
        return names
    return [found.get(name, name) if name else name for name in names]


def _without_rank(names: Names) -> Names:
    """Take off a last word that all names end in: "Ahmad Member"."""
    ends = Counter(name.split()[-1] for name in names if name and " " in name)
    if not ends:
        return names
    word, count = ends.most_common(1)[0]
    if not word.isalpha():  # "(not verified)" is the mark of a guest
        return names
    owners = {name for name in names if name and name.endswith(f" {word}")}
    if len(owners) < _FEWEST or count * 5 < 4 * sum(name is not None for name in names):
        return names
    return [name.removesuffix(f" {word}") if name else name for name in names]
