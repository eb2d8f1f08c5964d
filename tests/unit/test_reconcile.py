"""The bucket against the ledger: what differs is read again, and nothing else, in any order of keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.differences import REASONS
from broadsheet.errors import InfrastructureError, RequestError
from broadsheet.generations import CONTROL_ID
from broadsheet.ids import file_id
from broadsheet.ledger_item import LedgerItem
from broadsheet.notifications import SIDECAR_SUFFIX, read_message
from broadsheet.reader_version import READER_VERSION
from broadsheet.reconcile import ReconcileRequest, ReconcileRuntime, Report, read_request, reconcile
from broadsheet.schedule import MOST_WAITING, PLACE_ID, scheduled_run
from broadsheet.suppression import KEY as SUPPRESSION_KEY
from tests.fakes import BUCKET, FakeClock, MemoryLedger, MemoryObjects, RecordingQueue, RecordingTelemetry, Unreachable

VISIBILITY = 1_800


class System:
    """A bucket and a ledger that agree about every key that was `settled`."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.objects = MemoryObjects(self.clock)
        self.ledger = MemoryLedger()
        self.queue = RecordingQueue()
        self.telemetry = RecordingTelemetry()
        self.activate(1)

    def activate(self, *generations: int) -> None:
        self._store({"file_id": CONTROL_ID, "epoch": 1, "active": list(generations), "search": 1})

    def settle(self, key: str, **changes) -> LedgerItem:
        """Store the outcome that ingestion would: of the object, its sidecar and the list as they are."""
        stored = self.objects.head(BUCKET, key)
        sidecar = self.objects.head(BUCKET, key + SIDECAR_SUFFIX)
        taken_down = self.objects.head(BUCKET, SUPPRESSION_KEY)
        item = LedgerItem(
            file_id(BUCKET, key),
            BUCKET,
            key,
            epoch=1,
            etag=stored.etag if stored else None,
            last_modified=stored.last_modified.isoformat() if stored else None,
            sidecar_etag=sidecar.etag if sidecar else None,
            suppression=taken_down.etag if taken_down else "",
            generations=(1,),
            status="indexed" if stored else "skipped" if sidecar else "deleted",
            reader=READER_VERSION,
            updated_at=datetime.fromtimestamp(self.clock(), UTC).isoformat(timespec="milliseconds"),
        )
        item = item._replace(**changes)
        self._store(item.to_json())
        return item

    def _store(self, item) -> None:
        if self.ledger.add(item):
            assert self.ledger.put(item, expected={"epoch": 1})

    def put(self, key: str, body: bytes = b"text") -> None:
        self.objects.put(key, body)
        self.settle(key)

    @property
    def runtime(self) -> ReconcileRuntime:
        return ReconcileRuntime(
            bucket=BUCKET,
            objects=self.objects,
            lister=self.objects,
            ledger=self.ledger,
            index=self.ledger,
            sender=self.queue,
            telemetry=self.telemetry,
            clock=self.clock,
            visibility_seconds=VISIBILITY,
        )

    def reconcile(self, *, steps: float = 1e9, **request):
        """Walk for so many keys; give the report."""
        left = iter(range(int(steps), -1, -1))
        return reconcile(ReconcileRequest(**request), self.runtime, remaining=lambda: next(left))

    def sent(self) -> list[str]:
        """The keys that messages ask for, and forget them."""
        changes = [change for body in self.queue.sent for change in read_message(body)]
        self.queue.sent.clear()
        assert all(change.again and change.bucket == BUCKET for change in changes)
        return [change.key for change in changes]


@pytest.fixture
def system():
    return System()


def test_where_nothing_differs_nothing_is_sent(system):
    for key in ("a", "a.meta.json", "b/c", "ح", "🗞"):
        system.put(key)
    system.settle("gone")
    system.settle("a")

    report = system.reconcile()

    assert (report.files, report.sent, report.differing, report.done) == (5, 0, {}, True)
    assert report.to_json()["cursor"] is None


def test_every_difference_has_its_reason_and_one_message(system):
    now = int(system.clock() * 1000)
    system.objects.put("1 missing", b"x")
    system.put("2 gone")
    system.objects.delete("2 gone")
    system.put("3 abandoned")
    system.settle("3 abandoned", status="processing", lease_until=now - VISIBILITY * 1000 - 1, updated_at="2020-01-01")
    system.put("4 changed")
    system.objects.put("4 changed", b"new bytes")
    system.put("5 sidecar")
    system.objects.put("5 sidecar.meta.json", b"{}")
    system.put("6 generation")
    system.settle("6 generation", generations=())
    system.put("7 suppression")
    system.settle("7 suppression", suppression="an older list")
    system.put("8 reader")
    system.settle("8 reader", reader="text/0")
    reasons = {key[2:]: [file_id(BUCKET, key)] for key in sorted(item["key"] for item in system.ledger._files())}
    reasons["missing"] = [file_id(BUCKET, "1 missing")]

    report = system.reconcile(reparse=True)

    assert report.shown == reasons
    assert report.differing == dict.fromkeys(REASONS, 1)
    assert [key[2:] for key in system.sent()] == list(REASONS)
    assert report.sent == len(REASONS)


