"""Extraction is asked once where its answer is clear, and gives what it gives with all its second opinions."""

from __future__ import annotations

import pytest
import trafilatura

from broadsheet.parsing.html.body import extracted
from broadsheet.parsing.html.survey import Survey
from broadsheet.parsing.html.tree import parse
from broadsheet.text import words
from tests.unit.parsing.html.pages import page

_SHORT = "<p>The bridge is shut until Monday.</p>"
_SIDE = (
    "<div class=box>"
    + "<p>Ferries leave from the old pier at nine and at noon, every day but Friday.</p>" * 8
    + "</div>"
)
_TABLE = (
    "<table>"
    + "<tr><td>Pier</td><td>Nine and noon, and on Fridays at three in the afternoon</td></tr>" * 9
    + "</table>"
)
PAGES = {
    "clear": page(),
    "short": page(story=_SHORT),
    "short beside much else": page(story=_SHORT, after=_SIDE),
    "a third of the page": page(after=_SIDE * 4),
    "a table": page(story=_TABLE),
    "nothing marked": "<html><body>" + "Only text stands here, and it goes on for a while. " * 9 + "</body></html>",
}


@pytest.mark.parametrize("name", PAGES)
def test_one_opinion_is_as_good_as_all(name: str) -> None:
    root, same = parse(PAGES[name]), parse(PAGES[name])
    assert root is not None
    survey = Survey(root)
    whole = trafilatura.bare_extraction(same, include_comments=False, with_metadata=False)
    text = extracted(root, survey.total, survey.linked_in(0))
    assert words(text or "") == words(getattr(whole, "text", None) or "")
