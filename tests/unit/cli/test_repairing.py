"""``broadsheet reconcile``, ``redrive``, ``retry``, ``generations``: what they ask the API for, and what they show."""

from __future__ import annotations

import json

import pytest

from broadsheet.cli.signing import signed_headers
from broadsheet.errors import ConfigurationError

FILE = {"file_id": "f" * 26, "key": "dir/a b.txt", "status": "failed"}


def report(**changes):
    return {
        "files": 0,
        "in_work": 0,
        "sent": 0,
        "stale_readers": 0,
        "reasons": {},
        "cursor": None,
        "done": True,
    } | changes


@pytest.fixture
def steps(api):
    """A function that makes the API answer these reports one after the other."""

    def steps(*reports):
        left = list(reports)
        api.routes["/reconcile"] = lambda _: (202, left.pop(0))

    return steps


def asked(api, path):
    return [fields for found, fields, _ in api.requests if found == f"/v1{path}"]


def test_reconcile_goes_on_until_everything_is_done(ask, api, steps):
    steps(
        report(files=1000, sent=1, reasons={"missing": {"count": 1, "file_ids": ["a"]}}, cursor="k", done=False),
        report(files=5, in_work=2, sent=3, reasons={"missing": {"count": 3, "file_ids": ["b"]}}, stale_readers=4),
    )

    status, output, messages = ask("reconcile", "--prefix", "2014/")

    assert (status, messages) == (0, "")
    assert output.splitlines() == [
        "1005 files compared: 4 differ, 4 sent to be read again",
        "  4 missing: in the bucket, not in the ledger",
        "  2 have no outcome yet: they are being worked on",
        "  4 were read by another version of the reader: --reparse reads them again",
    ]
    first = {"dry_run": False, "reparse": False, "prefix": "2014/", "cursor": None}
    assert asked(api, "/reconcile") == [first, {**first, "cursor": "k"}]


def test_a_dry_run_says_that_nothing_was_sent(ask, api, steps):
    steps(report(files=1, reasons={"gone": {"count": 1, "file_ids": ["a"]}}))

    _, output, _ = ask("reconcile", "--dry-run", "--reparse")

    assert output.splitlines()[0] == "1 file compared: 1 differ, nothing was sent (dry run)"
    assert (asked(api, "/reconcile")[0]["dry_run"], asked(api, "/reconcile")[0]["reparse"]) == (True, True)


def test_the_report_of_all_calls_is_json(ask, steps):
    missing = {"missing": {"count": 15, "file_ids": ["a"] * 15}}
    steps(report(files=1, reasons=missing, cursor="k", done=False), report(files=2, reasons=missing))

    found = json.loads(ask("reconcile", "--json")[1])

    assert (found["files"], found["reasons"]["missing"]["count"]) == (3, 30)
    assert len(found["reasons"]["missing"]["file_ids"]) == 20


def test_dead_letters_are_redriven_until_none_is_left(ask, api):
    counts = [7, 3, 0]
    api.routes["/dead-letters/redrive"] = lambda _: (202, {"redriven": counts.pop(0), "left": 0})

    assert ask("redrive") == (0, "10 dead letters sent to the queue again\n", "")


def test_no_more_dead_letters_than_the_limit_are_asked_for(ask, api):
    api.routes["/dead-letters/redrive"] = lambda fields: (202, {"redriven": min(4, fields["limit"]), "left": 9})

    assert ask("redrive", "--limit", "6") == (0, "6 dead letters sent to the queue again\n", "")
    assert asked(api, "/dead-letters/redrive") == [{"limit": 6}, {"limit": 2}]


@pytest.mark.parametrize("limit", ["0", "-1", "x"])
def test_a_limit_that_is_none_is_wrong_use(ask, limit):
    assert ask("redrive", "--limit", limit)[0] == 2


def test_a_file_is_retried_by_its_key(ask, api):
    api.answer("/files", {"files": [FILE], "next": None})
    api.answer(f"/files/{FILE['file_id']}/retry", FILE, 202)

    status, output, _ = ask("retry", "dir/a b.txt")

    assert status == 0
    assert output.startswith("dir/a b.txt: will be read again")
    assert asked(api, "/files") == [{"key": ["dir/a b.txt"]}]


def test_an_unknown_file_is_not_retried(ask, api):
    api.answer("/files", {"files": [], "next": None})

    status, _, messages = ask("retry", "nothing")

    assert status == 1
    assert "Keys are exact" in messages


STATE = {
    "active": [1, 2],
    "search": 1,
    "filling": 2,
    "filled": False,
    "documents": {"1": {"articles": 1, "comments": 30}, "2": {"articles": 0, "comments": 3}},
}


def test_the_state_of_generations_is_shown(ask, api):
    api.answer("/generations", STATE)

    assert ask("generations")[1].splitlines() == [
        "generation 1: searched, 1 article and 30 comments",
        "generation 2: written, 0 articles and 3 comments",
        "generation 2 is being filled: some files are not in it yet",
    ]
    assert json.loads(ask("generations", "--json")[1]) == STATE


def test_a_fill_re_drives_every_file(ask, api, steps):
    api.answer("/generations", {**STATE, "filled": True})
    steps(report(files=2, sent=2, reasons={"generation": {"count": 2, "file_ids": []}}))

    lines = ask("generations", "fill")[1].splitlines()

    assert lines[:2] == [
        "2 files compared: 2 differ, 2 sent to be read again",
        "  2 generation: not yet in every generation of the indices",
    ]
    assert lines[-1] == "every file is in generation 2: `broadsheet generations swap` searches in it"
    assert asked(api, "/generations") == [{"action": "fill", "generation": None, "accept_difference": False}]


def test_what_has_to_come_first_is_a_sentence(ask, api):
    problem = {"detail": "generation 2 is not filled yet.", "code": "not_filled", "status": 409}
    api.answer("/generations", problem, 409)

    assert ask("generations", "swap") == (1, "", "broadsheet: generation 2 is not filled yet.\n")


def test_an_unknown_action_is_wrong_use(ask):
    assert ask("generations", "swop")[0] == 2


def test_what_the_gateway_forbids_needs_credentials(ask, api):
    api.answer("/generations", {"message": "Forbidden"}, 403)

    status, _, messages = ask("generations")

    assert status == 2
    assert "Forbidden" in messages


def test_requests_that_change_something_are_signed_for_the_region_of_their_address():
    url = "https://abc123.execute-api.eu-west-1.amazonaws.com/v1/reconcile"

    headers = signed_headers("POST", url, b"{}", {"accept": "application/json"})

    assert "/eu-west-1/execute-api/aws4_request" in headers["Authorization"]
    assert headers["accept"] == "application/json"
    assert headers["Authorization"] != signed_headers("POST", url, b"[]", {})["Authorization"]


def test_without_credentials_the_command_says_what_to_set(run_command, tmp_path):
    environ = {
        "AWS_ACCESS_KEY_ID": "",
        "AWS_SECRET_ACCESS_KEY": "",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "BROADSHEET_API_URL": "https://abc.execute-api.eu-west-1.amazonaws.com/v1",
    }

    done = run_command("redrive", environ=environ)

    assert done.returncode == 2
    assert b"there are no AWS credentials" in done.stderr


def test_credentials_that_cannot_be_read_are_a_sentence(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(ConfigurationError, match="AWS credentials cannot be used"):
        signed_headers("GET", "https://api.example/v1/generations", None, {})
