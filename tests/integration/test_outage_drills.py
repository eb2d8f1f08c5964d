"""Outages of every service while files come in: nothing is lost, nothing is dead, and it is well again by itself."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest

from tests.faults.injectors import answers_with
from tests.faults.world import page
from tests.integration.drill import drill, until
from tests.integration.proxy import answers, cut_after, cut_before, delayed, half_busy, proxy_to

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("outage-drills")]

SECONDS = 60.0
VISIBILITY = 5


@pytest.fixture(scope="module")
def proxy(engine_url):
    with proxy_to(engine_url) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def archive(proxy):
    """An archive behind the proxy whose queue is polled."""
    with drill(proxy.url, visibility=VISIBILITY) as archive, archive.polled(SECONDS) as mapping, mapping:
        yield archive


@contextmanager
def blocked(archive, block):
    """Put a block on the indices, as a node does whose disk is nearly full, or an operator."""

    def put(value):
        body = {"index": {"blocks": {block: value}}}
        archive.engine.transport.perform_request("PUT", f"/{archive.names.prefix}-*/_settings", body=body)

    put(True)
    try:
        yield
    finally:
        put(None)


OUTAGES = {
    "refused": lambda _archive, proxy: proxy.away(),
    "cut before": lambda _archive, proxy: proxy.faulty(cut_before),
    "cut after": lambda _archive, proxy: proxy.faulty(cut_after),
    "503": lambda _archive, proxy: proxy.faulty(answers(503)),
    "no writes": lambda archive, _proxy: blocked(archive, "write"),
    "ledger throttled": lambda archive, _proxy: answers_with(
        archive.dynamodb, "dynamodb", 400, "ProvisionedThroughputExceededException"
    ),
    "s3 busy": lambda archive, _proxy: answers_with(archive.s3, "s3", 503, "SlowDown"),
}
BUSY = {
    "429": lambda _archive, proxy: proxy.faulty(answers(429)),
    "429 for half": lambda _archive, proxy: proxy.faulty(half_busy),
    "slow": lambda _archive, proxy: proxy.faulty(delayed(0.5)),
    "disk full": lambda archive, _proxy: blocked(archive, "read_only_allow_delete"),
}


def change(archive, name):
    """Store, replace and remove files; the archive holds some of each from before."""
    for number in range(4):
        archive.put(f"{name}/{number}.txt", page(f"{name} {number}", ["first", "second"]))
    archive.put("replaced.txt", page(f"words of {name}", [f"said of {name}"] * (len(name) % 5)))
    archive.put("removed.txt", page(name, ["gone"]))
    archive.delete("removed.txt")


def failures(archive):
    return archive.telemetry.counts.get("ingest_failures", 0)


@pytest.mark.parametrize("name", OUTAGES)
def test_an_outage_while_files_come_in_mends_by_itself(archive, proxy, name):
    before = failures(archive)
    with OUTAGES[name](archive, proxy):
        change(archive, name)
        until(lambda: failures(archive) > before, "a failure")
    archive.settle(SECONDS)

    archive.assert_quiet()


@pytest.mark.parametrize("name", BUSY)
def test_an_engine_that_asks_for_less_slows_ingestion_down_and_fails_nothing(archive, proxy, name):
    before, bulks = failures(archive), proxy.bulks
    with BUSY[name](archive, proxy):
        change(archive, name)
        until(lambda: proxy.bulks > bulks + 1, "bulks that are repeated")
    archive.settle(SECONDS)

    archive.assert_quiet()
    assert failures(archive) == before


def test_a_connection_that_is_cut_in_the_middle_of_a_bulk_is_tried_again(archive, proxy):
    before = failures(archive)
    proxy.cut_in_body = 200
    change(archive, "in the middle")
    until(lambda: failures(archive) > before, "a failure")
    proxy.cut_in_body = None
    archive.settle(SECONDS)

    archive.assert_quiet()


def test_outages_of_everything_in_turn_while_files_are_replaced_again_and_again(archive, proxy):
    stop = threading.Event()

    def replace():
        for number in range(60):
            archive.put(f"turn/{number % 7}.txt", page(f"turn {number}", [f"said {number}"] * (number % 4)))
            if number % 5 == 4:
                archive.delete(f"turn/{number % 7}.txt")
            if stop.wait(0.03):
                break

    writer = threading.Thread(target=replace)
    writer.start()
    for outage in (cut_after, half_busy, answers(503), cut_before, answers(429)):
        with proxy.faulty(outage):
            stop.wait(0.4)
    writer.join()
    archive.settle(SECONDS)

    archive.assert_quiet()
