"""The published files the engine is made of: what they are, how they are fetched, how they are checked."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from broadsheet.errors import EngineError
from infra.local.engine_progress import Reporter

OPENSEARCH_VERSION = "3.7.0"
TRIES = 2


@dataclass(frozen=True, slots=True)
class Artifact:
    """One Maven artifact with the SHA-256 (hexadecimal) of the only content that is accepted."""

    group: str
    name: str
    version: str
    packaging: str
    sha256: str

    @property
    def file_name(self) -> str:
        """Its name in the repository and in the cache."""
        return f"{self.name}-{self.version}.{self.packaging}"


NODE = Artifact(
    group="org.opensearch.distribution.integ-test-zip",
    name="opensearch",
    version=OPENSEARCH_VERSION,
    packaging="zip",
    sha256="c5c8eb3828a2aead77e9d3bb9d280f54c4de190b0b67f0e412c38663627f1b06",
)
# The trimmed Java runtime from PyPI has no word breaks for Thai, and without them the node refuses to create any index
# ("Failed to build analyzers: [thai]"). ICU brings them, through Java's locale provider interface.
ICU = (
    Artifact(
        group="com.ibm.icu",
        name="icu4j",
        version="77.1",
        packaging="jar",
        sha256="b3640b9f416a4411fd33c59abbeea8fd57d024c23e1819bf9673220a97499fe3",
    ),
    Artifact(
        group="com.ibm.icu",
        name="icu4j-localespi",
        version="77.1",
        packaging="jar",
        sha256="77d0da4f10c6158174cc3dafbb51356031a09e0fcaaf0432330afb4fb552cac9",
    ),
)

Fetch = Callable[[Artifact, Path, Reporter], Path]
"""Puts an artifact somewhere below an empty directory and gives its path; any exception means that it could not."""


def fetch_with_jgo(artifact: Artifact, directory: Path, reporter: Reporter) -> Path:
    """Fetch with jgo's own resolver: it knows where artifacts are published and needs neither Java nor Maven."""
    # Imported here: it takes longer than a start from a filled cache has to spare for it.
    from jgo.maven import MavenContext, PythonResolver

    # It warns of a bad SHA-1 and carries on. Whether the file is good is decided by `download`.
    logging.getLogger("jgo").setLevel(logging.ERROR)
    context = MavenContext(
        resolver=PythonResolver(progress_callback=reporter.transfer),
        repo_cache=directory,
        local_repos=[],
        timeout=60,
    )
    component = context.project(artifact.group, artifact.name).at_version(artifact.version)
    return Path(component.artifact(packaging=artifact.packaging).resolve())


def download(artifact: Artifact, directory: Path, reporter: Reporter, fetch: Fetch = fetch_with_jgo) -> Path:
    """Give the path of the verified artifact in `directory`, fetching it when it is not there.

    A file with another SHA-256 is deleted and fetched again, once. What is fetched is moved to its place only after
    it was verified, so that an interrupted download leaves nothing behind.

    Raises EngineError (`engine_download`) when it cannot be had.
    """
    target = directory / artifact.file_name
    if target.exists():
        if _sha256(target) == artifact.sha256:
            return target
        reporter.say(f"{target} is not what it should be; fetching it again")
        target.unlink()
    reason = ""
    for _ in range(TRIES):
        with TemporaryDirectory(dir=directory, prefix="fetching-", ignore_cleanup_errors=True) as temporary:
            try:
                fetched = fetch(artifact, Path(temporary), reporter)
            except Exception as error:  # noqa: BLE001  whatever the client raises, the answer is to try again, then tell
                reason = f"{type(error).__name__}: {error}"
                continue
            found = _sha256(fetched)
            if found == artifact.sha256:
                fetched.chmod(0o644)
                return fetched.replace(target)
            reason = f"its SHA-256 is {found}, expected {artifact.sha256}"
            with suppress(FileNotFoundError):
                fetched.unlink()
    raise EngineError(
        f"{artifact.file_name} could not be fetched: {reason}. Check the network connection and try again; on a "
        f"machine without one, put the file (Maven artifact {artifact.group}:{artifact.name}:{artifact.version}) at "
        f"{target}, or set BROADSHEET_OPENSEARCH_URL to an OpenSearch that already runs.",
        code="engine_download",
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
