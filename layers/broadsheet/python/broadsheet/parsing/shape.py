"""A record as JSON: the shape that ``broadsheet parse`` and ``POST /v1/parse`` show.

What is unknown is left out, so that a reader of the JSON never meets a null or an empty list that means nothing; only
``thread`` always has its four keys, and an article its title, body and comment count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from broadsheet.model import Article, ArticleRecord, Comment, CommentTime, Dated, Problem, Record, Report


def record_json(
    record: Record, *, file: str, article_id: str | None = None, comment_ids: Sequence[str] = ()
) -> dict[str, Any]:
    """Return one record as JSON values; ``file`` is the name to show, the ids are those of ``ids.PublicIds`` if known.

    ``comment_ids`` is empty or has one id per comment.
    """
    if not isinstance(record, ArticleRecord):
        return {"file": file, "record": record.record, "kind": "problem", "problem": _problem(record.problem)}
    ids: Sequence[str | None] = comment_ids or [None] * len(record.comments)
    return {
        "file": file,
        "record": record.record,
        "kind": "article",
        "article": _article(record.article, article_id, len(record.comments)),
        "comments": [_comment(comment, comment_id) for comment, comment_id in zip(record.comments, ids, strict=True)],
        "report": _report(record.report),
    }


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is unknown: None and empty sequences, not zero or False."""
    return {name: value for name, value in values.items() if value is not None and value not in ([], {})}


def _article(article: Article, article_id: str | None, comment_count: int) -> dict[str, Any]:
    known = _known(
        {
            "article_id": article_id,
            "language": article.language,
            "alternate_languages": list(article.alternate_languages),
            "url": article.url,
            "source": article.source,
            "source_id": article.source_id,
            "authors": list(article.authors),
            "tags": list(article.tags),
            "published_at": _dated(article.published_at) if article.published_at else None,
        }
    )
    counts = _known({"comment_count": comment_count, "comment_count_declared": article.comment_count_declared})
    return {"title": article.title, "body": article.body, **known, **counts}


def _dated(dated: Dated) -> dict[str, Any]:
    return _known(
        {
            "value": dated.value,
            "method": dated.method,
            "confidence": dated.confidence,
            "earliest": dated.earliest,
            "latest": dated.latest,
        }
    )


def _comment(comment: Comment, comment_id: str | None) -> dict[str, Any]:
    return {
        **_known({"comment_id": comment_id}),
        "ordinal": comment.ordinal,
        "head": comment.head,
        **_known({"author": comment.author}),
        "author_kind": comment.author_kind,
        **_known({"posted_at": _time(comment.posted_at) if comment.posted_at else None}),
        "body": comment.body,
        **_known({"mentions": list(comment.mentions), "source_id": comment.source_id}),
        "thread": {
            "role": comment.thread.role,
            "parent": comment.thread.parent,
            "evidence": list(comment.thread.evidence),
            "confidence": comment.thread.confidence,
        },
    }


def _time(time: CommentTime) -> dict[str, Any]:
    known = _known(
        {
            "value": time.value,
            "method": time.method,
            "zone": time.zone,
            "earliest": time.earliest,
            "latest": time.latest,
        }
    )
    bounds = _known({"earliest": time.earliest, "latest": time.latest})
    return {**known, "zone_assumed": time.zone_assumed, **bounds}


def _report(report: Report) -> dict[str, Any]:
    return {
        "format": report.format,
        **_known({"member": report.member}),
        **_known({"grammar": report.grammar, "score": report.score, "encoding": report.encoding}),
        "replacements": report.replacements,
        "unexplained_lines": report.unexplained_lines,
        **_known({"dropped": dict(report.dropped), "missing_addressees": list(report.missing_addressees)}),
        "furniture": [{"line": piece.line, "text": piece.text, "why": piece.why} for piece in report.furniture],
        "problems": [_problem(problem) for problem in report.problems],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return _known({"code": problem.code, "message": problem.message, "line": problem.line, "offset": problem.offset})
