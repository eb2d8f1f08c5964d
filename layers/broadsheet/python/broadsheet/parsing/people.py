"""Who wrote a comment: the avatar's alternative text, the name, and the mark of a guest.

Text extractors print an image as its alternative text. Sites made with older Rails give an avatar that has none its
file's base name, capitalised: ``thumb.jpg`` -> ``Thumb`` (a member's own picture), ``missing.png`` -> ``Missing`` (a
member without one), ``default-user-icon.png`` -> ``Default-user-icon`` (not registered; newer Rails prints spaces).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from broadsheet.model import AuthorKind, named_tuple

_ALTS: dict[str, AuthorKind] = {
    "Thumb": "member",
    "Missing": "member_without_avatar",
    "Default-user-icon": "guest",
}
_SPACED_ALT = "Default user icon"
_GUEST_MARKS = (
    "(Guest)", "(guest)", "(GUEST)", "(زائر)", "(ضيف)", "(not verified)", "(unverified)", "(visitor)", "(Visitor)",
    "(غير مسجل)", "[guest]", "[Guest]",
)  # fmt: skip
# What Ruby's String#capitalize makes of a base name: one capital, the rest lower case.
_BASE_NAME = re.compile(r"[A-Z][a-z0-9_-]{1,40}")


class Person(NamedTuple):
    """An author as the page shows them; ``marked`` says that an avatar or a guest mark proves the line a head."""

    name: str | None
    kind: AuthorKind
    marked: bool


def identify(whos: Sequence[str]) -> list[Person]:
    """Split what stands before each date of a page into avatar and name, all heads of the page together.

    One word alone cannot be told from a first name; a page can: where avatars are printed they are printed for all.

    >>> identify(["Thumb cedre", "Default-user-icon Hanoun (Guest)"])[1]
    Person(name='Hanoun', kind='guest', marked=True)
    """
    known = {who: _known(who) for who in set(whos)}
    people = [known[who] for who in whos]
    if all(person.marked for person in known.values()):
        return people
    avatars = any(person.marked and person.kind != "guest" for person in people)
    common = None if avatars else _common_first_word(whos)
    strange = Counter(who.partition(" ")[0] for who in known if not known[who].marked)
    for index, (who, person) in enumerate(zip(whos, people, strict=True)):
        if person.marked:
            continue
        first, _, rest = who.partition(" ")
        rest = rest.strip()
        if avatars and rest and " " not in rest and _BASE_NAME.fullmatch(first):
            # "Town hall 12 May 2014, 19:00" in a body looks the same: only a file's name, or two heads, are proof.
            people[index] = Person(rest, "member", marked=not first.isalpha() or strange[first] > 1)
        elif common and first == common and rest:
            people[index] = Person(rest, "unknown", marked=False)
    return people


def _known(who: str) -> Person:
    first, _, rest = who.partition(" ")
    kind = _ALTS.get(first)
    if kind is None and who.startswith(_SPACED_ALT):
        kind, rest = "guest", who[len(_SPACED_ALT) :]
    name = who if kind is None else rest
    if name.endswith((")", "]")) and (mark := next(filter(name.endswith, _GUEST_MARKS), None)):
        kind, name = "guest", name.removesuffix(mark)
    return named_tuple(Person, (name.strip() or None, kind or "unknown", kind is not None))


def _common_first_word(whos: Sequence[str]) -> str | None:
    """Return an avatar text nobody told us of: the first word of most heads, before at least three different names."""
    names: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    for who in whos:
        first, _, rest = who.partition(" ")
        if rest and _BASE_NAME.fullmatch(first):
            counts[first] += 1
            names.setdefault(first, set()).add(rest)
    for first, count in counts.most_common(1):
        if count * 5 >= len(whos) * 4 and len(names[first]) >= 3:
            return first
    return None
