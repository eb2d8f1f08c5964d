"""What ``broadsheet parse`` prints is read back as what it was."""

from __future__ import annotations

import orjson
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.ids import PublicIds
from broadsheet.model import (
    Article,
    ArticleRecord,
    Comment,
    CommentTime,
    Dated,
    Hints,
    Problem,
    ProblemRecord,
    Report,
    Thread,
)
from broadsheet.parsing import read
from broadsheet.parsing.shape import record_json
from broadsheet.text import clean
from tests.corpus.golden import pages
from tests.records import full_record
from tests.unit.parsing.exports import articles_of, read_file, read_values

TEXT = st.text(max_size=30).map(lambda text: clean(text).text)
NAME = TEXT | st.none()
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
CONFIDENCE = st.floats(0, 1)
COUNT = st.integers(0, 2**40) | st.none()
COMMENT = st.builds(
    Comment,
    ordinal=st.just(0),
    head=TEXT,
    author=NAME,
    author_kind=st.sampled_from(["member", "member_without_avatar", "guest", "unknown"]),
    posted_at=st.none() | st.builds(CommentTime, TEXT.filter(bool), TEXT.filter(bool), NAME, st.booleans(), NAME, NAME),
    body=TEXT,
    mentions=TEXTS,
    thread=st.builds(
        Thread, st.sampled_from(["root", "reply", "undecided"]), st.integers(0, 9) | st.none(), TEXTS, CONFIDENCE
    ),
    source_id=NAME,
)
ARTICLE = st.builds(
    Article,
    title=TEXT.map(lambda text: " ".join(text.split())),
    body=TEXT,
    language=NAME.filter(lambda text: text != ""),
    url=NAME,
    source=NAME.filter(lambda text: text != ""),
    source_id=NAME,
    authors=TEXTS,
    tags=TEXTS,
    published_at=st.none() | st.builds(Dated, TEXT.filter(bool), TEXT.filter(bool), CONFIDENCE, NAME, NAME),
    comment_count_declared=COUNT,
    alternate_languages=TEXTS,
)


def exported(records: list[ArticleRecord | ProblemRecord]) -> bytes:
    """Return what the command prints with ids."""
    ids = PublicIds("elsewhere")
    lines = []
    for record in records:
        article_id, comment_ids = ids.assign(record) if isinstance(record, ArticleRecord) else (None, ())
        shown = record_json(record, file="a.txt", article_id=article_id, comment_ids=comment_ids)
        lines.append(orjson.dumps(shown) + b"\n")
    return b"".join(lines)


def placed(thread: Thread, ordinal: int, count: int) -> Thread:
    """Let a thread's parent be another comment that is there."""
    parent = thread.parent
    return thread if parent is None or (parent < count and parent != ordinal) else thread._replace(parent=None)


@given(ARTICLE, st.lists(COMMENT, max_size=4))
def test_any_record_is_read_back_as_it_was(article: Article, comments: list[Comment]) -> None:
    numbered = tuple(
        comment._replace(ordinal=ordinal, thread=placed(comment.thread, ordinal, len(comments)))
        for ordinal, comment in enumerate(comments)
    )
    record = ArticleRecord(0, article, numbered, Report("text"))
    (again,) = read_file(exported([record]))
    assert isinstance(again, ArticleRecord)
    assert (again.article, again.comments) == (article, numbered)


def test_every_page_of_the_corpus_is_read_back_and_keeps_its_ids() -> None:
    records: list[ArticleRecord] = []
    for number, page in enumerate(pages()):
        with page.open("rb") as stream:
            (record,) = read(stream, Hints(name=page.name))
        assert isinstance(record, ArticleRecord)
        records.append(record._replace(record=number))
    again = articles_of(read_file(exported([*records])))
    assert [record._replace(report=Report("")) for record in again] == [
        record._replace(report=Report("")) for record in records
    ]
    before, after = PublicIds("f"), PublicIds("f")
    assert [before.assign(record) for record in records] == [after.assign(record) for record in again]


def test_problems_are_read_back_and_the_records_numbered_anew() -> None:
    problem = ProblemRecord(7, Problem("json_invalid", "Not JSON.", line=8, offset=4711))
    assert read_file(exported([problem, full_record()]))[0] == problem._replace(record=0)
    assert read_file(exported([problem, full_record()]))[1].record == 1


def test_a_forged_record_is_made_harmless() -> None:
    (record,) = read_values(
        {
            "record": 0,
            "kind": "article",
            "article": {"title": "a\u202eb\nc", "body": 7, "authors": "x", "comment_count_declared": -1},
            "comments": [
                {"author_kind": "king", "thread": {"role": ["root"], "parent": True, "confidence": 9}},
                "x",
                {"thread": {"role": "reply", "parent": 1}},
                {"thread": {"role": "reply", "parent": 7}},
            ],
        }
    )
    assert isinstance(record, ArticleRecord)
    assert record.article == Article("ab c", "")
    assert record.comments == (
        Comment(0, "", None, "unknown", None, ""),
        Comment(1, "", None, "unknown", None, "", thread=Thread("reply")),
        Comment(2, "", None, "unknown", None, "", thread=Thread("reply")),
    )


def test_list_of_own_records_is_read_too() -> None:
    shown = record_json(full_record(), file="a.txt")
    (record,) = articles_of(read_file(orjson.dumps([shown]), "a.json"))
    assert record.article == full_record().article
