"""Programs from npm: what is locked, and what a registry that does not answer leaves."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.npm import CannotInstallError, installed

HERE = Path(__file__).parent


def test_every_package_is_locked_with_a_hash_and_without_a_registry():
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert packages
    assert [name for name, each in packages.items() if "resolved" in each] == []
    assert [name for name, each in packages.items() if not each["integrity"].startswith("sha512-")] == []


def test_a_registry_that_does_not_answer_is_told_apart_and_leaves_nothing_that_looks_installed(tmp_path):
    nobody = {"npm_config_registry": "http://127.0.0.1:9/", "npm_config_fetch_retries": "0", "NO_PROXY": "127.0.0.1"}
    own = {"BROADSHEET_CACHE": str(tmp_path), "npm_config_cache": str(tmp_path / "downloads")}
    with pytest.raises(CannotInstallError, match="could not install none-") as problem:
        installed(HERE, "none", {**os.environ, **nobody, **own})
    assert problem.value.unreachable
    assert not list(tmp_path.glob("npm/*/complete"))
