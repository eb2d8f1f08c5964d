"""Deterministic ids: the same upload always gives the same ones, so that every write can be repeated.

All are hashes of NUL-separated parts: blake2b with 128 bits, lower-case base32 without padding (26 characters, safe in
URLs). ``file_id`` and the document ids built on it are internal; ``article_id`` and ``comment_id`` are public and stay
the same when an archive gains a record or a page a comment.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import product

from broadsheet.model import Article, ArticleRecord, Comment
from broadsheet.text import author_key, fold

# Two characters for each ten bits: base64.b32encode takes ten times as long, and every comment needs an id.
_PAIRS = tuple("".join(pair) for pair in product("abcdefghijklmnopqrstuvwxyz234567", repeat=2))
_SHIFTS = tuple(range(120, -1, -10))


def digest(*parts: str) -> str:
    """Hash of the parts in this order; differs from the hash of any other split of the same characters.

    >>> digest("a", "b") != digest("ab", "")
    True
    """
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    # 128 bits and two of padding, as RFC 4648 has it.
    bits = int.from_bytes(hashlib.blake2b(joined, digest_size=16).digest(), "big") << 2
    return "".join([_PAIRS[bits >> shift & 1023] for shift in _SHIFTS])


def file_id(bucket: str, key: str) -> str:
    """Id of the ledger item of one object."""
    return digest(bucket, key)


def article_doc_id(file: str, ordinal: int) -> str:
    """Engine id of the n-th article document of a file."""
    return f"{file}-{ordinal}"


def comment_doc_id(file: str, ordinal: int) -> str:
    """Engine id of the m-th comment document of a file."""
    return f"{file}-c{ordinal}"


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
        self._articles: Counter[str] = Counter()

    def assign(self, record: ArticleRecord) -> tuple[str, tuple[str, ...]]:
        """Return ``(article_id, comment_ids)`` of the next record of the file."""
        article = record.article
        natural = article.source_id or article.url or article.title
        occurrence = self._articles[natural]
        self._articles[natural] += 1
        article_id = digest(self._file, natural, str(occurrence))
        seen: Counter[tuple[str, ...]] = Counter()
        comment_ids = []
        for comment in record.comments:
            name = _natural_comment(comment)
            comment_ids.append(digest(article_id, *name, str(seen[name])))
            seen[name] += 1
        return article_id, tuple(comment_ids)


def _natural_comment(comment: Comment) -> tuple[str, ...]:
    if comment.source_id:
        return ("id", comment.source_id)
    minute = comment.posted_at.value if comment.posted_at else ""
    return ("text", author_key(comment.author or ""), minute, fold(comment.body))
