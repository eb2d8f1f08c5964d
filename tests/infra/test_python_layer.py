"""The layers: what goes in, and when they are built again."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from aws_cdk import App

from infra.parts.python_layer import CODE, Target, copy_package, fingerprint, sources

pytestmark = pytest.mark.xdist_group("infra")


def target(**context: str) -> Target:
    return Target.from_context(App(context=context))


def test_the_package_lies_where_the_runtime_looks_and_brings_no_caches(tmp_path: Path) -> None:
    copy_package(Target("arm64", compiler=None), tmp_path)
    assert (tmp_path / "python/broadsheet/settings.py").read_bytes() == (
        CODE / "python/broadsheet/settings.py"
    ).read_bytes()
    assert (tmp_path / "python/broadsheet/py.typed").exists()
    assert list(tmp_path.rglob("*.pyc")) == []


def test_bytecode_is_valid_whatever_the_file_times_and_names_the_path_of_the_runtime(tmp_path: Path) -> None:
    copy_package(Target("arm64", compiler=sys.executable), tmp_path)
    (compiled,) = tmp_path.glob("python/broadsheet/__pycache__/settings.*.pyc")
    # The second word of the file: 1 is "by hash, and do not check the source" (PEP 552).
    assert compiled.read_bytes()[4:8] == b"\x01\x00\x00\x00"
    assert b"/opt/python/broadsheet/settings.py" in compiled.read_bytes()
    assert str(tmp_path).encode() not in compiled.read_bytes()


def test_caches_beside_the_sources_do_not_change_a_layer(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("VALUE = 1\n")
    before = fingerprint(tmp_path, sources(tmp_path), ["3.13"])
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "module.cpython-313.pyc").write_bytes(b"anything")
    assert fingerprint(tmp_path, sources(tmp_path), ["3.13"]) == before


def test_a_change_of_content_name_or_circumstance_builds_a_layer_again(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("VALUE = 1\n")
    hashes = {fingerprint(tmp_path, [file], ["arm64"]), fingerprint(tmp_path, [file], ["x86_64"])}
    file.write_text("VALUE = 2\n")
    hashes.add(fingerprint(tmp_path, [file], ["arm64"]))
    hashes.add(fingerprint(tmp_path, [file.rename(tmp_path / "other.py")], ["arm64"]))
    assert len(hashes) == 4


def test_layers_are_for_arm64_unless_the_context_says_otherwise() -> None:
    assert target(bytecode="no") == Target("arm64", compiler=None)
    assert target(bytecode="no", architecture="x86_64") == Target("x86_64", compiler=None)


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ({"architecture": "arm"}, r"architecture 'arm' is not one of: arm64, x86_64"),
        ({"bytecode": "true"}, r"bytecode 'true' is neither yes nor no"),
    ],
)
def test_a_context_value_nobody_knows_is_refused(context: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        target(**context)
