"""The members of an archive, each read as if it had been uploaded alone; what is wrong with one costs no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import BinaryIO, Protocol, cast

from broadsheet.errors import PermanentError
from broadsheet.model import ArticleRecord, Hints, PassedRecord, Problem, ProblemRecord, Record
from broadsheet.parsing.containers.layers import Read, deeper, numbered
from broadsheet.parsing.upload import Settings, Upload
from broadsheet.text import clean

# Limits of the whole file: there is no going on with the next member.
_OF_THE_FILE = frozenset({"too_large_unpacked", "ratio_too_high", "too_many_records"})
_MAX_NAME_CHARS = 300


class MemberStream(Protocol):
    """The bytes of a member; ``problem`` says, once they are read, what was wrong with them."""

    problem: Problem | None

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes; empty at the end."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive; ``stream`` is None when it cannot be read at all, for the reason in ``problem``.

    ``hints`` is what the archive says of it; without that it is known by its name and the archive's own hints.
    """

    name: str
    stream: MemberStream | None
    problem: Problem | None = None
    hints: Hints | None = None


def read_members(
    members: Iterator[Member], upload: Upload, settings: Settings, read_inner: Read
) -> Iterator[Record | PassedRecord]:
    """Read member after member; their records are numbered over the whole archive, problems name the member.

    What macOS adds to every archive (``__MACOSX/``, ``._name``, ``.DS_Store``) is nobody's page and is gone over.
    """
    number = settings.first
    settings = deeper(settings)
    for member in members:
        if _is_of_the_system(member.name):
            continue
        settings.deadline.restart()
        name = clean(member.name[-_MAX_NAME_CHARS:]).text
        for record in _records(member, name, upload.hints, replace(settings, first=number), read_inner):
            yield record
            number += 1


def _records(
    member: Member, name: str, hints: Hints, settings: Settings, read_inner: Read
) -> Iterator[Record | PassedRecord]:
    number = settings.first
    problem = member.problem
    if member.stream:
        try:
            # A page's own address and type say nothing of the members.
            known = member.hints or replace(hints, name=member.name, content_type=None, url=None)
            inner = Upload(cast("BinaryIO", member.stream), known)
            for record in numbered(read_inner(inner, settings), number):
                yield _named(record, name)
                number += 1
        except PermanentError as error:
            if error.code in _OF_THE_FILE:
                raise
            problem = Problem(error.code, error.message)
        problem = member.stream.problem or problem
    if problem:
        yield _named(ProblemRecord(number, problem), name)


def _named(record: Record | PassedRecord, name: str) -> Record | PassedRecord:
    if isinstance(record, ArticleRecord):
        outer = record.report.member
        return record._replace(report=record.report._replace(member=f"{name}/{outer}" if outer else name))
    if isinstance(record, ProblemRecord):
        return record._replace(problem=record.problem._replace(message=f"{name}: {record.problem.message}"))
    return record


def _is_of_the_system(name: str) -> bool:
    path = PurePosixPath(name)
    return path.name.startswith("._") or path.name == ".DS_Store" or path.parts[:1] == ("__MACOSX",)
