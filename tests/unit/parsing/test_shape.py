"""The JSON shape of a record."""

from __future__ import annotations

import json

from broadsheet.model import Article, ArticleRecord, Comment, Problem, ProblemRecord, Report
from broadsheet.parsing.shape import record_json
from tests.records import full_record
from tests.samples import HOMS
from tests.unit.parsing.pages import parse


def test_a_record_that_knows_little_keeps_only_what_must_be_there() -> None:
    record = ArticleRecord(3, Article("", ""), (Comment(0, "head", None, "unknown", None, ""),), Report(format="text"))
    assert record_json(record, file="a.txt") == {
        "file": "a.txt",
        "record": 3,
        "kind": "article",
        "article": {"title": "", "body": "", "comment_count": 1},
        "comments": [
            {
                "ordinal": 0,
                "head": "head",
                "author_kind": "unknown",
                "body": "",
                "thread": {"role": "undecided", "parent": None, "evidence": [], "confidence": 0.0},
            }
        ],
        "report": {"format": "text", "replacements": 0, "unexplained_lines": 0, "furniture": [], "problems": []},
    }


def test_the_sample_has_the_agreed_shape() -> None:
    record = parse(HOMS.read_bytes(), HOMS.name)
    shown = record_json(record, file=HOMS.name, article_id="A", comment_ids=[f"c{n}" for n in range(30)])
    assert shown["article"]["article_id"] == "A"
    assert shown["article"]["comment_count"] == shown["article"]["comment_count_declared"] == 30
    assert shown["article"]["published_at"]["value"] == "2014-05-09"
    assert shown["comments"][6] == {
        "comment_id": "c6",
        "ordinal": 6,
        "head": "Thumb cedre 09 May 2014, 18:55",
        "author": "cedre",
        "author_kind": "member",
        "posted_at": {
            "value": "2014-05-09T18:55+03:00",
            "method": "stated",
            "zone": "Asia/Beirut",
            "zone_assumed": True,
        },
        "body": record.comments[6].body,
        "mentions": ["popeye"],
        "thread": {
            "role": "reply",
            "parent": 3,
            "evidence": ["later-than-root:11", "mentions:popeye"],
            "confidence": 0.7,
        },
    }
    assert list(shown["report"]["furniture"][2]) == ["line", "text", "why"]
    json.dumps(shown, allow_nan=False)


def test_a_full_record_shows_every_field() -> None:
    shown = record_json(full_record(), file="a", article_id="A")
    assert set(shown["article"]) == {
        "article_id",
        "title",
        "body",
        "language",
        "alternate_languages",
        "url",
        "source",
        "source_id",
        "authors",
        "tags",
        "published_at",
        "comment_count",
        "comment_count_declared",
    }


def test_a_bad_record_shows_its_problem() -> None:
    record = ProblemRecord(7, Problem("json_invalid", "Not JSON.", line=8, offset=4711))
    assert record_json(record, file="a.jsonl") == {
        "file": "a.jsonl",
        "record": 7,
        "kind": "problem",
        "problem": {"code": "json_invalid", "message": "Not JSON.", "line": 8, "offset": 4711},
    }
