"""``broadsheet status``: the system, or one file."""

import json

import pytest

SYSTEM = {
    "version": "0.1.0",
    "reader": "text/1",
    "bucket": "uploads",
    "files": {"indexed": 3, "failed": 1},
    "engine": {"status": "available", "articles": 1, "comments": 340},
}
FILE = {
    "file_id": "f" * 26,
    "bucket": "uploads",
    "key": "dir/a b.txt",
    "status": "partial",
    "counts": {"articles": 1, "comments": 29, "comments_declared": 30, "problems": 3},
    "problems": [
        {"code": "comment_count_differs", "message": "30 were declared.", "count": 1},
        {"code": "json_invalid", "message": "Not JSON.", "count": 2, "record": 7, "line": 8},
    ],
}


def test_the_system_is_shown_with_its_counts(ask, api):
    api.answer("/status", SYSTEM)
    status, output, messages = ask("status")
    assert (status, messages) == (0, "")
    assert output.splitlines() == [
        f"API:    {api.url}, version 0.1.0",
        "bucket: uploads",
        "files:  3 indexed, 1 failed",
        "search: available, 1 article and 340 comments",
    ]


def test_an_engine_that_is_away_is_status_1(ask, api):
    api.answer("/status", {**SYSTEM, "files": {}, "engine": {"status": "unavailable", "code": "engine_unavailable"}})
    status, output, _ = ask("status")
    assert status == 1
    assert output.splitlines()[2:] == ["files:  none yet", "search: unavailable: engine_unavailable"]


def test_a_file_is_shown_with_every_problem(ask, api):
    api.answer("/files", {"files": [FILE], "next": None})
    status, output, _ = ask("status", "dir/a b.txt")
    assert status == 0
    assert output.splitlines() == [
        "dir/a b.txt: partial: 1 article, 29 of 30 comments",
        "  - 30 were declared. (comment_count_differs)",
        "  - Not JSON. (json_invalid, 2 times, first in record 8, line 8)",
    ]
    assert [(path, query) for path, query, _ in api.requests] == [("/v1/files", {"key": ["dir/a b.txt"]})]


def test_an_unknown_file_is_status_1_and_says_what_keys_are(ask, api):
    api.answer("/files", {"files": [], "next": None})
    status, output, messages = ask("status", "s3://uploads/a.txt")
    assert (status, output) == (1, "")
    assert "Keys are exact" in messages


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_failed_file_is_status_1(ask, api, options):
    api.answer("/files", {"files": [{**FILE, "status": "failed", "counts": {}}], "next": None})
    status, output, _ = ask("status", "a.txt", *options)
    assert status == 1
    assert "failed" in output


def test_json_is_the_answer_of_the_api(ask, api):
    api.answer("/status", SYSTEM)
    api.answer("/files", {"files": [FILE], "next": None})
    assert json.loads(ask("status", "--json")[1]) == SYSTEM
    assert json.loads(ask("status", "x", "--json")[1]) == FILE


def test_hostile_keys_and_sentences_are_harmless(ask, api):
    problem = {"code": "x\x1b[0m", "message": "one\n\x1b]0;title\x07two\u202e", "count": 1}
    api.answer("/files", {"files": [{**FILE, "key": "a\x1b[31m\r\nb", "problems": [problem]}], "next": None})
    _, output, _ = ask("status", "x")
    assert output.splitlines() == [
        "a[31m b: partial: 1 article, 29 of 30 comments",
        "  - one ]0;titletwo (x[0m)",
    ]
