"""``broadsheet parse``: records on standard output, sentences on standard error, statuses a script can rely on."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from broadsheet.ids import digest, file_id
from tests.samples import HOMS

FULL_DISK = Path("/dev/full")
PAGE = """\
Rebels Leave the Old City

The last rebels left on Friday.

Comments 2

Thumb first.reader 09 May 2014, 16:33

One comment.

Thumb second.reader 09 May 2014, 17:05

Another comment.
"""
ARABIC = "المتمردون يغادرون\n\nغادر آخر المتمردين يوم الجمعة.\n"


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return str(path)


def records(output):
    return [json.loads(line) for line in output.splitlines()]


def test_the_sample_is_one_line_with_its_thirty_comments(call):
    status, output, messages = call("parse", str(HOMS))
    (record,) = records(output)
    assert (status, messages) == (0, "")
    assert (record["file"], record["record"], record["kind"]) == (str(HOMS), 0, "article")
    assert record["article"]["comment_count_declared"] == len(record["comments"]) == 30


def test_several_files_each_name_their_file(call, page, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text(ARABIC, encoding="utf-8")
    status, output, _ = call("parse", page, str(other))
    assert status == 0
    assert [record["file"] for record in records(output)] == [page, str(other)]
    assert "المتمردون يغادرون" in output


@pytest.mark.parametrize(
    ("content", "code"), [(None, "file_unreadable"), (b"", "empty_file"), (b"\x7fELF" + bytes(64), "binary_file")]
)
def test_a_file_that_cannot_be_read_is_a_problem_record_and_the_others_are_read(call, page, tmp_path, content, code):
    bad = tmp_path / "bad.txt"
    if content is not None:
        bad.write_bytes(content)
    status, output, messages = call("parse", str(bad), page)
    problem, article = records(output)
    assert status == 1
    assert (problem["file"], problem["record"], problem["kind"]) == (str(bad), 0, "problem")
    assert problem["problem"]["code"] == code
    assert f"{bad}: {problem['problem']['message']} ({code})" in messages
    assert article["kind"] == "article"


def test_a_text_over_the_limit_of_the_system_is_a_problem_here_too(call, page):
    status, output, _ = call("parse", page, environ={"BROADSHEET_MAX_TEXT_BYTES": "50"})
    assert status == 1
    assert records(output)[0]["problem"]["code"] == "text_too_large"


def test_without_a_place_there_are_no_ids(call, page):
    _, output, _ = call("parse", page)
    (record,) = records(output)
    assert "article_id" not in record["article"]
    assert not any("comment_id" in comment for comment in record["comments"])


def test_ids_are_those_of_the_place_the_file_will_have(call, page):
    _, output, _ = call("parse", page, "--as", "s3://uploads/2014/other name.txt")
    (record,) = records(output)
    title = record["article"]["title"]
    assert record["article"]["article_id"] == digest(file_id("uploads", "2014/other name.txt"), title, "0")
    assert len({comment["comment_id"] for comment in record["comments"]}) == 2


def test_a_place_that_ends_in_a_slash_keeps_the_names_of_files(call, page):
    _, whole, _ = call("parse", page, "--as", "s3://uploads/2014/page.txt")
    _, folder, _ = call("parse", page, "--as", "s3://uploads/2014/")
    _, bucket, _ = call("parse", page, page, "--as", "s3://uploads")
    assert whole == folder
    first, second = records(bucket)
    assert (
        first["article"]["article_id"]
        == second["article"]["article_id"]
        == digest(file_id("uploads", "page.txt"), first["article"]["title"], "0")
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "FILE"),
        (["a", "b", "--as", "s3://bucket/key"], "end the address of --as with a slash"),
        (["-", "--as", "s3://bucket/"], "standard input has no name"),
        (["a", "--as", "bucket/key"], "s3://bucket/key"),
        (["a", "--as", "s3:///key"], "s3://bucket/key"),
        (["a", "--zone", "Mars/Phobos"], "Mars/Phobos"),
    ],
)
def test_wrong_use_is_status_2_and_says_why(call, arguments, sentence):
    status, output, messages = call("parse", *arguments)
    assert (status, output) == (2, "")
    assert sentence in messages


def test_the_zone_of_unzoned_times_can_be_given(call, page):
    _, output, _ = call("parse", page, "--zone", "Asia/Tokyo")
    assert records(output)[0]["comments"][0]["posted_at"]["value"] == "2014-05-09T16:33+09:00"


def test_hostile_names_reach_neither_terminal_nor_json_raw(call, tmp_path):
    name = os.fsencode(tmp_path) + b"/\x1b[31m\xe2\x80\xae\xc2\x9b\xff.txt"
    status, output, messages = call("parse", os.fsdecode(name))
    shown = name.decode("utf-8", "replace")
    assert status == 1
    assert records(output)[0]["file"] == shown
    assert not set("\x1b\u202e\x9b") & set(output + messages)
    assert "[31m\N{REPLACEMENT CHARACTER}.txt" in messages


def test_names_that_are_no_text_do_not_spoil_the_json(call, tmp_path):
    name = os.fsencode(tmp_path) + b"/a.\xff\x1b"
    Path(os.fsdecode(name)).write_text(PAGE)
    status, output, _ = call("parse", os.fsdecode(name))
    assert status == 0
    assert records(output)[0]["file"].endswith("a.\N{REPLACEMENT CHARACTER}\x1b")


def test_what_the_sidecar_beside_a_file_states_is_used(call, page, tmp_path):
    sidecar = tmp_path / "page.txt.meta.json"
    sidecar.write_text('{"url": "https://news.example/1", "tags": ["Syria"]}')
    status, output, messages = call("parse", page, str(sidecar))
    (record,) = records(output)
    assert status == 0
    assert (record["article"]["url"], record["article"]["tags"]) == ("https://news.example/1", ["Syria"])
    assert f"{sidecar}: left out: what it states belongs to the file beside it" in messages


def test_a_sidecar_that_cannot_be_read_is_told_and_the_file_is_read_without_it(call, page, tmp_path):
    (tmp_path / "page.txt.meta.json").write_text("{")
    status, output, messages = call("parse", page)
    assert (status, len(records(output))) == (0, 1)
    assert "the sidecar was not used: it is not JSON (sidecar_unreadable)" in messages


def test_standard_input_is_read_and_output_is_utf_8_whatever_the_locale(run_command):
    done = run_command(
        "parse", "-", input=ARABIC.encode(), environ={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    )
    (record,) = records(done.stdout.decode("utf-8"))
    assert (done.returncode, record["file"]) == (0, "-")
    assert record["article"]["title"] == "المتمردون يغادرون"


def test_a_reader_that_goes_away_ends_the_command_quietly(spawn, page):
    process = spawn("parse", *[page] * 500, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline().startswith(b'{"file"')
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 141


def test_ctrl_c_is_status_130_without_a_traceback(spawn, page):
    process = spawn("parse", page, "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline().startswith(b'{"file"')
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    assert process.stderr.read() == b""


@pytest.mark.skipif(not FULL_DISK.exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_a_sentence(run_command, page):
    with FULL_DISK.open("wb") as full:
        done = run_command("parse", page, stdout=full)
    assert done.returncode == 1
    assert done.stderr == b"broadsheet: the output: No space left on device\n"


def test_nothing_heavy_is_loaded(page):
    script = (
        "import sys; from broadsheet.cli import main; main(sys.argv[1:]);"
        "heavy = {'boto3', 'botocore', 'urllib3', 'rich', 'opensearchpy', 'aws_lambda_powertools', 'http.client'};"
        "sys.exit(repr(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script, "parse", page], capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
