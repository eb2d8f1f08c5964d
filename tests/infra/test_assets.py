"""What is deployed does not depend on where the repository lies or who deploys it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.parts.python_layer import ROOT

pytestmark = pytest.mark.xdist_group("infra")

PARTS = ("infra", "layers", "functions", "cdk.json", "pyproject.toml")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "one"
    for part in PARTS:
        source, target = ROOT / part, folder / part
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return folder


def synthesised(folder: Path, home: Path) -> tuple[Any, Any]:
    """Run the app of a repository; return the template and the hashes of its assets."""
    home.mkdir()
    package = folder / "layers" / "broadsheet" / "python"
    done = subprocess.run(
        [sys.executable, "-m", "infra.app"],
        cwd=folder,
        # No command of the machine: neither docker nor its Node.
        env={"HOME": str(home), "PATH": str(home), "CDK_OUTDIR": "out", "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (template,) = (folder / "out").glob("*.template.json")
    (assets,) = (folder / "out").glob("*.assets.json")
    return json.loads(template.read_bytes()), sorted(json.loads(assets.read_bytes())["files"])


def test_two_folders_and_two_homes_give_the_same_template_and_the_same_assets(repository: Path, tmp_path: Path) -> None:
    other = tmp_path / "some where" / "else"
    shutil.copytree(repository, other, copy_function=shutil.copyfile)  # other times and modes
    (other / "functions" / "ingest" / "__pycache__").mkdir()
    (other / "functions" / "ingest" / "__pycache__" / "handler.cpython-313.pyc").write_bytes(b"any")
    template, assets = synthesised(repository, tmp_path / "home-a")
    assert len(assets) >= 9, "seven functions, two layers"
    assert synthesised(other, tmp_path / "home-b") == (template, assets)
