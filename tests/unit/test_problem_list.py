"""Single problems of a file, page by page, from the receipt that ingestion wrote."""

from __future__ import annotations

import pytest

from broadsheet.errors import ConflictError, NotFoundError, RequestError
from broadsheet.file_order import cursor_of
from broadsheet.ledger_item import LedgerItem
from broadsheet.model import Article, ArticleRecord, Problem, ProblemRecord, Report
from broadsheet.outcome import PART_BYTES, Tally
from broadsheet.ports import JsonObject
from broadsheet.problem_list import problem_page
from tests.fakes import MemoryReceipts

PREFIX = "f1/1/"
ITEM = LedgerItem("f1", "uploads", "a.jsonl", status="partial", receipt=PREFIX)


def article(record, *codes, member=None):
    problems = tuple(Problem(code, f"{code} of {record}", line=record + 1) for code in codes)
    return ArticleRecord(record, Article("title", "body"), (), Report("jsonl", problems=problems, member=member))


@pytest.fixture
def receipts():
    return MemoryReceipts()


def close(receipts, *records, codes=(), parts=False):
    """Write the receipt of an outcome, in parts of its own if it is asked for."""
    tally = Tally(receipts, PREFIX)
    for code in codes:
        tally.lost(code, f"{code} of the file")
    for record in records:
        if isinstance(record, ProblemRecord):
            tally.record(record)
        else:
            tally.record(record, f"article {record.record}")
        if parts:
            tally.snapshot()
    tally.close({"status": "partial"})
    return tally


def walk(receipts, **parameters):
    pages: list[list[JsonObject]] = []
    cursor = None
    while cursor is not None or not pages:
        given = {name: [value] for name, value in (parameters | ({"cursor": cursor} if cursor else {})).items()}
        answer = problem_page(receipts, ITEM, given)
        pages.append(answer["problems"])
        cursor = answer["next"]
    return pages


def test_problems_of_the_file_come_first_then_those_of_its_records(receipts):
    bad = ProblemRecord(1, Problem("json_invalid", "Not JSON.", line=8, offset=4711))
    close(receipts, article(0, "no_date", member="x/a.json"), bad, codes=["rejected", "rejected"])

    assert walk(receipts) == [
        [
            {"code": "rejected", "message": "rejected of the file", "count": 2},
            {
                "code": "no_date",
                "message": "no_date of 0",
                "record": 0,
                "member": "x/a.json",
                "article_id": "article 0",
                "line": 1,
            },
            {"code": "json_invalid", "message": "Not JSON.", "record": 1, "line": 8, "offset": 4711},
        ]
    ]


@pytest.mark.parametrize("parts", [False, True], ids=["in the summary", "in parts"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
def test_pages_of_any_size_show_every_problem_once(receipts, limit, parts):
    records = [article(number, *["x", "y", "z"][: number % 4]) for number in range(20)]
    close(receipts, *records, codes=["rejected"], parts=parts)

    pages = walk(receipts, limit=str(limit))

    shown = [(problem["code"], problem.get("record")) for page in pages for problem in page]
    assert shown == [
        ("rejected", None),
        *((problem.code, record.record) for record in records for problem in record.report.problems),
    ]
    assert all(len(page) <= limit for page in pages)
    assert not parts or len(pages) > 1


def test_details_beyond_one_part_are_read_part_by_part(receipts):
    count = 2 * PART_BYTES // 120
    tally = close(receipts, *(ProblemRecord(number, Problem("bad", "x" * 60)) for number in range(count)))
    assert tally.counts()["problems"] == count
    assert len(receipts.stored) > 2

    assert [problem["record"] for page in walk(receipts, limit="200") for problem in page] == list(range(count))


def test_a_file_without_an_outcome_or_without_problems_has_none(receipts):
    close(receipts, article(0))

    assert problem_page(receipts, ITEM, {}) == {"problems": [], "next": None}
    assert problem_page(receipts, ITEM._replace(receipt=None), {}) == {"problems": [], "next": None}


def test_a_cursor_of_an_earlier_outcome_is_a_conflict(receipts):
    close(receipts, article(0, "x", "y"))
    cursor = problem_page(receipts, ITEM, {"limit": ["1"]})["next"]

    with pytest.raises(ConflictError) as caught:
        problem_page(receipts, ITEM._replace(receipt="f1/2/"), {"cursor": [cursor]})

    assert caught.value.code == "outcome_changed"


@pytest.mark.parametrize(
    "cursor",
    ["nonsense", cursor_of("key", ("a",)), cursor_of("problems", ("f1/1/", "-1", "0"))],
    ids=["no cursor", "of files", "of no place"],
)
def test_what_is_no_cursor_is_refused(receipts, cursor):
    close(receipts, article(0, "x"))

    with pytest.raises(RequestError) as caught:
        problem_page(receipts, ITEM, {"cursor": [cursor]})

    assert caught.value.problems[0].parameter == "cursor"


def test_a_cursor_beyond_the_end_has_nothing_behind_it(receipts):
    close(receipts, article(0, "x"))

    found = problem_page(receipts, ITEM, {"cursor": [cursor_of("problems", ("f1/1/", "99", "0"))]})

    assert found == {"problems": [], "next": None}


def test_a_receipt_that_is_gone_is_told(receipts):
    with pytest.raises(NotFoundError) as caught:
        problem_page(receipts, ITEM, {})

    assert caught.value.code == "receipt_gone"
