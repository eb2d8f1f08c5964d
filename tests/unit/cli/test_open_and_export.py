"""``broadsheet open`` and ``broadsheet export``, and going on in ``broadsheet search``."""

import json
import os
import pty
import subprocess

import pytest

from tests.unit.cli.processes import COMMAND, read_all

ARTICLE_ID, COMMENT_ID = "a" * 26, "c" * 26
ARTICLE = {
    "article_id": ARTICLE_ID,
    "title": "Syria Army Enters Homs",
    "source": "naharnet.com",
    "url": "http://www.naharnet.com/stories/en/129982",
    "authors": ["A. Writer"],
    "body": "First.\n\nدخل الجيش حمص.\x1b[2J",
    "comment_count": 2,
}
REPLY = {"comment_id": "d" * 26, "author": "قارئ", "body": "نعم", "thread": {"parent": COMMENT_ID}}
COMMENT = {
    "comment_id": COMMENT_ID,
    "author": "popeye",
    "body": "One.\nTwo.",
    "posted_at": {"value": "2014-05-09T16:33"},
}


@pytest.fixture
def archive(api):
    """The API with one article of two pages of threads, and one comment."""

    def comments(query):
        second = "cursor" in query
        threads = [{**COMMENT, "replies": [{**REPLY, "replies": [], "replies_omitted": 3}]}]
        return 200, {"comments": [] if second else threads, "next": None if second else "n"}

    api.answer(f"/articles/{ARTICLE_ID}", {"article": ARTICLE})
    api.routes[f"/articles/{ARTICLE_ID}/comments"] = comments
    api.answer(f"/articles/{COMMENT_ID}", {"detail": "There is none.", "code": "article_not_found"}, status=404)
    page = {"comment": COMMENT, "article": ARTICLE, "ancestors": [REPLY], "replies": {"total": 1, "comments": [REPLY]}}
    api.answer(f"/comments/{COMMENT_ID}", page)
    return api


def test_an_article_is_shown_with_its_threads_indented(ask, archive):
    status, output, messages = ask("open", ARTICLE_ID)
    assert (status, messages) == (0, "")
    assert (
        output
        == """\
Syria Army Enters Homs
naharnet.com · 2 comments
http://www.naharnet.com/stories/en/129982
by A. Writer

First.

دخل الجيش حمص.[2J

popeye, 2014-05-09 16:33
One.
Two.

  قارئ
  نعم

    and 3 more comments
"""
    )
    assert [query for path, query, _ in archive.requests if path.endswith("/comments")] == [
        {"view": ["tree"]},
        {"view": ["tree"], "cursor": ["n"]},
    ]


def test_a_comment_is_shown_between_what_it_answers_and_its_replies(ask, archive):
    status, output, _ = ask("open", COMMENT_ID)
    assert status == 0
    assert output.splitlines()[0] == "on Syria Army Enters Homs"
    assert output.endswith("قارئ\nنعم\n\n>   popeye, 2014-05-09 16:33\n  One.\n  Two.\n\n    قارئ\n    نعم\n\n")


def test_as_json_every_answer_is_a_line(ask, archive):
    _, output, _ = ask("open", ARTICLE_ID, "--json")
    article, first, second = map(json.loads, output.splitlines())
    assert (article["article"]["title"], len(first["comments"]), second["next"]) == (ARTICLE["title"], 1, None)


def test_an_id_that_is_none_says_where_ids_come_from(ask, api):
    api.answer("/articles/x", {"detail": "none", "code": "article_not_found"}, status=404)
    api.answer("/comments/x", {"detail": "There is no comment x. Ids come from /search.", "code": "c"}, status=404)
    status, output, messages = ask("open", "x")
    assert (status, output) == (1, "")
    assert "Ids come from /search" in messages


