"""`python -m infra.local` as a person starts it: a process of its own, in a folder of its own."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from broadsheet.cli.addresses import Addresses, read_exports
from broadsheet.cli.api import Api
from infra.local.waiting import wait_for

pytestmark = pytest.mark.xdist_group("local-command")

ROOT = Path(__file__).parents[2]
SECONDS = 60.0
# What a start may take beside that of the engine; the promise is 20 s with it.
STOP_SECONDS = 15.0


@contextmanager
def _started(folder, *words, engine):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "BROADSHEET_OPENSEARCH_URL": engine}
    environment = {name: value for name, value in environment.items() if not name.startswith("AWS_")}
    command = [sys.executable, "-m", "infra.local", "--port", "0", "--aws-port", "0", *words]
    with (
        (folder / "output").open("wb") as output,
        subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def _output(folder):
    return (folder / "output").read_text(encoding="utf-8")


def test_once_shows_outcome_and_search_and_ends(engine_url, tmp_path):
    with _started(tmp_path, "--once", engine=engine_url) as process:
        status = process.wait(SECONDS)

    output = _output(tmp_path)
    assert status == 0, output
    assert "indexed: 1 article, 30 of 30 comments" in output
    assert "taqiya, please" in output
    assert "failed" not in output
    # What the functions log is not for the terminal.
    assert '"level"' not in output
    assert '"level"' in (tmp_path / ".local" / "functions.log").read_text(encoding="utf-8")
    assert not (tmp_path / ".local" / "environment").exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_uploads_a_folder_serves_and_stops_cleanly(engine_url, tmp_path, how):
    folder = tmp_path / "mine"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "حمص.txt").write_text("A page about the okapi\n\nIts text.\n", encoding="utf-8")
    (folder / "empty.txt").touch()
    (folder / ".hidden.txt").write_text("secret")

    with _started(tmp_path, str(folder), engine=engine_url) as process:
        wait_for(lambda: "serving" in _output(tmp_path) or process.poll(), "the system", seconds=SECONDS)
        wait_for(lambda: "serving" in _output(tmp_path) or None, "the system", seconds=SECONDS)
        exports = read_exports(tmp_path / ".local" / "environment")
        api = Api(Addresses(exports["BROADSHEET_API_URL"]))
        files = {file["key"]: file["status"] for file in api.get("/files", {})["files"]}
        process.send_signal(how)
        begun = time.monotonic()
        status = process.wait(SECONDS)

    assert status == 0, _output(tmp_path)
    assert time.monotonic() - begun < STOP_SECONDS
    assert files == {
        "sub/حمص.txt": "indexed",
        "empty.txt": "empty",
        "samples/naharnet-homs-2014-05-09.txt": "indexed",
    }
    assert exports.keys() >= {"BROADSHEET_BUCKET", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID"}
    assert "aws s3 cp FILE s3://broadsheet-uploads/" in _output(tmp_path)
    assert not (tmp_path / ".local" / "environment").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["/nowhere/at/all"], "there is no file or folder /nowhere/at/all"),
        (["--port", "70000"], "a port is a number from 0 to 65535"),
        ([], "BROADSHEET_OPENSEARCH_URL"),
    ],
)
def test_what_prevents_a_start_is_said_in_a_sentence(tmp_path, words, sentence):
    with _started(tmp_path, "--once", *words, engine="http://127.0.0.1:9") as process:
        status = process.wait(SECONDS)

    assert status == 1
    assert sentence in _output(tmp_path)
    assert "Traceback" not in _output(tmp_path)
