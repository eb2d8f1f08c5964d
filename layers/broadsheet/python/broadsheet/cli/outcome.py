"""What became of a file, in lines for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from broadsheet.cli.api import Api
from broadsheet.cli.terminal import Run, shown
from broadsheet.errors import ConflictError, NotFoundError

_STYLES = {"indexed": "green", "processing": "cyan", "failed": "bold red"}
_OTHER_STYLE = "yellow"
_FIRST_PROBLEMS = 10


def outcome_lines(file: Mapping[str, Any]) -> Iterator[tuple[str | Run, ...]]:
    """Give the line of a file as GET /v1/files shows it, and one for each of its problems."""
    status = str(file.get("status"))
    counted = count_sentence(file.get("counts") or {})
    line: tuple[str | Run, ...] = (
        shown(file.get("key", "")),
        ": ",
        shown(status, _STYLES.get(status, _OTHER_STYLE)),
    )
    yield (*line, f": {counted}") if counted else line
    for problem in file.get("problems") or ():
        yield "  - ", shown(problem.get("message", "")), " (", shown(_details(problem)), ")"


def single_problem_lines(api: Api, file: Mapping[str, Any]) -> Iterator[tuple[str | Run, ...]]:
    """Give the first of a file's single problems with their places, where some kind of them came more than once."""
    if all(problem.get("count", 1) == 1 for problem in file.get("problems") or ()):
        return
    try:
        found = api.get(f"/files/{file['file_id']}/problems", {"limit": _FIRST_PROBLEMS}).get("problems") or ()
    except (NotFoundError, ConflictError):
        # Its receipt is gone, or the file is gone: what is known was shown.
        return
    total = (file.get("counts") or {}).get("problems", len(found))
    yield (f"  one by one{f', the first {len(found)} of {total}' if total > len(found) else ''}:",)
    for problem in found:
        place = place_in_file(problem.get("record", 0), problem.get("line"))
        member = [str(problem["member"])] if "member" in problem else []
        where = ", ".join([*member, *([place] if place else [])]) or "the file"
        yield "    ", shown(where), ": ", shown(problem.get("message", "")), " (", shown(_code(problem)), ")"


def find_file(api: Api, key: str) -> dict[str, Any]:
    """Return the file with exactly this key as GET /v1/files shows it; raise NotFoundError with a hint."""
    files = api.get("/files", {"key": key}).get("files") or []
    if not files:
        raise NotFoundError(
            f"no file with the key {key} was ever seen. Keys are exact, without s3:// and bucket; a file that was "
            "uploaded a moment ago may need a few seconds.",
            code="file_not_found",
        )
    found: dict[str, Any] = files[0]
    return found


def count_sentence(counts: Mapping[str, int]) -> str:
    """Say what was found in a file; empty when nothing was.

    >>> count_sentence({"articles": 1, "comments": 30, "comments_declared": 30})
    '1 article, 30 of 30 comments'
    """
    articles, comments = counts.get("articles", 0), counts.get("comments", 0)
    declared = counts.get("comments_declared")
    if not articles:
        return ""
    of = "" if declared is None else f" of {declared}"
    return f"{number(articles, 'article')}, {comments}{of} comment{'s' if (declared or comments) != 1 else ''}"


def number(count: int, noun: str) -> str:
    """Say how many of something there are.

    >>> number(1, "file"), number(2, "file")
    ('1 file', '2 files')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def place_in_file(record: int, line: int | None) -> str:
    """Say where in a file something is; records are counted from 0 by programs and from 1 by people.

    >>> place_in_file(7, 8), place_in_file(0, None)
    ('record 8, line 8', '')
    """
    # Most files have one record, which is the file.
    places = [f"record {record + 1}"] if record else []
    return ", ".join([*places, *([f"line {line}"] if line is not None else [])])


def _details(problem: Mapping[str, Any]) -> str:
    details = [_code(problem)]
    if problem.get("count", 1) > 1:
        details.append(f"{problem['count']} times")
    place = place_in_file(problem.get("record", 0), problem.get("line"))
    if place:
        details.append(f"first in {place}" if problem.get("count", 1) > 1 else place)
    return ", ".join(details)


def _code(problem: Mapping[str, Any]) -> str:
    return str(problem.get("code", "problem"))
