"""What became of one file: counts, problems by code, the status, and the receipt that keeps the details.

Neither the ledger nor a receipt holds text of articles, comments or names: codes, sentences of ours, lines and counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from broadsheet.ledger import Status
from broadsheet.model import Problem, ProblemRecord, Record, Report

# Outcomes that are nobody's fault.
_STATUS_OF_CODE: Mapping[str, Status] = {
    "empty_file": "empty",
    "folder_marker": "skipped",
}
# A receipt keeps the details of this many records; the counts cover all of them.
DETAILED_RECORDS = 1_000


class Tally:
    """Counts what is read from one file; memory is bounded by the number of codes and DETAILED_RECORDS."""

    def __init__(self) -> None:
        self.articles = 0
        self.comments = 0
        self.declared: int | None = None
        self.conflicts = 0
        self._lost = False
        self._fatal: str | None = None
        self._by_code: dict[str, dict[str, Any]] = {}
        self._records: list[dict[str, Any]] = []

    def record(self, record: Record, article_id: str | None = None) -> None:
        """Count a record with all its report says."""
        if isinstance(record, ProblemRecord):
            self._lost = True
            self._problem(record.problem, record.record)
            self._detail({"record": record.record, "problem": _problem_json(record.problem)})
            return
        self.articles += 1
        self.comments += len(record.comments)
        if record.article.comment_count_declared is not None:
            self.declared = (self.declared or 0) + record.article.comment_count_declared
        for problem in record.report.problems:
            self._problem(problem, record.record)
        self._detail(
            {
                "record": record.record,
                "article_id": article_id,
                "comments": len(record.comments),
                **_report_json(record.report),
            }
        )

    def lost(self, code: str, message: str) -> None:
        """Count a document that was read but could not be stored."""
        self._lost = True
        self._problem(Problem(code, message), None)

    def fatal(self, code: str, message: str) -> None:
        """Note what ended the reading of the file; what was read before stays."""
        self._fatal = code
        self._lost = True
        self._problem(Problem(code, message), None)

    def status(self, *, exists: bool) -> Status:
        """Return the status of the file, given whether there is an object at all."""
        if not exists:
            return "deleted"
        if self.articles:
            return "partial" if self._lost else "indexed"
        if self._lost:
            return _STATUS_OF_CODE.get(self._fatal or "", "failed")
        return "empty"

    def counts(self) -> dict[str, int]:
        """Return the counts as the ledger stores them."""
        counts = {
            "articles": self.articles,
            "comments": self.comments,
            "problems": sum(entry["count"] for entry in self._by_code.values()),
        }
        if self.declared is not None:
            counts["comments_declared"] = self.declared
        return counts

    def problems(self) -> tuple[dict[str, Any], ...]:
        """Return one entry per code: the first sentence, how often, and the first record and line."""
        return tuple(self._by_code.values())

    def receipt(self, facts: Mapping[str, Any]) -> bytes:
        """Return the receipt as JSON: the facts of the outcome, counts, problems, and details of the records."""
        return orjson.dumps(
            {**facts, "counts": self.counts(), "problems": self.problems(), "records": self._records},
            option=orjson.OPT_INDENT_2,
        )

    def _problem(self, problem: Problem, record: int | None) -> None:
        entry = self._by_code.get(problem.code)
        if entry:
            entry["count"] += 1
            return
        self._by_code[problem.code] = {
            "code": problem.code,
            "message": problem.message,
            "count": 1,
            **{name: value for name, value in (("record", record), ("line", problem.line)) if value is not None},
        }

    def _detail(self, detail: dict[str, Any]) -> None:
        if len(self._records) < DETAILED_RECORDS:
            self._records.append(detail)


def _report_json(report: Report) -> dict[str, Any]:
    return {
        "format": report.format,
        "grammar": report.grammar,
        "score": report.score,
        "encoding": report.encoding,
        "replacements": report.replacements,
        "dropped": dict(report.dropped),
        "unexplained_lines": report.unexplained_lines,
        "furniture": [{"line": piece.line, "why": piece.why} for piece in report.furniture],
        "problems": [_problem_json(problem) for problem in report.problems],
    }


def _problem_json(problem: Problem) -> dict[str, Any]:
    fields = {"code": problem.code, "message": problem.message, "line": problem.line, "offset": problem.offset}
    return {name: value for name, value in fields.items() if value is not None}
