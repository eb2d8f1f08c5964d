"""``broadsheet search``: what a person reads, and what a program gets."""

import json
import os
import pty
import re
import subprocess
from urllib.parse import urlsplit

import pytest

from tests.unit.cli.processes import COMMAND, read_all

ARTICLE = {
    "article_id": "a" * 26,
    "title": "Syria Army Enters Homs",
    "excerpt": "The last rebels left.",
    "source": "naharnet.com",
    "url": "http://www.naharnet.com/stories/en/129982",
    "published_at": {"value": "2014-05-09", "method": "weekday-before-first-comment", "earliest": "2014-05-07"},
    "comment_count": 30,
    "file": {"bucket": "uploads", "key": "homs.txt"},
}
COMMENT = {
    "comment_id": "c" * 26,
    "author": "قارئ",
    "posted_at": {"value": "2014-05-09T16:33+03:00", "method": "stated"},
    "body": "مدينة حمص القديمة",
}
FOUND = {
    "total": {"value": 12, "relation": "gte"},
    "took_ms": 4,
    "next": None,
    "results": [
        {
            "type": "article",
            "score": 7.1,
            "why": ["title", "discussion"],
            "highlights": {
                "title": "Syria Army Enters <mark>Homs</mark>",
                "body": ["R&amp;D in <mark>Homs</mark>", "end"],
            },
            "article": ARTICLE,
            "matching_comments": {"total": 3, "comments": [COMMENT]},
        },
        {
            "type": "comment",
            "score": 6.2,
            "highlights": {"body": ["مدينة <mark>حمص</mark> القديمة"]},
            "comment": COMMENT,
            "article": {**ARTICLE, "url": None, "published_at": {"value": "2014-05-09", "method": "stated"}},
        },
    ],
}
PLAIN = """\
 1. Syria Army Enters Homs
    around 2014-05-09 · naharnet.com · 30 comments · found in title, discussion
    R&D in Homs ... end
    http://www.naharnet.com/stories/en/129982 · aaaaaaaaaaaaaaaaaaaaaaaaaa
      قارئ, 2014-05-09 16:33: مدينة حمص القديمة
      and 2 more matching comments

 2. قارئ, 2014-05-09 16:33
    مدينة حمص القديمة
    on Syria Army Enters Homs · 2014-05-09 · naharnet.com · 30 comments
    s3://uploads/homs.txt · cccccccccccccccccccccccccc

"""


def test_a_pipe_gets_plain_text_without_marks_or_controls(ask, api):
    api.answer("/search", FOUND)
    status, output, messages = ask("search", "homs")
    assert (status, output) == (0, PLAIN)
    assert messages == "broadsheet: 2 of at least 12 results: --limit shows more\n"


def test_the_query_is_sent_as_one_with_only_what_was_said(ask, api):
    api.answer("/search", FOUND)
    ask("search", "homs", '"old city"', "--type", "comment", "--limit", "7")
    ask("search", "حمص&limit=3")
    assert [(path, query) for path, query, _ in api.requests] == [
        ("/v1/search", {"q": ['homs "old city"'], "type": ["comment"], "limit": ["7"]}),
        ("/v1/search", {"q": ["حمص&limit=3"]}),
    ]


def test_json_is_the_answer_as_it_is(ask, api):
    api.answer("/search", FOUND)
    status, output, messages = ask("search", "homs", "--json")
    assert (status, messages) == (0, "")
    assert json.loads(output) == FOUND
    assert "حمص" in output


def test_nothing_found_is_said_and_no_failure(ask, api):
    api.answer("/search", {"total": {"value": 0, "relation": "eq"}, "results": []})
    assert ask("search", "zzz") == (0, "", "broadsheet: nothing found for zzz\n")


def test_a_bare_result_is_shown_with_what_is_known(ask, api):
    bare = [{"type": "article", "article": {"article_id": "a"}}, {"type": "comment", "comment": {"body": "Yes."}}]
    api.answer("/search", {"results": bare})
    status, output, _ = ask("search", "x")
    assert status == 0
    assert "1. (without a title)" in output
    assert "2. (unknown)\n    Yes.\n" in output


def test_a_long_comment_is_cut_at_a_word(ask, api):
    body = "word " * 1000
    api.answer("/search", {"results": [{"type": "comment", "comment": {"body": body}}]})
    _, output, _ = ask("search", "x")
    (line,) = [line for line in output.splitlines() if "word" in line]
    assert len(line) < 320
    assert line.endswith("word ...")


def test_hostile_text_is_harmless_in_both_forms(ask, api):
    hostile = "\x1b[2Jgone\u202etxt.exe\x9b0m\nforged line"
    result = {
        "type": "article",
        "article": {**ARTICLE, "title": hostile, "source": hostile, "url": hostile},
        "highlights": {"body": [f"&#x202e;&#x9b;<mark>{hostile}</mark>"]},
        "matching_comments": {"total": 1, "comments": [{"author": hostile, "body": hostile}]},
    }
    api.answer("/search", {"results": [result]})
    _, plain, _ = ask("search", "x")
    _, as_json, _ = ask("search", "x", "--json")
    for output in (plain, as_json):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", output)
    assert "[2Jgonetxt.exe0m forged line" in plain
    assert json.loads(as_json)["results"][0] == result


