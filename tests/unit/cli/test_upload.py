"""``broadsheet upload``: files into a real S3 server, outcomes from an API that lags behind."""

import os
import pty
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from broadsheet.cli.addresses import Addresses
from broadsheet.cli.selection import Selected, Selection
from broadsheet.cli.terminal import Screen
from broadsheet.cli.upload import Upload
from broadsheet.cli.waiting import Stored, is_outcome_of
from infra.local.aws import local_aws
from infra.local.listening import listen
from tests.unit.cli.processes import COMMAND, read_all

COUNTS = {"articles": 1, "comments": 30, "comments_declared": 30, "problems": 0}


@pytest.fixture(scope="module")
def aws():
    with listen(0, "--aws-port") as listener, local_aws(listener) as aws:
        yield aws


class Ledger:
    """What the API says of files: what S3 holds, as soon as ``settle`` is called for a key or ``instantly``."""

    def __init__(self, aws):
        self.aws = aws
        self.known = {}
        self.instantly = True
        self.status = {}
        self.asked = []

    def settle(self, key):
        head = self.aws.s3.head_object(Bucket=self.aws.uploads_bucket, Key=key)
        self.known[key] = {
            "key": key,
            "status": self.status.get(key, "indexed"),
            "counts": COUNTS,
            "problems": [],
            "etag": head["ETag"].strip('"'),
            "last_modified": head["LastModified"].isoformat(),
        }

    def files(self, query):
        (key,) = query["key"]
        self.asked.append(key)
        if self.instantly:
            self.settle(key)
        return 200, {"files": [self.known[key]] if key in self.known else [], "next": None}


@pytest.fixture
def ledger(aws, api):
    ledger = Ledger(aws)
    api.routes["/files"] = ledger.files
    api.answer("/status", {"bucket": aws.uploads_bucket})
    return ledger


@pytest.fixture
def environ(aws, api):
    return {**aws.environ, "BROADSHEET_API_URL": api.url}


@pytest.fixture
def upload(run_command, environ):
    """A function that runs the verb and gives exit status, output and messages."""

    def upload(*arguments, **variables):
        done = run_command("upload", *map(str, arguments), environ={**environ, **variables})
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return upload


def content(aws, key):
    return aws.s3.get_object(Bucket=aws.uploads_bucket, Key=key)["Body"].read()


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text("A page.", encoding="utf-8")
    return path


def test_a_file_is_stored_and_its_outcome_shown(upload, aws, ledger, page):
    status, output, messages = upload(page, "--prefix", "one")
    assert (status, output) == (0, "one/page.txt: indexed: 1 article, 30 of 30 comments\n")
    assert messages == f"broadsheet: uploading 1 file to s3://{aws.uploads_bucket}/\n"
    assert content(aws, "one/page.txt") == b"A page."
    assert aws.s3.head_object(Bucket=aws.uploads_bucket, Key="one/page.txt")["ContentType"] == "text/plain"


def test_a_folder_is_stored_with_a_sum_at_the_end(upload, aws, ledger, tmp_path):
    for number in range(25):
        path = tmp_path / "sub" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(str(number), encoding="utf-8")
    (tmp_path / ".hidden").write_text("x", encoding="utf-8")
    ledger.status["many/sub/7.txt"] = "empty"
    status, output, messages = upload(tmp_path, "--prefix", "many")
    assert status == 0
    assert output.splitlines()[-1] == "25 files: 24 indexed, 1 empty"
    assert content(aws, "many/sub/24.txt") == b"24"
    assert "left out 1 hidden or special file" in messages


def test_a_failed_file_is_status_1_with_its_problems(upload, ledger, page):
    ledger.instantly = False
    ledger.known["page.txt"] = {
        "key": "page.txt",
        "status": "failed",
        "counts": {"articles": 0, "comments": 0, "problems": 1},
        "problems": [{"code": "binary_file", "message": "This is a picture.", "count": 1}],
        "etag": "any",
        "last_modified": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
    }
    status, output, _ = upload(page)
    assert status == 1
    assert output == "page.txt: failed\n  - This is a picture. (binary_file)\n"


