"""Exports for tests, and what the reader makes of them."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

from broadsheet.model import ArticleRecord, Hints, ProblemRecord, Record
from broadsheet.parsing import Limits, read


def read_file(data: bytes, name: str = "a.jsonl", limits: Limits | None = None) -> list[Record]:
    """Read every record of a file."""
    return list(read(io.BytesIO(data), Hints(name=name), limits=limits or Limits()))


def read_values(*values: Any, name: str = "a.jsonl", limits: Limits | None = None) -> list[Record]:
    """Read values written as JSON Lines."""
    return read_file("".join(json.dumps(value) + "\n" for value in values).encode(), name, limits)


def read_one(*values: Any) -> ArticleRecord:
    """Read values that give one article."""
    (record,) = articles_of(read_values(*values))
    return record


def articles_of(records: list[Record]) -> list[ArticleRecord]:
    """Return the same records, all of which are articles."""
    articles = [record for record in records if isinstance(record, ArticleRecord)]
    assert len(articles) == len(records)
    return articles


def outline(records: Sequence[Record]) -> list[str]:
    """Return the title or the problem's code of each record."""
    for number, record in enumerate(records):
        assert record.record == number
    return [record.problem.code if isinstance(record, ProblemRecord) else record.article.title for record in records]
