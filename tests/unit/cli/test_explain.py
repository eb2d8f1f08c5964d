"""``broadsheet parse --explain``: a record as a page for a person, and the bar beside a large file."""

import json
import os
import pty
import re
import subprocess

import pytest

from broadsheet.cli.explain import page
from broadsheet.cli.reading import SMALL_BYTES
from tests.samples import HOMS, HOMS_ARABIC
from tests.unit.cli.processes import COMMAND, read_all


def text_of(lines):
    return "\n".join("".join(part if isinstance(part, str) else part[0].text for part in line) for line in lines)


def shown(**changes):
    record = {
        "file": "a.txt",
        "record": 0,
        "kind": "article",
        "article": {"title": "Title", "body": "Text.", "comment_count": 0},
        "comments": [],
        "report": {
            "format": "text",
            "replacements": 0,
            "unexplained_lines": 0,
            "furniture": [],
            "problems": [],
        },
    }
    return record | changes


def test_the_sample_is_a_page_that_says_how_it_was_read(call):
    status, output, messages = call("parse", "--explain", str(HOMS), "--as", "s3://uploads/homs.txt")
    assert (status, messages) == (0, "")
    assert f"{HOMS}, record 1: Syria Army Enters Homs" in output
    for words in (
        "read as  text, comments by ",
        " (score ",
        ", in utf-8",
        "discussion  30 comments, 30 stated",
        "comment counter: Comments 30",
        "1. FlameCatcher (member), 2014-05-09 16:33 +03:00 Asia/Beirut assumed",
        "head: Thumb cedre 09 May 2014, 18:55",
        "mentions:popeye; confidence 0.7)",
        "weekday-before-first-comment, confidence 0.6)",
    ):
        assert words in output
    assert len(re.findall(r"^ +id: [a-z2-7]{26}$", output, re.MULTILINE)) == 30


def test_a_problem_is_explained_once_and_is_status_1(call, tmp_path):
    export = tmp_path / "export.jsonl"
    export.write_text('{"title": "One", "body": "First."}\n{"title": \n{"title": "Two", "body": "Second."}\n')
    status, output, messages = call("parse", "--explain", str(export))
    assert (status, messages) == (1, "")
    assert f"{export}, record 2: could not be read\n" in output
    assert "line 2, offset 35: " in output
    assert "(json_invalid)" in output
    assert output.count("record ") == 3 + output.count("The record ")


def test_a_short_page_says_nothing_of_what_there_is_not():
    assert text_of(page(shown())).splitlines() == [
        "a.txt, record 1: Title",
        "       text  1 paragraph, 5 characters",
        "             Text.",
        "    read as  text",
    ]


def test_all_that_a_report_says_is_on_the_page():
    report = {
        "format": "html",
        "member": "pages/1.html",
        "grammar": "list",
        "score": 0.75,
        "encoding": "cp1256",
        "replacements": 2,
        "dropped": {"bidi_override": 3},
        "unexplained_lines": 1,
        "missing_addressees": ["popeye", "سمير"],
        "furniture": [{"line": 7, "text": "Share", "why": "sharing_bar"}],
        "problems": [{"code": "undecodable_bytes", "message": "Two bytes.", "line": 3}],
    }
    output = text_of(page(shown(report=report)))
    for line in (
        "    read as  html, packed as pages/1.html, comments by list (score 0.75), in cp1256",
        " characters  2 malformed sequences replaced, 3 of bidi override taken out",
        "    unclear  1 line with no place",
        "     absent  popeye, سمير addressed, but not in this discussion",
        "             line 7, sharing bar: Share",
        "    problem  line 3: Two bytes. (undecodable_bytes)",
    ):
        assert line in output.splitlines()


def test_a_discussion_shows_who_answers_whom_and_times_that_are_estimates():
    thread: dict[str, object] = {"role": "root", "parent": None, "evidence": [], "confidence": 0.9}
    first = {"ordinal": 0, "head": "", "author": "سمير", "author_kind": "unknown", "body": "x", "thread": thread}
    reply = {"role": "reply", "parent": 0, "evidence": ["mentions:سمير"], "confidence": 0.6}
    time = {"value": "2014-05-09T10:00+00:00", "method": "relative", "zone_assumed": False}
    bounds = {"earliest": "2014-05-09T09:30+00:00", "latest": "2014-05-09T10:30+00:00"}
    second = {"ordinal": 1, "head": "h", "author_kind": "guest", "posted_at": time | bounds, "body": "y " * 400}
    output = text_of(page(shown(comments=[first, second | {"thread": reply}])))
    assert " 1. سمير, no time\n             begins a thread\n             x\n" in output
    assert "(unknown) (guest), 2014-05-09 10:00 +00:00, between 2014-05-09T09:30+00:00 and 2014" in output
    assert "answers 1. سمير (mentions:سمير; confidence 0.6)" in output
    assert output.rstrip().endswith("y ...")


@pytest.mark.parametrize("colours", [True, False])
def test_a_terminal_isolates_arabic_and_has_colours_unless_told_otherwise(colours):
    main_end, terminal = pty.openpty()
    environ = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm-256color"}
    environ |= {} if colours else {"NO_COLOR": "1"}
    command = [*COMMAND, "parse", "--explain", str(HOMS_ARABIC)]
    process = subprocess.Popen(command, env=environ, stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    output = read_all(main_end)
    assert process.wait(timeout=60) == 0
    assert bool(re.search(r"\x1b\[[0-9;]*3[0-9]m", output)) is colours
    assert "\u2068حمصي_حر\u2069" in re.sub(r"\x1b\[[0-9;]*m", "", output)


def test_hostile_text_reaches_no_terminal(call, tmp_path):
    hostile = tmp_path / "a.txt"
    hostile.write_text(
        "Title \x1b[2J\u202eevil\n\nText \x9b31m of it.\n\nComments 1\n\nThumb a\x07b 09 May 2014, 16:33\n\nc\x1b]0;x\n"
    )
    _, output, messages = call("parse", "--explain", str(hostile))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", output + messages)


def test_a_large_file_has_a_bar_on_a_terminal_beside_the_output(tmp_path):
    line = json.dumps({"title": "t", "body": "b" * 1_000_000}) + "\n"
    large = tmp_path / "large [bold].jsonl"
    large.write_text(line * (SMALL_BYTES // len(line) + 1))
    main_end, terminal = pty.openpty()
    environ = os.environ | {"TERM": "xterm-256color", "COLUMNS": "200"}
    with (tmp_path / "out").open("wb") as out:
        process = subprocess.Popen([*COMMAND, "parse", str(large)], env=environ, stdout=out, stderr=terminal)
    os.close(terminal)
    shown_there = read_all(main_end)
    assert process.wait(timeout=60) == 0
    assert "large [bold].jsonl" in shown_there
    assert "MB" in shown_there
    written = (tmp_path / "out").read_text().splitlines()
    assert {json.loads(record)["kind"] for record in written} == {"article"}
    assert len(written) == SMALL_BYTES // len(line) + 1


def test_where_nobody_watches_there_is_no_bar(run_command, tmp_path):
    large = tmp_path / "large.jsonl"
    large.write_text((json.dumps({"title": "t", "body": "b" * 1_000_000}) + "\n") * 9)
    done = run_command("parse", str(large))
    assert (done.returncode, done.stderr) == (0, b"")
