"""The two programs of a deployment without an account: the emulator of AWS, and the `cdk` command.

Both are installed from locks with hashes beside the engine's files, once for each version::

    <cache>/deploy/emulator-<lock and Python>/   a virtual environment with ministack
    <cache>/npm/cdk-<lock>/                      node_modules with aws-cdk
    <cache>/deploy/assets/                       cdk's output: layers are built once for each content
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.local.engine_files import cache_directory, locked
from infra.resources import PYTHON
from tests import npm
from tests.npm import CannotInstallError

HERE = Path(__file__).parent
LOCK = HERE / "requirements.txt"
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Toolbox:
    """Where the programs are."""

    python: Path
    """The emulator's Python: of the runtime's minor version, since the emulator runs functions with it."""
    node: Path
    cdk: Path
    """The script of the `cdk` command, for `node`."""
    assets: Path


def toolbox(say: Say) -> Toolbox:
    """Return the programs, installed if need be; raise CannotInstallError."""
    cache = cache_directory(os.environ, os.geteuid())
    folder = cache / "deploy"
    base = runtime_python()
    emulator = folder / f"emulator-{_digest(LOCK)}-{PYTHON}"
    with locked(cache):
        _once(emulator, say, "the emulator (ministack)", lambda: _install_emulator(base, emulator))
        (folder / "assets").mkdir(exist_ok=True)
    programs = npm.installed(HERE, "cdk")
    return Toolbox(emulator / "bin" / "python", programs.node, programs.modules / "aws-cdk/bin/cdk", folder / "assets")


def runtime_python() -> Path:
    """Return a Python of the Lambda runtime's minor version; raise CannotInstallError when there is none.

    Another one cannot load the compiled libraries of the layer. pyenv's own command on the PATH answers only for the
    version that it was told to use, so its versions are looked at, too.
    """
    candidates = [sys.executable, shutil.which(f"python{PYTHON}")]
    if shutil.which("pyenv"):
        root = Path(_said(["pyenv", "root"]) or ".")
        candidates += [str(path) for path in sorted((root / "versions").glob(f"{PYTHON}.*/bin/python{PYTHON}"))]
    version = "import sys; print('%d.%d' % sys.version_info[:2])"
    for candidate in filter(None, candidates):
        if _said([candidate, "-I", "-c", version]) == PYTHON:
            return Path(candidate)
    raise CannotInstallError(
        f"there is no Python {PYTHON}, with which Lambda runs the functions: install it so that python{PYTHON} starts"
    )


def _said(command: Sequence[str]) -> str | None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _once(folder: Path, say: Say, what: str, install: Callable[[], None]) -> None:
    complete = folder / "complete"
    if complete.exists():
        return
    say(f"installing {what} into {folder}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        install()
    except subprocess.CalledProcessError as error:
        raise CannotInstallError(f"{what} could not be installed: {error}\n{error.stderr}") from error
    complete.touch()


def _install_emulator(base: Path, folder: Path) -> None:
    _run([str(base), "-m", "venv", str(folder)])
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--no-deps", "--require-hashes", "-r", str(LOCK)])


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
