"""Resolve the dependencies anew: ``make lock`` writes the lock files.

The first is complete; the next two are parts of it (``-c``), so that what runs here and what runs in a Lambda has
the same versions. Lines hold names, versions, hashes and markers, never an address: a lock made behind a mirror
installs everywhere.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EVERYTHING = "requirements.lock"
# File -> what of pyproject.toml goes into it. boto3 is an extra: the Lambda runtime has it, so the layer has not.
LOCKS = {
    EVERYTHING: ("--extra", "local", "--group", "dev"),
    "infra/local/requirements.txt": ("--extra", "local", "--group", "build"),
    "layers/dependencies/requirements.txt": (),
}
# Another program with an environment of its own, whose versions differ: the emulator of AWS. File -> what goes into it.
APART = {"tests/deploy/requirements.txt": "tests/deploy/requirements.in"}
# One resolution for every system and every Python from the lowest on.
HOW = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate")
WITHOUT_ADDRESSES = ("--no-emit-index-url", "--no-emit-find-links")


def command(lock: str, what: tuple[str, ...]) -> list[str]:
    """Return the uv command that writes one lock file, relative to the repository."""
    constraint = ("--upgrade",) if lock == EVERYTHING else ("--constraint", EVERYTHING)
    uv = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet"]
    return [*uv, *what, *HOW, *WITHOUT_ADDRESSES, *constraint, "--output-file", lock]


def command_apart(lock: str, wanted: str) -> list[str]:
    """Return the uv command that writes the lock file of another program."""
    uv = [sys.executable, "-m", "uv", "pip", "compile", wanted, "--quiet"]
    return [*uv, *HOW, *WITHOUT_ADDRESSES, "--upgrade", "--output-file", lock]


def main() -> None:
    """Write the lock files of the repository in the working directory."""
    if not Path("pyproject.toml").is_file():
        sys.exit("start this in the folder of pyproject.toml: make lock")
    commands = {lock: command(lock, what) for lock, what in LOCKS.items()}
    commands |= {lock: command_apart(lock, wanted) for lock, wanted in APART.items()}
    for lock, uv in commands.items():
        if subprocess.run(uv, check=False).returncode:  # noqa: S603 - our own words
            sys.exit(f"{lock} was not written; uv's message above says why")


if __name__ == "__main__":
    main()
