"""Long texts in pieces that the engine can take, and short ones for people to see. All cuts are at a space if any."""

from __future__ import annotations

BODY_LIMIT = 1_000_000
"""Characters of one body and of one discussion: the engine highlights no further (index.highlight.max_analyzed_offset),
and both at four bytes a character still fit a request of 10 MiB, the least that a managed domain takes."""

EXCERPT_LIMIT = 300
"""Characters of an excerpt: two or three sentences."""


def parts(text: str) -> list[str]:
    """Cut a text into parts of at most BODY_LIMIT characters, at a paragraph or a space where there is one near."""
    if len(text) <= BODY_LIMIT:
        return [text]
    found = []
    start = 0
    while len(text) - start > BODY_LIMIT:
        end = _break(text, start, start + BODY_LIMIT)
        found.append(text[start:end].strip())
        start = end
    found.append(text[start:].strip())
    return [part for part in found if part]


def _break(text: str, start: int, limit: int) -> int:
    # Only the second half is searched, so that every part is large and the whole stays linear.
    half = (start + limit) // 2
    for separator in ("\n\n", "\n", " "):
        end = text.rfind(separator, half, limit)
        if end > 0:
            return end
    return limit


def cut(text: str, limit: int) -> str:
    """Return a text of at most ``limit`` characters, ended by an ellipsis at a word when something is missing.

    >>> cut("one two three", 9)
    'one two…'
    """
    if len(text) <= limit:
        return text
    space = text.rfind(" ", limit // 2, limit)
    return text[: space if space > 0 else limit - 1].rstrip() + "…"


def excerpt(body: str) -> str:
    """Return the beginning of a body on one line, at most EXCERPT_LIMIT characters."""
    return cut(" ".join(body[: 2 * EXCERPT_LIMIT].split()), EXCERPT_LIMIT)
