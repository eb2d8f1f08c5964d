"""One object of an export -> one record: an article with its comments."""

from __future__ import annotations

from typing import Any, NamedTuple

from broadsheet.errors import LimitError
from broadsheet.model import Article, ArticleRecord, Hints, Problem, ProblemRecord, Record, Report
from broadsheet.parsing.exports import details
from broadsheet.parsing.exports.discussion import Discussion, DiscussionReader, undivided
from broadsheet.parsing.exports.groups import Group, article_ids, loose_thread
from broadsheet.parsing.exports.moments import article_date
from broadsheet.parsing.exports.names import ARTICLE_NAMES, UTC_NAMES, ArticleFields, article_fields
from broadsheet.parsing.exports.values import Texts, elements_of, identifier, names_of, raw_text
from broadsheet.parsing.layout import article_paragraphs
from broadsheet.parsing.upload import Settings
from broadsheet.text import language

FORMAT = "json"
# A text of this length under a name nobody knows is worth a word in the report.
_LONG_TEXT = 200


class Identity(NamedTuple):
    """What an article is known by."""

    source_id: str | None
    url: str | None
    title: str

    @property
    def natural(self) -> str:
        """The same as ``ids.natural_name`` of the article."""
        return self.source_id or self.url or self.title


def is_article(value: Any, fields: ArticleFields, group: Group) -> bool:
    """Tell whether an object has anything of an article: a title, a text, or comments."""
    return (
        any(_has_text(value[name]) for row in (fields.title, fields.body, fields.summary) for name in row)
        or bool(group.loose)
        or any(_has_text(value[name]) or elements_of(value[name]) for name in fields.comments)
    )


def identity(value: dict[str, Any], fields: ArticleFields, texts: Texts) -> Identity:
    """Return id, URL and title of an article."""
    source_id = url = None
    for name in fields.source_id:
        if source_id := identifier(value[name]):
            source_id = texts.plain(source_id) or None
            break
    for name in fields.url:
        if url := details.url(value[name], texts):
            break
    title = ""
    for name in fields.title:
        if title := texts.line(raw_text(value[name])):
            break
    return Identity(source_id, url, title)


def read_article(group: Group, number: int, settings: Settings, hints: Hints) -> Record:
    """Build the record of a group; its problem is ``not_an_article`` or ``too_many_comments``."""
    piece = group.piece
    value: Any = {} if group.value is None else group.value
    if not isinstance(value, dict):
        return not_an_article(group, number)
    fields = article_fields(value)
    if not is_article(value, fields, group):
        return not_an_article(group, number)
    texts = Texts()
    known = _orphan_identity(group, texts) if group.value is None else identity(value, fields, texts)
    body = _body(value, fields, texts)
    try:
        discussion = _discussion(value, fields, group, settings, texts)
    except LimitError as error:
        return ProblemRecord(number, Problem(error.code, error.message, piece.line, piece.offset))
    article = _article(value, fields, known=known, body=body, settings=settings, hints=hints, texts=texts)
    problems = (*discussion.problems, *_notices(value, group, texts))
    report = Report(FORMAT, grammar=discussion.form, encoding="utf-8", dropped=dict(texts.dropped), problems=problems)
    return ArticleRecord(number, article, discussion.comments, report)


def natural_of(group: Group) -> str | None:
    """Return the natural name of the article of a group without building it; None for a problem."""
    value: Any = {} if group.value is None else group.value
    if not isinstance(value, dict):
        return None
    fields = article_fields(value)
    if not is_article(value, fields, group):
        return None
    texts = Texts()
    if group.value is None:
        return _orphan_identity(group, texts).natural
    for name in fields.source_id:
        if (source_id := identifier(value[name])) and (source_id := texts.plain(source_id)):
            return source_id
    return identity(value, fields, texts).natural


def not_an_article(group: Group, number: int) -> ProblemRecord:
    """Return the problem of a value that is no article."""
    message = "The record is no article: it has no title, text or comments under any name that is known."
    return ProblemRecord(number, Problem("not_an_article", message, group.piece.line, group.piece.offset))


