"""What the README shows is what its commands print."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import urllib3

from infra.local.system import local_system
from infra.local.waiting import wait_for
from tests.samples import HOMS
from tests.unit.cli.processes import COMMAND

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("local-system")]

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# A block that begins with a prompt holds a command and what it printed.
SHOWN = dict(re.findall(r"^```\n\$ (.+)\n((?:.*\n)*?)```$", README, re.MULTILINE))
# What is different in every run, or on every machine.
CHANGING = {"score", "took_ms", "article_id", "comment_id", "root"}


@pytest.fixture(scope="module")
def shell(engine_url):
    """A function that runs a command of the README beside a running system with the sample in it."""
    with local_system(environ={"BROADSHEET_OPENSEARCH_URL": engine_url}, say=lambda _: None) as system:

        def shell(command):
            name, *arguments = shlex.split(command.replace("$BROADSHEET_API_URL", system.api_url))
            if name == "curl":
                return urllib3.request("GET", arguments[0], timeout=30).data.decode()
            assert name == ".venv/bin/broadsheet"
            environ = {**os.environ, **system.exports}
            process = [*COMMAND, *arguments]
            done = subprocess.run(process, cwd=ROOT, env=environ, capture_output=True, timeout=120, check=False)
            assert done.returncode == 0, done.stderr.decode()
            return done.stdout.decode()

        shell(f".venv/bin/broadsheet upload {HOMS} --prefix samples")
        yield shell


def test_the_readme_shows_commands():
    assert [command.split()[0].rpartition("/")[2] for command in SHOWN] == ["broadsheet", "broadsheet", "curl"]


def test_every_command_prints_what_the_readme_shows(shell):
    for command, shown in SHOWN.items():
        # The engine shows what was uploaded after a second.
        wait_for(partial(_shows, shell, command, shown), command, seconds=30)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z0-9]+)", README))))
def test_every_make_target_of_the_readme_exists(target):
    assert re.search(rf"^{target}:.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_every_link_of_the_readme_leads_somewhere(link):
    assert (ROOT / link).exists()


def _shows(shell: Callable[[str], str], command: str, shown: str) -> bool | None:
    return _same(shell(command), shown) or None


def _same(printed: str, shown: str) -> bool:
    if shown.startswith("{"):
        return _holds(json.loads(printed), json.loads(shown))
    return printed.rstrip("\n") == shown.rstrip("\n")


def _holds(whole: Any, part: Any) -> bool:
    """Tell whether a shortened JSON value is part of a whole one."""
    if isinstance(part, dict):
        return all(name in whole and (name in CHANGING or _holds(whole[name], part[name])) for name in part)
    if isinstance(part, list):
        return all(any(_holds(entry, shown) for entry in whole) for shown in part)
    return bool(whole == part)
