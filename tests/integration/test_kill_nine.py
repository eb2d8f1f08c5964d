"""A process that is killed in the middle of its work, at every point where it matters: the next one ends the work."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.world import page
from tests.integration.drill import drill
from tests.integration.ingest_process import SECONDS, describe, points

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("kill-nine")]

# Above the lease, as it has to be: 27 seconds less the handler's ten, and the margin of one.
VISIBILITY = 19
# A lease is the time limit of an invocation at most; then one pass over what is left.
_LONGEST = SECONDS + 60
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def archive(engine_url):
    with drill(engine_url, visibility=VISIBILITY, bulk_bytes=2_000) as archive:
        yield archive


def process(archive, *arguments):
    """Run ingestion in a process of its own; return how it ended."""
    command = [sys.executable, "-m", "tests.integration.ingest_process", describe(archive), *arguments]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, timeout=_LONGEST)


def test_whatever_point_a_process_is_killed_at_the_next_one_ends_its_work(archive):
    names = tuple(points(archive, ""))
    keys = {point: f"{number}.txt" for number, point in enumerate(names)}
    removed = {point: f"removed {number}.txt" for number, point in enumerate(names) if point == "between two bulks"}
    for key in [*keys.values(), *removed.values()]:
        archive.put(key, page(f"old {key}", [f"old comment {number} of {key}" for number in range(12)]))
    with archive.polled(3_600) as mapping:
        while archive.messages(archive.aws.queue_url):
            mapping.deliver()
    archive.assert_quiet()

    for point, key in keys.items():
        archive.put(key, page(f"new {key}", [f"new comment {number} of {key}" for number in range(5)]))
        assert process(archive, point, key).returncode == -signal.SIGKILL, point
    for point, key in removed.items():
        archive.delete(key)
        assert process(archive, point, key).returncode == -signal.SIGKILL, point

    ended = process(archive)

    assert (ended.returncode, ended.stderr) == (0, b"")
    archive.assert_quiet()
    assert {item["key"]: item["status"] for item in archive.items()} == {
        **dict.fromkeys(keys.values(), "indexed"),
        **dict.fromkeys(removed.values(), "deleted"),
    }
