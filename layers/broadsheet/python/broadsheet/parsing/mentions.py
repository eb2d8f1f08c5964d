"""Who a comment speaks to: ``@name``, and names of other commenters of the page in its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from broadsheet.model import named_tuple
from broadsheet.text import author_key

# Up to four words after the sign, because guests' names have spaces. What stands before the sign is looked at in code:
# a pattern that begins with its literal is searched ten times as fast.
_MENTION = re.compile(r"@( ?)(\w[\w.'’-]{0,63}(?: \w[\w.'’-]{0,63}){0,3})")
# As much of an article as is searched for each name: the time stays linear in the number of commenters.
_ARTICLE_CHARS = 20_000
_EDGE = ".'’-"
# str.translate takes ten times as long as bytes.translate, and UTF-8 keeps ASCII bytes to ASCII characters.
_PUNCTUATION = bytes.maketrans(b".,;:!?()[]{}\"'*/\\<>", b" " * 19)
_WIDE_PUNCTUATION = "“”‘’…«»،؛؟\xa0"


class Addressed(NamedTuple):
    """Whom one comment addresses.

    ``mentions`` are names after an @, as the page spells them: ``known`` has the keys of those who commented on it,
    ``missing`` the others. ``named`` has the keys of commenters whose bare name is in the text.
    """

    mentions: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


NOBODY = Addressed()


class Directory:
    """The commenters of one page, and what it takes to find them in a text in linear time."""

    def __init__(self, authors: Sequence[str | None], article: str) -> None:
        """``article`` is the article's text: a name that is also a word of it ("peace") is no evidence of address."""
        self._article = article
        self._is_word: dict[str, bool] = {}
        self._spelling: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        for author in authors:
            if author is not None and author not in self._keys:
                key = self._keys[author] = author_key(author)
                self._spelling.setdefault(key, author)

    # Made when they are asked for: exports name their threads, and only look for names after an @.
    @cached_property
    def _bare(self) -> dict[bytes, str]:
        bare: dict[bytes, str] = {}
        for author, key in self._keys.items():
            if len(author) >= 3 and " " not in author:
                bare[author.encode()] = bare.setdefault((author[0].upper() + author[1:]).encode(), key)
        return bare

    @cached_property
    def _names(self) -> frozenset[bytes]:
        return frozenset(self._bare)

    def key(self, author: str | None) -> str | None:
        """Return the key of an author of this page."""
        return None if author is None else self._keys[author]

    def addressed(self, body: str, author: str | None) -> Addressed:
        """Find whom the text of one comment by ``author`` addresses."""
        if body.isascii():
            named = self._names.intersection(body.encode().translate(_PUNCTUATION).split())
        else:
            named = self._names.intersection(_bare_words(body))
        if not named and "@" not in body:
            return NOBODY
        own = self.key(author)
        mentions, known, missing = self._mentioned(body) if "@" in body else ((), (), ())
        keys = {self._bare[name] for name in named}.difference(known, (own,))
        others = tuple([key for key in known if key != own]) if known else known
        told = tuple(sorted([key for key in keys if not self._in_article(key)])) if keys else ()
        return named_tuple(Addressed, (mentions, others, missing, told))

    def mentions(self, body: str) -> tuple[str, ...]:
        """Return the names after an @ in a text, as the page spells them."""
        return self._mentioned(body)[0]

    def _mentioned(self, body: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        mentions: dict[str, str] = {}
        known: dict[str, None] = {}
        missing: dict[str, None] = {}
        for found in _MENTION.finditer(body):
            before = body[found.start() - 1 : found.start()]
            if before.isalnum() or before in ("_", "@"):  # an e-mail address
                continue
            words = found[2].split(" ")
            for count in range(len(words), 0, -1):
                key = author_key(" ".join(words[:count]).rstrip(_EDGE))
                if key in self._spelling:
                    mentions.setdefault(key, self._spelling[key])
                    known[key] = None
                    break
            else:
                name = words[0].rstrip(_EDGE)
                if not found[1] and not name.isdecimal():
                    mentions.setdefault(author_key(name), name)
                    missing[name] = None
        return tuple(mentions.values()), tuple(known), tuple(missing)

    def _in_article(self, key: str) -> bool:
        if not self._is_word:
            # By paragraphs, because ASCII is folded ten times as fast: most have no sign beyond it.
            self._article = "\n".join(map(str.casefold, self._article[:_ARTICLE_CHARS].split("\n")))
        if key not in self._is_word:
            self._is_word[key] = key in self._article
        return self._is_word[key]


def _bare_words(text: str) -> list[bytes]:
    for mark in _WIDE_PUNCTUATION:
        text = text.replace(mark, " ")
    return text.encode().translate(_PUNCTUATION).split()
