"""What a person types -> a tree: words, "phrases", "near phrases"~3, -not, OR, ( ), field:value, prefix*, fuzzy~.

Every input has a reading; nothing here raises: what is no syntax is text. OR binds its two neighbours, closer than
standing side by side: ``a b OR c`` is a and one of b, c. Straight, curly and angle quotes (as in Arabic print) mean the
same; a quote without its partner means nothing, and so does a bracket. Arabic text may use ``أو`` for OR and Arabic
names for the fields. Time is linear; groups nest up to MAX_DEPTH, brackets beyond mean nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from broadsheet.search.tree import Either, Excluded, FieldName, Node, Phrase, Together, Within, Word

MAX_DEPTH = 8
# A prefix of one letter is half the dictionary.
_SHORTEST_PREFIX = 2
# Two letters and one change make any word of the dictionary's short ones.
_SHORTEST_FUZZY = 3
_MOST_SLOP = 10

# " U+0022, “ ” „ ‟ U+201C-F, « » U+00AB and U+00BB, ″ U+2033, ＂ U+FF02, ❝ ❞ U+275D-E: any one opens, any one closes.
_QUOTES = '"\u201c-\u201f\u00ab\u00bb\u2033\uff02\u275d\u275e'
_FIELDS: dict[str, FieldName] = {
    "title": "title",
    "عنوان": "title",
    "العنوان": "title",
    "body": "body",
    "نص": "body",
    "النص": "body",
    "discussion": "discussion",
    "تعليقات": "discussion",
    "التعليقات": "discussion",
    "author": "author",
    "كاتب": "author",
    "الكاتب": "author",
    "source": "source",
    "مصدر": "source",
    "المصدر": "source",
    "lang": "lang",
    "لغة": "lang",
    "اللغة": "lang",
    "tag": "tag",
    "وسم": "tag",
}
_OR = frozenset(("OR", "|", "||", "أو"))
_AND = frozenset(("AND", "&&"))
_NOT = "NOT"
_MINUS = "-\u2212"
_PIECE = re.compile(
    rf"[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}](?:~(?P<slop>\d{{1,3}}))?"
    rf"|(?P<bracket>[()])|(?P<run>[^\s(){_QUOTES}]+)"
)
_FORM = re.compile(r"(?P<text>.*[^*~])(?:(?P<prefix>\*+)|~[0-2]?)", re.DOTALL)
_WORD_CHARACTER = re.compile(r"[^\W_]")
# Marks of direction stand around Arabic and numbers in copied text and are no part of a word.
_TIDIED = dict.fromkeys(map(ord, "\u200e\u200f\u061c")) | {
    ord(wide): narrow for wide, narrow in zip("（）：＊٭", "():**", strict=True)
}


def parse(text: str) -> Together:
    """Read a query; a tree without nodes means that it holds no word.

    >>> from broadsheet.search.tree import written
    >>> written(parse("Homs -(Hama OR «حماة») title:pull*"))
    'Homs -(Hama OR "حماة") title:pull*'
    """
    text = text.translate(_TIDIED)
    reader = _Reader()
    for piece in _PIECE.finditer(text):
        bracket, run = piece["bracket"], piece["run"]
        if bracket == "(":
            reader.open(piece.start())
        elif bracket:
            reader.close()
        elif run is None:
            slop = min(int(piece["slop"] or 0), _MOST_SLOP)
            reader.phrase(Phrase(" ".join(piece["phrase"].split()), slop), piece.start())
        else:
            reader.run(run, piece.end())
    return reader.finish()


@dataclass(slots=True)
class _Sign:
    """What stands directly before an operand and applies to it: a minus and a field's name."""

    excluded: bool = False
    field: FieldName | None = None

    def around(self, node: Node | None) -> Node | None:
        if node is None:
            return None
        excluded = self.excluded
        if self.field:
            if isinstance(node, Excluded):
                node, excluded = node.node, not excluded
            node = Within(self.field, node)
        if not excluded:
            return node
        return node.node if isinstance(node, Excluded) else Excluded(node)


@dataclass(slots=True)
class _Group:
    """An open bracket, or the whole query: its terms so far, and the operators that wait for one more."""

    sign: _Sign
    within_field: bool
    terms: list[list[Node]] = field(default_factory=list)  # of each, its alternatives
    either: bool = False
    negated: bool = False

    def add(self, node: Node | None) -> None:
        if node is None:
            return
        node = _Sign(self.negated and not isinstance(node, Excluded)).around(node) or node
        if self.either and self.terms:
            self.terms[-1].append(node)
        else:
            self.terms.append([node])
        self.either = self.negated = False

    def nodes(self) -> list[Node]:
        return [Either(tuple(some)) if len(some) > 1 else some[0] for some in self.terms]


class _Reader:
    def __init__(self) -> None:
        self._groups = [_Group(_Sign(), within_field=False)]
        self._ignored = 0  # brackets opened beyond MAX_DEPTH
        self._sign: tuple[_Sign, str, int] | None = None  # with its text, and where it ends
        self._operators: list[Word] = []

    def open(self, start: int) -> None:
        sign = self._take_sign(start)
        if len(self._groups) > MAX_DEPTH:
            self._ignored += 1
        else:
            self._groups.append(_Group(sign, self._groups[-1].within_field or sign.field is not None))

    def close(self) -> None:
        self._take_sign(-1)
        if self._ignored:
            self._ignored -= 1
        elif len(self._groups) > 1:
            group = self._groups.pop()
            self._groups[-1].add(group.sign.around(_together(group.nodes())))

    def phrase(self, phrase: Phrase, start: int) -> None:
        sign = self._take_sign(start)
        if _WORD_CHARACTER.search(phrase.text):
            self._groups[-1].add(sign.around(phrase))

    def run(self, run: str, end: int) -> None:
        self._take_sign(-1)
        group = self._groups[-1]
        if run in _OR or run in _AND or run == _NOT:
            self._operators += [Word(run)] if _WORD_CHARACTER.search(run) else []
            group.either |= run in _OR
            group.negated |= run == _NOT
            return
        text = run.lstrip(_MINUS)
        name, colon, value = text.partition(":")
        known = _FIELDS.get(name.lower()) if colon and not group.within_field else None
        sign = _Sign(text != run, known)
        if not text or (known and not value):
            self._sign = sign, text, end
        else:
            group.add(sign.around(_word(value if known else text)))

    def finish(self) -> Together:
        self._take_sign(-1)
        while len(self._groups) > 1:
            self._ignored = 0
            self.close()
        nodes = self._groups[0].nodes()
        # Operators with nothing between them are what somebody looks for: Oregon's OR.
        return Together(tuple(nodes or self._operators))

    def _take_sign(self, start: int) -> _Sign:
        """Return the sign that ends where an operand starts; one that stands by itself was a word, or nothing."""
        if self._sign is None:
            return _Sign()
        sign, text, end = self._sign
        self._sign = None
        if end == start:
            return sign
        self._groups[-1].add(_Sign(sign.excluded).around(_word(text)))
        return _Sign()


def _together(nodes: list[Node]) -> Node | None:
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return Together(tuple(nodes))


def _word(text: str) -> Word | None:
    letters = len(_WORD_CHARACTER.findall(text))
    if not letters:
        return None
    found = _FORM.fullmatch(text)
    if found and found["prefix"] and letters >= _SHORTEST_PREFIX:
        return Word(found["text"], "prefix")
    if found and not found["prefix"] and len(_WORD_CHARACTER.findall(found["text"])) >= _SHORTEST_FUZZY:
        return Word(found["text"], "fuzzy")
    return Word(text)
