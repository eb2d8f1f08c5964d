"""Short pages for tests, and what the reader makes of them."""

from __future__ import annotations

import io
from collections import Counter

from broadsheet.model import ArticleRecord, Hints
from broadsheet.parsing import Limits, read
from broadsheet.text import words


def parse(
    page: str | bytes,
    name: str = "page.txt",
    *,
    hints: Hints | None = None,
    zone: str = "Asia/Beirut",
    limits: Limits | None = None,
) -> ArticleRecord:
    """Read one page that gives one article."""
    data = page.encode("utf-8", "surrogatepass") if isinstance(page, str) else page
    (record,) = read(io.BytesIO(data), hints or Hints(name=name), zone=zone, limits=limits or Limits())
    assert isinstance(record, ArticleRecord)
    return record


def codes(record: ArticleRecord) -> list[str]:
    """Return the codes of a record's problems."""
    return [problem.code for problem in record.report.problems]


def held_words(record: ArticleRecord) -> Counter[str]:
    """Count every word that a record holds anywhere."""
    held = [record.article.title, record.article.body]
    held += [part for comment in record.comments for part in (comment.head, comment.body)]
    held += [piece.text for piece in record.report.furniture]
    return Counter(word for text in held for word in words(text))


def page_of(*comments: str, body: str = "The article.", counter: str | None = None) -> str:
    """Return a page with these comments; a counter that agrees stands above them unless another is given."""
    counter = f"Comments {len(comments)}" if counter is None else counter
    return "\n\n".join(["Headline", body, counter + "\n" + "\n\n".join(comments)])
