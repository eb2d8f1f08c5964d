"""The reader of CSV: a table of articles, or of comments whose rows are brought to their articles."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from broadsheet.errors import PermanentError
from broadsheet.model import PassedRecord, Problem, ProblemRecord, Record
from broadsheet.parsing.exports.article import natural_of, read_article
from broadsheet.parsing.exports.groups import Group
from broadsheet.parsing.exports.pieces import Piece
from broadsheet.parsing.recoding import Recoded
from broadsheet.parsing.tables.columns import Columns, columns_of
from broadsheet.parsing.tables.rows import cells_of, read_rows
from broadsheet.parsing.upload import Settings, Upload

FORMAT = "csv"
# Of these, the first that a row has says which article it is about.
_KEYS = ("source_id", "id", "url", "link", "title", "headline")
_SEPARATOR_LINE = b"sep="


def read(upload: Upload, settings: Settings) -> Iterator[Record | PassedRecord]:
    """Read the rows of a table with a header; rows of comments on one article that follow each other are one record.

    A row that cannot be read is a problem among the others. Raises PermanentError ``csv_header_unknown``,
    ``empty_file``.
    """
    source = Recoded(upload)
    limits = settings.limits
    csv.field_size_limit(max(limits.max_record_bytes, csv.field_size_limit()))
    header, columns = _header(source)
    rows = read_rows(source.read, columns.delimiter, limits.max_record_bytes)
    number = settings.first
    for group in _groups(_values(rows, columns, header), columns, settings):
        yield _record(group, number, source, upload, settings)
        number += 1
    if number == settings.first:
        raise PermanentError("There is nothing to read in the file. Upload it again with its rows.", code="empty_file")


def _header(source: Recoded) -> tuple[bytes, Columns]:
    """Find the header at the beginning of the file, without going over it."""
    opening = source.peek().split(b"\n", 2)
    for line in opening[:2]:
        if line.startswith(_SEPARATOR_LINE):
            continue
        if columns := columns_of(line):
            return line.strip(), columns
        break
    raise PermanentError(
        "The first line names no column that is known. Name the columns there, such as title, url, date, text for "
        "articles, and article_id, comment_author, timestamp, comment_text for comments.",
        code="csv_header_unknown",
    )


def _values(rows: Iterator[Piece], columns: Columns, header: bytes) -> Iterator[tuple[Piece, list[str]]]:
    """Yield the rows below the header with their cells."""
    is_below = False
    for row in rows:
        if not is_below and not row.problem:
            is_below = row.data.strip() == header
            continue
        if row.problem:
            yield row, []
            continue
        try:
            yield row, cells_of(row.data, columns.delimiter)
        except csv.Error as error:
            problem = Problem("csv_invalid", f"The row cannot be read: {error}.", row.line, row.offset)
            yield row._replace(problem=problem), []


def _groups(rows: Iterator[tuple[Piece, list[str]]], columns: Columns, settings: Settings) -> Iterator[Group]:
    limits = settings.limits
    current: Group | None = None
    key: str | None = None
    for row, cells in rows:
        if row.problem:
            # The discussion may go on after it.
            yield Group(row, row.problem)
            continue
        article = columns.article_of(cells)
        if not columns.has_comments:
            yield Group(row, article, size=len(row.data))
            continue
        named = next((str(article[name]) for name in _KEYS if name in article), "")
        comment = columns.comment_of(cells)
        size = len(row.data)
        has_room = (
            current and len(current.loose) < limits.max_comments and current.size + size < limits.max_record_bytes
        )
        if not current or named != key or not has_room:
            if current:
                yield _whole(current)
            current, key = Group(row, article), named
        current.loose.append({**comment, "type": "comment", "story_id": named})
        current.size += size
    if current:
        yield _whole(current)


def _whole(group: Group) -> Group:
    """Leave out an article of which nothing but its name is known: the discussion is one without its article."""
    value: dict[str, Any] = group.value
    if len(value) <= 1 and not {"title", "headline", "url"}.intersection(value):
        group.value = None
    return group


def _record(group: Group, number: int, source: Recoded, upload: Upload, settings: Settings) -> Record | PassedRecord:
    if isinstance(group.value, Problem):
        return ProblemRecord(number, group.value) if number >= settings.start else PassedRecord(number, None)
    if number < settings.start:
        return PassedRecord(number, natural_of(group))
    settings.deadline.restart()
    record = read_article(group, number, settings, upload.hints)
    if isinstance(record, ProblemRecord):
        return record
    decoded = source.decoded
    problems = (*decoded.problems(), *record.report.problems)
    report = record.report._replace(
        format=FORMAT, encoding=decoded.encoding, replacements=decoded.replacements, problems=problems
    )
    return record._replace(report=report)
