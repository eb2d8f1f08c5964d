"""One item of an XML file -> plain values: an element is its text, or an object of its children and attributes."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

from broadsheet.errors import LimitError, PermanentError
from broadsheet.parsing.limits import Limits

TEXT = "#text"
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
_LONE_AMPERSAND = re.compile(rb"&(?!(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)")
# Of an article and of each of its comments; WordPress writes 14 of a comment.
_ELEMENTS_OF_COMMENT = 20


class ItemError(PermanentError):
    """An item that is no XML, or too deep."""

    default_code = "xml_invalid"


def values_of(data: bytes, prefixes: Mapping[str, str], limits: Limits) -> dict[str, Any]:
    """Return the children and attributes of an item by their names (``wp:post_id``, ``@href``).

    A child that occurs more than once is a list. ``prefixes`` maps the file's prefixes to the usual ones. The content
    of an element of ``type="xhtml"`` is its markup. Raises ItemError ``xml_invalid``, also after what is commonly wrong
    (control characters, single ampersands) was put right, and ``xml_too_deep``; LimitError ``too_many_comments``.
    """
    try:
        return _Builder(data, prefixes, limits).build()
    except expat.ExpatError:
        mended = _LONE_AMPERSAND.sub(b"&amp;", data.translate(None, _CONTROLS))
    try:
        return _Builder(mended, prefixes, limits).build()
    except expat.ExpatError as error:
        reason = expat.errors.messages.get(error.code, "unknown error")
        raise ItemError(f"The item is no XML: {reason}. The others are not affected.") from error


def text(value: Any) -> str:
    """Return the text of an element, that of the first where there are several; empty for none."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get(TEXT, "")
    return value if isinstance(value, str) else ""


def each(value: Any) -> list[Any]:
    """Return the elements of one name as a list, however many there are."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def attribute(value: Any, name: str) -> str:
    """Return an attribute of an element; empty for none."""
    if isinstance(value, list):
        value = value[0] if value else None
    found = value.get(f"@{name}") if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


class _Builder:
    def __init__(self, data: bytes, prefixes: Mapping[str, str], limits: Limits) -> None:
        self._data = data
        self._prefixes = prefixes
        self._limits = limits
        self._left = limits.max_comments * _ELEMENTS_OF_COMMENT
        self._names: dict[str, str] = {}
        # Name, object or None, pieces of text of each element that is open.
        self._open: list[tuple[str, dict[str, Any], list[str]]] = []
        self._markup_from: int | None = None
        self._markup_depth = 0
        self._root: dict[str, Any] = {}
        parser = expat.ParserCreate("utf-8")
        # With a document type of nothing, an entity that is not known is skipped, and none is an error.
        parser.UseForeignDTD(True)
        parser.ExternalEntityRefHandler = lambda *_: 1
        parser.SkippedEntityHandler = self._skipped
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        self._parser = parser

    def build(self) -> dict[str, Any]:
        self._parser.Parse(self._data, True)
        return self._root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) + self._markup_depth >= self._limits.max_depth:
            message = f"The item is nested deeper than {self._limits.max_depth} levels (max_depth)."
            raise ItemError(message, code="xml_too_deep")
        if self._markup_from is not None:
            self._markup_depth += 1
            return
        self._left -= 1
        if self._left < 0:
            message = f"The item has more elements than {self._limits.max_comments} comments need (max_comments)."
            raise LimitError(message, code="too_many_comments")
        if attributes.get("type") == "xhtml":
            self._markup_from = self._parser.CurrentByteIndex
        values = {f"@{self._name(key)}": value for key, value in attributes.items()} if attributes else {}
        self._open.append((self._name(name), values, []))

    def _end(self, _: str) -> None:
        if self._markup_depth:
            self._markup_depth -= 1
            return
        name, values, parts = self._open.pop()
        content = "".join(parts)
        if self._markup_from is not None:
            markup = self._data[self._markup_from : self._parser.CurrentByteIndex].decode("utf-8", "replace")
            content = markup.partition(">")[2]
            self._markup_from = None
        if not self._open:
            self._root = values
            return
        value: Any = content
        if values:
            values[TEXT] = content
            value = values
        siblings = self._open[-1][1]
        known = siblings.get(name)
        if known is None:
            siblings[name] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            siblings[name] = [known, value]

    def _text(self, data: str) -> None:
        if self._open and self._markup_from is None:
            self._open[-1][2].append(data)

    def _skipped(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            self._text(html.unescape(f"&{name};"))

    def _name(self, name: str) -> str:
        known = self._names.get(name)
        if known is None:
            prefix, colon, local = name.rpartition(":")
            usual = self._prefixes.get(prefix, prefix)
            known = f"{usual}:{local}" if usual and (colon or usual) else local
            self._names[name] = known
        return known