def test_an_overwrite_shows_the_outcome_of_the_new_file(spawn, aws, ledger, environ, page):
    key = "page.txt"
    aws.s3.put_object(Bucket=aws.uploads_bucket, Key=key, Body=b"An old page.")
    ledger.status[key] = "failed"
    ledger.settle(key)
    ledger.instantly = False
    time.sleep(1.1 - time.time() % 1)  # S3 tells times in whole seconds
    process = spawn("upload", str(page), environ=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    wait_until(lambda: len(ledger.asked) >= 3)
    assert process.poll() is None
    ledger.status[key] = "indexed"
    ledger.settle(key)
    assert process.communicate(timeout=60)[0] == b"page.txt: indexed: 1 article, 30 of 30 comments\n"
    assert process.returncode == 0


def wait_until(condition, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


NOON = datetime(2024, 5, 9, 12, tzinfo=UTC)
OLD = {"status": "indexed", "etag": "same", "last_modified": "2024-05-09T11:59:59+00:00"}


@pytest.mark.parametrize(
    ("file", "ours"),
    [
        (OLD, False),
        (OLD | {"last_modified": "2024-05-09T12:00:00+00:00"}, True),
        (OLD | {"last_modified": "2024-05-09T12:00:00+00:00", "etag": "other"}, False),
        (OLD | {"last_modified": "2024-05-09T12:00:01+00:00", "etag": "other"}, True),
        (OLD | {"last_modified": "2024-05-09T12:00:00+00:00", "status": "processing"}, False),
        ({"status": "deleted"}, False),
        ({"status": "processing"}, False),
    ],
)
def test_an_outcome_belongs_to_the_upload_by_time_and_etag(file, ours):
    assert is_outcome_of(Stored("same", NOON), file) is ours


def test_no_outcome_in_time_is_status_1_and_says_how_to_ask_later(upload, aws, ledger, page):
    ledger.instantly = False
    status, output, messages = upload(page, "--timeout", "0.5")
    assert (status, output) == (1, "")
    assert "page.txt: no outcome yet; ask later: broadsheet status page.txt" in messages
    assert content(aws, "page.txt") == b"A page."


def test_slow_files_do_not_hide_the_others(upload, api, ledger, tmp_path):
    for number in range(30):
        (tmp_path / f"{number:02}.txt").write_text(str(number), encoding="utf-8")
    ledger.instantly = False
    slow = {f"slow/{number:02}.txt" for number in range(15)}

    def files(query):
        if query["key"][0] not in slow:
            ledger.settle(query["key"][0])
        return ledger.files(query)

    api.routes["/files"] = files
    status, output, messages = upload(tmp_path, "--prefix", "slow", "--timeout", "1.5")
    assert status == 1
    assert output.count(": indexed") == 15
    assert messages.count("no outcome yet") == 15


def test_an_api_that_fails_for_a_while_is_asked_again(upload, api, ledger, page):
    failures: Iterator[tuple[int, Any]] = iter([(502, {})] * 5)
    api.routes["/files"] = lambda query: next(failures, None) or ledger.files(query)
    status, output, _ = upload(page)
    assert (status, output) == (0, "page.txt: indexed: 1 article, 30 of 30 comments\n")


def test_without_waiting_the_api_is_not_needed(upload, aws, page):
    status, output, _ = upload(
        page,
        "--no-wait",
        "--prefix",
        "alone",
        "--bucket",
        aws.uploads_bucket,
        BROADSHEET_API_URL="http://127.0.0.1:9/v1",
    )
    assert (status, output) == (0, "alone/page.txt: uploaded\n")
    assert content(aws, "alone/page.txt") == b"A page."


def test_nothing_is_uploaded_when_the_api_is_away_or_speaks_of_another_bucket(upload, aws, ledger, page):
    status, _, messages = upload(page, "--prefix", "never", BROADSHEET_API_URL="http://127.0.0.1:9/v1")
    assert status == 1
    assert "make run" in messages
    status, _, messages = upload(page, "--prefix", "never", "--bucket", "another")
    assert status == 2
    assert f"reports on the bucket {aws.uploads_bucket}, not on another" in messages
    assert "Contents" not in aws.s3.list_objects_v2(Bucket=aws.uploads_bucket, Prefix="never")


def test_a_local_api_without_a_known_s3_never_leads_to_aws(call, api, page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    api.answer("/status", {"bucket": "broadsheet-uploads"})
    status, _, messages = call("upload", str(page), environ={"BROADSHEET_API_URL": api.url})
    assert status == 2
    assert ".local/environment" in messages
    assert not api.requests


def test_the_folder_of_the_local_system_spares_every_option(spawn, aws, api, ledger, page, tmp_path):
    (tmp_path / ".local").mkdir()
    lines = [f"export {name}={value}" for name, value in {**aws.environ, "BROADSHEET_API_URL": api.url}.items()]
    (tmp_path / ".local" / "environment").write_text("\n".join(lines), encoding="utf-8")
    # A profile that does not exist stands for whatever is configured on the machine.
    machine = {"AWS_PROFILE": "nobody"}
    process = spawn("upload", "page.txt", cwd=tmp_path, environ=machine, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output, messages = process.communicate(timeout=60)
    assert (process.returncode, output) == (0, b"page.txt: indexed: 1 article, 30 of 30 comments\n"), messages


@pytest.mark.parametrize(
    ("variables", "arguments", "expected", "sentence"),
    [
        ({}, ["--bucket", "no-such-bucket", "--no-wait"], 1, "there is no bucket no-such-bucket"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, ["--bucket", "any", "--no-wait"], 1, "S3 does not answer"),
        ({"AWS_PROFILE": "nobody"}, ["--bucket", "any", "--no-wait"], 2, "nobody"),
        (
            {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SHARED_CREDENTIALS_FILE": os.devnull},
            ["--bucket", "any", "--no-wait"],
            2,
            "there are no AWS credentials",
        ),
    ],
)
def test_what_stands_in_the_way_of_all_files_is_one_sentence(upload, page, variables, arguments, expected, sentence):
    status, output, messages = upload(page, *arguments, **variables)
    assert (status, output) == (expected, "")
    assert messages.count(sentence) == 1
    assert "Traceback" not in messages


def test_a_file_that_went_away_does_not_stop_the_others(aws, api, ledger, page, capsys):
    addresses = Addresses(api.url, endpoint_url=aws.endpoint_url, aws=aws.environ)
    upload = Upload(addresses, Screen(), waits=True)
    gone = Selected(page.with_name("gone.txt"), "gone.txt", 7)
    stored = upload.store(Selection((gone, Selected(page, "kept.txt", 7)), skipped=0))
    assert list(stored) == ["kept.txt"]
    assert content(aws, "kept.txt") == b"A page."
    assert capsys.readouterr().out == "gone.txt: not uploaded: No such file or directory\n"
    assert upload.finish() == 1


def test_a_name_without_a_file_is_status_1(upload, ledger):
    status, _, messages = upload("nope.txt")
    assert (status, messages) == (1, "broadsheet: there is no file or folder nope.txt\n")


def test_an_empty_folder_is_status_1(upload, ledger, tmp_path):
    assert upload(tmp_path) == (1, "", "broadsheet: there is nothing to upload\n")


def test_a_large_file_goes_in_parts(upload, aws, ledger, tmp_path):
    (tmp_path / "large.bin").write_bytes(bytes(9 * 1024 * 1024))
    status, _, _ = upload(tmp_path / "large.bin")
    assert status == 0
    assert aws.s3.head_object(Bucket=aws.uploads_bucket, Key="large.bin")["ETag"].endswith('-2"')


def test_ctrl_c_while_waiting_is_status_130(spawn, ledger, environ, page):
    ledger.instantly = False
    process = spawn("upload", str(page), environ=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_until(lambda: ledger.asked)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130
    assert b"Traceback" not in process.stderr.read()


def test_a_terminal_shows_a_bar_that_leaves_no_trace(ledger, environ, page):
    main_end, terminal = pty.openpty()
    variables = {**os.environ, **environ, "TERM": "xterm-256color"}
    process = subprocess.Popen([*COMMAND, "upload", str(page)], env=variables, stdout=terminal, stderr=terminal)
    os.close(terminal)
    output = read_all(main_end)
    assert process.wait(timeout=60) == 0
    assert "uploading" in output
    assert re.search(r"page\.txt: \x1b\[[0-9;]*mindexed\x1b\[0m: 1 article, 30 of 30 comments", output)
