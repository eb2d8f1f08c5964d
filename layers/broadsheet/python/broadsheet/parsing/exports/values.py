"""The values of an export's fields -> harmless text, names, lists: whatever form they are written in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from broadsheet.parsing.markup import text_of
from broadsheet.parsing.mojibake import repaired
from broadsheet.text import USUAL_ASCII, clean, unusual_of

_INNER_TEXTS = ("rendered", "text", "value", "raw", "@value", "html", "main")
_INNER_NAMES = [
    "name",
    "displayName",
    "display_name",
    "username",
    "userName",
    "user_name",
    "login",
    "screen_name",
    "nickname",
    "title",
    "term",
    "label",
    "@id",
    "id",
]
_INNER_LISTS = ("children", "items", "comments", "replies", "nodes", "results")
_BODIES = ("text", "body", "content", "message")
# A text of nothing but separators would become millions; what is beyond stays one name.
_MOST_NAMES = 1000
# Reddit writes these where an account or a text is gone.
_NOBODY = frozenset({"[deleted]", "[removed]"})


class Texts:
    """Cleans the texts of one record and counts what that takes out."""

    __slots__ = ("dropped", "marked_up", "repaired")

    def __init__(self) -> None:
        self.dropped: Counter[str] = Counter()
        self.marked_up = 0
        self.repaired = 0

    def prose(self, value: Any) -> str:
        """Return a body or a title: HTML stripped to its text, cleaned; empty for what is no text."""
        if value.__class__ is not str:
            value = raw_text(value)
        if "<" not in value and "&" not in value:
            return self.plain(value)
        plain = text_of(value)
        if plain != value:
            self.marked_up += 1
        return self.plain(plain)

    def plain(self, value: str) -> str:
        """Return a text that is none of HTML, cleaned."""
        unusual = unusual_of(value)
        if not unusual:
            return value.strip()
        value, lines = repaired(value, unusual)
        self.repaired += bool(lines)
        text, dropped = clean(value, None if lines else unusual)
        if dropped:
            self.dropped.update(dropped)
        return text.strip()

    def line(self, value: str) -> str:
        """Return a name or a title: one line, cleaned."""
        if value.isalnum() and value.isascii():
            return value
        text = self.prose(value)
        return text if text.isprintable() else " ".join(text.split())

    def identifier(self, value: Any) -> str | None:
        """Return an id as ``identifier`` does, cleaned."""
        found = identifier(value)
        if found is None or (found.isalnum() and found.isascii()):
            return found
        return self.plain(found) or None


def is_harmless(text: str) -> bool:
    """Tell whether cleaning would change nothing, at a third of its cost: printable ASCII, tabs and line feeds."""
    return text.isascii() and not text.encode("ascii").translate(None, USUAL_ASCII)


def raw_text(value: Any) -> str:
    """Return the text of a field: itself, inside an object such as ``{"rendered": ...}``, or a list of paragraphs."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return next((value[name] for name in _INNER_TEXTS if isinstance(value.get(name), str)), "")
    if isinstance(value, list):
        return "\n\n".join(each for each in value if isinstance(each, str))
    return ""


def identifier(value: Any) -> str | None:
    """Return an id as text: numbers as they are written, objects by their id; None for none (0 is none)."""
    if isinstance(value, dict):
        value = value.get("@id") or value.get("id")
    if isinstance(value, bool) or not value:
        return None
    if isinstance(value, int):
        return str(value)
    return value if isinstance(value, str) and value != "0" else None


def name_of(value: Any) -> str:
    """Return the name of a person or thing: itself, or inside an object or the first of a list."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = next((value[name] for name in _INNER_NAMES if isinstance(value.get(name), str) and value[name]), "")
    if not isinstance(value, str) or value in _NOBODY:
        return ""
    return value


def names_of(value: Any) -> Iterator[str]:
    """Yield the names of several people or things: of a list, or parts of a text between semicolons."""
    if isinstance(value, str):
        yield from value.split(";", _MOST_NAMES)
    elif isinstance(value, list):
        yield from map(name_of, value)
    else:
        yield name_of(value)


def elements_of(value: Any) -> list[Any]:
    """Return the elements of a list, or of the list in an object (Reddit's listings, WordPress's ``_embedded``)."""
    for _ in range(4):
        if isinstance(value, list):
            # WordPress wraps the list once more.
            if len(value) == 1 and isinstance(value[0], list):
                value = value[0]
                continue
            return value
        if not isinstance(value, dict):
            return []
        inner = value.get("data", value)
        if isinstance(inner, Mapping):
            lists = (inner[name] for name in _INNER_LISTS if isinstance(inner.get(name), list))
            # JSON-LD writes one comment without a list.
            inner = next(lists, [value] if any(isinstance(value.get(name), str) for name in _BODIES) else None)
        value = inner
    return []
