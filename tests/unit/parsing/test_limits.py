"""Every limit is a setting, is documented with its code, and reaches the reader."""

from __future__ import annotations

import io
from dataclasses import fields
from pathlib import Path

import pytest

import broadsheet.parsing
from broadsheet.errors import LimitError
from broadsheet.model import Hints
from broadsheet.parsing import Limits, read
from broadsheet.settings import ClientSettings, IngestSettings
from tests.unit.parsing.exports import outline, read_file
from tests.unit.parsing.test_containers import tar_of

README = Path(broadsheet.parsing.__file__).with_name("README.md").read_text(encoding="utf-8")
NAMES = [field.name for field in fields(Limits)]


@pytest.mark.parametrize("name", NAMES)
def test_limit_is_documented_with_its_default(name: str) -> None:
    (row,) = [line for line in README.split("\n") if line.startswith(f"| `{name}` |")]
    number = row.split("|")[2].strip().replace(",", "")
    value, unit = (*number.split(" "), "")[:2]
    assert int(value) * {"": 1, "MiB": 1 << 20, "GiB": 1 << 30}[unit] == getattr(Limits(), name)


@pytest.mark.parametrize("settings", [IngestSettings, ClientSettings])
def test_limits_are_settings_of_ingestion_and_of_the_command(settings: type[Limits]) -> None:
    stated = {"opensearch_url", "ledger_table", "uploads_bucket", "outcomes_bucket", "queue_url"}
    environ = {f"BROADSHEET_{name.upper()}": "x" for name in stated}
    limits = {f"BROADSHEET_{name.upper()}": str(number) for number, name in enumerate(NAMES, 7)}
    read_back = settings.from_environ({**environ, **limits})
    assert [getattr(read_back, name) for name in NAMES] == list(range(7, 7 + len(NAMES)))
    assert limits.items() <= read_back.to_environ().items()


def test_settings_are_limits_for_the_reader() -> None:
    settings = ClientSettings(max_records=2)
    with pytest.raises(LimitError) as caught:
        list(read(io.BytesIO(b'{"title": "a"}\n' * 3), Hints("a.jsonl"), limits=settings))
    assert caught.value.code == "too_many_records"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", b'{"title": "a", "comments": ["b"]}\n' * 2),
        ("a.csv", b"title,text\na,b\nc,d\n"),
        ("a.xml", b"<rss><item><title>a</title></item><item><title>b</title></item></rss>"),
        ("a.tar", tar_of({"a.html": b"<html><p>a</p></html>", "b.html": b"<html><p>b</p></html>"})),
    ],
)
def test_record_that_takes_too_long_is_a_problem_and_the_next_one_has_its_own_time(name: str, data: bytes) -> None:
    assert outline(read_file(data, name, Limits(max_record_seconds=0))) == ["record_too_slow"] * 2