def test_an_object_stored_again_with_the_same_bytes_differs_by_its_time(system):
    system.put("a")
    system.clock.now += 60
    system.objects.put("a", b"text")

    assert system.reconcile().differing == {"changed": 1}


def test_a_stale_reader_is_counted_and_left_alone_unless_asked_for(system):
    system.put("a")
    system.settle("a", reader="text/0")

    report = system.reconcile()

    assert (report.stale_readers, report.differing, system.sent()) == (1, {}, [])


def test_a_dry_run_tells_the_same_and_sends_nothing(system):
    system.objects.put("a", b"x")

    report = system.reconcile(dry_run=True)

    assert (report.differing, report.sent, system.sent()) == ({"missing": 1}, 0, [])


def test_work_that_may_still_end_is_left_alone(system):
    now = int(system.clock() * 1000)
    held = {"status": "processing", "etag": "other"}
    system.put("leased")
    system.settle("leased", **held, lease_until=now + 1)
    system.put("returned")
    system.settle("returned", **held, lease_until=0)
    system.put("ended")
    system.settle("ended", **held, lease_until=now - VISIBILITY * 1000 + 1, updated_at="2020-01-01T00:00:00+00:00")

    report = system.reconcile()

    assert (report.in_work, report.differing) == (3, {})


def test_a_deleted_file_is_re_driven_only_for_a_generation(system):
    system.settle("a", reader="text/0", suppression="older")
    assert system.reconcile(reparse=True).differing == {}

    system.activate(1, 2)

    assert system.reconcile().differing == {"generation": 1}


def test_what_is_no_file_is_never_re_driven(system):
    own = (".broadsheet/", ".broadsheet/suppress.jsonl", ".broadsheet/x.meta.json")
    for key in ("dir/", "dir/.meta.json", "a.meta.json.meta.json", *own):
        system.objects.put(key, b"x")

    report = system.reconcile()

    assert (report.files, report.differing) == (0, {})


def test_a_key_that_is_only_the_suffix_is_a_file(system):
    system.objects.put(".meta.json", b"x")

    system.reconcile()

    assert system.sent() == [".meta.json"]


BETWEEN = [(), ("K-2",), ("K-2", "K.a")]


@pytest.mark.parametrize("between", BETWEEN)
@pytest.mark.parametrize("change", ["added", "replaced", "removed"])
def test_a_sidecar_is_seen_wherever_it_stands_in_the_listing(system, between, change):
    for key in between:
        system.put(key)
    system.objects.put("K", b"text")
    if change != "added":
        system.objects.put("K.meta.json", b"{}")
    system.settle("K")
    assert system.reconcile().differing == {}
    if change == "removed":
        system.objects.delete("K.meta.json")
    else:
        system.objects.put("K.meta.json", b'{"url": "x"}')

    report = system.reconcile()

    assert (report.differing, system.sent()) == ({"sidecar": 1}, ["K"])


@pytest.mark.parametrize("between", BETWEEN)
def test_a_sidecar_without_its_file_is_settled_once(system, between):
    for key in between:
        system.put(key)
    system.objects.put("K.meta.json", b"{}")
    assert system.reconcile().differing == {"sidecar": 1}
    system.settle("K")
    assert system.reconcile().differing == {}

    system.objects.delete("K.meta.json")

    assert system.reconcile().differing == {"sidecar": 1}


@pytest.mark.parametrize("between", BETWEEN)
def test_a_file_with_its_sidecar_that_nobody_ever_saw_is_counted_once(system, between):
    for key in between:
        system.put(key)
    system.objects.put("K", b"text")
    system.objects.put("K.meta.json", b"{}")

    assert system.reconcile().differing == {"missing": 1}


def test_a_neighbouring_sidecar_costs_no_request(system):
    for number in range(50):
        system.objects.put(f"{number:02}", b"text")
        system.objects.put(f"{number:02}.meta.json", b"{}")
        system.settle(f"{number:02}")
    asked: list[str] = []
    runtime = replace(system.runtime, objects=Recorded(system.objects, asked), ledger=Recorded(system.ledger, asked))

    reconcile(ReconcileRequest(), runtime, remaining=lambda: 1)

    assert sorted(asked) == sorted([SUPPRESSION_KEY, CONTROL_ID])


class Recorded:
    """Notes every point read."""

    def __init__(self, port, asked) -> None:
        self._port = port
        self._asked = asked

    def head(self, bucket, key):
        self._asked.append(key)
        return self._port.head(bucket, key)

    def get(self, file):
        self._asked.append(file)
        return self._port.get(file)


