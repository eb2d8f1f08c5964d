"""The header of a table: which columns are an article's, which a comment's, and what kind of table it is."""

from __future__ import annotations

import csv
import re
from typing import Any, NamedTuple

from broadsheet.parsing.exports.names import ARTICLE_NAMES, COMMENT_NAMES
from broadsheet.parsing.tables.rows import cells_of

_DELIMITERS = ",;\t|"
_NOT_A_LETTER = re.compile(r"[^0-9a-z]+")
# What stands before the names of an article's columns in a table of comments.
_OF_ARTICLE = re.compile(r"(?:article|story|post|thread|link|page|news)_(?=.)")
_OF_COMMENT = re.compile(r"(?:comment|reply)_(?=.)")
# Columns without such a prefix that are never a comment's.
_ARTICLES_OWN = frozenset(
    {"title", "headline", "url", "link", "permalink", "source", "site", "section", "language", "lang"}
)
# These make a table one of comments.
_BODIES = frozenset(
    {"comment", "comment_text", "commenttext", "comment_body", "commentbody", "comment_content", "comment_counter"}
)
_ALIASES = {
    "post_time": "posted_at",
    "published_date": "date_published",
    "pubdate": "pubDate",
    "ncomments": "comment_count",
    "number_of_comments": "comment_count",
    "commenter_name": "author",
    "nickname": "author",
    "parent_comment": "parent_id",
    "reply_to_id": "parent_id",
}
_COUNTER = "comment_counter"
# SFU's corpus writes the place of a comment so: of source1_24724_1_2 the parent is source1_24724_1.
_COUNTED_REPLY = re.compile(r"[A-Za-z0-9]{1,40}_\d{1,18}_\d{1,9}(?:_\d{1,9}){1,40}")


class Columns(NamedTuple):
    """The names of an article's and of a comment's columns by their place; ``delimiter`` stands between them."""

    article: dict[int, str]
    comment: dict[int, str]
    delimiter: str

    @property
    def has_comments(self) -> bool:
        """Whether each row is a comment."""
        return bool(self.comment)

    def article_of(self, cells: list[str]) -> dict[str, Any]:
        """Return the values of a row's article."""
        return _values(self.article, cells)

    def comment_of(self, cells: list[str]) -> dict[str, Any]:
        """Return the values of a row's comment."""
        values = _values(self.comment, cells)
        counter = values.pop(_COUNTER, "")
        if counter:
            values["id"] = counter
            values["parent_id"] = counter.rpartition("_")[0] if _COUNTED_REPLY.fullmatch(counter) else ""
        return values


def columns_of(header: bytes) -> Columns | None:
    """Read the header, whatever stands between its names; None when no name in it is known."""
    best: Columns | None = None
    for delimiter in _DELIMITERS:
        try:
            names = [_NOT_A_LETTER.sub("_", cell.strip().lower()).strip("_") for cell in cells_of(header, delimiter)]
        except csv.Error:
            continue
        found = _sorted(names, delimiter)
        if not best or _known(found) > _known(best):
            best = found
    return best if best and _known(best) else None


def _known(columns: Columns) -> int:
    return len(columns.article) + len(columns.comment)


def _sorted(names: list[str], delimiter: str) -> Columns:
    article: dict[int, str] = {}
    comment: dict[int, str] = {}
    has_comments = not _BODIES.isdisjoint(names)
    for place, name in enumerate(names):
        if has_comments and not _OF_ARTICLE.match(name) and name not in _ARTICLES_OWN:
            if known := _COMMENT.get(name) or _COMMENT.get(_OF_COMMENT.sub("", name, count=1)):
                comment[place] = known
        elif known := _ARTICLE.get(_OF_ARTICLE.sub("", name, count=1)) or _ARTICLE.get(name):
            article[place] = known
    return Columns(article, comment, delimiter)


def _folded(names: frozenset[str]) -> dict[str, str]:
    # Of names that differ in nothing but case or marks, the table knows both.
    folded = {_NOT_A_LETTER.sub("_", name.lower()).strip("_"): name for name in sorted(names)}
    return {**folded, **{alias: name for alias, name in _ALIASES.items() if name in names}}


_ARTICLE = _folded(ARTICLE_NAMES)
_COMMENT = {**_folded(COMMENT_NAMES), _COUNTER: _COUNTER}


def _values(names: dict[int, str], cells: list[str]) -> dict[str, Any]:
    return {name: cells[place] for place, name in names.items() if place < len(cells) and cells[place]}
