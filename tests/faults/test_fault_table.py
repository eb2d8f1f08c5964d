"""The table of faults names tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent.parent
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (TESTS / "FAULTS.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d", line)
]
FAULTS = 65


@cache
def names_of(path: str) -> frozenset[str]:
    """Return the tests of a file as pytest names them."""
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for group in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        names |= {f"{group.name}::{node.name}" for node in group.body if isinstance(node, ast.FunctionDef)}
    return frozenset(name for name in names if name.rpartition("::")[2].startswith("test_"))


def test_every_fault_has_a_row_in_order():
    assert [int(row[0].strip("| ")) for row in ROWS] == list(range(1, FAULTS + 1))


def test_every_named_test_exists_and_every_row_names_one():
    for number, _, tests in ROWS:
        named = re.findall(r"`([^`:]+)::((?:\w+::)?test_\w+)`", tests)
        assert named or "the two of 16" in tests, number
        assert [f"{path}::{name}" for path, name in named if name not in names_of(path)] == []


def test_every_test_of_faults_belongs_to_a_row():
    """Except those of the table itself and of what a row does not name one by one."""
    text = (TESTS / "FAULTS.md").read_text(encoding="utf-8")
    paths = [path.relative_to(TESTS).as_posix() for path in sorted((TESTS / "faults").glob("test_*.py"))]
    unnamed = {
        f"{path}::{name}"
        for path in paths
        if path != "faults/test_fault_table.py"
        for name in names_of(path)
        if f"`{path}::{name}`" not in text
    }
    assert unnamed == set()
