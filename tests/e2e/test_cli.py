"""The user's command against the whole local system, as processes of its own: upload, status, search."""

import json
import os
import subprocess

import pytest

from infra.local.system import local_system
from infra.local.waiting import wait_for
from tests.samples import HOMS
from tests.unit.cli.processes import COMMAND

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("local-system")]

KEY = f"samples/{HOMS.name}"
# In one comment under the sample, and nowhere else.
WORD = "taqiya"


@pytest.fixture(scope="module")
def system(engine_url):
    with local_system(environ={"BROADSHEET_OPENSEARCH_URL": engine_url}, say=lambda _: None) as system:
        yield system


@pytest.fixture(scope="module")
def call(system):
    """A function that runs the command with the addresses of the system; gives exit status, output and messages."""

    def call(*arguments):
        done = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            env={**os.environ, **system.exports},
            capture_output=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return call


@pytest.fixture(scope="module")
def uploaded(call):
    """The sample, uploaded by the command."""
    status, output, messages = call("upload", HOMS, "--prefix", "samples")
    assert (status, output) == (0, f"{KEY}: indexed: 1 article, 30 of 30 comments\n"), messages


@pytest.fixture(scope="module")
def found(call, uploaded):
    """The one comment with a rare word, as soon as the engine shows it."""

    def look():
        status, output, messages = call("search", WORD, "--type", "comment", "--json")
        assert status == 0, messages
        return next(iter(json.loads(output)["results"]), None)

    return wait_for(look, "the comment", seconds=30)


def test_the_dry_run_tells_the_ids_that_are_found_later(call, found):
    _, output, _ = call("parse", HOMS, "--as", f"s3://broadsheet-uploads/{KEY}")
    record = json.loads(output)
    assert found["article"]["article_id"] == record["article"]["article_id"]
    (comment,) = [comment for comment in record["comments"] if comment["comment_id"] == found["comment"]["comment_id"]]
    assert WORD in comment["body"]


def test_results_are_readable(call, found):
    status, output, messages = call("search", WORD, "--type", "comment")
    assert status == 0
    assert messages == "broadsheet: 1 of 1 result\n"
    first, text, where, address = output.strip().splitlines()
    assert first.startswith(f"1. {found['comment']['author']}, 2014-05-")
    assert WORD in text
    assert "<mark>" not in text
    assert "on Syria Army Enters Homs" in where
    assert "30 comments" in where
    assert address.strip() == f"s3://broadsheet-uploads/{KEY} · {found['comment']['comment_id']}"


def test_the_status_of_a_file_and_of_the_system(call, uploaded):
    assert call("status", KEY) == (0, f"{KEY}: indexed: 1 article, 30 of 30 comments\n", "")
    status, output, _ = call("status")
    assert status == 0
    assert "files:  1 indexed" in output
    assert "search: available, " in output


def test_a_file_that_cannot_be_read_fails_with_its_problem(call, tmp_path):
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    status, output, _ = call("upload", tmp_path / "picture.txt")
    assert status == 1
    assert output.startswith("picture.txt: failed\n  - ")
    assert "(binary_file)" in output
    again, shown, _ = call("status", "picture.txt")
    assert (again, shown) == (1, output)


def test_an_overwrite_waits_for_the_new_outcome(call, tmp_path):
    path = tmp_path / "again.txt"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert call("upload", path)[0] == 1
    path.write_text("A Title\n\nA paragraph of text.\n", encoding="utf-8")
    status, output, _ = call("upload", path)
    assert status == 0
    assert output.startswith("again.txt: indexed: 1 article, 0 comments\n")


def test_wrong_parameters_of_the_real_api_are_sentences(call):
    status, output, messages = call("search", "homs", "--limit", "0")
    assert (status, output) == (2, "")
    assert messages.startswith("broadsheet: limit must be a whole number from 1 to 100")
