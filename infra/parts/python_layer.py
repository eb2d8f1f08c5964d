"""The two layers, built without docker: the package, and the libraries the Lambda runtime lacks."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.resources import PYTHON

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "layers" / "broadsheet"
REQUIREMENTS = ROOT / "layers" / "dependencies" / "requirements.txt"
RUNTIME = lambda_.Runtime.PYTHON_3_13
# Python files are compiled again by whoever imports them; a cache written by tests must not change an asset.
CACHES = ("**/__pycache__", "**/*.pyc")
# Parts of libraries that nothing here reads, as paths below the layer's python/, and why.
PRUNED = {
    # 32 MB. trafilatura's library for addresses asks babel whether a part of one is the code of a language, in a
    # filter for crawlers; without the files babel knows none, and all it is imported for works.
    "babel/locale-data": "languages of the world, for programs that write dates and numbers in them",
}
_PLATFORMS = {
    "arm64": (lambda_.Architecture.ARM_64, "aarch64"),
    "x86_64": (lambda_.Architecture.X86_64, "x86_64"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """For which machine the layers are built, and by which Python their bytecode is written (None: without)."""

    machine: str
    compiler: str | None

    @classmethod
    def from_context(cls, scope: Construct) -> Target:
        """Read ``-c architecture=arm64|x86_64`` and ``-c bytecode=yes|no``; raise ValueError for other values.

        Bytecode saves a cold start more than half of its import time, but only the runtime's own minor version of
        Python can write it: without a word it is written when such a Python is at hand.
        """
        machine = scope.node.try_get_context("architecture") or "arm64"
        if machine not in _PLATFORMS:
            raise ValueError(f"architecture {machine!r} is not one of: {', '.join(_PLATFORMS)}")
        wanted = scope.node.try_get_context("bytecode")
        if wanted not in {None, "yes", "no"}:
            raise ValueError(f"bytecode {wanted!r} is neither yes nor no")
        compiler = None if wanted == "no" else _runtime_python()
        if wanted == "yes" and compiler is None:
            raise ValueError(f"bytecode=yes needs python{PYTHON} on the PATH; there is none")
        return cls(machine, compiler)

    @property
    def architecture(self) -> lambda_.Architecture:
        """Return the architecture of functions that use the layers."""
        return _PLATFORMS[self.machine][0]


class PythonLayers(Construct):
    """``layers``: libraries first, the package second. ``target`` says for which machine."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self.target = Target.from_context(self)
        self.layers = [
            self._layer("Dependencies", REQUIREMENTS.parent, [REQUIREMENTS], install_libraries),
            self._layer("Broadsheet", CODE, sources(CODE), copy_package),
        ]

    def _layer(
        self, id_: str, source: Path, inputs: Iterable[Path], build: Callable[[Target, Path], None]
    ) -> lambda_.LayerVersion:
        """Return a layer that is built only when its inputs, the machine or the presence of bytecode changed."""
        facts = (PYTHON, self.target.machine, "bytecode" if self.target.compiler else "source", *PRUNED)
        return lambda_.LayerVersion(
            self,
            id_,
            code=lambda_.Code.from_asset(
                str(source),
                asset_hash=fingerprint(source, inputs, facts),
                asset_hash_type=AssetHashType.CUSTOM,
                # CDK asks for an image; a local bundling that returns True never starts it.
                bundling=BundlingOptions(
                    image=DockerImage.from_registry("unused"), local=_local(partial(build, self.target))
                ),
            ),
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[self.target.architecture],
        )


def install_libraries(target: Target, output: Path) -> None:
    """Unpack the locked wheels below ``output``; hashes are checked, nothing is resolved or built from source."""
    tree = output / "python"
    _run([*_installer(_PLATFORMS[target.machine][1], tree), "-r", str(REQUIREMENTS)])
    # Commands of packages, and the lock file uv leaves: nothing a function can use.
    shutil.rmtree(tree / "bin", ignore_errors=True)
    (tree / ".lock").unlink(missing_ok=True)
    prune(tree)
    _compile(target, tree)


def prune(tree: Path) -> None:
    """Remove what ``PRUNED`` names from the unpacked libraries."""
    for path in PRUNED:
        shutil.rmtree(tree / path)


def copy_package(target: Target, output: Path) -> None:
    """Copy the package below ``output``, without what earlier imports left beside its files."""
    tree = output / "python"
    shutil.copytree(CODE / "python", tree, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    _compile(target, tree)


def _compile(target: Target, tree: Path) -> None:
    """Write bytecode that is valid whatever the file times: asset archives carry one constant time."""
    if target.compiler is not None:
        where = ["-s", str(tree), "-p", "/opt/python"]
        mode = ["--invalidation-mode", "unchecked-hash"]
        _run([target.compiler, "-m", "compileall", "-q", *mode, *where, str(tree)])


@jsii.implements(ILocalBundling)
class _Bundling:
    """Runs a build step on this machine. jsii passes positions, not the names that its Python types state."""

    def __init__(self, build: Callable[[Path], None]) -> None:
        self._build = build

    def try_bundle(self, output_dir: str, _options: Any, /) -> bool:
        self._build(Path(output_dir))
        return True


def _local(build: Callable[[Path], None]) -> ILocalBundling:
    return cast("ILocalBundling", _Bundling(build))


def _installer(machine: str, target: Path) -> list[str]:
    """Return the command that installs wheels for another machine.

    pip, where the environment has it, because it reads the configuration (mirror, proxy, certificates) that made the
    environment; environments made by uv have no pip. pip evaluates markers for the machine it runs on, so the lock of
    this layer has none that differ between machines.
    """
    shared = ["--target", str(target), "--no-deps", "--require-hashes", "--quiet", "--python-version", PYTHON]
    if importlib.util.find_spec("pip") is not None:
        platform = ["--platform", f"manylinux2014_{machine}", "--implementation", "cp", "--only-binary=:all:"]
        quiet = ["--no-compile", "--disable-pip-version-check"]
        return [sys.executable, "-m", "pip", "install", *shared, *platform, *quiet]
    platform = ["--python-platform", f"{machine}-manylinux2014", "--only-binary", ":all:"]
    return [sys.executable, "-m", "uv", "pip", "install", *shared, *platform]


def _runtime_python() -> str | None:
    """Return a Python of the runtime's minor version, None when there is none that starts."""
    for candidate in (sys.executable, shutil.which(f"python{PYTHON}")):
        if candidate is not None:
            command = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
            answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
            if answer.stdout.strip() == PYTHON:
                return candidate
    return None


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True)  # noqa: S603 - our own words and paths
    except subprocess.CalledProcessError as error:
        raise RuntimeError(
            f"a layer could not be built (exit status {error.returncode}): {' '.join(command)}"
        ) from error


def sources(folder: Path) -> list[Path]:
    """Return the files of a folder that belong to it, whatever has been imported from there."""
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]


def fingerprint(root: Path, inputs: Iterable[Path], facts: Iterable[str]) -> str:
    """Return a hash of files (their names and contents) and of whatever else the result depends on."""
    digest = hashlib.sha256("\0".join(facts).encode())
    for path in sorted(inputs):
        digest.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