def test_an_export_goes_on_to_the_end(call, api, run_command):
    pages = {None: (b"one\n", "n1"), "n1": (b"two\n", "n2"), "n2": ("ثلاثة\n".encode(), None)}

    def page(query):
        body, following = pages[query.get("cursor", [None])[0]]
        return 200, body, {"X-Next-Cursor": following} if following else {}

    api.routes["/export"] = page
    done = run_command("export", "homs", "--type", "comment", environ={"BROADSHEET_API_URL": api.url})
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, "one\ntwo\nثلاثة\n", b"")
    assert [query for _, query, _ in api.requests] == [
        {"q": ["homs"], "type": ["comment"], **({"cursor": [cursor]} if cursor else {})} for cursor in pages
    ]


def test_an_export_that_breaks_off_is_no_success(api, run_command):
    api.routes["/export"] = lambda query: (
        (200, b"one\n", {"X-Next-Cursor": "n"}) if "cursor" not in query else (400, {})
    )
    done = run_command("export", "homs", environ={"BROADSHEET_API_URL": api.url})
    assert done.stdout == b"one\n"
    assert done.returncode != 0
    assert b"400" in done.stderr


def test_an_export_of_nothing_says_so(api, run_command):
    api.routes["/export"] = lambda _: (200, b"", {})
    done = run_command("export", "homs", environ={"BROADSHEET_API_URL": api.url})
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"broadsheet: nothing found\n")


def results(first, count, following):
    found = [
        {"type": "comment", "comment": {"comment_id": str(n), "body": f"text {n}"}} for n in range(first, first + count)
    ]
    return {"total": {"value": 5, "relation": "eq"}, "results": found, "next": following}


def test_more_goes_on_to_the_end_where_nobody_can_be_asked(ask, api):
    api.routes["/search"] = lambda query: (200, results(3, 2, None) if "cursor" in query else results(0, 3, "n"))
    status, output, messages = ask("search", "x", "--more")
    assert status == 0
    assert [line for line in output.splitlines() if "text" in line] == [f"    text {n}" for n in range(5)]
    assert " 5. (unknown)" in output
    assert messages == "broadsheet: 5 of 5 results\n"


@pytest.mark.parametrize(("said", "shown"), [(b"q\n", 3), (b"n\n", 5), (b"\n", 5)])
def test_a_person_is_asked_before_each_next_page(api, said, shown):
    api.routes["/search"] = lambda query: (200, results(3, 2, None) if "cursor" in query else results(0, 3, "n"))
    main_end, terminal = pty.openpty()
    environ = {**os.environ, "TERM": "xterm-256color", "BROADSHEET_API_URL": api.url}
    process = subprocess.Popen(
        [*COMMAND, "search", "x", "--more"], env=environ, stdin=terminal, stdout=terminal, stderr=subprocess.PIPE
    )
    os.close(terminal)
    os.write(main_end, said)
    output = read_all(main_end)
    _, messages = process.communicate(timeout=60)
    assert process.returncode == 0
    assert output.count("text") == shown
    assert b"Enter or n: more" in messages


def test_without_more_the_first_page_says_that_there_is_more(ask, api):
    api.answer("/search", results(0, 3, "n"))
    _, _, messages = ask("search", "x")
    assert messages == "broadsheet: 3 of 5 results: --more shows more\n"


def test_every_parameter_of_the_api_is_an_option(ask, api):
    api.answer("/search", results(0, 1, None))
    ask("search", "x", "--source", "a", "--source=-b", "--from", "30d", "--has-comments", "true", "--facet", "year")
    (_, query, _), *_ = api.requests
    assert query == {"q": ["x"], "source": ["a", "-b"], "from": ["30d"], "has_comments": ["true"], "facet": ["year"]}
    assert ask("search", "x", "--sort", "loudest")[0] == 2
    assert ask("search", "x", "--highlight", "offsets")[0] == 2


def test_facets_timeline_and_spelling_are_shown(ask, api):
    found = results(0, 1, None) | {
        "facets": {
            "source": {"values": [{"value": "naharnet", "count": 1200}, {"value": "b", "count": 1}], "other": 7}
        },
        "timeline": [{"from": "2014-05-09", "count": 3}],
        "did_you_mean": "homs",
    }
    api.answer("/search", found)
    _, output, messages = ask("search", "homz")
    assert "source: naharnet 1,200, b 1, others 7\n2014-05-09 3\n" in output
    assert "broadsheet: did you mean: homs\n" in messages