def test_a_terminal_shows_marks_and_isolates_arabic(api):
    api.answer("/search", FOUND)
    main_end, terminal = pty.openpty()
    environ = {**os.environ, "TERM": "xterm-256color", "BROADSHEET_API_URL": api.url}
    environ.pop("NO_COLOR", None)
    process = subprocess.Popen(
        [*COMMAND, "search", "homs"], env=environ, stdin=terminal, stdout=terminal, stderr=subprocess.DEVNULL
    )
    os.close(terminal)
    output = read_all(main_end)
    assert process.wait(timeout=60) == 0
    assert re.search(r"Enters \x1b\[[0-9;]+mHoms\x1b\[0m", output)
    assert re.search("\u2068مدينة \x1b\\[[0-9;]+mحمص\x1b\\[0m القديمة\u2069", output)
    assert "\u2068قارئ\u2069" in re.sub(r"\x1b\[[0-9;]*m", "", output)


def test_wrong_parameters_are_sentences_and_status_2(ask, api):
    errors = [
        {"parameter": "limit", "code": "out_of_range", "message": "limit must be a whole number from 1 to 100, not 0."},
        {"parameter": "q", "code": "no_words", "message": "There is no word in it."},
    ]
    problem = {"title": "Bad Request", "status": 400, "detail": "... (1 more, see errors)", "errors": errors}
    api.answer("/search", problem, status=400)
    assert ask("search", "--limit", "0", "...") == (
        2,
        "",
        "broadsheet: limit must be a whole number from 1 to 100, not 0.\nbroadsheet: q: There is no word in it.\n",
    )


@pytest.mark.parametrize(
    ("status", "body", "expected", "sentences"),
    [
        (400, {"detail": "This is wrong."}, 2, ["This is wrong."]),
        (403, {"message": "Forbidden"}, 2, ["403: Forbidden.", "BROADSHEET_API_KEY"]),
        (404, {"detail": "There is nothing at /search."}, 1, ["There is nothing at /search."]),
        (429, {"message": "Too Many Requests"}, 1, ["Too Many Requests", "wait a minute"]),
        (
            500,
            {"detail": "Something broke.", "instance": "r-1"},
            1,
            ["Something broke", "instance is r-1", "broadsheet status"],
        ),
        (503, b"<html>busy</html>", 1, ["answered 503", "try again"]),
        (200, b"<html>hello</html>", 2, ["does not answer like a broadsheet API"]),
        (200, b"[1]", 2, ["does not answer like a broadsheet API"]),
        (302, b"", 2, ["does not answer like a broadsheet API"]),
    ],
)
def test_other_answers_say_what_to_do(ask, api, status, body, expected, sentences):
    api.answer("/search", body, status=status)
    exit_status, output, messages = ask("search", "homs")
    assert (exit_status, output) == (expected, "")
    for sentence in sentences:
        assert sentence in messages


def test_a_service_that_is_busy_for_a_moment_is_asked_again(ask, api):
    answers = iter([(503, {}), (429, {}), (200, FOUND)])
    api.routes["/search"] = lambda _: next(answers)
    status, output, _ = ask("search", "homs")
    assert (status, output) == (0, PLAIN)


def test_the_key_goes_into_its_header_and_not_into_the_address(call, api):
    api.answer("/search", FOUND)
    call("search", "x", environ={"BROADSHEET_API_URL": api.url, "BROADSHEET_API_KEY": "from-environment"})
    call("search", "x", "--api-url", api.url, "--api-key", "from-option", environ={"BROADSHEET_API_KEY": "other"})
    call("search", "x", "--api-url", api.url)
    assert [headers.get("x-api-key") for _, _, headers in api.requests] == ["from-environment", "from-option", None]
    assert not any("from" in str(query) for _, query, _ in api.requests)


def test_a_key_that_cannot_be_sent_is_refused(call, api):
    status, _, messages = call("search", "x", "--api-url", api.url, "--api-key", "a\nx-other: b")
    assert status == 2
    assert "API key" in messages
    assert not api.requests


def test_nothing_listening_names_make_run(call, api):
    port = urlsplit(api.url).port
    api.shutdown()
    api.server_close()
    status, _, messages = call("search", "x", "--api-url", f"http://127.0.0.1:{port}/v1")
    assert status == 1
    assert "make run" in messages
    assert "--api-url" in messages


@pytest.mark.parametrize(
    "url", ["ftp://host/v1", "host/v1", "http://", "http://host:port/v1", "http://[::1/v1", "http://h/v1?x=1"]
)
def test_an_address_that_is_none_is_wrong_use(call, url):
    status, _, messages = call("search", "x", "--api-url", url)
    assert status == 2
    assert "not the address of an API" in messages
