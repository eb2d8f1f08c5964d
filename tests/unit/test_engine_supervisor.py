"""The supervisor runs a command until nobody holds the lifeline; the commands here stand in for a node."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.local import engine_supervisor
from infra.local.engine_failures import failure
from infra.local.engine_home import Home, hold_lifeline, is_supervised, make_home, remove_abandoned_homes

PYTHON = sys.executable


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    (tmp_path / "running").mkdir()
    return tmp_path


@contextmanager
def supervised(cache: Path, *command: str, options: tuple[str, ...] = ()) -> Iterator[tuple[Home, int]]:
    """The home and the lifeline of a supervised command; the lifeline is closed in the end unless the test did it."""
    home, reader, lifeline = make_home(cache, 0, None)
    subprocess.run(
        [PYTHON, "-I", "-S", engine_supervisor.__file__, "--home", str(home.path), *options, "--", *command],
        stdin=reader,
        start_new_session=True,
        check=True,
    )
    os.close(reader)
    try:
        yield home, lifeline
    finally:
        if home.path.exists():
            os.close(lifeline)
            assert wait_until(lambda: not home.path.exists())


def wait_until(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_command_ends_and_its_home_goes_when_the_lifeline_is_closed(cache: Path) -> None:
    with supervised(cache, "sleep", "600") as (home, lifeline):
        assert wait_until(home.process_id.exists)
        process_id = int(home.process_id.read_text())
        assert is_running(process_id)
        os.close(lifeline)
        assert wait_until(lambda: not home.path.exists())
        assert not is_running(process_id)


def test_the_command_runs_while_anybody_holds_the_lifeline(cache: Path) -> None:
    with supervised(cache, "sleep", "600") as (home, lifeline):
        assert wait_until(home.process_id.exists)
        other = hold_lifeline(home)
        assert other is not None
        os.close(lifeline)
        # Longer than the supervisor takes to notice.
        assert not wait_until(lambda: not home.path.exists(), seconds=2 * engine_supervisor.LOOK_SECONDS)
        os.close(other)
        assert wait_until(lambda: not home.path.exists())


def test_the_last_words_of_a_command_that_failed_can_be_read(cache: Path) -> None:
    program = "import sys; print('Address already in use', file=sys.stderr); sys.exit(3)"
    with supervised(cache, PYTHON, "-c", program) as (home, lifeline):
        assert wait_until(home.exit_status.exists)
        assert is_supervised(lifeline), "it waits for whoever wants to read them"
        error = failure("it did not start", home)
        assert error.code == "engine_port"
        assert "exit status 3" in error.message
        assert "Address already in use" in error.message


def test_a_command_that_cannot_be_run_is_a_failure_too(cache: Path) -> None:
    with supervised(cache, str(cache / "missing" / "java")) as (home, _lifeline):
        assert wait_until(home.exit_status.exists)
        assert "No such file or directory" in failure("it did not start", home).message


def test_class_data_is_kept_only_when_the_node_served_and_was_stopped(cache: Path) -> None:
    written, kept = cache / "written.jsa", cache / "kept.jsa"
    program = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text('data'); time.sleep(int(sys.argv[2]))"
    options = ("--archive", str(written), str(kept))
    with supervised(cache, PYTHON, "-c", program, str(written), "0", options=options) as (home, _lifeline):
        assert wait_until(home.exit_status.exists)
    assert not kept.exists()
    with supervised(cache, PYTHON, "-c", program, str(written), "600", options=options) as (home, _lifeline):
        assert wait_until(written.exists)
        (home.path / "logs" / "http.ports").write_text("127.0.0.1:1\n")
    assert kept.read_text() == "data"


def test_a_home_without_a_supervisor_is_removed_by_the_next_start(cache: Path) -> None:
    abandoned, reader, lifeline = make_home(cache, 0, None)
    with supervised(cache, "sleep", "600") as (home, _lifeline):
        os.close(reader)
        assert not is_supervised(lifeline)
        remove_abandoned_homes(cache)
        assert not abandoned.path.exists()
        assert home.path.exists()
    os.close(lifeline)


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        ("There is insufficient memory for the Java Runtime Environment to continue.", "1", "engine_memory"),
        ("", "-9", "engine_memory"),
        ("Invalid maximum heap size: -Xmxlots", "1", "engine_heap"),
        ("java.io.IOException: No space left on device", "1", "engine_disk"),
        ("java.nio.file.AccessDeniedException: /cache/running/x/data/nodes", "1", "engine_access"),
        ("", "[Errno 13] Permission denied: '/cache/java/bin/java'", "engine_access"),
        ("java.lang.IllegalStateException: something else", "1", "engine_start"),
    ],
)
def test_a_known_cause_has_its_code_and_a_remedy(cache: Path, line: str, status: str, code: str) -> None:
    home = Home(cache / "running" / "node")
    home.path.mkdir()
    frames = "".join(f"\tat org.example.Frame{number}\n" for number in range(40))
    home.console.write_text(f"{line}\n{frames}")
    home.exit_status.write_text(status)
    error = failure("OpenSearch did not start", home)
    assert error.code == code
    assert line in error.message
    assert "org.example" not in error.message
    assert error.message.splitlines()[-1].endswith((".", ")."))
