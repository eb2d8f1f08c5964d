"""The judged set: articles with comments, queries with grades, and the changes that tell what a discussion is worth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Literal

import orjson

Part = Literal["tuned", "held"]
PARTS: tuple[Part, Part] = ("tuned", "held")
GRADES = (1, 2, 3)

NOISY_COMMENTS = 30
_NOISE_WORDS = (8, 40)
# Of eight words one is drawn from all texts, the others from comments. A set of hundreds of articles has a few thousand
# words: in noise made of these alone a word of a query is ten times as frequent as in an archive's discussions.
_TOPICAL_WORDS = 1 / 8
_SENTENCE_END = re.compile(r"(?<=[.!?\u061f])\s+")
_HERE = Path(__file__).parent

Record = dict[str, Any]
"""One line of articles.jsonl: an article with its comments, as `broadsheet parse` prints it."""


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody asks and how well each article answers it; an article without a grade does not."""

    id: str
    group: str
    q: str
    part: Part
    relevant: Mapping[str, int]


def read_articles() -> list[Record]:
    return [orjson.loads(line) for line in (_HERE / "articles.jsonl").read_bytes().splitlines()]


def read_queries() -> list[Query]:
    stated = orjson.loads((_HERE / "queries.json").read_bytes())
    return [Query(each["id"], each["group"], each["q"], each["set"], each["relevant"]) for each in stated]


def read_floors() -> dict[str, float]:
    """Give the lowest nDCG@10 allowed, by "<group> <part>"."""
    floors: dict[str, float] = orjson.loads((_HERE / "floors.json").read_bytes())
    return floors


def source_id(record: Record) -> str:
    return str(record["article"]["source_id"])


def with_noise(articles: Sequence[Record], draw: int = 0) -> Iterator[Record]:
    """Add thirty comments to every article, of words of its language's texts; ``draw`` chooses other words."""
    topical: dict[str, list[str]] = {}
    chatter: dict[str, list[str]] = {}
    for record in articles:
        article = record["article"]
        said = [word for each in record["comments"] for word in each["body"].split()]
        chatter.setdefault(article["language"], []).extend(said)
        written = f"{article['title']} {article['body']}".split()
        topical.setdefault(article["language"], []).extend([*written, *said])
    for record in articles:
        random = Random(f"{source_id(record)} {draw}")  # noqa: S311 - reproducible, no secret
        language = record["article"]["language"]
        noise = []
        for number in range(NOISY_COMMENTS):
            sources = [
                topical if random.random() < _TOPICAL_WORDS else chatter for _ in range(random.randint(*_NOISE_WORDS))
            ]
            words = [random.choice(source[language]) for source in sources]
            noise.append({"author": f"passer-by {number}", "body": " ".join(words)})
        yield record | {"comments": [*record["comments"], *noise]}


def sentences_by_language(articles: Sequence[Record]) -> dict[str, list[str]]:
    """Give the sentences of all bodies, in order."""
    sentences: dict[str, list[str]] = {}
    for record in articles:
        article = record["article"]
        sentences.setdefault(article["language"], []).extend(_SENTENCE_END.split(article["body"]))
    return sentences


def with_quotations(articles: Sequence[Record]) -> Iterator[Record]:
    """Add thirty comments to every article, each a sentence of some article's body in its language.

    The harshest chatter there is: every sentence of an answer stands under seven articles that are none.
    """
    sentences = sentences_by_language(articles)
    for record in articles:
        random = Random(source_id(record))  # noqa: S311 - reproducible, no secret
        said = sentences[record["article"]["language"]]
        quoted = [{"author": f"passer-by {number}", "body": random.choice(said)} for number in range(NOISY_COMMENTS)]
        yield record | {"comments": [*record["comments"], *quoted]}


def with_comments_in_the_body(articles: Sequence[Record]) -> Iterator[Record]:
    """Make every discussion the end of its article's body: what an answer scores that is no comment."""
    for record in articles:
        bodies = [record["article"]["body"], *(each["body"] for each in record["comments"])]
        yield record | {"article": record["article"] | {"body": "\n\n".join(bodies)}, "comments": []}