def test_a_prefix_bounds_both_walks(system):
    for key in ("a/1", "b/1", "c/1"):
        system.objects.put(key, b"x")
    system.put("b/gone")
    system.objects.delete("b/gone")

    report = system.reconcile(prefix="b/")

    assert (system.sent(), report.files) == (["b/1", "b/gone"], 2)


def test_items_of_another_bucket_are_none_of_this_one(system):
    other = LedgerItem("x", "elsewhere", "a", etag="e", status="indexed", updated_at="t")
    system.ledger.add(other.to_json())

    assert system.reconcile().files == 0


KEYS = st.text(st.sampled_from("ab-./ح🗞"), min_size=1, max_size=4)


@settings(max_examples=150, deadline=None)
@given(
    listed=st.sets(KEYS, max_size=12),
    known=st.sets(KEYS, max_size=12),
    described=st.sets(KEYS, max_size=6),
    steps=st.integers(1, 5),
)
def test_in_steps_of_any_size_the_same_files_are_re_driven_once(listed, known, described, steps):
    system = System()
    for key in listed:
        system.objects.put(key, key.encode())
    for key in known:
        system.settle(key)
    for key in described:
        system.objects.put(key + SIDECAR_SUFFIX, b"{}")
    whole = system.reconcile()
    at_once = system.sent()

    reports: list[Report] = []
    cursor = ""
    while not (reports and reports[-1].done):
        reports.append(system.reconcile(steps=steps, cursor=cursor))
        cursor = reports[-1].cursor
    in_steps = system.sent()

    assert in_steps == at_once
    assert len(set(at_once)) == len(at_once)
    assert sum(report.files for report in reports) == whole.files
    # What should be there is what ingestion would write: then nothing differs any more.
    for key in at_once:
        system.settle(key)
    assert system.reconcile().differing == {}


def test_the_cursor_moves_only_when_messages_were_sent(system):
    for number in range(25):
        system.objects.put(f"{number:02}", b"x")

    with pytest.raises(InfrastructureError):
        reconcile(ReconcileRequest(), replace(system.runtime, sender=Unreachable()), remaining=lambda: 1)


def test_memory_holds_a_page_however_many_keys_there_are(system):
    class Endless:
        """A bucket of a hundred thousand keys that are made while they are read."""

        def list(self, bucket, *, after="", prefix=""):
            stored = system.objects.put("template", b"x")
            system.objects.delete("template")
            yield from (replace(stored, key=f"{number:06}") for number in range(100_000))

    report = reconcile(ReconcileRequest(dry_run=True), replace(system.runtime, lister=Endless()), remaining=lambda: 1)

    assert report.differing == {"missing": 100_000}
    assert len(report.shown["missing"]) == 20


def test_logs_hold_ids_and_no_keys(system):
    system.objects.put("a name of somebody", b"x")

    system.reconcile(steps=1)

    assert "somebody" not in orjson.dumps(system.telemetry.events).decode()
    assert system.telemetry.counts["files_differing"] == 1


@pytest.mark.parametrize(
    ("fields", "parameter", "code"),
    [
        ({"dryrun": True}, "dryrun", "unknown_field"),
        ({"dry_run": "true"}, "dry_run", "wrong_type"),
        ({"dry_run": 1}, "dry_run", "wrong_type"),
        ({"prefix": ["a"]}, "prefix", "wrong_type"),
        ({"scheduled": True}, "scheduled", "unknown_field"),
    ],
)
def test_a_mistaken_field_is_refused_and_never_means_everything(fields, parameter, code):
    with pytest.raises(RequestError) as caught:
        read_request(fields)
    assert [(problem.parameter, problem.code) for problem in caught.value.problems] == [(parameter, code)]


def test_fields_that_are_not_given_have_their_defaults():
    assert read_request({"prefix": "a", "cursor": None}) == ReconcileRequest(prefix="a")


def test_each_scheduled_run_goes_on_where_the_last_one_ended(system):
    for number in range(5):
        system.objects.put(str(number), b"x")

    def run(keys):
        left = iter(range(keys, -1, -1))
        return scheduled_run(system.runtime, remaining=lambda: next(left))

    assert (run(3)["done"], system.sent()) == (False, ["0", "1", "2"])
    assert (run(3)["done"], system.sent()) == (True, ["3", "4"])
    place = system.ledger.get(PLACE_ID)
    assert (place["cursor"], place["finished_at"]) == ("", "2027-01-15T08:00:00+00:00")
    assert run(1)["done"] is False
    assert system.sent() == ["0"]


def test_a_scheduled_run_is_put_off_while_the_queue_is_long(system):
    system.objects.put("a", b"x")
    system.queue.sent = ["waiting"] * (MOST_WAITING + 1)

    assert scheduled_run(system.runtime, remaining=lambda: 1) == {"put_off": MOST_WAITING + 1}
    assert len(system.queue.sent) == MOST_WAITING + 1
