"""What became of one file: counts, problems by code, the status, and the receipt that keeps the details.

Neither the ledger nor a receipt holds text of articles, comments or names: codes, sentences of ours, lines and counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from broadsheet.ledger_item import Status
from broadsheet.model import Problem, ProblemRecord, Record, Report
from broadsheet.ports import ReceiptStore

# Outcomes that are nobody's fault.
_STATUS_OF_CODE: Mapping[str, Status] = {
    "empty_file": "empty",
    "folder_marker": "skipped",
    "control_file": "skipped",
    "sidecar_without_file": "skipped",
}
# Details beyond this go to parts of their own: a receipt of one page is one object.
PART_BYTES = 512 * 1024


class Tally:
    """Counts what is read from one file and writes details to the receipt; memory is bounded by one part of it."""

    def __init__(self, receipts: ReceiptStore, prefix: str, snapshot: Mapping[str, Any] | None = None) -> None:
        state: Mapping[str, Any] = snapshot or {}
        self.prefix = prefix
        self.articles: int = state.get("articles", 0)
        self.comments: int = state.get("comments", 0)
        self.suppressed: int = state.get("suppressed", 0)
        self.declared: int | None = state.get("declared")
        self.conflicts: int = state.get("conflicts", 0)
        self._receipts = receipts
        self._lost: bool = state.get("lost", False)
        self._fatal: str | None = state.get("fatal")
        self._by_code: dict[str, dict[str, Any]] = {code: dict(entry) for code, entry in state.get("codes", {}).items()}
        self._parts: int = state.get("parts", 0)
        self._lines: list[bytes] = []
        self._bytes = 0

    def snapshot(self) -> dict[str, Any]:
        """Close the open part and return everything counted so far, for a checkpoint."""
        if self._lines:
            self._write_part()
        state = {
            "articles": self.articles,
            "comments": self.comments,
            "suppressed": self.suppressed,
            "declared": self.declared,
            "conflicts": self.conflicts,
            "lost": self._lost,
            "fatal": self._fatal,
            "codes": {code: dict(entry) for code, entry in self._by_code.items()},
            "parts": self._parts,
        }
        return {name: value for name, value in state.items() if value is not None}

    def record(self, record: Record, article_id: str | None = None, suppressed: int = 0) -> None:
        """Count a record with all its report says; ``suppressed`` items of it were left out."""
        if isinstance(record, ProblemRecord):
            self._lost = True
            self._problem(record.problem, record.record)
            self._detail({"record": record.record, "problem": _problem_json(record.problem)})
            return
        self.articles += 1
        self.comments += len(record.comments)
        self.suppressed += suppressed
        if record.article.comment_count_declared is not None:
            self.declared = (self.declared or 0) + record.article.comment_count_declared
        for problem in record.report.problems:
            self._problem(problem, record.record)
        detail = {"record": record.record, "article_id": article_id, "comments": len(record.comments)}
        if suppressed:
            detail["suppressed"] = suppressed
        if record.report.member is not None:
            detail["member"] = record.report.member
        self._detail(detail | _report_json(record.report))

    def suppress_article(self, record: Record, article_id: str, items: int) -> None:
        """Count a record that was left out whole."""
        self.suppressed += items
        self._detail({"record": record.record, "article_id": article_id, "suppressed": items})

    def notice(self, problem: Problem) -> None:
        """Count a problem of the file that cost nothing of it."""
        self._problem(problem, None)

    def lost(self, code: str, message: str) -> None:
        """Count a document that was read but could not be stored."""
        self._lost = True
        self._problem(Problem(code, message), None)

    def fatal(self, code: str, message: str) -> None:
        """Note what ended the reading of the file; what was read before stays."""
        self._fatal = code
        self._lost = True
        self._problem(Problem(code, message), None)

    def give_up(self, message: str) -> None:
        """Note that the file ended too many workers."""
        self.fatal("crashed", message)

    @property
    def given_up(self) -> bool:
        """Whether the file ended too many workers."""
        return self._fatal == "crashed"

    def status(self, *, exists: bool) -> Status:
        """Return the status of the file, given whether there is an object at all."""
        if self.articles:
            return "partial" if self._lost else "indexed"
        if self._lost:
            return _STATUS_OF_CODE.get(self._fatal or "", "failed")
        return "empty" if exists else "deleted"

    def counts(self) -> dict[str, int]:
        """Return the counts as the ledger stores them."""
        counts = {
            "articles": self.articles,
            "comments": self.comments,
            "problems": sum(entry["count"] for entry in self._by_code.values()),
        }
        if self.declared is not None:
            counts["comments_declared"] = self.declared
        if self.suppressed:
            counts["suppressed"] = self.suppressed
        return counts

    def problems(self) -> tuple[dict[str, Any], ...]:
        """Return one entry per code: the first sentence, how often, and the first record and line."""
        return tuple(self._by_code.values())

    def close(self, facts: Mapping[str, Any]) -> None:
        """Write the summary: the facts of the outcome, counts and problems; details too if they fit beside them."""
        summary = {**facts, "counts": self.counts(), "problems": self.problems()}
        if self._parts:
            self.snapshot()
            summary["parts"] = self._parts
        else:
            summary["records"] = [orjson.Fragment(line) for line in self._lines]
        self._receipts.put(f"{self.prefix}summary.json", orjson.dumps(summary, option=orjson.OPT_INDENT_2))

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
        line = orjson.dumps(detail)
        self._lines.append(line)
        self._bytes += len(line)
        if self._bytes >= PART_BYTES:
            self._write_part()

    def _write_part(self) -> None:
        self._receipts.put(f"{self.prefix}part-{self._parts:05}.ndjson", b"\n".join(self._lines) + b"\n")
        self._parts += 1
        self._lines, self._bytes = [], 0


def with_loss(snapshot: Mapping[str, Any], code: str, message: str) -> dict[str, Any]:
    """Return a snapshot of a tally with one more document that was read but could not be stored."""
    codes = dict(snapshot.get("codes", {}))
    known = codes.get(code, {"code": code, "message": message, "count": 0})
    codes[code] = {**known, "count": known["count"] + 1}
    return {**snapshot, "lost": True, "codes": codes}


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
