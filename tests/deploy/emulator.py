"""One emulator of AWS, with its state in a folder that is thrown away."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import urllib3

from tests.deploy.certificate import Certificate
from tests.deploy.toolbox import Toolbox

REGION = "us-east-1"
ACCOUNT = "000000000000"
# Who deploys: the emulator takes this key for the account's root, whatever is enforced.
ROOT_KEY = ("test", "test")
_READY_SECONDS = 60.0
_STOP_SECONDS = 5.0
_LOOK_SECONDS = 0.1


class EmulatorError(Exception):
    """The emulator did not start; the text ends with what it said."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator."""

    url: str
    port: int
    log: Path
    certificate: Certificate

    @property
    def environ(self) -> dict[str, str]:
        """Return the variables with which AWS's own commands and libraries reach it, as its root."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": ROOT_KEY[0],
            "AWS_SECRET_ACCESS_KEY": ROOT_KEY[1],
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            **self.certificate.environ,
        }


@contextmanager
def emulator(
    tools: Toolbox, folder: Path, certificate: Certificate, *, port: int, engine: str, enforced: bool
) -> Iterator[Emulator]:
    """Run the emulator on a port of this machine as long as the context lasts.

    ``engine`` is ``host:port`` of what answers for every search domain; ``enforced`` has IAM decide about requests.
    Raise EmulatorError. Nothing of the machine's environment reaches it, and so none of it a function.
    """
    home, temporary = folder / "home", folder / "tmp"
    for path in (home, temporary):
        path.mkdir()
    environ = {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        # Triggers run on Node, which the emulator takes from the PATH.
        "PATH": f"{tools.node.parent}{os.pathsep}{os.defpath}",
        "LANG": "C.UTF-8",
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_OPENSEARCH_ENDPOINT": engine,
        "MINISTACK_SSL_CERT": str(certificate.certificate),
        "MINISTACK_SSL_KEY": str(certificate.key),
        "USE_SSL": "1",
        "AUTH": "true" if enforced else "false",
        "AWS_ENDPOINT_URL": f"https://127.0.0.1:{port}",
        **certificate.environ,
    }
    log = folder / "emulator.log"
    with log.open("wb") as out:
        # A session of its own: Ctrl-C is for us, who stop it and the functions that it runs.
        process = subprocess.Popen(
            [str(tools.python), "-m", "ministack"],
            cwd=home,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        started = Emulator(f"https://127.0.0.1:{port}", port, log, certificate)
        _wait(started, process)
        yield started
    finally:
        _stop(process)


def _wait(started: Emulator, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    with urllib3.PoolManager(ca_certs=str(started.certificate.bundle), retries=False, timeout=2) as pool:
        while True:
            try:
                if pool.request("GET", f"{started.url}/_ministack/health").status == 200:
                    return
            except urllib3.exceptions.HTTPError:
                pass
            if process.poll() is not None or time.monotonic() > deadline:
                said = started.log.read_text(encoding="utf-8", errors="replace")[-3000:]
                raise EmulatorError(f"the emulator did not start:\n{said}")
            time.sleep(_LOOK_SECONDS)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the emulator, then what it started and left: all of it is one process group."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
