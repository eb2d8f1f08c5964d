"""What would be indexed of a file, without any system: the records as the command and the API show them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO, NamedTuple

from broadsheet.ids import PublicIds, file_id
from broadsheet.model import ArticleRecord, Hints, Problem, ProblemRecord, Record
from broadsheet.parsing import read
from broadsheet.parsing.shape import record_json
from broadsheet.ports import JsonObject
from broadsheet.settings import Limits


class Place(NamedTuple):
    """An address in S3, on which ids depend; a key that is empty or ends in a slash stands for a folder."""

    bucket: str
    key: str

    @classmethod
    def from_address(cls, address: str) -> Place:
        """Read ``s3://bucket/key``; raise ValueError for anything else.

        >>> Place.from_address("s3://uploads/2014/page.txt")
        Place(bucket='uploads', key='2014/page.txt')
        """
        scheme, _, rest = address.partition("://")
        bucket, _, key = rest.partition("/")
        if scheme != "s3" or not bucket:
            raise ValueError(f"expected an address such as s3://bucket/key, not {address}")
        return cls(bucket, key)

    @property
    def is_folder(self) -> bool:
        """Whether files keep their names under it."""
        return not self.key or self.key.endswith("/")

    def of(self, name: str) -> Place:
        """Return the place of a file that is stored here."""
        return Place(self.bucket, self.key + PurePath(name).name) if self.is_folder else self


class Shown(NamedTuple):
    """A record, and the JSON that is shown of it."""

    record: Record
    json: JsonObject


def dry_run(
    stream: BinaryIO, hints: Hints, *, file: str, place: Place | None, zone: str, limits: Limits
) -> Iterator[Shown]:
    """Read a file as ingestion does; ``file`` is the name to show, ``place`` where it would be stored, if known.

    Raises the errors of ``parsing.read`` while iterating; ``ending`` makes the last record of one of them.
    """
    ids = PublicIds(file_id(place.bucket, place.key)) if place else None
    for record in read(stream, hints, zone=zone, limits=limits):
        article_id: str | None = None
        comment_ids: tuple[str, ...] = ()
        if ids and isinstance(record, ArticleRecord):
            article_id, comment_ids = ids.assign(record)
        yield Shown(record, record_json(record, file=file, article_id=article_id, comment_ids=comment_ids))


def ending(code: str, message: str, *, file: str, record: int) -> Shown:
    """Return what ended the reading of a file as its last record, with this number: what was read before stays."""
    problem = ProblemRecord(record, Problem(code, message))
    return Shown(problem, record_json(problem, file=file))
