"""The process between whoever uses a node and the node: it stops the node and removes its home when nobody is left.

It runs detached, so that no signal of a terminal reaches the node, and reads the lifeline (standard input) to its end:
that works for a user who closes it, who crashes and who is killed, on every Unix, and from threads, where Linux's
parent-death signal would fire at the end of the thread. Only the standard library: it is run as a file, in isolation.
"""

from __future__ import annotations

import argparse
import os
import pwd
import select
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType

STOP_SECONDS = 20.0
LOOK_SECONDS = 0.2


def main() -> None:
    """Run the command in the home until it ends or the lifeline does."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--user", help="run the command as this user (needs root)")
    parser.add_argument("--archive", nargs=2, type=Path, help="the file the command leaves and the place to keep it")
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    if os.fork():
        # The caller waits for this one only: the supervisor itself is nobody's child, nobody need collect it.
        os._exit(0)

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    home: Path = arguments.home
    try:
        _supervise(home, arguments.command, arguments.user)
    except KeyboardInterrupt:
        pass
    finally:
        if arguments.archive and _was_ready(home):
            with suppress(OSError):
                _keep_archive(*arguments.archive)
        shutil.rmtree(home, ignore_errors=True)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # Once is enough: a second one must not interrupt the wait for the node's end.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _was_ready(home: Path) -> bool:
    """Tell whether the node served and was stopped: only then does its class data hold what a start needs."""
    return (home / "logs" / "http.ports").exists() and not (home / "exit_status").exists()


def _supervise(home: Path, command: list[str], user: str | None) -> None:
    try:
        node = _start(home, command, user)
    except OSError as error:
        _write(home / "exit_status", f"{error}")
        select.select([sys.stdin], [], [])
        return
    _write(home / "pid", str(node.pid))
    try:
        while node.poll() is None:
            if select.select([sys.stdin], [], [], LOOK_SECONDS)[0]:
                return
        # The home stays for whoever wants to read why.
        _write(home / "exit_status", str(node.returncode))
        select.select([sys.stdin], [], [])
    finally:
        if _was_ready(home):
            node.terminate()
        else:
            # Stopped while it starts: nothing is lost, and it would write useless class data first.
            node.kill()
        try:
            node.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            node.kill()
            node.wait()


def _start(home: Path, command: list[str], user: str | None) -> subprocess.Popen[bytes]:
    """Start the command with an environment of its own: no JAVA_TOOL_OPTIONS, no credentials."""
    environment = {"PATH": os.defpath, "HOME": str(home), "LANG": "C.UTF-8"}
    owner = pwd.getpwnam(user) if user else None
    with (home / "console.log").open("wb") as console:
        return subprocess.Popen(
            command,
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )


def _write(path: Path, text: str) -> None:
    """Write a file that others wait for: it appears whole."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def _keep_archive(written: Path, kept: Path) -> None:
    """Move what the command left to its place, in one step; without it the next start is slower, no more."""
    if written.exists():
        unfinished = kept.with_name(f"{kept.name}.{os.getpid()}")
        shutil.copyfile(written, unfinished)
        unfinished.chmod(0o444)
        unfinished.replace(kept)


if __name__ == "__main__":
    main()
