"""Resolve the dependencies anew: ``make lock`` writes the three lock files.

The first is complete; the other two are parts of it (``-c``), so that what runs here and what runs in a Lambda has
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
# One resolution for every system and every Python from the lowest on.
HOW = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate")
WITHOUT_ADDRESSES = ("--no-emit-index-url", "--no-emit-find-links")


def command(lock: str, what: tuple[str, ...]) -> list[str]:
    """Return the uv command that writes one lock file, relative to the repository."""
    constraint = ("--upgrade",) if lock == EVERYTHING else ("--constraint", EVERYTHING)
    uv = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet"]
    return [*uv, *what, *HOW, *WITHOUT_ADDRESSES, *constraint, "--output-file", lock]


def main() -> None:
    """Write the lock files of the repository in the working directory."""
    if not Path("pyproject.toml").is_file():
        sys.exit("start this in the folder of pyproject.toml: make lock")
    for lock, what in LOCKS.items():
        if subprocess.run(command(lock, what), check=False).returncode:  # noqa: S603 - our own words
            sys.exit(f"{lock} was not written; uv's message above says why")


if __name__ == "__main__":
    main()
