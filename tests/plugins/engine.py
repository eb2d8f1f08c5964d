"""The engine of a test run: one real node, started when the first test asks for it, shared by all workers.

A test that uses `engine_url` (or `index_prefix`, or any fixture built on them) is marked `engine` by itself.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from infra.local.engine import Engine, engine_from_environ, join_engine, start_engine
from infra.local.engine_health import call


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "engine_url" in getattr(item, "fixturenames", ()):
            item.add_marker("engine")


@pytest.fixture(scope="session")
def engine_url(worker_id: str, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[str]:
    """URL of the run's node, or of the one that BROADSHEET_OPENSEARCH_URL names."""
    with ExitStack() as stack:
        # The first run ever fetches the engine: whoever waits should see it.
        with pytestconfig.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            if worker_id == "master" or "BROADSHEET_OPENSEARCH_URL" in os.environ:
                url = stack.enter_context(engine_from_environ(os.environ))
            else:
                # The parent of a worker's directory is that of the run.
                engine = _shared_engine(tmp_path_factory.getbasetemp().parent)
                stack.callback(engine.let_go)
                url = engine.url
        yield url


@pytest.fixture
def index_prefix(engine_url: str) -> Iterator[str]:
    """A prefix for the names of the test's indices, which are deleted afterwards."""
    prefix = f"t{uuid4().hex[:12]}-"
    yield prefix
    indices = call(f"{engine_url}/_cat/indices/{prefix}*?format=json&h=index&expand_wildcards=all")
    for index in indices:
        call(f"{engine_url}/{index['index']}", "DELETE")


def _shared_engine(directory: Path) -> Engine:
    """Join the node noted in `directory`, or start one; it runs until the last worker let go, or died."""
    with (directory / "engine.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        note = directory / "engine.home"
        if note.exists() and (engine := join_engine(Path(note.read_text(encoding="utf-8")))):
            return engine
        engine = start_engine()
        note.write_text(str(engine.home.path), encoding="utf-8")
        return engine
