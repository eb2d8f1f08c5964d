"""What events missed, and what went wrong, is put right: by the command, against the whole local system."""

import json
import os
import subprocess

import pytest
import urllib3
from moto.s3.models import S3Backend, s3_backends

from broadsheet.cli.addresses import Addresses
from broadsheet.cli.api import Api
from broadsheet.errors import ConflictError, NotFoundError
from infra.local.aws import ACCOUNT
from infra.local.system import local_system
from infra.local.waiting import wait_for
from tests.samples import HOMS, notification
from tests.unit.cli.processes import COMMAND

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("local-system")]

SECONDS = 30.0


@pytest.fixture(scope="module")
def system(engine_url):
    with local_system(environ={"BROADSHEET_OPENSEARCH_URL": engine_url}, say=lambda _: None) as system:
        yield system


@pytest.fixture(scope="module")
def api(system):
    return Api(Addresses(system.api_url))


@pytest.fixture(scope="module")
def call(system):
    """A function that runs the command and gives its output."""

    def call(*arguments):
        done = subprocess.run(
            [*COMMAND, *arguments], env={**os.environ, **system.exports}, capture_output=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    return call


@pytest.fixture(scope="module")
def file_of(api):
    """A function that waits until a key has a status, and gives the file."""

    def file_of(key, status="indexed"):
        def look():
            return next((file for file in api.get("/files", {"key": key})["files"] if file["status"] == status), None)

        return wait_for(look, f"{status} of {key}", seconds=SECONDS)

    return file_of


@pytest.fixture(scope="module")
def put(system, file_of):
    def put(key, text, status="indexed"):
        system.aws.s3.put_object(Bucket=system.aws.uploads_bucket, Key=key, Body=text.encode())
        return file_of(key, status)

    return put


def store_silently(system, key, text):
    """Store an object whose event is lost: the store is changed behind the back of its source of events."""
    S3Backend.put_object(s3_backends[ACCOUNT]["aws"], system.aws.uploads_bucket, key, text.encode())


def page(word):
    return f"A page about {word}\n\nIts only paragraph says {word} once more, in a sentence.\n"


def test_lost_events_are_repaired_by_comparing(system, api, call, put, file_of):
    put("lost/replaced.txt", page("quagga"))
    put("lost/removed.txt", page("aurochs"))
    store_silently(system, "lost/new.txt", page("dodo"))
    store_silently(system, "lost/replaced.txt", page("thylacine"))
    S3Backend.delete_object(s3_backends[ACCOUNT]["aws"], system.aws.uploads_bucket, "lost/removed.txt")

    dry = json.loads(call("reconcile", "--dry-run", "--json", "--prefix", "lost/"))
    assert {reason: found["count"] for reason, found in dry["reasons"].items()} == {
        "missing": 1,
        "changed": 1,
        "gone": 1,
    }
    assert api.get("/files", {"key": "lost/new.txt"})["files"] == []

    assert "3 differ, 3 sent to be read again" in call("reconcile", "--prefix", "lost/")

    file_of("lost/new.txt")
    file_of("lost/removed.txt", "deleted")

    def settled():
        report = json.loads(call("reconcile", "--dry-run", "--json", "--prefix", "lost/"))
        return True if not report["reasons"] and not report["in_work"] else None

    wait_for(settled, "nothing that differs", seconds=SECONDS)


def test_a_dead_letter_is_shown_and_redriven(system, api, call, file_of):
    key = "dead.txt"
    store_silently(system, key, page("moa"))
    body = notification(system.aws.uploads_bucket, key)
    system.aws.sqs.send_message(QueueUrl=system.aws.dead_letters_url, MessageBody=body)
    assert api.get("/status", {})["dead_letters"] == 1
    assert "1 dead letter" in call("status")

    assert call("redrive") == "1 dead letter sent to the queue again\n"

    file_of(key)
    assert api.get("/status", {})["dead_letters"] == 0


def test_a_file_is_read_again_when_somebody_asks(api, call, put):
    before = put("retried.txt", page("kakapo"))

    assert call("retry", "retried.txt").startswith("retried.txt: will be read again")

    def read_again():
        [file] = api.get("/files", {"key": "retried.txt"})["files"]
        return True if file["status"] == "indexed" and file["updated_at"] > before["updated_at"] else None

    wait_for(read_again, "a newer outcome", seconds=SECONDS)


def test_problems_of_a_file_are_shown_one_by_one(api, call, put):
    lines = ["{}", '{"title": "One", "body": "takahe"}', "[", "]"]
    file = put("problems.jsonl", "\n".join(lines), "partial")

    pages = [api.get(f"/files/{file['file_id']}/problems", {"limit": 2})]
    while pages[-1]["next"]:
        pages.append(api.get(f"/files/{file['file_id']}/problems", {"limit": 2, "cursor": pages[-1]["next"]}))

    found = [problem for page in pages for problem in page["problems"]]
    assert [problem["record"] for problem in found if "record" in problem] == [0, 2, 3]
    assert all(problem["code"] and problem["message"] for problem in found)
    assert "one by one" in call("status", "problems.jsonl")


def test_an_original_is_downloaded_as_it_was_uploaded(system, api, put):
    text = HOMS.read_text(encoding="utf-8")
    file = put("originals/حمص.txt", text)

    answer = api.get(f"/files/{file['file_id']}/original", {})

    with urllib3.PoolManager() as pool:
        fetched = pool.request("GET", answer["url"])
    assert fetched.data == text.encode()
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    store_silently(system, "originals/حمص.txt", page("other"))
    with pytest.raises(ConflictError):
        api.get(f"/files/{file['file_id']}/original", {})
    with pytest.raises(NotFoundError):
        api.get("/files/none/original", {})


def test_failed_files_are_listed_with_the_latest_first(system, call, file_of):
    for key in ("failed/1.txt", "failed/2.txt"):
        system.aws.s3.put_object(Bucket=system.aws.uploads_bucket, Key=key, Body=b"\x89PNG\r\n\x1a\n" + bytes(99))
        file_of(key, "failed")

    lines = [line for line in call("status", "--failed").splitlines() if not line.startswith(" ")]

    assert lines == ["failed/2.txt: failed", "failed/1.txt: failed"]


def test_a_generation_is_filled_and_swapped_while_people_search(system, api, call, put):
    put("fill.txt", page("zyzzyva"))
    call("reconcile")

    def found():
        return api.get("/search", {"q": "zyzzyva"})["results"] or None

    wait_for(found, "the page", seconds=SECONDS)
    call("generations", "fill")
    put("during.txt", page("xylotype"))

    def filled():
        state = json.loads(call("generations", "--json"))
        counts = state["documents"]
        assert found()
        return state if state["filled"] and counts["1"] == counts["2"] else None

    wait_for(filled, "the fill", seconds=SECONDS)
    call("generations", "swap")
    assert found()
    call("generations", "drop")
    assert found()
    assert json.loads(call("generations", "--json"))["active"] == [2]
    assert api.get("/search", {"q": "xylotype"})["results"]


def test_a_file_that_is_uploaded_by_a_form_of_the_api_is_indexed(call, api, file_of):
    printed = call("upload", str(HOMS), "--prefix", "by-form", "--via-api")
    assert "indexed: 1 article, 30 of 30 comments" in printed
    assert file_of(f"by-form/{HOMS.name}")["size"] == HOMS.stat().st_size
