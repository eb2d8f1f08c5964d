"""What is marked in a hit, for the engine and for people: safe HTML, or text with offsets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from broadsheet.index import fields
from broadsheet.search.clauses import EXACT_OF, marked
from broadsheet.search.plan import Plan

Json = dict[str, Any]
Highlight = Literal["html", "offsets", "none"]

HIGHLIGHTS: tuple[Highlight, ...] = ("html", "offsets", "none")
# Just below index.highlight.max_analyzed_offset (1,000,000): beyond it the engine would refuse the whole request.
_HIGHLIGHTED_TO = 999_999
_FRAGMENTS = 2
_FRAGMENT_CHARACTERS = 160
# The engine never cuts a word: a piece may be as long as the longest run of letters in a text.
_LONGEST_PIECE = 4_000
# Noncharacters, which no text holds: they stand where a mark begins and ends until they are counted.
_BEGIN, _END = "\ufdd0", "\ufdd1"


def highlight(planned: Plan, how: Highlight, *, articles: bool, comments: bool) -> Json | None:
    """Return the engine's part; None when nothing can be marked."""
    if how == "none":
        return None
    wanted: Json = {}
    if in_body := marked(planned, fields.BODY, of_comment=comments):
        name, asked = in_body
        wanted[name] = {
            "number_of_fragments": _FRAGMENTS,
            "fragment_size": _FRAGMENT_CHARACTERS,
            "highlight_query": asked,
        }
    if articles and (in_title := marked(planned, fields.TITLE)):
        name, asked = in_title
        wanted[name] = {"number_of_fragments": 0, "highlight_query": asked}
    if not wanted:
        return None
    html = how == "html"
    return {
        "type": "unified",
        "encoder": "html" if html else "default",
        "pre_tags": ["<mark>" if html else _BEGIN],
        "post_tags": ["</mark>" if html else _END],
        "max_analyzer_offset": _HIGHLIGHTED_TO,
        "fields": wanted,
    }


def highlights(hit: Json, how: Highlight) -> Json:
    """Return what is marked in a hit: ``title``, and the best pieces of ``body``."""
    titles, bodies = _marked(hit, fields.TITLE), _marked(hit, fields.BODY)
    found: Json = {}
    if titles:
        found["title"] = _shown(titles[0], how)
    if pieces := [_shown(piece, how) for piece in bodies if len(piece) <= _LONGEST_PIECE]:
        found["body"] = pieces
    return found


def _marked(hit: Json, name: str) -> list[str]:
    """Return the marked pieces of a text, by whichever field they were marked."""
    pieces: Mapping[str, list[str]] = hit.get("highlight", {})
    return pieces.get(name) or pieces.get(EXACT_OF[name]) or []


def _shown(piece: str, how: Highlight) -> str | Json:
    return piece if how == "html" else offsets(piece)


def offsets(piece: str) -> Json:
    r"""Return the text of a piece and where its marks are: begin and end, in code points.

    >>> offsets("a \ufdd0b\ufdd1")
    {'text': 'a b', 'marks': [[2, 3]]}
    """
    text: list[str] = []
    length = 0
    marks: list[list[int]] = []
    for part in piece.split(_BEGIN):
        marked, end, rest = part.rpartition(_END)
        if end:
            marks.append([length, length + len(marked)])
        text += (marked, rest)
        length += len(marked) + len(rest)
    return {"text": "".join(text), "marks": marks}
