"""Outcomes: by key, by prefix, by status and time, page by page; originals and retries of one file."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from broadsheet.errors import BroadsheetError, ConflictError, NotFoundError, RequestError
from broadsheet.files import LINK_SECONDS, Files
from broadsheet.ids import file_id
from broadsheet.index.names import IndexNames
from broadsheet.ledger_item import LedgerItem
from broadsheet.notifications import Change, read_message
from broadsheet.retry import retry
from broadsheet.suppression import KEY as SUPPRESSION_KEY
from tests.fakes import (
    BUCKET,
    FakeClock,
    MemoryDeadLetters,
    MemoryLedger,
    MemoryObjects,
    MemoryReceipts,
    RecordingQueue,
    Unreachable,
)


class Links:
    """ports.ObjectLinks that tells what was asked for."""

    def link(self, stored, *, seconds):
        return f"https://{stored.bucket}/{stored.key}?seconds={seconds}"


class Empty:
    """ports.SearchEngine without documents."""

    def search(self, index, body):
        raise NotImplementedError

    def multi_search(self, searches):
        return [{"hits": {"total": {"value": 0}}} for _ in searches]


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def ledger():
    return MemoryLedger()


@pytest.fixture
def objects(clock):
    return MemoryObjects(clock)


@pytest.fixture
def files(ledger, objects, clock):
    return make(ledger, objects, clock, MemoryDeadLetters("one", "two"))


def make(ledger, objects, clock, dead_letters):
    return Files(
        ledger,
        ledger,
        Empty(),
        objects=objects,
        links=Links(),
        receipts=MemoryReceipts(),
        dead_letters=dead_letters,
        clock=clock,
        bucket=BUCKET,
        names=IndexNames(),
    )


def store(ledger, key, **facts):
    item = LedgerItem(file_id(BUCKET, key), BUCKET, key, **{"status": "indexed", "updated_at": at(0), **facts})
    assert ledger.add(item.to_json()) is None
    return item


def at(minute):
    return f"2026-05-09T13:{minute:02}:00.000+00:00"


@pytest.fixture
def many(ledger):
    """60 files: every third failed, every fifth skipped, two in each minute."""
    statuses = ["failed" if number % 3 == 0 else "skipped" if number % 5 == 0 else "indexed" for number in range(60)]
    return [
        store(ledger, f"{'ab'[number % 2]}/{number:02}", status=status, updated_at=at(number // 2))
        for number, status in enumerate(statuses)
    ]


def walk(files, **parameters):
    """All pages of a request."""
    found, cursor = [], None
    while True:
        page = files.files({**parameters, **({"cursor": [cursor]} if cursor else {})})
        found += page["files"]
        cursor = page["next"]
        if cursor is None:
            return found


def test_without_filters_files_come_in_the_order_of_their_keys(files, many):
    keys = [file["key"] for file in walk(files, limit=["7"])]

    assert keys == sorted(item.key for item in many)


def test_files_of_a_status_come_with_the_latest_first(files, many):
    found = walk(files, status=["failed"], limit=["7"])

    assert Counter(file["key"] for file in found) == Counter(item.key for item in many if item.status == "failed")
    assert all(first["updated_at"] >= second["updated_at"] for first, second in pairwise(found))


def test_statuses_may_be_repeated(files, many):
    found = walk(files, status=["failed", "skipped", "failed"], limit=["9"])

    assert len(found) == sum(item.status in {"failed", "skipped"} for item in many)


def test_a_prefix_and_a_status_both_count(files, many):
    found = walk(files, status=["failed"], prefix=["b/"], limit=["2"])

    assert [file["key"] for file in found] == [
        item.key for item in many if item.status == "failed" and item.key.startswith("b/")
    ]


@pytest.mark.parametrize(
    ("since", "until", "minutes"),
    [
        ("2026-05-09T13:05:00Z", "2026-05-09T13:10:00Z", range(5, 11)),
        ("2026-05-09T16:28+03:00", None, range(28, 30)),
        (None, "2026-05-09T13:01:00", range(2)),
        ("2026-05-10", None, range(0)),
    ],
)
def test_times_bound_the_list_both_included(files, many, since, until, minutes):
    bounds = {name: [value] for name, value in (("since", since), ("until", until)) if value}

    assert {file["updated_at"] for file in walk(files, limit=["5"], **bounds)} == {at(minute) for minute in minutes}


def test_a_filter_that_fits_little_gives_short_pages_that_go_on(files, ledger):
    for number in range(2_500):
        store(ledger, f"a/{number:04}")
    store(ledger, "a/last", status="failed")
    parameters = {"prefix": ["a/"], "status": ["failed"], "limit": ["200"]}

    first = files.files(parameters)
    second = files.files({**parameters, "cursor": [first["next"]]})

    assert (first["files"], [file["key"] for file in second["files"]], second["next"]) == ([], ["a/last"], None)


@pytest.mark.parametrize(
    ("parameters", "parameter", "code"),
    [
        ({"status": ["done"]}, "status", "not_a_choice"),
        ({"since": ["yesterday"]}, "since", "not_a_time"),
        ({"until": ["0001-01-01T00:00:00+14:00"]}, "until", "not_a_time"),
        ({"limit": ["0"]}, "limit", "out_of_range"),
        ({"cursor": ["!"]}, "cursor", "unreadable"),
        ({"cursor": ["AAAA"]}, "cursor", "unreadable"),
        ({"state": ["failed"]}, "state", "unknown_parameter"),
    ],
)
def test_wrong_parameters_are_refused(files, parameters, parameter, code):
    with pytest.raises(RequestError) as caught:
        files.files(parameters)
    assert [(problem.parameter, problem.code) for problem in caught.value.problems] == [(parameter, code)]


def test_a_cursor_of_one_order_is_refused_by_the_other(files, many):
    cursor = files.files({"limit": ["3"]})["next"]

    with pytest.raises(RequestError):
        files.files({"status": ["failed"], "cursor": [cursor]})


def test_the_status_counts_dead_letters_and_lives_without_their_queue(files, ledger, objects, clock):
    assert files.status()["dead_letters"] == 2
    assert make(ledger, objects, clock, Unreachable()).status()["dead_letters"] is None


def test_the_original_of_an_outcome_can_be_fetched_for_a_while(files, ledger, objects, clock):
    stored = objects.put("a.txt", b"text")
    item = store(ledger, "a.txt", etag=stored.etag)

    assert files.original(item.file_id) == {
        "url": f"https://{BUCKET}/a.txt?seconds={LINK_SECONDS}",
        "expires_at": "2027-01-15T08:15:00+00:00",
    }


def test_an_original_that_is_gone_or_replaced_is_not_given_for_another(files, ledger, objects):
    stored = objects.put("a.txt", b"text")
    item = store(ledger, "a.txt", etag=stored.etag)
    objects.put("a.txt", b"other text")
    with pytest.raises(ConflictError) as replaced:
        files.original(item.file_id)
    objects.delete("a.txt")
    with pytest.raises(NotFoundError) as gone:
        files.original(item.file_id)
    assert (replaced.value.code, gone.value.code) == ("original_changed", "original_gone")


def test_what_was_taken_down_is_not_given_out_with_its_original(files, ledger, objects):
    body = objects.put("a.txt", b"text").etag
    objects.put("b.txt", b"text")
    taken_down = objects.put(SUPPRESSION_KEY, b"{}").etag
    refused = {
        "original_withheld": [
            store(ledger, "a.txt", etag=body, suppression=taken_down, counts={"articles": 1, "suppressed": 1}),
            store(ledger, SUPPRESSION_KEY, etag=taken_down, status="skipped", suppression=taken_down),
        ],
        # Read before the list was changed: nobody knows yet what of it is on the list.
        "original_changed": [store(ledger, "b.txt", etag=body, suppression="")],
    }

    for code, items in refused.items():
        for item in items:
            with pytest.raises(BroadsheetError) as error:
                files.original(item.file_id)
            assert error.value.code == code


def test_an_unknown_id_has_no_original_and_is_not_retried(files, ledger):
    ledger.add({"file_id": "control:x", "epoch": 1})
    for identity in ("none", "control:x"):
        with pytest.raises(NotFoundError):
            files.original(identity)
        with pytest.raises(NotFoundError):
            retry(identity, ledger, RecordingQueue())


def test_a_retry_asks_for_the_file_whatever_is_known_of_it(ledger):
    item, queue = store(ledger, "حمص.txt", status="failed"), RecordingQueue()

    answer = retry(item.file_id, ledger, queue)

    assert (answer["key"], answer["status"]) == ("حمص.txt", "failed")
    [change] = [change for body in queue.sent for change in read_message(body)]
    assert change == Change(BUCKET, "حمص.txt", again=True, forgive=True)
