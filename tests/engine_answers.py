"""Answers as the engine gives them, made of real documents, and an engine that gives them in turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from broadsheet.ids import PublicIds
from broadsheet.index.documents import Origin, documents
from broadsheet.ports import JsonObject
from tests.records import full_record

ORIGIN = Origin(file_id="f", bucket="uploads", key="2014/homs.txt", stored_at="2014-05-10T00:00:00Z")


def stored_documents(record=None) -> list[dict[str, Any]]:
    """Return the sources of a record's documents as the engine gives them back, the article's first."""
    record = record or full_record()
    article_id, comment_ids = PublicIds("f").assign(record)
    made = documents(
        record,
        article_id=article_id,
        comment_ids=comment_ids,
        origin=ORIGIN,
        first_article=0,
        first_comment=0,
    )
    sources = [orjson.loads(document.body) for document in made]
    return [{name: value for name, value in source.items() if name != "discussion"} for source in sources]


def hit(source: JsonObject, score: float = 1.5, **more: Any) -> JsonObject:
    """Return a hit of a search sorted by relevance."""
    index = f"t-{source['kind']}s-v1"
    return {"_index": index, "_score": score, "_source": source, "sort": [score, -(2**63), source["doc_id"]], **more}


def found(*hits: JsonObject, total: int | None = None, relation: str = "eq", took: int = 3) -> JsonObject:
    """Return the answer to a search."""
    value = len(hits) if total is None else total
    return {"took": took, "hits": {"total": {"value": value, "relation": relation}, "hits": list(hits)}}


def matching(article_id: str, count: int, *hits: JsonObject, took: int = 2) -> JsonObject:
    """Return the answer to the search for an article's matching comments."""
    bucket = {"key": article_id, "doc_count": count, "best": {"hits": {"hits": list(hits)}}}
    return {"took": took, "hits": {"hits": []}, "aggregations": {"articles": {"buckets": [bucket]}}}


def counted(name: str, buckets: list[JsonObject], *, others: int = 0, **more: Any) -> JsonObject:
    """Return the answer to a search that counts; ``others`` are not listed."""
    return found(total=0) | {"aggregations": {name: {"buckets": buckets, "sum_other_doc_count": others, **more}}}


def timeline_counted(counts: JsonObject, *, undated: int = 0, total: int = 0) -> JsonObject:
    """Return the answer to the search for a timeline; ``counts`` are the steps that have any."""
    counted = {"timeline": {"counts": counts}, "undated": {"doc_count": undated}}
    return found(total=total) | {"aggregations": counted}


def values(*pairs: tuple[str, int], others: int = 0, **more: Any) -> JsonObject:
    """Return counted values, each with ``more``."""
    buckets = [{"key": key, "doc_count": count, **more} for key, count in pairs]
    return {"buckets": buckets, "sum_other_doc_count": others}


def author_details(*spellings: str, comments: int = 2) -> JsonObject:
    """Return what the engine counts of one author."""
    return {
        "comments": {"doc_count": comments},
        "articles": {"value": 1},
        "first_seen": {"value": 1.0, "value_as_string": "2014-05-09T13:33:00.000Z"},
        "last_seen": {"value": None},
        "spellings": values(*((spelling, 1) for spelling in spellings)),
    }


def author_found(*spellings: str, **changes: JsonObject) -> list[JsonObject]:
    """Return the answers to both searches for an author whom nobody answers, and who answers nobody."""
    nobody = {"stated": {"doc_count": 0}, "people": values()}
    about = author_details(*spellings) | {
        "sources": values(),
        "languages": values(),
        "kinds": values(("guest", 2)),
        "commented": {"doc_count": 0, "articles": values()},
        "wrote": {"doc_count": 0, "articles": {"hits": {"hits": []}}},
        "answers": {"doc_count": 0, **nobody},
    }
    return [found(total=2) | {"aggregations": about | changes}, found(total=0) | {"aggregations": nobody}]


def unknown_words(*words: tuple[str, int, *tuple[str, ...]], held: Sequence[int] = ()) -> JsonObject:
    """Return the answer to the search for similar words: each unknown one with its place and what is like it.

    ``held`` are the numbers of the query's words and phrases that the index holds.
    """
    entries = [
        {"text": word, "offset": offset, "length": len(word), "options": [{"text": like} for like in options]}
        for word, offset, *options in words
    ]
    counts = {str(number): {"doc_count": int(number in held)} for number in range(8)}
    return found(total=0) | {"suggest": {"words": entries}, "aggregations": {"held": {"buckets": counts}}}


class ScriptedEngine:
    """ports.SearchEngine: gives its answers in turn (an exception is raised) and remembers what was asked."""

    def __init__(self, *answers: JsonObject | list[JsonObject] | str | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, JsonObject]] = []
        self.round_trips = 0

    def open_point_in_time(self, index: str, seconds: int) -> str:
        answer = self._next()
        assert isinstance(answer, str)
        return answer

    def search(self, index: str, body: JsonObject) -> JsonObject:
        self.asked.append((index, body))
        answer = self._next()
        assert isinstance(answer, dict)
        return answer

    def multi_search(self, searches: Sequence[tuple[str, JsonObject]]) -> list[JsonObject]:
        self.asked += searches
        answers = self._next()
        assert isinstance(answers, list)
        assert len(answers) == len(searches)
        return answers

    def _next(self) -> JsonObject | list[JsonObject] | str:
        self.round_trips += 1
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer
