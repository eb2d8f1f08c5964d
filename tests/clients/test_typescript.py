"""A TypeScript client can be made of the API's description: its types compile, and say what answers hold."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from broadsheet.api.openapi import description
from broadsheet.api.operations import OPERATIONS, SCHEMAS
from tests.npm import CannotInstallError, Programs, installed

HERE = Path(__file__).parent
CHECKS = ("--noEmit", "--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes", "--pretty", "false")
TARGET = (
    "--target",
    "es2022",
    "--module",
    "es2022",
    "--moduleResolution",
    "bundler",
    "--lib",
    "es2022,dom,dom.iterable",
)

pytestmark = pytest.mark.xdist_group("typescript")


@pytest.fixture(scope="module")
def programs():
    try:
        return installed(HERE, "clients")
    except CannotInstallError as error:
        if error.unreachable:
            pytest.skip(f"no npm registry can be reached: {error}")
        raise


@pytest.fixture(scope="module")
def client(programs, tmp_path_factory):
    """A folder with the generated types in schema.d.ts."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_text(json.dumps(description("http://127.0.0.1/v1")), encoding="utf-8")
    done = programs.run("openapi-typescript/bin/cli.js", "openapi.json", "--output", "schema.d.ts", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def compiled(programs: Programs, folder: Path, name: str) -> list[str]:
    """Return what the compiler complains of."""
    done = programs.run("typescript/bin/tsc", *CHECKS, *TARGET, name, cwd=folder)
    assert (done.returncode == 0) == (not done.stdout), done.stderr
    return done.stdout.splitlines()


def test_the_types_name_every_operation_and_every_answer(client):
    written = (client / "schema.d.ts").read_text(encoding="utf-8")
    assert [each.name for each in OPERATIONS.values() if f"    {each.name}: {{" not in written] == []
    assert [name for name in SCHEMAS if f"        {name}: " not in written] == []


def test_a_client_with_these_types_compiles_strictly(programs, client):
    shutil.copy(HERE / "archive.ts", client)
    assert compiled(programs, client, "archive.ts") == []


@pytest.mark.parametrize(
    ("mistake", "complaint"),
    [
        ('const page: components["schemas"]["SearchPage"] = { total: 3 };', "TS2322"),
        ('export const q: operations["search"]["parameters"]["query"] = { sort: "loudest" };', "TS2322"),
        ('export const q: operations["search"]["parameters"]["query"] = { limt: 5 };', "TS2561"),
        ('export const f = (page: components["schemas"]["SearchPage"]) => page.hits;', "TS2339"),
        ('export const f = (page: components["schemas"]["SearchPage"]): string => page.next;', "TS2322"),
    ],
)
def test_what_the_api_does_not_say_is_refused_by_the_compiler(programs, client, tmp_path, mistake, complaint):
    shutil.copy(client / "schema.d.ts", tmp_path)
    imports = 'import type { components, operations } from "./schema";\nexport type { components, operations };\n'
    (tmp_path / "wrong.ts").write_text(imports + mistake, encoding="utf-8")
    complaints = compiled(programs, tmp_path, "wrong.ts")
    assert complaint in complaints[0]