def _article(
    value: dict[str, Any],
    fields: ArticleFields,
    *,
    known: Identity,
    body: str,
    settings: Settings,
    hints: Hints,
    texts: Texts,
) -> Article:
    published = None
    for name in fields.published:
        if published := article_date(value[name], None if name in UTC_NAMES else settings.zone):
            break
    tags = dict.fromkeys(
        tag for name in fields.tags for each in names_of(value[name]) for tag in details.tags(each, value[name], texts)
    )
    authors: dict[str, None] = {}
    for name in fields.authors:
        if authors := dict.fromkeys(author for each in names_of(value[name]) if (author := texts.line(each))):
            break
    if not authors and isinstance(embedded := value.get("_embedded"), dict):
        # WordPress names authors by their numbers and says here who they are.
        authors = dict.fromkeys(author for each in names_of(embedded.get("author")) if (author := texts.line(each)))
    stated = next((found for name in fields.language if (found := details.language(value[name]))), None)
    source = next((found for name in fields.source if (found := details.source(value[name], texts))), None)
    return Article(
        known.title,
        body,
        language=stated or hints.language or language(f"{known.title}\n{body}"),
        url=known.url,
        source=source or hints.source,
        source_id=known.source_id,
        authors=tuple(authors),
        tags=tuple(tags) or hints.tags,
        published_at=published,
        comment_count_declared=next(
            (count for name in fields.declared if (count := details.count(value[name])) is not None), None
        ),
    )


def _body(value: dict[str, Any], fields: ArticleFields, texts: Texts) -> str:
    for name in (*fields.body, *fields.summary):
        if body := texts.prose(value[name]):
            return body if "\n\n" in body or "\n" not in body else article_paragraphs(body.split("\n"))
    return ""


def _discussion(
    value: dict[str, Any], fields: ArticleFields, group: Group, settings: Settings, texts: Texts
) -> Discussion:
    settings.deadline.check()
    elements: list[Any] = []
    for name in fields.comments:
        if elements := elements_of(value[name]):
            break
    if group.loose:
        # The ids in the article are those of the comments that follow it.
        elements = [each for each in elements if not isinstance(each, int)] + group.loose
    if len(elements) > settings.limits.max_comments:
        raise LimitError(
            f"The article has more than {settings.limits.max_comments} comments (max_comments). Split it.",
            code="too_many_comments",
        )
    if elements:
        return DiscussionReader(settings, texts, frozenset(_thread_ids(group))).read(elements)
    for name in fields.comments:
        if isinstance(value[name], str):
            return undivided(value[name], texts)
    return Discussion(())


def _thread_ids(group: Group) -> set[str]:
    if group.value is not None:
        return article_ids(group.value)
    return {thread} if (thread := _thread(group)) else set()


def _thread(group: Group) -> str | None:
    return loose_thread(group.loose[0])


def _orphan_identity(group: Group, texts: Texts) -> Identity:
    """Name a discussion whose article is not in the file by its thread and what its first comment says of it."""
    first = group.loose[0]
    title = next((raw_text(first[name]) for name in ("link_title", "story_title") if first.get(name)), "")
    return Identity(texts.plain(_thread(group) or "") or None, None, texts.line(title))


def _notices(value: dict[str, Any], group: Group, texts: Texts) -> list[Problem]:
    line = group.piece.line
    notices = []
    if texts.marked_up:
        message = f"{texts.marked_up} fields held HTML: the tags were left out, entities became characters."
        notices.append(Problem("markup_removed", message, line))
    if texts.repaired:
        message = (
            f"In {texts.repaired} fields, UTF-8 had been saved as if it were Windows text (as in “Ã©”): the letters "
            "that were meant are back."
        )
        notices.append(Problem("mojibake_repaired", message, line))
    if group.value is None:
        message = "The comments' article does not stand before them: they are kept as a discussion without one."
        notices.append(Problem("article_missing", message, line))
    unknown = value.keys() - ARTICLE_NAMES
    unread = [name for name in unknown if isinstance(value[name], str) and len(value[name]) > _LONG_TEXT]
    if unread:
        names = ", ".join(sorted(name[:40] for name in unread)[:5])
        notices.append(Problem("fields_not_read", f"Long texts under names that are not known: {names}.", line))
    return notices


def _has_text(value: Any) -> bool:
    text = raw_text(value)
    return bool(text) and not text.isspace()
