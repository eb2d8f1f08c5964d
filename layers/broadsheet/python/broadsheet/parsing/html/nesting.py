"""Who answers whom by the markup: comments inside comments, depths in classes, indents, links to the parent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from broadsheet.model import Thread
from broadsheet.parsing.html.candidates import Item
from broadsheet.parsing.html.finder import Found
from broadsheet.parsing.html.survey import Survey

_LEVEL_CLASS = re.compile(
    r"(?:^|\s)(?:comment-?)?(?:depth|level|indent|nest(?:ed)?|lvl)[-_]?(\d{1,2})(?=\s|$)", re.IGNORECASE
)
_INDENT = re.compile(r"(?:margin|padding)-(?:left|right)\s?:\s?(\d{1,4})(?:\.\d+)?\s?(px|em|%|pt)", re.IGNORECASE)
_PARENT_ATTRIBUTES = ("data-parent-id", "data-parent", "data-parentid", "data-parent-comment-id", "data-reply-to")
_ANSWER = re.compile(r"in reply to|replying to|in response to|reply to\b|parent", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_NESTED = "markup:nested"
_BY_DEPTH = 0.9


def parents(found: Found, kept: Sequence[Item], place: Mapping[int, int], survey: Survey) -> dict[int, Thread]:
    """Return the thread of each comment by its ordinal; empty where the markup says nothing of threads.

    ``place`` gives the ordinal of each item of ``found`` that was kept.
    """
    for stated in (_by_attribute(kept), _by_nesting(found, place), _by_level(kept, survey)):
        if any(parent is not None for parent, _, _ in stated.values()):
            return {
                ordinal: Thread("root" if parent is None else "reply", parent, (evidence,), confidence)
                for ordinal, (parent, evidence, confidence) in stated.items()
            }
    return {}


_Stated = dict[int, tuple[int | None, str, float]]


def _by_nesting(found: Found, place: Mapping[int, int]) -> _Stated:
    stated: _Stated = {}
    for index, item in enumerate(found.items):
        if index not in place:
            continue
        outer = item.outer
        while outer is not None and outer not in place:
            outer = found.items[outer].outer
        stated[place[index]] = (None if outer is None else place[outer], _NESTED, 1.0)
    return stated


def _by_attribute(kept: Sequence[Item]) -> _Stated:
    """Read the parent's id from an attribute of the comment or from a link called "in reply to"."""
    numbers: dict[str, int] = {}
    for ordinal, item in enumerate(kept):
        identifier = item.elements[0].get("id") or item.elements[0].get("data-id") or ""
        numbers.setdefault(identifier, ordinal)
        if found := _DIGITS.findall(identifier):
            numbers.setdefault(found[-1], ordinal)
    stated: _Stated = {}
    for ordinal, item in enumerate(kept):
        answered = next((value for name in _PARENT_ATTRIBUTES if (value := item.elements[0].get(name))), None)
        evidence = "markup:parent-id"
        if answered is None and (answered := _linked(item)) is not None:
            evidence = "markup:reply-link"
        parent = numbers.get(answered) if answered else None
        stated[ordinal] = (parent if parent is not None and parent < ordinal else None, evidence, 1.0)
    return stated


def _linked(item: Item) -> str | None:
    for element in item.elements:
        for link in element.iter("a"):
            target = link.get("href") or ""
            if "#" in target and _ANSWER.search("".join(link.itertext())[:80] or "") and not link.get("onclick"):
                digits: list[str] = _DIGITS.findall(target.rsplit("#", 1)[1])
                if digits:
                    return digits[-1]
    return None


def _by_level(kept: Sequence[Item], survey: Survey) -> _Stated:
    for level in (_class_level, _indent_level, _image_level):
        levels = [level(item) for item in kept]
        if all(each is not None for each in levels) and len(set(levels)) > 1:
            return _stacked([each or 0 for each in levels], "markup:" + level.__name__[1:].replace("_", "-"))
    depths = [len(survey.ancestors(item.place)) for item in kept]
    # A theme without threads has all its comments at one depth.
    if len(set(depths)) > 1 and depths[0] == min(depths):
        return _stacked(depths, "markup:depth")
    return {}


def _stacked(levels: Sequence[int], evidence: str) -> _Stated:
    """Give each comment the last one before it that is less deep."""
    stated: _Stated = {}
    above: list[tuple[int, int]] = []
    for ordinal, level in enumerate(levels):
        while above and above[-1][0] >= level:
            above.pop()
        stated[ordinal] = (above[-1][1] if above else None, evidence, _BY_DEPTH)
        above.append((level, ordinal))
    return stated


def _class_level(item: Item) -> int | None:
    found = _LEVEL_CLASS.search(item.elements[0].get("class") or "")
    return int(found[1]) if found else None


def _indent_level(item: Item) -> int | None:
    style = item.elements[0].get("style")
    found = _INDENT.search(style) if style else None
    return int(found[1]) if found else 0


def _image_level(item: Item) -> int | None:
    """Read the width of the picture that pushes a comment to the right (Hacker News)."""
    for cell in item.elements[0].iter("td"):
        if "ind" in (cell.get("class") or "").split():
            if (stated := cell.get("indent")) and stated.isdecimal():
                return int(stated)
            image = cell.find("img")
            width = image.get("width") if image is not None else None
            return int(width) if width and width.isdecimal() else None
    return None
