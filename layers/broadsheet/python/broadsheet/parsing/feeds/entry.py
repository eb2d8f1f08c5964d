"""What the dialects of feeds make of their items: the values of an article and its comments under known names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from broadsheet.model import Furniture, Problem
from broadsheet.parsing.exports.groups import Group
from broadsheet.parsing.exports.pieces import Piece


class Item(NamedTuple):
    """One item of a file: the name of its element, its values, and where it stands."""

    name: str
    values: dict[str, Any]
    piece: Piece


class Entry(NamedTuple):
    """One article with its comments, ready to be read as an export's, and what its dialect says of it."""

    group: Group
    problems: tuple[Problem, ...] = ()
    furniture: tuple[Furniture, ...] = ()


Entries = Iterator[Entry | Problem]
