"""The upper part of a plain-text page: title, lines around the article that are not part of it, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from broadsheet.model import Furniture
from broadsheet.parsing.furnishing import menu_lines, tail_begin
from broadsheet.parsing.headline import headline

# A first line longer than this is a paragraph: headlines of news pages stay below 200 characters.
MAX_TITLE_CHARS = 300
_MAX_SITE_NAME_CHARS = 30
_MAX_NOTE_CHARS = 300
_MAX_GALLERY_LINES = 400

# The link to the same story in another language: the words of the link, and the language it leads to.
_LINKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[إأا]قرأ هذا (?:الخبر|المقال|الموضوع) بالعربية"), "ar"),
    (re.compile(r"[إأا]قرأ هذا (?:الخبر|المقال|الموضوع) ب(?:الإنكليزية|الانكليزية|الإنجليزية|الانجليزية)"), "en"),
    (re.compile(r"Read this (?:story|article) in Arabic"), "ar"),
    (re.compile(r"Read this (?:story|article) in English"), "en"),
)
# An image's alternative text made from its file's name: w460.jpg, w140.jpg; a gallery lists them with bullets.
_PICTURE = re.compile(r"(?:[•*\-]\s?)?W\d{2,4}(?=\s|$)")
_SOURCE = re.compile(r"(?:Source|المصدر)\s?:\s?(\S.*)")
_COPYRIGHT = re.compile(r"copyright\b|©", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"'()]{1,2000}")


@dataclass(slots=True)
class Top:
    """What stands above and around the article: ``body`` is the line its text begins at (all lines count from 0)."""

    title: int | None = None
    body: int = 0
    furniture: dict[int, list[Furniture]] = field(default_factory=dict)
    glued: dict[int, str] = field(default_factory=dict)
    languages: dict[int, str] = field(default_factory=dict)
    source: str | None = None
    url: str | None = None
    print_edition: bool = False

    def set_apart(self, line: int, text: str, why: str) -> None:
        """Note that ``text`` of this line is neither article nor comment."""
        self.furniture.setdefault(line, []).append(Furniture(line + 1, text, why))

    def give_back(self, start: int) -> None:
        """Take back what was set apart from line ``start`` on: it belongs to a discussion that begins there."""
        self.furniture = {line: pieces for line, pieces in self.furniture.items() if line < start}
        self.languages = {line: language for line, language in self.languages.items() if line < start}

    def article_lines(self, lines: Sequence[str], end: int) -> list[str]:
        """Return the lines of the article's body, without those set apart."""
        kept = list(lines[self.body : end])
        for number in self.furniture:
            if self.body <= number < end:
                kept[number - self.body] = self.glued.get(number, "")
        return kept


def read_top(lines: Sequence[str]) -> Top:
    """Find title and furniture of a page that has at least one visible line."""
    first = next(number for number, line in enumerate(lines) if line)
    top = Top()
    title = _print_edition(lines, top, first) or headline(lines, first)
    for number in range(first, title):
        if lines[number] and number not in top.furniture:
            top.set_apart(number, lines[number].strip(), "masthead")
    top.title, top.body = (title, title + 1) if len(lines[title]) <= MAX_TITLE_CHARS else (None, title)
    _link_and_pictures(lines, top)
    if top.title is not None:
        for number in menu_lines(lines, top.body):
            if number not in top.furniture:
                top.set_apart(number, lines[number].strip(), "navigation")
    return top


def set_tail_apart(lines: Sequence[str], top: Top, end: int) -> None:
    """Set apart the site's lines between an article's last paragraph and line ``end``."""
    visible = [number for number in range(top.body, end) if lines[number].strip() and number not in top.furniture]
    begin = tail_begin([lines[number].strip() for number in visible])
    if begin:  # something is left of the article
        for number in visible[begin:]:
            top.set_apart(number, lines[number].strip(), "navigation")


def paragraphs(lines: Sequence[str]) -> str:
    """Join lines to text whose paragraphs are apart by one blank line, without blank lines at its ends."""
    text = "\n".join(lines).strip()
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


def article_paragraphs(lines: Sequence[str]) -> str:
    """Join an article's lines as ``paragraphs`` does; where no blank line is at all, each line is a paragraph.

    Lines broken at a fixed width are not: most of them end inside a sentence.
    """
    text = paragraphs(lines)
    if "\n" in text and "\n\n" not in text:
        single = text.split("\n")
        if sum(line.endswith((".", "!", "?", "؟", '"', "”", "»", ":")) for line in single) * 2 > len(single):
            return "\n\n".join(single)
    return text


def _print_edition(lines: Sequence[str], top: Top, first: int) -> int | None:
    """Recognise a page's print version: the site's name, the headline, the text, its source, a copyright line.

    Returns the line of the headline.
    """
    if len(lines[first]) > _MAX_SITE_NAME_CHARS:
        return None
    visible = [number for number in range(first + 1, len(lines)) if lines[number]]
    if len(visible) < 3:
        return None
    edges = [number for number in dict.fromkeys(visible[:8] + visible[-8:]) if len(lines[number]) <= _MAX_NOTE_CHARS]
    source = next(((number, found) for number in edges if (found := _SOURCE.fullmatch(lines[number]))), None)
    rights = next((number for number in reversed(edges) if _COPYRIGHT.search(lines[number])), None)
    if source is None or rights is None:
        return None
    top.print_edition = True
    top.set_apart(first, lines[first], "site_name")
    top.set_apart(source[0], lines[source[0]], "source")
    top.set_apart(rights, lines[rights], "copyright")
    top.source = source[1][1]
    if found := _URL.search(lines[rights]):
        top.url = found[0].rstrip(".,;")
    return next(number for number in visible if number not in top.furniture)


def _link_and_pictures(lines: Sequence[str], top: Top) -> None:
    """Set apart the language link and the pictures' texts between title and article."""
    for number in range(top.body, min(top.body + _MAX_GALLERY_LINES, len(lines))):
        line = lines[number].strip()
        if not line or number in top.furniture:
            continue
        rest = line
        if link := _language_link(line):
            words, language = link
            top.set_apart(number, words, "language_link")
            top.languages[number] = language
            rest = line[len(words) :].strip()
        if picture := _PICTURE.match(rest):
            if not link and picture.end() < len(rest):
                return
            top.set_apart(number, picture[0], "picture")
            rest = rest[picture.end() :].strip()
        if rest:
            if rest != line:
                top.glued[number] = rest
            return


def _language_link(line: str) -> tuple[str, str] | None:
    """Return the link's words at the start of a line and the language they lead to.

    Glued to the first paragraph it is a link only if the paragraph is in another script than the link.
    """
    for pattern, language in _LINKS:
        if found := pattern.match(line):
            rest = _PICTURE.sub("", line[found.end() :].strip(), count=1).strip()
            if not rest or (line[found.end()].isspace() and rest[0].isascii() != found[0][0].isascii()):
                return found[0], language
    return None
