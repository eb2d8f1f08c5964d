"""``broadsheet status``: the system, or one file."""

import json
import os
import pty

import pytest

from broadsheet.cli.terminal import Screen
from broadsheet.cli.watch import watch
from broadsheet.errors import InfrastructureError
from tests.unit.cli.processes import read_all

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


PROBLEMS = f"/files/{FILE['file_id']}/problems"


def test_a_file_is_shown_with_every_kind_of_problem(ask, api):
    api.answer("/files", {"files": [FILE], "next": None})
    api.answer(PROBLEMS, {"title": "gone", "status": 404, "code": "receipt_gone", "detail": "no longer kept"}, 404)
    status, output, _ = ask("status", "dir/a b.txt")
    assert status == 0
    assert output.splitlines() == [
        "dir/a b.txt: partial: 1 article, 29 of 30 comments",
        "  - 30 were declared. (comment_count_differs)",
        "  - Not JSON. (json_invalid, 2 times, first in record 8, line 8)",
    ]
    assert [(path, query) for path, query, _ in api.requests] == [
        ("/v1/files", {"key": ["dir/a b.txt"]}),
        (f"/v1{PROBLEMS}", {"limit": ["10"]}),
    ]


def test_problems_of_one_kind_are_shown_one_by_one(ask, api):
    api.answer("/files", {"files": [FILE], "next": None})
    single = [
        {"code": "json_invalid", "message": "Not JSON.", "record": 7, "line": 8},
        {"code": "json_invalid", "message": "Not\nJSON.", "record": 8, "member": "x/b.jsonl"},
    ]
    api.answer(PROBLEMS, {"problems": single, "next": "more"})

    _, output, _ = ask("status", "dir/a b.txt")

    assert output.splitlines()[3:] == [
        "  one by one, the first 2 of 3:",
        "    record 8, line 8: Not JSON. (json_invalid)",
        "    x/b.jsonl, record 9: Not JSON. (json_invalid)",
    ]


def test_a_file_whose_problems_are_all_shown_is_asked_for_once(ask, api):
    problem = {"code": "json_invalid", "message": "Not JSON.", "count": 1}
    api.answer("/files", {"files": [{**FILE, "problems": [problem]}], "next": None})

    ask("status", "dir/a b.txt")

    assert len(api.requests) == 1


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


def test_dead_letters_are_shown_with_what_to_do(ask, api):
    api.answer("/status", {**SYSTEM, "dead_letters": 2})
    assert "queue:  2 dead letters: `broadsheet redrive` sends them again" in ask("status")[1].splitlines()
    api.answer("/status", {**SYSTEM, "dead_letters": 0})
    assert "dead" not in ask("status")[1]


def test_failed_files_are_listed_page_by_page(ask, api):
    pages = {None: ["a", "b"], "next": ["c"]}

    def files(query):
        cursor = query.get("cursor", [None])[0]
        found = [{**FILE, "key": key, "status": "failed", "counts": {}, "problems": []} for key in pages[cursor]]
        return 200, {"files": found, "next": "next" if cursor is None else None}

    api.routes["/files"] = files
    status, output, _ = ask("status", "--failed")
    assert (status, output.splitlines()) == (0, ["a: failed", "b: failed", "c: failed"])
    assert {query["status"][0] for _, query, _ in api.requests} == {"failed"}
    assert [json.loads(line)["key"] for line in ask("status", "--failed", "--json")[1].splitlines()] == ["a", "b", "c"]


@pytest.mark.parametrize("options", [("a.txt", "--failed"), ("--watch", "--json")])
def test_options_that_exclude_each_other_are_wrong_use(ask, options):
    assert ask("status", *options)[0] == 2


class EndedError(Exception):
    pass


def rounds(count):
    """A sleep that ends the watch after so many rounds."""
    left = iter(range(count))

    def sleep(seconds):
        if next(left, None) is None:
            raise EndedError

    return sleep


def watched(screen, answers):
    def look():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return [(answer,)]

    with pytest.raises(EndedError):
        watch(look, screen, rounds(len(answers) - 1))


def test_a_pipe_gets_lines_when_they_change(capsys):
    watched(Screen(), ["one", "one", InfrastructureError("away"), "two"])
    assert capsys.readouterr().out.splitlines() == ["one", "away", "two"]


def test_a_terminal_is_redrawn():
    main, beside = pty.openpty()
    with os.fdopen(beside, "w", encoding="utf-8") as stream:
        watched(Screen(stream), ["one", "حمص", "two"])
    written = read_all(main)
    assert written.index("one") < written.index("حمص") < written.index("two")
    assert "\x1b[2K" in written


def test_what_is_watched_is_the_status(spawn, api):
    api.answer("/status", SYSTEM)
    process = spawn("status", "--watch", environ={"BROADSHEET_API_URL": api.url}, stdout=-1, stderr=-1)
    first = process.stdout.readline()
    assert first.startswith(b"API:")
    assert process.poll() is None
