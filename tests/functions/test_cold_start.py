"""What a cold start may not load: readers of formats that no file has yet."""

from __future__ import annotations

import gzip
import subprocess
import sys

import pytest

# HTML's extractor and what it brings, and the rooms of our own readers beyond text.
LATE = (
    "babel",
    "courlan",
    "dateparser",
    "htmldate",
    "justext",
    "lxml",
    "regex",
    "trafilatura",
    "broadsheet.parsing.containers.tar",
    "broadsheet.parsing.containers.zip_archive",
    "broadsheet.parsing.crawls",
    "broadsheet.parsing.exports",
    "broadsheet.parsing.feeds",
    "broadsheet.parsing.html",
    "broadsheet.parsing.tables",
)
READ = """
import io
from broadsheet.model import Hints
from broadsheet.parsing import read
(record,) = read(io.BytesIO({content!r}), Hints(name={name!r}))
assert record.article.title == "A title", record
"""


def loaded(script: str) -> set[str]:
    """Return the modules that a fresh Python has after a script."""
    shown = f"{script}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    return set(done.stdout.split())


@pytest.mark.parametrize("function", ["ingest", "search", "files", "parse", "uploads", "reconcile", "indices"])
def test_a_handler_loads_no_reader_of_a_format_that_it_has_not_met(function: str) -> None:
    modules = loaded(f"import functions.{function}.handler")
    assert f"functions.{function}.handler" in modules
    assert modules & set(LATE) == set()


@pytest.mark.parametrize("function", ["search", "files", "uploads", "reconcile", "indices"])
def test_a_handler_that_reads_no_files_loads_no_reader_at_all(function: str) -> None:
    assert "broadsheet.parsing" not in loaded(f"import functions.{function}.handler")


def test_reading_a_text_loads_no_other_reader_and_no_detector_of_encodings() -> None:
    modules = loaded(READ.format(content=b"A title\n\nA text of one line.\n", name="a.txt"))
    assert modules & {*LATE, "charset_normalizer", "zipfile", "csv", "gzip", "email"} == set()


def test_a_packed_export_loads_its_own_two_readers_only() -> None:
    content = gzip.compress(b'{"title": "A title", "body": "A text."}\n')
    modules = loaded(READ.format(content=content, name="a.jsonl.gz"))
    assert modules & set(LATE) == {"broadsheet.parsing.exports"}
