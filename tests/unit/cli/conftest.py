"""What the tests of the command share."""

from __future__ import annotations

import os
import subprocess

import pytest

from broadsheet.cli import main
from tests.unit.cli.api_server import serving
from tests.unit.cli.processes import COMMAND


@pytest.fixture
def api():
    with serving() as server:
        yield server


@pytest.fixture
def call(capsys):
    """A function that runs the command in this process and gives exit status, output and messages."""

    def call(*arguments, environ=None):
        status: int | str | None
        try:
            status = main(list(arguments), environ or {})
        except SystemExit as end:
            status = end.code
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


@pytest.fixture
def ask(call, api):
    """As ``call``, with the address of the API server."""

    def ask(*arguments):
        return call(*arguments, environ={"BROADSHEET_API_URL": api.url})

    return ask


@pytest.fixture
def spawn():
    """A function that starts the command as a process of its own."""
    started = []

    def spawn(*arguments, environ=None, **options):
        process = subprocess.Popen([*COMMAND, *arguments], env={**os.environ, **(environ or {})}, **options)
        started.append(process)
        return process

    yield spawn
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def run_command():
    """A function that runs the command as a process of its own and waits for its end."""

    def run_command(*arguments, environ=None, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        environ = {**os.environ, **(environ or {})}
        return subprocess.run([*COMMAND, *arguments], env=environ, timeout=60, check=False, **options)

    return run_command
