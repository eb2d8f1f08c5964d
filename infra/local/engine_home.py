"""The home of one running node: its configuration, data, logs and temporary files, and its lifeline.

Homes lie in the cache and not in the system's temporary directory: a node that root starts as another user must be
able to reach its home (a private TMPDIR of root's is closed), its native library must be loadable (some mount /tmp
`noexec`), and indices are no load for a /tmp in memory.

The lifeline is a named pipe. The node's supervisor reads it, whoever uses the node holds it open for writing, and the
node is stopped when the last one let go, by closing it or by dying in whatever way: the kernel counts.
"""

from __future__ import annotations

import json
import os
import pwd
import select
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from broadsheet.errors import EngineError
from infra.local.engine_files import locked

SETTINGS = {
    "cluster.name": "broadsheet-local",
    "node.name": "local",
    "network.host": "127.0.0.1",
    "transport.port": 0,
    "discovery.type": "single-node",
    "discovery.initial_state_timeout": "0s",
    # logs/http.ports then holds the address, whatever the port.
    "node.portsfile": True,
    # Memory maps need vm.max_map_count raised by root.
    "node.store.allow_mmap": False,
    # A laptop's disk is always almost full; the defaults would make indices read-only.
    "cluster.routing.allocation.disk.watermark.low": "1b",
    "cluster.routing.allocation.disk.watermark.high": "1b",
    "cluster.routing.allocation.disk.watermark.flood_stage": "1b",
    "indices.breaker.total.use_real_memory": False,
    "action.auto_create_index": False,
    # The limit of the small AWS instance types.
    "http.max_content_length": "10mb",
}
# One log for everything: the supervisor collects standard output, and a failed start is told by its last lines.
LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""
LOOK_SECONDS = 0.05
WRITTEN_BY_THE_NODE = ("config", "data", "logs", "tmp")


@dataclass(frozen=True, slots=True)
class Home:
    """The directory of a node that runs or is about to."""

    path: Path

    @property
    def cache(self) -> Path:
        """The cache it lies in."""
        return self.path.parent.parent

    @property
    def data(self) -> Path:
        """Where the indices are."""
        return self.path / "data"

    @property
    def temporary(self) -> Path:
        """For the node's temporary files."""
        return self.path / "tmp"

    @property
    def console(self) -> Path:
        """What the node printed."""
        return self.path / "console.log"

    @property
    def lifeline(self) -> Path:
        """The named pipe."""
        return self.path / "lifeline"

    @property
    def process_id(self) -> Path:
        """Written by the supervisor: the process id of the node."""
        return self.path / "pid"

    @property
    def exit_status(self) -> Path:
        """Written by the supervisor when the node ended by itself."""
        return self.path / "exit_status"

    def address(self) -> str | None:
        """`host:port` of the node, or None as long as it listens to nobody."""
        with suppress(FileNotFoundError):
            for line in (self.path / "logs" / "http.ports").read_text(encoding="utf-8").splitlines():
                return line
        return None


def node_user(user: int) -> pwd.struct_passwd | None:
    """Whom the node runs as when `user` starts it: nobody for root, because it refuses to run as root; None: the same.

    Raises EngineError (`engine_user`) when there is no such user.
    """
    if user != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError as error:
        raise EngineError(
            "OpenSearch does not run as root, and there is no user `nobody` to run it as. Add one, or start as an "
            "ordinary user.",
            code="engine_user",
        ) from error


def check_reachable(directory: Path, user: pwd.struct_passwd) -> None:
    """Raise EngineError (`engine_cache`) unless `user`, who owns nothing, can enter `directory`."""
    for part in (directory, *directory.parents):
        # What does not exist yet will be made open.
        if part.exists() and not part.stat().st_mode & 0o001:
            raise EngineError(
                f"OpenSearch does not run as root, so it is started as {user.pw_name}, who cannot enter {part}. Name "
                "another directory with BROADSHEET_CACHE (by default it is /var/cache/broadsheet).",
                code="engine_cache",
            )


def make_home(cache: Path, http_port: int, user: pwd.struct_passwd | None) -> tuple[Home, int, int]:
    """Make a home, and open both ends of its lifeline: (home, descriptor to read, descriptor to write)."""
    # Under the lock, so that no other process takes it for one that was left behind: it has no reader at first.
    with locked(cache):
        remove_abandoned_homes(cache)
        home = Home(Path(mkdtemp(dir=cache / "running", prefix="node-")))
        os.mkfifo(home.lifeline, 0o600)
        reader = os.open(home.lifeline, os.O_RDONLY | os.O_NONBLOCK)
        writer = os.open(home.lifeline, os.O_WRONLY)
    home.path.chmod(0o755)
    for name in WRITTEN_BY_THE_NODE:
        (home.path / name).mkdir()
    settings = SETTINGS | {
        "http.port": http_port,
        "path.data": str(home.data),
        "path.logs": str(home.path / "logs"),
    }
    # JSON is YAML, and quotes whatever a path may hold.
    (home.path / "config" / "opensearch.yml").write_text(json.dumps(settings, indent=1), encoding="utf-8")
    (home.path / "config" / "log4j2.properties").write_text(LOGGING, encoding="utf-8")
    if user:
        for name in WRITTEN_BY_THE_NODE:
            for path in (home.path / name, *(home.path / name).iterdir()):
                path.chmod(0o755 if path.is_dir() else 0o644)
                os.chown(path, user.pw_uid, user.pw_gid)
    return home, reader, writer


def hold_lifeline(home: Home) -> int | None:
    """Hold the lifeline of a node somebody else started: a descriptor, or None when that node is gone."""
    try:
        return os.open(home.lifeline, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return None


def is_supervised(lifeline: int) -> bool:
    """Tell whether the supervisor still reads the pipe of which `lifeline` is the writing end."""
    poll = select.poll()
    poll.register(lifeline, 0)
    return not any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def wait_until_gone(home: Home, seconds: float) -> bool:
    """Wait until the supervisor has removed the home; tell whether that happened in time."""
    deadline = time.monotonic() + seconds
    while home.path.exists():
        lifeline = hold_lifeline(home)
        if lifeline is None:
            # It is about to go, or its supervisor was killed.
            shutil.rmtree(home.path, ignore_errors=True)
        else:
            os.close(lifeline)
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_SECONDS)
    return True


def remove_abandoned_homes(cache: Path) -> None:
    """Remove the homes whose supervisor was killed or lost its machine."""
    for path in (cache / "running").iterdir():
        lifeline = hold_lifeline(Home(path))
        if lifeline is None:
            shutil.rmtree(path, ignore_errors=True)
        else:
            os.close(lifeline)
