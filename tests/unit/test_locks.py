"""The lock files: one set of versions, no addresses, and a layer without what the Lambda runtime has."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra.lock import APART, EVERYTHING, LOCKS

ROOT = Path(__file__).resolve().parents[2]
LAYER = "layers/dependencies/requirements.txt"
PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[A-Za-z0-9.!+]+)(?: ; (?P<marker>[^\\]+?))? \\")
HASH = re.compile(r" {4}--hash=(?P<hash>sha256:[0-9a-f]{64})(?P<more> \\)?")
NEVER = "sys_platform == 'never'"


class Pin(NamedTuple):
    version: str
    marker: str | None
    hashes: frozenset[str]


def read(lock: str) -> dict[str, Pin]:
    """Read a lock file strictly: a line that is neither a pin nor a hash fails the test that asked."""
    pins: dict[str, Pin] = {}
    name = ""
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if found := PIN.fullmatch(line):
            name = found["name"]
            pins[name] = Pin(found["version"], found["marker"], frozenset())
        elif found := HASH.fullmatch(line):
            pins[name] = pins[name]._replace(hashes=pins[name].hashes | {found["hash"]})
        else:
            pytest.fail(f"{lock}: neither a pinned version nor a hash: {line}")
    return pins


@pytest.mark.parametrize("lock", [*LOCKS, *APART])
def test_a_lock_holds_names_versions_markers_and_hashes_only(lock: str) -> None:
    pins = read(lock)
    assert pins
    assert all(pin.hashes for pin in pins.values())


@pytest.mark.parametrize("lock", [lock for lock in LOCKS if lock != EVERYTHING])
def test_the_small_locks_are_parts_of_the_complete_one(lock: str) -> None:
    complete = read(EVERYTHING)
    differing = {
        name: (pin.version, complete[name].version if name in complete else None)
        for name, pin in read(lock).items()
        if name not in complete or (pin.version, pin.hashes) != (complete[name].version, complete[name].hashes)
    }
    assert differing == {}


def test_what_the_layer_installs_is_neither_in_the_runtime_nor_grpc() -> None:
    installed = {name for name, pin in read(LAYER).items() if pin.marker != NEVER}
    assert installed & {"boto3", "botocore", "s3transfer", "grpcio", "protobuf", "opensearch-protobufs"} == set()
    assert {"opensearch-py", "orjson", "aws-lambda-powertools", "tzdata"} <= installed


def test_the_layer_has_no_marker_that_differs_between_machines() -> None:
    # pip evaluates markers for the machine it runs on, not for the one of --platform and --python-version.
    assert {pin.marker for pin in read(LAYER).values()} <= {None, NEVER}


def test_the_layer_holds_every_dependency_of_the_package_in_a_version_it_accepts() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = read(LAYER)
    for requirement in map(Requirement, project["dependencies"]):
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)].version), requirement


def test_the_layer_agrees_with_the_boto3_it_runs_beside() -> None:
    # The layer is searched before the runtime's own libraries, which include botocore's dependencies.
    layer = read(LAYER)
    local = read("infra/local/requirements.txt")
    assert "botocore" in local
    assert all(layer[name].version == local[name].version for name in ("python-dateutil", "jmespath", "urllib3"))
