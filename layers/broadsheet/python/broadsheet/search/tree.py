"""A query as a tree: what ``syntax.parse`` makes, what the compiler reads, and what ``explain`` shows.

``written`` gives every tree back as text that reads as the same tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from unicodedata import category

FieldName = Literal["title", "body", "discussion", "author", "source", "lang", "tag"]

_RUN = re.compile(r"[^\W_]{1,255}")
# Scripts without spaces (Han, kana, Yi) and pictographs: the engine makes one token of each character.
_ALONE = (("\u203c", "\u2bff"), ("\u2e80", "\ua4cf"), ("\uf900", "\ufaff"), ("\U00010000", "\U0003ffff"))


@dataclass(frozen=True, slots=True)
class Word:
    """One word as typed, punctuation inside included (``al-Barazi``, ``U.S.``).

    ``form`` tells whether it stands for itself, for every word that begins with it, or for similar spellings, too.
    """

    text: str
    form: Literal["plain", "prefix", "fuzzy"] = "plain"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order, exactly as spelled, with at most ``slop`` moves of a word between them."""

    text: str
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Within:
    """What is looked for in one field only; fields do not nest."""

    field: FieldName
    node: Node


@dataclass(frozen=True, slots=True)
class Excluded:
    """What must not occur."""

    node: Node


@dataclass(frozen=True, slots=True)
class Either:
    """At least two alternatives."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Terms side by side, in the order typed: all of them, or the best of them, as the request decides."""

    nodes: tuple[Node, ...]


Node = Word | Phrase | Within | Excluded | Either | Together


def leaves(node: Node) -> Iterator[Word | Phrase]:
    """Yield the words and phrases of a tree in the order typed, excluded ones included."""
    match node:
        case Word() | Phrase():
            yield node
        case Within(node=inner) | Excluded(node=inner):
            yield from leaves(inner)
        case Either(nodes=nodes) | Together(nodes=nodes):
            for child in nodes:
                yield from leaves(child)


def tokens(node: Node) -> int:
    """Return how many tokens the engine will see at most."""
    return sum(_tokens(leaf.text) for leaf in leaves(node))


def written(node: Node) -> str:
    """Return a tree as text; reading it gives the tree again.

    >>> written(Together((Word("homs", "prefix"), Excluded(Within("title", Phrase("pull out", 2))))))
    'homs* -title:"pull out"~2'
    """
    if isinstance(node, Together):
        return " ".join(_operand(child) if isinstance(child, Together) else written(child) for child in node.nodes)
    if isinstance(node, Either):
        return " OR ".join(map(_operand, node.nodes))
    return _operand(node)


def described(node: Node) -> dict[str, Any]:
    """Return a tree as JSON, for people who wonder how their query was read."""
    match node:
        case Word():
            return {"word": node.text} | ({} if node.form == "plain" else {"form": node.form})
        case Phrase():
            return {"phrase": node.text} | ({"slop": node.slop} if node.slop else {})
        case Within():
            return {"field": node.field, "of": described(node.node)}
        case Excluded():
            return {"not": described(node.node)}
        case Either():
            return {"or": [described(child) for child in node.nodes]}
        case Together():
            return {"and": [described(child) for child in node.nodes]}


def _operand(node: Node) -> str:
    match node:
        case Word():
            return node.text + {"plain": "", "prefix": "*", "fuzzy": "~"}[node.form]
        case Phrase():
            return f'"{node.text}"' + (f"~{node.slop}" if node.slop else "")
        case Within():
            return f"{node.field}:{_operand(node.node)}"
        case Excluded():
            return f"-{_operand(node.node)}"
        case Either() | Together():
            return f"({written(node)})"


def _tokens(text: str) -> int:
    if text.isascii():
        return len(_RUN.findall(text))
    # Vowel signs and accents do not end a word, though they are no word characters.
    letters = "".join(c for c in text if not category(c).startswith("M"))
    return len(_RUN.findall(letters)) + sum(first <= c <= last for c in letters for first, last in _ALONE)
