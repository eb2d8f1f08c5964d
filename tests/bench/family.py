"""Articles of the sample's family, as many as wanted: every one its own text, the same in every run."""

from __future__ import annotations

import io
import random
import re
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice

import orjson

from broadsheet.model import ArticleRecord, Hints
from broadsheet.parsing import read
from tests.samples import HOMS

COMMENTS = 30
"""Comments of each article, as of the sample."""

DOCUMENTS = 1 + COMMENTS

# Words that may change places: capitals begin names, heads and counters.
_WORD = re.compile(r"\b[a-z]{4,}\b")
_GZIP = zlib.MAX_WBITS | 16
# Level 1: packing is not what is measured.
_FASTEST = 1


def text(number: int) -> bytes:
    """Return the sample with its words mixed anew, as a text file."""
    chance = random.Random(number)  # noqa: S311 - a repeatable mixture
    mixed = _sample_words()
    drawn = iter(chance.choices(mixed, k=len(mixed)))
    page = _WORD.sub(lambda _: next(drawn), HOMS.read_text("utf-8"))
    return page.replace("Homs", f"Homs {number}", 1).encode()


def line(number: int) -> bytes:
    """Return the same article as one line of an export."""
    (record,) = read(io.BytesIO(text(number)), Hints(name="a.txt"))
    assert isinstance(record, ArticleRecord)
    assert len(record.comments) == COMMENTS
    article = {
        "id": number,
        "url": f"https://news.example/stories/{number}",
        "title": record.article.title,
        "published_at": f"2014-05-{number % 28 + 1:02}T10:00:00+03:00",
        "language": record.article.language,
        "body": record.article.body,
        "comments": [
            {
                "author": comment.author,
                "posted_at": comment.posted_at and comment.posted_at.value,
                "body": comment.body,
            }
            for comment in record.comments
        ],
    }
    return orjson.dumps(article) + b"\n"


def archive(count: int) -> bytes:
    """Return so many articles as one packed file of JSON Lines."""
    return b"".join(packed(line(number) for number in range(count)))


def endless(different: int = 500) -> Iterator[bytes]:
    """Yield lines for ever; after so many the texts come again, ids, addresses and titles do not."""
    lines = [line(number) for number in range(different)]
    number = 0
    while True:
        for number, made in enumerate(lines, number):  # noqa: B020 - counts on
            mark = b"%d" % (number % different)
            new = b"%d" % number
            opening = made[:400].replace(b'"id":' + mark, b'"id":' + new, 1)
            yield opening.replace(b"stories/" + mark, b"stories/" + new, 1) + made[400:]
        number += 1


def one_of(comments: int) -> bytes:
    """Return an article with so many comments as one line of an export."""
    article = orjson.loads(line(0))
    bodies = [comment["body"] for each in range(20) for comment in orjson.loads(line(each))["comments"]]
    first = article["comments"][0]
    article["comments"] = [
        {"id": at, "parent": at // 2 or None, "author": f"reader {at % 997}", "posted_at": first["posted_at"]}
        | {"body": bodies[at % len(bodies)]}
        for at in range(comments)
    ]
    return orjson.dumps(article) + b"\n"


def packed(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines packed as gzip, piece by piece."""
    gzip = zlib.compressobj(_FASTEST, wbits=_GZIP)
    lines = iter(lines)
    while some := b"".join(islice(lines, 50)):
        yield gzip.compress(some)
    yield gzip.flush()


@cache
def _sample_words() -> list[str]:
    return _WORD.findall(HOMS.read_text("utf-8"))
