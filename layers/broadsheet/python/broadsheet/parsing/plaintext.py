"""The reader of plain text: one page as a text extractor prints it, an article with or without its comments."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from broadsheet.errors import LimitError, PermanentError
from broadsheet.model import Article, ArticleRecord, Problem, Report
from broadsheet.parsing.boundary import find_boundary
from broadsheet.parsing.byline import byline_date
from broadsheet.parsing.comments import NO_COMMENTS, read_comments
from broadsheet.parsing.encoding import Decoded, decode
from broadsheet.parsing.layout import article_paragraphs, read_top, set_tail_apart
from broadsheet.parsing.limits import Limits
from broadsheet.parsing.published import earliest, estimate
from broadsheet.parsing.signatures import binary_kind
from broadsheet.parsing.upload import Opening, Settings, Upload
from broadsheet.text import clean, language

FORMAT = "text"
EXTENSIONS = frozenset({"", "txt", "text"})


def sniff(opening: Opening) -> float:
    """Text is what is left when nothing speaks against it: 0.5, or 0.6 under a name of its own; 0 for binary files."""
    if binary_kind(opening.data):
        return 0.0
    return 0.6 if opening.extension in EXTENSIONS else 0.5


def read(upload: Upload, settings: Settings) -> Iterator[ArticleRecord]:
    """Read one page: always one record. Raises PermanentError ``empty_file`` and the errors of ``Limits``."""
    decoded = decode(upload.read_all(settings.limits.max_text_bytes), upload.hints.content_type)
    text, dropped = clean(decoded.text, decoded.unusual)
    if not _is_visible(text):
        raise PermanentError("There is nothing to read in the file. Upload it again with its text.", code="empty_file")
    lines = _lines(text, settings.limits)
    top = read_top(lines)
    boundary = find_boundary(lines, top, settings, upload.hints)
    settings.deadline.check()
    set_tail_apart(lines, top, boundary.end)
    title = "" if top.title is None else lines[top.title].strip()
    body = article_paragraphs(top.article_lines(lines, boundary.end))
    discussion = boundary.discussion
    text = f"{title}\n{body}"
    found = read_comments(discussion, text) if discussion else NO_COMMENTS
    settings.deadline.check()
    furniture = tuple([piece for _, pieces in sorted(top.furniture.items()) for piece in pieces])
    report = Report(
        FORMAT,
        grammar=discussion.grammar if discussion else None,
        score=boundary.score,
        encoding=decoded.encoding,
        replacements=decoded.replacements,
        dropped=dropped,
        # Lines nobody could place: between counter and heads, and heads that were only suspected.
        unexplained_lines=sum([piece.why == "unexplained" for piece in furniture]) + boundary.suspected,
        furniture=furniture,
        missing_addressees=found.missing_addressees,
        problems=(*_file_problems(decoded, upload.opening), *boundary.notices, *found.problems),
    )
    times = [post.clock for post in discussion.posts if post.clock] if discussion else []
    hints = upload.hints
    article = Article(
        title,
        body,
        language=hints.language or language(text),
        url=hints.url or top.url,
        source=hints.source or top.source,
        tags=hints.tags,
        published_at=byline_date(body, settings.zone, earliest(times)) or estimate(text, times),
        comment_count_declared=boundary.declared,
        alternate_languages=tuple(dict.fromkeys(top.languages.values())),
    )
    yield ArticleRecord(0, article, found.comments, report)


def _is_visible(text: str) -> bool:
    return any(not (mark.isspace() or unicodedata.category(mark) in ("Cf", "Cc", "Mn")) for mark in text)


def _lines(text: str, limits: Limits) -> list[str]:
    if len(text) >= limits.max_lines and text.count("\n") >= limits.max_lines:
        raise LimitError(
            f"The text has more than {limits.max_lines} lines (max_lines). Split it into files of one article each.",
            code="too_many_lines",
        )
    lines = list(map(str.rstrip, text.split("\n")))
    if len(text) > limits.max_line_chars and max(map(len, lines)) > limits.max_line_chars:
        raise LimitError(
            f"A line is longer than {limits.max_line_chars} characters (max_line_chars). Break it at its paragraphs.",
            code="line_too_long",
        )
    return lines


def _file_problems(decoded: Decoded, opening: Opening) -> list[Problem]:
    problems = []
    if opening.extension not in EXTENSIONS:
        problems.append(
            Problem(
                "extension_unknown",
                f"The extension .{opening.extension} is not one of a known format; the file holds text and was read "
                "as text.",
            )
        )
    problems.extend(decoded.problems())
    return problems
