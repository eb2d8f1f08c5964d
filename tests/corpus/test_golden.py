"""Every page of the corpus is read as its golden file says."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from broadsheet.text import clean, words
from tests.corpus.golden import REGENERATE, expected_of, exports, golden, pages


@pytest.mark.parametrize("page", pages() + exports(), ids=lambda page: page.name)
def test_page_is_read_as_its_golden_file_says(page: Path) -> None:
    expected = expected_of(page)
    assert expected.exists(), f"no golden file yet: run {REGENERATE}"
    made = json.loads(golden(page))
    assert made == json.loads(expected.read_text(encoding="utf-8")), f"if the new reading is right, run {REGENERATE}"


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_golden_file_holds_every_visible_word_of_its_page(page: Path) -> None:
    (record,) = json.loads(expected_of(page).read_text(encoding="utf-8"))
    held = [record["article"]["title"], record["article"]["body"]]
    held += [comment[part] for comment in record["comments"] for part in ("head", "body")]
    held += [piece["text"] for piece in record["report"]["furniture"]]
    visible = words(clean(page.read_text(encoding="utf-8")).text)
    assert Counter(word for text in held for word in words(text)) == Counter(visible)


@pytest.mark.parametrize(
    "page", [page for page in pages() if page.stem.startswith("trap-")], ids=lambda page: page.stem
)
def test_page_without_comments_is_not_cut(page: Path) -> None:
    (record,) = json.loads(golden(page))
    lines = [line for line in page.read_text(encoding="utf-8").split("\n") if line]
    assert record["comments"] == []
    assert [record["article"]["title"], *record["article"]["body"].replace("\n\n", "\n").split("\n")] == lines


def test_no_golden_file_is_left_over() -> None:
    expected = {expected_of(page) for page in pages() + exports()}
    assert {
        golden for room in {file.parent for file in expected} for golden in room.glob("*.expected.json")
    } == expected
