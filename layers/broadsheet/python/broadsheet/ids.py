"""Deterministic ids: the same upload always gives the same ones, so that every write can be repeated.

All are hashes of NUL-separated parts: blake2b with 128 bits, lower-case base32 without padding (26 characters, safe in
URLs). ``file_id`` and the document ids built on it are internal; ``article_id`` and ``comment_id`` are public and stay
the same when an archive gains a record or a page a comment.
"""

from __future__ import annotations

import hashlib
from array import array
from itertools import product
from typing import Literal

from broadsheet.model import Article, ArticleRecord, Comment
from broadsheet.text import author_key, fold

# Two characters for each ten bits.
_PAIRS = tuple("".join(pair) for pair in product("abcdefghijklmnopqrstuvwxyz234567", repeat=2))
_TEN_BITS = (1 << 10) - 1
_THIRTY_BITS = (1 << 30) - 1


def digest(*parts: str) -> str:
    """Hash of the parts in this order; differs from the hash of any other split of the same characters.

    >>> digest("a", "b") != digest("ab", "")
    True
    """
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return _base32(hashlib.blake2b(joined, digest_size=16).digest())


def _base32(digest: bytes) -> str:
    """Write 128 bits, and two of padding as RFC 4648 has it, in 26 characters.

    Every comment needs an id. base64.b32encode takes ten times as long; Python does its sums with integers of one limb
    (30 bits) in half the time of larger ones, so the number is cut into limbs first.
    """
    bits = int.from_bytes(digest, "big") << 2
    a, b, c, d = (bits >> 90 & _THIRTY_BITS, bits >> 60 & _THIRTY_BITS, bits >> 30 & _THIRTY_BITS, bits & _THIRTY_BITS)
    return (
        f"{_PAIRS[bits >> 120]}"
        f"{_PAIRS[a >> 20]}{_PAIRS[a >> 10 & _TEN_BITS]}{_PAIRS[a & _TEN_BITS]}"
        f"{_PAIRS[b >> 20]}{_PAIRS[b >> 10 & _TEN_BITS]}{_PAIRS[b & _TEN_BITS]}"
        f"{_PAIRS[c >> 20]}{_PAIRS[c >> 10 & _TEN_BITS]}{_PAIRS[c & _TEN_BITS]}"
        f"{_PAIRS[d >> 20]}{_PAIRS[d >> 10 & _TEN_BITS]}{_PAIRS[d & _TEN_BITS]}"
    )


def file_id(bucket: str, key: str) -> str:
    """Id of the ledger item of one object."""
    return digest(bucket, key)


def article_doc_id(file: str, ordinal: int) -> str:
    """Engine id of the n-th article document of a file."""
    return f"{file}-{ordinal}"


def comment_doc_id(file: str, ordinal: int) -> str:
    """Engine id of the m-th comment document of a file."""
    return f"{file}-c{ordinal}"


def ordinal_of(doc_id: str) -> tuple[Literal["articles", "comments"], int]:
    """Return the kind and the ordinal that a document's id was made of.

    >>> ordinal_of(comment_doc_id("abc", 7))
    ('comments', 7)
    """
    ordinal = doc_id.rpartition("-")[2]
    return ("comments", int(ordinal[1:])) if ordinal.startswith("c") else ("articles", int(ordinal))


def work_key(article: Article) -> str:
    """Return the key that copies of one article share, by URL, else by title and body."""
    if article.url:
        return digest("url", article.url)
    return digest("text", fold(article.title), fold(article.body))


class PublicIds:
    """Gives the records of one file their public ids, in file order.

    An article is known by its source's own id, else its URL, else its title; a comment by its source's id, else by
    author, minute and body. Equal ones are told apart by how often they occurred before, so that author and minute
    need not be a key (one page has two comments of one author in the same minute).
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._articles = _Occurrences()

    def assign(self, record: ArticleRecord) -> tuple[str, tuple[str, ...]]:
        """Return ``(article_id, comment_ids)`` of the next record of the file."""
        natural = natural_name(record.article)
        article_id = digest(self._file, natural, str(self._articles.count(natural)))
        seen: dict[str, int] = {}
        comment_ids = []
        for comment in record.comments:
            name = _natural_comment(comment)
            seen[name] = occurrence = seen.get(name, -1) + 1
            comment_ids.append(digest(article_id, name, str(occurrence)))
        return article_id, tuple(comment_ids)

    def pass_over(self, natural: str) -> None:
        """Count an article that was indexed before, by its ``natural_name``, so that the next ones get their ids.

        Problems are no articles: they are not to be passed to this.
        """
        self._articles.count(natural)


class _Occurrences:
    """Counts names in 12 to 24 bytes each, whatever their length: an archive may have a million articles.

    An open hash table (linear probing) of 64-bit hashes, at most two thirds full; what occurs again is counted beside
    it. Two names of one hash (one chance in 30 million among a million) would share their counting, and do so in every
    reading alike.
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * 1024))
        self._used = 0
        self._again: dict[int, int] = {}

    def count(self, name: str) -> int:
        """Return how often the name was counted before, and count it."""
        hashed = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        key = int.from_bytes(hashed, "big") or 1
        if not self._add(key):
            self._again[key] = occurrence = self._again.get(key, 0) + 1
            return occurrence
        self._used += 1
        if self._used * 3 > len(self._slots) * 2:
            self._grow()
        return 0

    def _add(self, key: int) -> bool:
        slots = self._slots
        last = len(slots) - 1
        place = key & last
        while found := slots[place]:
            if found == key:
                return False
            place = (place + 1) & last
        slots[place] = key
        return True

    def _grow(self) -> None:
        old = self._slots
        self._slots = array("Q", bytes(8 * 2 * len(old)))
        for key in old:
            if key:
                self._add(key)


def natural_name(article: Article) -> str:
    """Return what an article is known by within its file: its source's own id, else its URL, else its title."""
    return article.source_id or article.url or article.title


def _natural_comment(comment: Comment) -> str:
    """Return what a comment is known by within its article, as parts of a ``digest``."""
    if comment.source_id:
        return f"id\0{comment.source_id}"
    minute = comment.posted_at.value if comment.posted_at else ""
    return f"text\0{author_key(comment.author or '')}\0{minute}\0{fold(comment.body)}"
