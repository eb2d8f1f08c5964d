"""Records become documents that need no second look-up and fit into a request."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.ids import PublicIds
from broadsheet.index.documents import TITLE_LIMIT, Origin, documents
from broadsheet.index.pieces import BODY_LIMIT, EXCERPT_LIMIT
from broadsheet.model import Article, ArticleRecord, Dated
from broadsheet.text import words
from tests.records import at, comment, full_record, record

FILE = "f" * 26
ORIGIN = Origin(file_id=FILE, bucket="uploads", key="2014/homs.txt", stored_at="2026-05-09T13:33:00+00:00")
REQUEST_LIMIT = 10 * 1024 * 1024


class Made(NamedTuple):
    """A document with its body read back."""

    kind: str
    doc_id: str
    body: bytes
    source: dict[str, Any]


def made(subject: ArticleRecord, first_article: int = 0, first_comment: int = 0) -> list[Made]:
    article_id, comment_ids = PublicIds(FILE).assign(subject)
    found = documents(
        subject,
        article_id=article_id,
        comment_ids=comment_ids,
        origin=ORIGIN,
        first_article=first_article,
        first_comment=first_comment,
    )
    return [Made(*document, orjson.loads(document.body)) for document in found]


def sources(subject: ArticleRecord, kind: str) -> list[dict[str, Any]]:
    return [document.source for document in made(subject) if document.kind == kind]


def holes(value: Any) -> list[Any]:
    """Return every null, empty string and empty list or object inside."""
    found = [value] if value is None or (isinstance(value, str | list | dict) and not value) else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return found + [hole for entry in inner for hole in holes(entry)]


def test_an_article_comes_first_and_its_comments_follow_in_page_order():
    found = made(full_record(), first_article=7, first_comment=40)

    assert [(document.kind, document.doc_id) for document in found] == [
        ("articles", f"{FILE}-7"),
        ("comments", f"{FILE}-c40"),
        ("comments", f"{FILE}-c41"),
        ("comments", f"{FILE}-c42"),
        ("comments", f"{FILE}-c43"),
    ]
    assert [document.source["doc_id"] for document in found] == [document.doc_id for document in found]


def test_the_article_document_of_a_full_record():
    subject = full_record()
    article_id, _ = PublicIds(FILE).assign(subject)

    (source,) = sources(subject, "articles")

    work_key = source.pop("work_key")
    assert len(work_key) == 26
    assert source == {
        "kind": "article",
        "doc_id": f"{FILE}-0",
        "article_id": article_id,
        "file_id": FILE,
        "s3_bucket": "uploads",
        "s3_key": "2014/homs.txt",
        "stored_at": "2026-05-09T13:33:00+00:00",
        "part": 0,
        "title": "Syria Army Enters Homs",
        "body": "The last rebels left the Old City.\n\nU.N. officials welcomed the deal.",
        "discussion": ["Homs is free.", "@popeye مبروك لحمص", "mou3arada!", "Who knows?"],
        "source": "naharnet",
        "url": "https://news.example/en/stories/130000",
        "lang": "en",
        "tags": ["syria", "حمص"],
        "author": ["Agence France Presse", "نهارنت"],
        "author_key": ["agence france presse", "نهارنت"],
        "comment_count": 4,
        "comment_count_declared": 4,
        "sort_date": "2014-05-09",
        "date_basis": "estimated",
        "first_comment_at": "2014-05-09T15:05+03:00",
        "last_comment_at": "2014-05-09T17:00",
        "display": {
            "published_at": {
                "value": "2014-05-09",
                "method": "weekday",
                "confidence": 0.8,
                "earliest": "2014-05-07",
                "latest": "2014-05-09",
            },
            "excerpt": "The last rebels left the Old City. U.N. officials welcomed the deal.",
            "alternate_languages": ["ar"],
        },
    }


def test_a_comment_document_of_a_full_record():
    subject = full_record()
    article_id, comment_ids = PublicIds(FILE).assign(subject)

    reply = sources(subject, "comments")[2]

    assert reply == {
        "kind": "comment",
        "doc_id": f"{FILE}-c2",
        "article_id": article_id,
        "file_id": FILE,
        "s3_bucket": "uploads",
        "s3_key": "2014/homs.txt",
        "stored_at": "2026-05-09T13:33:00+00:00",
        "source": "naharnet",
        "url": "https://news.example/en/stories/130000",
        "tags": ["syria", "حمص"],
        "article_title": "Syria Army Enters Homs",
        "article_date": "2014-05-09",
        "comment_id": comment_ids[2],
        "ordinal": 2,
        "author": "M8ers",
        "author_key": "m8ers",
        "author_kind": "member_without_avatar",
        "body": "mou3arada!",
        "lang": "en",
        "mentions": ["الاسد"],
        "sort_date": "2014-05-09T17:00",
        "date_basis": "explicit",
        "parent_id": comment_ids[1],
        "parent_author_key": "الاسد",
        "root_id": comment_ids[0],
        "depth": 2,
        "tree_order": 2,
        "thread_role": "reply",
        "edge_confidence": 0.7,
        "display": {
            "head": "Default M8ers",
            "posted_at": {"value": "2014-05-09T17:00", "method": "head", "zone_assumed": False},
            "mentions": ["الاسد"],
            "thread": {
                "role": "reply",
                "parent": comment_ids[1],
                "evidence": ["mention", "time"],
                "confidence": 0.7,
            },
            "article": {
                "comment_count": 4,
                "language": "en",
                "published_at": {
                    "value": "2014-05-09",
                    "method": "weekday",
                    "confidence": 0.8,
                    "earliest": "2014-05-07",
                    "latest": "2014-05-09",
                },
            },
        },
    }


def test_what_is_unknown_is_absent():
    bare = record(Article(title="", body=""), comment(0, ""))

    for document in (*made(bare), *made(full_record())):
        assert holes(document.source) == []
    assert "sort_date" not in sources(bare, "articles")[0]
    assert sources(bare, "articles")[0]["date_basis"] == "none"


def test_the_same_record_gives_the_same_bytes():
    assert made(full_record()) == made(full_record())


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (Dated("2014-05-09", "stated", 1.0), ("2014-05-09", "explicit")),
        (Dated("2014-05-09T10:00+03:00", "meta", 1.0), ("2014-05-09T10:00+03:00", "explicit")),
        (Dated("2014-05-09", "weekday", 0.5, "2014-05-08", "2014-05-09"), ("2014-05-09", "estimated")),
        (None, ("2014-05-09T15:05+03:00", "estimated")),
    ],
)
def test_an_article_sorts_by_its_date_else_by_its_first_comment(published, expected):
    article = Article(title="Homs", body="text", published_at=published)
    # Page order is not order of time.
    subject = record(
        article,
        comment(0, posted_at=at("2014-05-09T16:33+03:00")),
        comment(1, posted_at=at("2014-05-09T15:05+03:00")),
    )

    (source,) = sources(subject, "articles")

    assert (source["sort_date"], source["date_basis"]) == expected


def test_first_and_last_comment_are_told_by_time_across_offsets():
    times = ["2014-05-09T16:33+03:00", "2014-05-09T15:00+01:00", "2014-05-09T13:30:30Z", "unreadable"]
    subject = record(Article("t", "b"), *(comment(n, posted_at=at(value)) for n, value in enumerate(times)))

    (source,) = sources(subject, "articles")

    assert source["first_comment_at"] == "2014-05-09T13:30:30Z"
    assert source["last_comment_at"] == "2014-05-09T15:00+01:00"


@pytest.mark.parametrize(
    ("body", "language"),
    [("Well said!", "en"), ("مبروك لحمص", "ar"), ("It’s “free”", "en"), ("12:30 :-)", None)],
)
def test_a_comment_has_the_language_of_its_own_text(body, language):
    (source,) = sources(record(Article("t", "b", language="en"), comment(0, body)), "comments")

    assert source.get("lang") == language


def test_an_excerpt_is_one_line_cut_at_a_word():
    body = "First  line\nsecond " + "word " * 200

    excerpt = sources(record(Article("t", body)), "articles")[0]["display"]["excerpt"]

    assert excerpt.startswith("First line second word")
    assert excerpt.endswith("word…")
    assert len(excerpt) <= EXCERPT_LIMIT


def test_a_discussion_keeps_whole_comments_and_counts_the_rest():
    half = "ن" * (BODY_LIMIT // 2)
    bodies = [half, "x" * (BODY_LIMIT + 1), half, "one too many"]
    subject = record(Article("t", "b"), *(comment(n, body) for n, body in enumerate(bodies)))

    (source,) = sources(subject, "articles")

    assert source["discussion"] == [half, half]
    assert source["discussion_omitted"] == 2


def test_a_discussion_of_one_monster_is_only_counted():
    (source,) = sources(record(Article("t", "b"), comment(0, "x" * (BODY_LIMIT + 1))), "articles")

    assert "discussion" not in source
    assert source["discussion_omitted"] == 1


def test_a_body_beyond_the_limit_becomes_parts_that_hold_every_word():
    body = "\n\n".join(f"paragraph {number} of the long report" for number in range(70_000))
    subject = record(Article("Report", body), comment(0))

    found = made(subject, first_article=5)
    parts = [document for document in found if document.kind == "articles"]

    assert len(parts) == 3
    assert [part.doc_id for part in parts] == [f"{FILE}-5", f"{FILE}-6", f"{FILE}-7"]
    assert [part.source["part"] for part in parts] == [0, 1, 2]
    assert all(len(part.source["body"]) <= BODY_LIMIT for part in parts)
    assert all(part.source["body"].startswith("paragraph") for part in parts)
    assert [word for part in parts for word in words(part.source["body"])] == words(body)
    assert len({part.source["article_id"] for part in parts}) == 1
    assert [("discussion" in part.source) for part in parts] == [True, False, False]


def test_a_comment_beyond_the_limit_becomes_parts_too():
    subject = record(Article("t", "b"), comment(0, "word " * 300_000), comment(1))

    found = [document for document in made(subject) if document.kind == "comments"]

    assert [document.doc_id for document in found] == [f"{FILE}-c0", f"{FILE}-c1", f"{FILE}-c2"]
    assert [document.source.get("part") for document in found] == [0, 1, None]
    assert found[0].source["comment_id"] == found[1].source["comment_id"] != found[2].source["comment_id"]
    assert sum(len(document.source["body"].split()) for document in found[:2]) == 300_000


def test_a_file_of_one_endless_line_keeps_its_words_in_the_body():
    line = " ".join(f"word{number}" for number in range(1_000))

    (source,) = sources(record(Article(title=line, body="")), "articles")

    assert len(source["title"]) <= TITLE_LIMIT
    assert line.startswith(source["title"].removesuffix("…"))
    assert source["body"] == line


@pytest.mark.parametrize("character", ["ن", "\U0001f600", '"', "\n"])
def test_the_largest_documents_fit_a_request(character):
    # A line feed is two bytes in JSON, a character beyond the basic plane four.
    full = character * BODY_LIMIT
    subject = record(Article("t" * TITLE_LIMIT, full), *(comment(n, character * 1_000) for n in range(1_000)))

    biggest = max(len(document.body) for document in made(subject))

    assert 2 * BODY_LIMIT < biggest < REQUEST_LIMIT


text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@given(
    title=text,
    body=text,
    bodies=st.lists(text, max_size=6),
    parents=st.lists(st.integers(-1, 7), min_size=6, max_size=6),
)
def test_every_comment_gives_one_document_and_no_word_is_lost(title, body, bodies, parents):
    comments = [comment(n, text, parent=parents[n] if parents[n] >= 0 else None) for n, text in enumerate(bodies)]
    subject = record(Article(title, body), *comments)

    found = made(subject)
    article, *rest = found

    assert (article.source.get("title", ""), article.source.get("body", "")) == (title, body)
    assert article.source.get("discussion", []) == [entry for entry in bodies if entry]
    assert [document.source.get("body", "") for document in rest] == bodies
    assert sorted(document.source["tree_order"] for document in rest) == list(range(len(bodies)))


def test_another_upload_time_changes_nothing_but_stored_at():
    subject = full_record()
    article_id, comment_ids = PublicIds(FILE).assign(subject)
    later = replace(ORIGIN, stored_at="2027-01-01T00:00:00+00:00")
    again = documents(
        subject, article_id=article_id, comment_ids=comment_ids, origin=later, first_article=0, first_comment=0
    )

    for old, new in zip(made(subject), again, strict=True):
        assert {**orjson.loads(new.body), "stored_at": ORIGIN.stored_at} == old.source


def test_replies_follow_what_they_answer():
    subject = record(
        Article("t", "b"),
        comment(0),
        comment(1),
        comment(2, parent=0),
        comment(3, parent=2),
        comment(4, parent=1),
    )

    found = sorted(sources(subject, "comments"), key=lambda source: source["tree_order"])

    assert [source["ordinal"] for source in found] == [0, 2, 3, 1, 4]
    assert [source["depth"] for source in found] == [0, 1, 2, 0, 1]
    assert all(later["depth"] <= earlier["depth"] + 1 for earlier, later in pairwise(found))
