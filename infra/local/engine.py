"""A real OpenSearch node on this machine, from published files: no docker, no Java, no root, nothing left behind.

As a command it runs a node in the foreground::

    python -m infra.local.engine [--port N] [--heap 512m]

As a library: `start_engine` gives an `Engine` with a `url`; `engine_from_environ` gives the URL of the engine to use,
which is a fresh node unless BROADSHEET_OPENSEARCH_URL names another one.
"""

from __future__ import annotations

import argparse
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from broadsheet.errors import EngineError
from infra.local.engine_command import supervised_command
from infra.local.engine_downloads import OPENSEARCH_VERSION
from infra.local.engine_failures import UNKNOWN, failure
from infra.local.engine_files import Installation, cache_directory, install
from infra.local.engine_health import is_ready, require_answer
from infra.local.engine_home import (
    Home,
    check_reachable,
    hold_lifeline,
    is_supervised,
    make_home,
    node_user,
    wait_until_gone,
)
from infra.local.engine_progress import Reporter, standard_reporter

DEFAULT_HEAP = "512m"
START_SECONDS = 180.0
STOP_SECONDS = 40.0
LOOK_SECONDS = 0.1


class Engine:
    """A running node, held by its lifeline: it stops when the last `Engine` on it is closed or its process ends."""

    def __init__(self, home: Home, lifeline: int) -> None:
        self.home = home
        self.url = f"http://{home.address()}"
        self._lifeline: int | None = lifeline

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def process_id(self) -> int:
        """The process id of the node."""
        return int(self.home.process_id.read_text(encoding="utf-8"))

    def is_alive(self) -> bool:
        """Tell whether the node still runs."""
        return self._lifeline is not None and is_supervised(self._lifeline) and not self.home.exit_status.exists()

    def let_go(self) -> None:
        """Stop using the node, and do not wait: when it was the last use, node and home are gone soon."""
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None

    def close(self) -> None:
        """Stop the node and wait until it and its home are gone; for a node that nobody else holds.

        Raises EngineError (`engine_stop`) when that takes too long.
        """
        if self._lifeline is None:
            return
        self.let_go()
        if not wait_until_gone(self.home, STOP_SECONDS):
            raise EngineError(
                f"the engine did not stop within {STOP_SECONDS:.0f} s; its home is {self.home.path}", code="engine_stop"
            )


def start_engine(
    *,
    http_port: int = 0,
    heap: str = DEFAULT_HEAP,
    cache: Path | None = None,
    seconds: float = START_SECONDS,
    reporter: Reporter | None = None,
) -> Engine:
    """Start a node of one's own on 127.0.0.1 and wait until it is ready; the first time ever, fetch and assemble it.

    `http_port` 0 takes any free port; `heap` is Java's notation; `cache` is by default `cache_directory`; `seconds` is
    how long the node may take to be ready, not counting the download.

    Raises EngineError: `engine_download`, `engine_cache`, `engine_user`, `engine_start` or a code of engine_failures.
    """
    cache = cache or cache_directory(os.environ, os.geteuid())
    user = node_user(os.geteuid())
    if user:
        check_reachable(cache, user)
    installation = install(cache, reporter or standard_reporter())
    archived = installation.archive.exists()
    try:
        return _start(installation, user, http_port, heap, seconds, archived=archived)
    except EngineError as error:
        if not archived or error.code != UNKNOWN:
            raise
        # Java checks class data before it uses it, but not every byte: do without, and write it anew.
        installation.archive.unlink(missing_ok=True)
        return _start(installation, user, http_port, heap, seconds, archived=False)


def join_engine(home: Path) -> Engine | None:
    """Hold a node that another process started in `home`; None when it is gone."""
    shared = Home(home)
    lifeline = hold_lifeline(shared)
    if lifeline is None:
        return None
    if shared.exit_status.exists() or shared.address() is None:
        os.close(lifeline)
        return None
    return Engine(shared, lifeline)


@contextmanager
def engine_from_environ(
    environ: Mapping[str, str],
    *,
    http_port: int = 0,
    heap: str = DEFAULT_HEAP,
    reporter: Reporter | None = None,
) -> Iterator[str]:
    """Give the URL of the engine to use: BROADSHEET_OPENSEARCH_URL, which must answer, or that of a fresh node.

    Raises EngineError: `engine_unreachable` when the named engine does not answer, or as `start_engine`.
    """
    if url := environ.get("BROADSHEET_OPENSEARCH_URL"):
        require_answer(url)
        yield url.rstrip("/")
        return
    cache = cache_directory(environ, os.geteuid())
    with start_engine(http_port=http_port, heap=heap, cache=cache, reporter=reporter) as engine:
        yield engine.url


def _start(
    installation: Installation,
    user: pwd.struct_passwd | None,
    http_port: int,
    heap: str,
    seconds: float,
    *,
    archived: bool,
) -> Engine:
    home, reader, lifeline = make_home(installation.cache, http_port, user)
    command = supervised_command(installation, home, user, heap, archived=archived)
    try:
        with (home.path / "supervisor.log").open("wb") as log:
            subprocess.run(command, stdin=reader, stdout=log, stderr=log, start_new_session=True, check=False)
    finally:
        os.close(reader)
    try:
        _wait_until_ready(home, lifeline, seconds)
    except BaseException:
        os.close(lifeline)
        wait_until_gone(home, STOP_SECONDS)
        raise
    return Engine(home, lifeline)


def _wait_until_ready(home: Home, lifeline: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not ((address := home.address()) and is_ready(f"http://{address}")):
        if home.exit_status.exists():
            raise failure(f"OpenSearch {OPENSEARCH_VERSION} did not start", home)
        if not is_supervised(lifeline):
            raise failure("the supervisor of OpenSearch ended", home)
        if time.monotonic() > deadline:
            raise failure(f"OpenSearch {OPENSEARCH_VERSION} was not ready after {seconds:.0f} s", home)
        time.sleep(LOOK_SECONDS)


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Run a node in the foreground until Ctrl-C; exit status 0, or 1 when it could not start or ended by itself."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.engine",
        description=f"Run OpenSearch {OPENSEARCH_VERSION} on this machine until Ctrl-C, and print its URL. The first "
        "run fetches about 175 MB. The node's data is gone when it stops.",
        epilog="The files are kept in $BROADSHEET_CACHE; by default in /var/cache/broadsheet for root, otherwise in "
        "$XDG_CACHE_HOME/broadsheet or ~/.cache/broadsheet. To let the tests and the local system use the running "
        "node, export BROADSHEET_OPENSEARCH_URL with the printed URL.",
    )
    parser.add_argument("--port", type=int, default=0, help="port to listen on at 127.0.0.1 (default: any free one)")
    parser.add_argument("--heap", default=DEFAULT_HEAP, help="Java heap, such as 512m or 2g (default: %(default)s)")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, _end)
    try:
        with start_engine(http_port=arguments.port, heap=arguments.heap) as engine:
            print(engine.url, flush=True)
            while engine.is_alive():
                time.sleep(LOOK_SECONDS)
            raise failure("OpenSearch ended", engine.home)
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
