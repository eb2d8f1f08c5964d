"""A query tree -> what is looked for: names with their other spellings, no stop words, and which terms are required.

Short queries are keywords, of which every one counts. Natural questions lose their answers when words are required
(measured on judged collections: nDCG@10 -.036 with three quarters required), so longer ones are only ranked. What is
written with signs (a phrase, a field, OR, a group) is always meant and always required.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from broadsheet.search.tree import (
    Either,
    Excluded,
    FieldName,
    Node,
    Phrase,
    Together,
    Within,
    Word,
)
from broadsheet.search.variants import MAX_OTHER_WORDS, Unit, units

Match = Literal["auto", "all", "any"]

ALL_REQUIRED_UP_TO = 3
# More words are a sentence, which its answers do not repeat.
FEW = 6
# More other spellings would take a query with what counts on top beyond the engine's limit of clauses.
FEW_OTHER_WORDS = 28
# Values of these fields are not words of a text: nothing in them is put together or spelled another way.
_KEYWORDS = frozenset(("source", "lang", "tag"))


@dataclass(frozen=True, slots=True)
class AllOf:
    """Items that must all match."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Items of which one must match."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """An item that must not match."""

    item: Item


@dataclass(frozen=True, slots=True)
class InField:
    """An item that must match in one field."""

    field: FieldName
    item: Item


Item = Unit | Word | Phrase | AllOf | AnyOf | NoneOf | InField
"""``Word`` stands for prefixes and fuzzy words only: a plain word is a Unit by then."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A query ready for compilation.

    ``words`` are required if ``all_words``, else ranked; ``bound`` are required anyway. ``exact`` switches off what is
    soft: stems and other spellings. ``relaxed`` tells that the words were required at first: what has all of them is
    to come first.
    """

    words: tuple[Unit | Word, ...]
    bound: tuple[Item, ...]
    excluded: tuple[Item, ...]
    all_words: bool
    exact: bool
    relaxed: bool = False

    @property
    def positive(self) -> bool:
        """Whether the query says what to find, not only what to leave out."""
        return bool(self.words or self.bound)

    @property
    def few(self) -> bool:
        """Whether there are several words, but so few that having all of them counts more than the sum of each."""
        others = sum(word.other_words for word in self.words if isinstance(word, Unit))
        return 1 < len(self.words) <= FEW and others <= FEW_OTHER_WORDS

    @property
    def strict(self) -> bool:
        """Whether there are several words that all have to occur, so that a query that finds nothing may be relaxed."""
        return self.all_words and len(self.words) > 1

    def own_spelling(self) -> str:
        """Return the ranked words as the user wrote them; empty when there are only stop words or patterns."""
        return " ".join(word.text for word in self.words if isinstance(word, Unit) and not word.stopword)


def plan(
    query: Together, *, match: Match = "auto", exact: bool = False, ranked: bool = True, relaxed: bool = False
) -> Plan:
    """Decide which words count, which belong together, and whether all of them are required.

    ``match`` decides the latter; ``auto`` requires up to three words, and any number where results are not ``ranked``:
    totals and dates mean nothing when one word of many is enough. ``relaxed`` gives that up.
    """
    reader = _Resolver(exact=exact)
    wanted = [node for node in query.nodes if not isinstance(node, Excluded)]
    items = reader.items(wanted)
    words = tuple(item for item in items if isinstance(item, (Unit, Word)))
    return Plan(
        words=words,
        bound=tuple(item for item in items if not isinstance(item, (Unit, Word))),
        excluded=tuple(reader.item(node.node) for node in query.nodes if isinstance(node, Excluded)),
        all_words=not relaxed
        and (match == "all" or (match == "auto" and (len(words) <= ALL_REQUIRED_UP_TO or not ranked))),
        exact=exact,
        relaxed=relaxed,
    )


def leaves(items: Iterable[Item], within: frozenset[FieldName]) -> Iterator[Unit | Word | Phrase]:
    """Yield what must or may occur in a text that these fields name, in the order typed; nothing that is excluded."""
    for item in items:
        match item:
            case Unit() | Word() | Phrase():
                yield item
            case AllOf(items=inner) | AnyOf(items=inner):
                yield from leaves(inner, within)
            case InField(field=name, item=inner):
                if name in within:
                    yield from leaves([inner], within)
            case NoneOf():
                pass


@dataclass(slots=True)
class _Resolver:
    """Resolves nodes; all of them together may gain MAX_OTHER_WORDS."""

    exact: bool
    left: int = field(default=MAX_OTHER_WORDS)

    def items(self, nodes: Sequence[Node]) -> tuple[Item, ...]:
        """Resolve terms side by side; stop words are left out unless there is nothing else."""
        found: list[Item] = []
        row: list[str] = []
        for node in nodes:
            if isinstance(node, Word) and node.form == "plain":
                row.append(node.text)
                continue
            found += self._units(row)
            row = []
            found.append(self.item(node))
        found += self._units(row)
        content = tuple(item for item in found if not (isinstance(item, Unit) and item.stopword))
        return content or tuple(found)

    def item(self, node: Node) -> Item:
        match node:
            case Word(form="plain"):
                return self._units([node.text])[0]
            case Word() | Phrase():
                return node
            case Within():
                return InField(node.field, _keyword(node.node) if node.field in _KEYWORDS else self.item(node.node))
            case Excluded():
                return NoneOf(self.item(node.node))
            case Either():
                return AnyOf(tuple(map(self.item, node.nodes)))
            case Together():
                items = self.items(node.nodes)
                return items[0] if len(items) == 1 else AllOf(items)

    def _units(self, texts: Sequence[str]) -> tuple[Unit, ...]:
        if self.exact:
            return tuple(Unit(text) for text in texts)
        found = units(texts, self.left)
        self.left -= sum(unit.other_words for unit in found)
        return found


def _keyword(node: Node) -> Item:
    match node:
        case Word(form="plain"):
            return Unit(node.text)
        case Word() | Phrase():
            return node
        case Within():
            return _keyword(node.node)
        case Excluded():
            return NoneOf(_keyword(node.node))
        case Either():
            return AnyOf(tuple(map(_keyword, node.nodes)))
        case Together():
            return AllOf(tuple(map(_keyword, node.nodes)))
