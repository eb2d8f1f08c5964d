"""What a file holds beside articles is passed over, counted, and named with the file's last record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from broadsheet.errors import PermanentError
from broadsheet.model import ArticleRecord, PassedRecord, Problem, ProblemRecord, Record


class PassedOver:
    """Counts what is no article, by what it is."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._named: dict[str, list[str]] = {}

    def add(self, what: str, name: str | None = None) -> None:
        """Count one thing; ``what`` is its plural, ``name`` stands beside the number for the first three."""
        self._counts[what] += 1
        if name and len(self._named.setdefault(what, [])) < 3:
            self._named[what].append(name)

    def __bool__(self) -> bool:
        return bool(self._counts)

    def __str__(self) -> str:
        return ", ".join(self._part(what, count) for what, count in sorted(self._counts.items()))

    def _part(self, what: str, count: int) -> str:
        names = self._named.get(what)
        if not names:
            return f"{count} {what}"
        return f"{count} {what} ({', '.join(names)}{', ...' if count > len(names) else ''})"


def telling_at_last(
    records: Iterator[Record | PassedRecord], passed_over: PassedOver
) -> Iterator[Record | PassedRecord]:
    """Yield the records; the last one also says what was passed over, with the code ``items_passed_over``.

    Raises PermanentError ``empty_file`` when there was no record.
    """
    last: Record | PassedRecord | None = None
    for record in records:
        if last:
            yield last
        last = record
    if last:
        yield _told(last, f"Beside the articles, the file holds what was passed over: {passed_over}.", passed_over)
    elif passed_over:
        raise PermanentError(f"The file holds no article, only {passed_over}.", code="empty_file")
    else:
        raise PermanentError("There is nothing to read in the file. Upload it again as a whole.", code="empty_file")


def _told(record: Record | PassedRecord, message: str, passed_over: PassedOver) -> Record | PassedRecord:
    if not passed_over or isinstance(record, PassedRecord):
        return record
    if isinstance(record, ProblemRecord):
        problem = record.problem
        return record._replace(problem=problem._replace(message=f"{problem.message} {message}"))
    problems = (*record.report.problems, Problem("items_passed_over", message))
    return _with(record, problems)


def _with(record: ArticleRecord, problems: tuple[Problem, ...]) -> ArticleRecord:
    return record._replace(report=record.report._replace(problems=problems))
