"""The engine's life on this machine: real nodes start, serve, stop, and leave nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from broadsheet.errors import EngineError
from infra.local.engine import engine_from_environ, join_engine, start_engine
from infra.local.engine_files import cache_directory
from infra.local.engine_health import call

ROOT = Path(__file__).parents[2]
MANY_SECONDS = 60.0

pytestmark = pytest.mark.engine


def is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + MANY_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_two_nodes_started_at_once_serve_side_by_side_and_leave_nothing() -> None:
    with ThreadPoolExecutor() as pool:
        starts = [pool.submit(start_engine) for _ in range(2)]
        one, other = (start.result() for start in starts)
    with one, other:
        assert one.url != other.url
        # Every index needs every built-in analyzer, Thai among them.
        mappings = {"properties": {"text": {"type": "text", "analyzer": "standard"}}}
        assert call(f"{one.url}/only-here", "PUT", {"mappings": mappings}, timeout=MANY_SECONDS)["acknowledged"]
        assert "only-here" in call(f"{one.url}/_mapping")
        assert call(f"{other.url}/_mapping") == {}

        shared = join_engine(one.home.path)
        assert shared is not None
        one.let_go()
        assert "only-here" in call(f"{shared.url}/_mapping"), "a node lives as long as anybody holds it"

        process_ids = [shared.process_id, other.process_id]
        shared.close()
    assert not any(map(is_running, process_ids))
    assert not one.home.path.exists()
    assert not other.home.path.exists()
    assert join_engine(one.home.path) is None


def test_a_node_dies_with_a_parent_that_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "infra.local.engine"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        url = parent.stdout.readline().strip()
        (node,) = call(f"{url}/_nodes/_local/process")["nodes"].values()
        process_id = node["process"]["id"]
        assert is_running(process_id)
        parent.kill()
    assert wait_until(lambda: not is_running(process_id))
    running = cache_directory(os.environ, os.geteuid()) / "running"
    address = url.removeprefix("http://")
    assert wait_until(lambda: not any(address in ports.read_text() for ports in running.glob("*/logs/http.ports")))


def test_a_node_that_cannot_start_says_why_with_its_last_words() -> None:
    with pytest.raises(EngineError, match=r"Invalid initial heap size: -Xmslots") as caught:
        start_engine(heap="lots")
    assert caught.value.code == "engine_heap"
    assert "512m" in caught.value.message


def test_a_taken_port_is_named_as_the_cause(engine_url: str) -> None:
    port = int(engine_url.rpartition(":")[2])
    with pytest.raises(EngineError, match=r"Address already in use") as caught:
        start_engine(http_port=port)
    assert caught.value.code == "engine_port"


def test_a_named_engine_is_used_instead_of_a_node_of_our_own(engine_url: str) -> None:
    with engine_from_environ({"BROADSHEET_OPENSEARCH_URL": f"{engine_url}/"}) as url:
        assert url == engine_url


def test_a_prefix_names_the_indices_of_one_test_only(engine_url: str, index_prefix: str) -> None:
    call(f"{engine_url}/{index_prefix}articles", "PUT", timeout=MANY_SECONDS)
    assert list(call(f"{engine_url}/{index_prefix}*/_mapping")) == [f"{index_prefix}articles"]
