"""Ids are stable, and distinct where two things are."""

from __future__ import annotations

import base64
import hashlib

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.ids import PublicIds, article_doc_id, comment_doc_id, digest, file_id, work_key
from broadsheet.model import Article
from tests.records import at, comment, record

PAGE = record(
    Article("Title", "Body"),
    comment(0, "one", author="chainsaw", posted_at=at("2014-05-09T18:09+03:00")),
    comment(1, "two", author="chainsaw", posted_at=at("2014-05-09T18:09+03:00")),
    comment(2, "two", author="chainsaw", posted_at=at("2014-05-09T18:09+03:00")),
)


def test_ids_are_stable_over_releases() -> None:
    assert digest("a", "b") == "qutdk5bnn2zq7xglbz6bwu6zf4"
    assert file_id("bucket", "a/ü.txt") == digest("bucket", "a/ü.txt")


@given(st.text(max_size=20))
def test_an_id_is_the_hash_in_the_usual_base_32(text: str) -> None:
    hashed = hashlib.blake2b(text.encode(), digest_size=16).digest()
    assert digest(text) == base64.b32encode(hashed).decode().rstrip("=").lower()


def test_ids_do_not_depend_on_where_parts_are_split() -> None:
    assert digest("ab", "c") != digest("a", "bc")


def test_document_ids_count_articles_and_comments_apart() -> None:
    assert (article_doc_id("f", 0), comment_doc_id("f", 0)) == ("f-0", "f-c0")


def test_equal_comments_are_told_apart_and_ids_repeat_exactly() -> None:
    article_id, comment_ids = PublicIds("f").assign(PAGE)
    assert len({article_id, *comment_ids}) == 4
    assert PublicIds("f").assign(PAGE) == (article_id, comment_ids)


def test_a_new_comment_changes_no_other_id() -> None:
    grown = PAGE._replace(comments=(comment(0, "new", author="ann"), *PAGE.comments))
    assert set(PublicIds("f").assign(PAGE)[1]) < set(PublicIds("f").assign(grown)[1])


def test_equal_articles_of_one_file_and_equal_files_are_told_apart() -> None:
    ids = PublicIds("f")
    assert ids.assign(PAGE)[0] != ids.assign(PAGE)[0]
    assert PublicIds("f").assign(PAGE)[0] != PublicIds("g").assign(PAGE)[0]


def test_source_id_and_url_come_before_the_title() -> None:
    by_url = Article("Title", "Body", url="https://news.example/1")
    assert PublicIds("f").assign(record(by_url)) == PublicIds("f").assign(record(by_url._replace(title="Edited")))
    by_id = by_url._replace(source_id="1")
    assert PublicIds("f").assign(record(by_id)) == PublicIds("f").assign(
        record(by_id._replace(url="https://x.example"))
    )


def test_copies_share_a_work_key() -> None:
    assert work_key(Article("Title", "Body")) == work_key(Article("TITLE", " Body"))
    assert work_key(Article("Title", "Body")) != work_key(Article("Title", "Other"))
    assert work_key(Article("a", "b", url="https://x.example/1")) == work_key(
        Article("c", "d", url="https://x.example/1")
    )
