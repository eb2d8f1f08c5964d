"""Where the engine's files are kept, and that nothing but the pinned content is ever used."""

from __future__ import annotations

import hashlib
import pwd
from pathlib import Path
from threading import Event, Thread

import pytest

from broadsheet.errors import EngineError
from infra.local.engine_downloads import Artifact, Fetch, download
from infra.local.engine_files import cache_directory, locked
from infra.local.engine_home import check_reachable
from infra.local.engine_progress import LineReporter, Reporter

GOOD = b"the published content"
ARTIFACT = Artifact("org.example", "thing", "1.0", "zip", hashlib.sha256(GOOD).hexdigest())
QUIET = LineReporter(lambda _text: None)


def fetching(*contents: bytes) -> tuple[Fetch, list[Artifact]]:
    """A fetcher that brings the given contents one after the other, and the list of what it was asked for."""
    asked: list[Artifact] = []

    def fetch(artifact: Artifact, directory: Path, _reporter: Reporter) -> Path:
        content = contents[len(asked)]
        asked.append(artifact)
        file = directory / "some" / "where.zip"
        file.parent.mkdir()
        file.write_bytes(content)
        return file

    return fetch, asked


@pytest.mark.parametrize(
    ("environ", "user", "expected"),
    [
        ({"BROADSHEET_CACHE": "/chosen", "XDG_CACHE_HOME": "/xdg", "HOME": "/home/someone"}, 1000, "/chosen"),
        ({"BROADSHEET_CACHE": "/chosen"}, 0, "/chosen"),
        ({"XDG_CACHE_HOME": "/xdg", "HOME": "/home/someone"}, 0, "/var/cache/broadsheet"),
        ({"XDG_CACHE_HOME": "/xdg", "HOME": "/home/someone"}, 1000, "/xdg/broadsheet"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/home/someone"}, 1000, "/home/someone/.cache/broadsheet"),
        (
            {"BROADSHEET_CACHE": "", "XDG_CACHE_HOME": "", "HOME": "/home/someone"},
            1000,
            "/home/someone/.cache/broadsheet",
        ),
    ],
)
def test_the_cache_is_where_the_environment_says(environ: dict[str, str], user: int, expected: str) -> None:
    assert cache_directory(environ, user) == Path(expected)


def test_a_relative_choice_is_taken_from_the_working_directory() -> None:
    assert cache_directory({"BROADSHEET_CACHE": "here"}, 1000) == Path.cwd() / "here"


def test_without_a_home_in_the_environment_the_user_database_tells_it() -> None:
    someone = next(entry for entry in pwd.getpwall() if entry.pw_uid != 0)
    assert cache_directory({"HOME": ""}, someone.pw_uid) == Path(someone.pw_dir) / ".cache" / "broadsheet"


def test_a_good_file_is_fetched_once_and_then_found(tmp_path: Path) -> None:
    fetch, asked = fetching(GOOD)
    first = download(ARTIFACT, tmp_path, QUIET, fetch)
    second = download(ARTIFACT, tmp_path, QUIET, fetch)
    assert first == second == tmp_path / "thing-1.0.zip"
    assert first.read_bytes() == GOOD
    assert asked == [ARTIFACT]


def test_a_wrong_content_is_fetched_once_more(tmp_path: Path) -> None:
    fetch, asked = fetching(b"cut off", GOOD)
    assert download(ARTIFACT, tmp_path, QUIET, fetch).read_bytes() == GOOD
    assert len(asked) == 2


def test_a_wrong_content_twice_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    fetch, asked = fetching(b"cut off", b"cut off again", GOOD)
    with pytest.raises(EngineError, match=ARTIFACT.sha256) as caught:
        download(ARTIFACT, tmp_path, QUIET, fetch)
    assert caught.value.code == "engine_download"
    assert hashlib.sha256(b"cut off again").hexdigest() in caught.value.message
    assert str(tmp_path / "thing-1.0.zip") in caught.value.message, "it says where the file could be put by hand"
    assert len(asked) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_went_bad_in_the_cache_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "thing-1.0.zip").write_bytes(b"bad sector")
    said: list[str] = []
    fetch, asked = fetching(GOOD)
    assert download(ARTIFACT, tmp_path, LineReporter(said.append), fetch).read_bytes() == GOOD
    assert len(asked) == 1
    assert any("again" in line for line in said)


def test_a_broken_connection_is_tried_once_more_and_then_told(tmp_path: Path) -> None:
    asked = 0

    def fetch(_artifact: Artifact, _directory: Path, _reporter: Reporter) -> Path:
        nonlocal asked
        asked += 1
        raise ConnectionResetError("connection reset by peer")

    with pytest.raises(EngineError, match="connection reset by peer"):
        download(ARTIFACT, tmp_path, QUIET, fetch)
    assert asked == 2
    assert list(tmp_path.iterdir()) == []


def test_who_finds_the_cache_locked_is_told_so_and_waits(tmp_path: Path) -> None:
    told = Event()
    order: list[str] = []

    def second() -> None:
        with locked(tmp_path / "cache", LineReporter(lambda _text: told.set())):
            order.append("second")

    waiting = Thread(target=second)
    with locked(tmp_path / "cache"):
        waiting.start()
        assert told.wait(20)
        order.append("first")
    waiting.join(20)
    assert order == ["first", "second"]


def test_a_closed_directory_above_the_cache_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(EngineError, match="BROADSHEET_CACHE") as caught:
        check_reachable(closed / "cache", pwd.getpwuid(0))
    assert str(closed) in caught.value.message


def test_progress_is_a_line_now_and_then() -> None:
    said: list[str] = []
    seconds = [0.0]
    reporter = LineReporter(said.append, seconds=4.0, clock=lambda: seconds[-1])
    with reporter.transfer("thing-1.0.zip", 20_000_000) as advance:
        for second in (1.0, 2.0, 4.0, 5.0, 8.5):
            seconds.append(second)
            advance(4_000_000)
    assert said == ["fetching thing-1.0.zip (20.0 MB)", "  12.0 of 20.0 MB", "  20.0 of 20.0 MB"]
