"""CSV of articles and of comments: columns by their names, comments to their articles, rows that cost no other."""

from __future__ import annotations

import csv
import io
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import PermanentError
from broadsheet.model import ArticleRecord, Hints, PassedRecord
from broadsheet.parsing import Limits, read
from broadsheet.parsing.tables.rows import cells_of, read_rows
from tests.unit.parsing.exports import articles_of, outline, read_file
from tests.unit.parsing.pages import codes

ARTICLES = """article_id,title,article_url,author,published_date,ncomments,ntop_level_comments,article_text
24724,"Rain, again",https://coast.example/1,Rima,2014-05-09 12:00:00,3,2,"<p>It rained.</p><p>""Hard"", they said.</p>"
24725,Wind,https://coast.example/2,Samir,2014-05-10,0,0,"It
blew."
"""
COMMENTS = """article_id,comment_counter,comment_author,timestamp,comment_text,TotalVotes
24724,source1_24724_1,ann,1399642380000,"First, I say",3
24724,source1_24724_1_1,bo,1399642440000,"No
second",1
24724,source1_24724_1_1_1,cy,1399642500000,third,0
24724,source1_24724_2,di,1399642560000,fourth,0
24725,source2_24725_1,ann,1399642620000,other,0
"""


def test_articles_are_read_by_the_names_of_their_columns() -> None:
    first, second = articles_of(read_file(ARTICLES.encode(), "articles.csv"))
    article = first.article
    assert (article.title, article.body) == ("Rain, again", 'It rained.\n\n"Hard", they said.')
    assert (article.source_id, article.url, article.authors) == ("24724", "https://coast.example/1", ("Rima",))
    assert article.published_at
    assert (article.published_at.value, article.comment_count_declared) == ("2014-05-09T12:00+03:00", 3)
    assert (second.article.title, second.article.body) == ("Wind", "It\nblew.")
    assert first.report.format == "csv"


def test_comments_come_to_their_article_and_the_counter_tells_the_thread() -> None:
    first, second = articles_of(read_file(COMMENTS.encode(), "comments.csv"))
    assert first.article.source_id == "24724"
    assert [(each.author, each.body, each.thread.role, each.thread.parent) for each in first.comments] == [
        ("ann", "First, I say", "root", None),
        ("bo", "No\nsecond", "reply", 0),
        ("cy", "third", "reply", 1),
        ("di", "fourth", "root", None),
    ]
    assert first.comments[0].posted_at
    assert first.comments[0].posted_at.value == "2014-05-09T13:33+00:00"
    assert codes(first) == ["article_missing"]
    assert [each.body for each in second.comments] == ["other"]


def test_article_may_stand_beside_each_of_its_comments() -> None:
    table = "url;article_title;author;date;comment\nhttps://a.example/1;Rain;ann;2014-05-09 16:33;Hm\n\
https://a.example/1;Rain;bo;2014-05-09 16:35;Aha\nhttps://a.example/2;Wind;cy;2014-05-09 16:36;Oho\n"
    first, second = articles_of(read_file(table.encode(), "a.csv"))
    assert (first.article.title, first.article.url) == ("Rain", "https://a.example/1")
    assert [(each.author, each.body) for each in first.comments] == [("ann", "Hm"), ("bo", "Aha")]
    assert [each.body for each in second.comments] == ["Oho"]
    assert "article_missing" not in codes(first)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_delimiter_and_encoding_are_found(delimiter: str, encoding: str) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([["Title", "Text"], ["أمطار", "غزيرة; على, الساحل|"]])
    (record,) = articles_of(read_file(written.getvalue().encode(encoding), "a.csv"))
    assert (record.article.title, record.article.body) == ("أمطار", "غزيرة; على, الساحل|")


def test_line_that_names_the_delimiter_is_gone_over() -> None:
    assert outline(read_file(b"sep=;\r\ntitle;text\r\nRain;It rained\r\n", "a.csv")) == ["Rain"]


def test_broken_rows_cost_no_other() -> None:
    table = 'title,text\nOne,"open\nTwo,b\nThree,c\n\n,\nFour,d,e,f\nFive\n'
    assert outline(read_file(table.encode(), "a.csv")) == [
        "csv_quote_open", "Two", "Three", "not_an_article", "Four", "Five"
    ]  # fmt: skip
    long = "title,text\nOne,b\nTwo," + "x" * 1000 + "\nThree,c\n"
    limits = Limits(max_record_bytes=500)
    assert outline(read_file(long.encode(), "a.csv", limits)) == ["One", "line_too_long", "Three"]


@pytest.mark.parametrize("table", ["a,b\n1,2\n", "\n", "Just a text.\n"])
def test_table_whose_header_says_nothing_is_refused(table: str) -> None:
    with pytest.raises(PermanentError) as caught:
        read_file(table.encode(), "a.csv")
    assert caught.value.code == "csv_header_unknown"


def test_header_alone_is_an_empty_file() -> None:
    with pytest.raises(PermanentError) as caught:
        read_file(b"title,text\n", "a.csv")
    assert caught.value.code == "empty_file"


def test_discussion_is_bounded_and_goes_on_in_another_record() -> None:
    records = articles_of(read_file(COMMENTS.encode(), "a.csv", Limits(max_comments=3)))
    assert [len(record.comments) for record in records] == [3, 1, 1]


def test_resumed_reading_passes_over_what_was_read() -> None:
    records = list(read(io.BytesIO(COMMENTS.encode()), Hints("a.csv"), start=1))
    assert records[0] == PassedRecord(0, "24724")
    assert isinstance(records[1], ArticleRecord)


CELL = st.text('ab",\n\r ;é"', max_size=8)


@given(st.lists(st.lists(CELL, min_size=2, max_size=3), max_size=5), st.sampled_from(",;"), st.integers(1, 9))
def test_rows_are_those_of_the_csv_module(table: list[list[str]], delimiter: str, size: int) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator="\r\n").writerows(table)
    data = io.BytesIO(written.getvalue().encode())
    rows = list(read_rows(lambda wanted: data.read(min(wanted, size)), delimiter, 1000))
    assert [cells_of(row.data, delimiter) for row in rows] == [row for row in table if any(row) or len(row) > 1]


@pytest.mark.parametrize(
    "rows",
    ['"\n' * 300_000, 'a,"b\n' * 200_000, '"' * 3_000_000, ",\n" * 100_000, "," * 3_000_000, '"a' + '""' * 1_000_000],
    ids=range(6),
)
def test_hostile_table_is_read_in_linear_time(rows: str) -> None:
    started = time.process_time()
    with suppress(PermanentError):
        for _ in read(io.BytesIO(b"title,text\n" + rows.encode()), Hints("a.csv")):
            pass
    assert time.process_time() - started < 30
