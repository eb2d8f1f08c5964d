"""How personal a text is: comments speak in the first and second person, ask and exclaim; articles rarely do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broadsheet.parsing.heads.page import Page

_PERSONAL_WORDS = """
    i i'm im i've i'd i'll me my you your you're u ur lol thanks thank please wow haha guys agree disagree hey hi yes
    yeah omg congrats awesome انا انت انتم يا شكرا الله والله اخي لك نحن لماذا ليش شو
"""
_PERSONAL = frozenset(word.encode() for word in _PERSONAL_WORDS.split())
# Looked up as bytes: splitting and translating them is many times as fast as a regular expression.
_PUNCTUATION = bytes.maketrans(b'.,;:!?()[]{}"*/\\<>-', b" " * 19)
_SIGNS = "!?؟"
_MOST_CHARS = 5_000
_UNIT_CHARS = 2_000


# The marks of personal speech in a line, its words, and the characters looked at.
Texture = tuple[int, int, int]


def rate(page: Page, start: int, end: int, skip: frozenset[int] = frozenset()) -> tuple[float, int]:
    """Return marks of personal speech per hundred words in the units ``start`` to ``end``, and the words looked at."""
    found = words = size = 0
    for number in range(start, end):
        if number in skip:
            continue
        marks, count, length = page.texture(number)
        found += marks
        words += count
        size += length
        if size > _MOST_CHARS:
            break
    return (100 * found / words if words else 0.0), words


def texture_of(line: str) -> Texture:
    """Return the marks of personal speech, the words and the characters looked at in a plain line in lower case."""
    line = line[:_UNIT_CHARS]
    words = line.encode().translate(_PUNCTUATION).split()
    marks = sum(map(_PERSONAL.__contains__, words)) + sum(map(line.count, _SIGNS))
    return marks, len(words), len(line)
