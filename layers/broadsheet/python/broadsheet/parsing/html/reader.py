"""The reader of HTML: one page, one record."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import html

from broadsheet.errors import LimitError, PermanentError
from broadsheet.model import Article, ArticleRecord, Comment, Dated, Furniture, Hints, Problem, Report
from broadsheet.parsing.dates import LocalTime
from broadsheet.parsing.encoding import decode
from broadsheet.parsing.exports.discussion import DiscussionReader
from broadsheet.parsing.html import body as bodies
from broadsheet.parsing.html import details, jsonld
from broadsheet.parsing.html.discussion import Collected, collect, comments_of, local_time_of, times_of
from broadsheet.parsing.html.finder import Found, find_discussion
from broadsheet.parsing.html.head import Head, read_head
from broadsheet.parsing.html.published import date_in_text, find_date
from broadsheet.parsing.html.spoken import Talk, find_spoken
from broadsheet.parsing.html.survey import Survey
from broadsheet.parsing.html.title import find_title
from broadsheet.parsing.html.tree import parse
from broadsheet.parsing.published import estimate
from broadsheet.parsing.upload import Settings, Upload
from broadsheet.text import clean
from broadsheet.text import language as language_of

FORMAT = "html"
# On larger pages the last search for a date would take too long.
_MOST_FOR_DATE = 20_000
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6", "legend"))
_HEADING_WORDS, _COUNTER_WORDS = 25, 4


def read(upload: Upload, settings: Settings) -> Iterator[ArticleRecord]:
    """Read one page: always one record. Raises PermanentError ``empty_file`` and the errors of ``Limits``."""
    yield read_page(upload.read_all(settings.limits.max_text_bytes), upload.hints, settings)


def read_page(data: bytes, hints: Hints, settings: Settings) -> ArticleRecord:
    """Read the bytes of one page; its errors are those of ``read``."""
    decoded = decode(data, hints.content_type, markup=True)
    root = parse(decoded.text)
    if root is None:
        raise _empty()
    settings.deadline.check()
    head = read_head(root, hints.url)
    survey = Survey(root, has_microdata="itemprop" in decoded.text or "itemtype" in decoded.text)
    if not survey.total:
        raise _empty()
    title = find_title(head, survey)
    heading = clean(title.text).text
    problems = [*decoded.problems(), *_broken(head)]
    settings.deadline.check()
    suspected = find_discussion(survey, title.place)
    found = _sure(suspected, settings, problems)
    # What stands before the first comment, unless the comments stand above the article.
    first = found.items[0].place if found and (title.place is None or found.items[0].place > title.place) else None
    authors = details.authors(head, survey, title.place, first)
    published = find_date(
        head, survey, title.place, first, url=hints.url, captured_at=hints.captured_at, zone=settings.zone
    )
    tags = hints.tags or details.tags(head, survey)
    collected = collect(found, survey) if found else None
    settings.deadline.check()
    if found and collected:
        _take_out(found, [survey.elements[number] for number in (*collected.beside, *_heading(found, survey))])
    if collected and collected.opening:
        text = collected.opening.body
        (time,) = times_of([collected.opening], hints.captured_at, settings.zone)
        if time and (published is None or published.method.startswith("visible")):
            published = Dated(time.value, "first-post", 0.9)
        authors = authors or ((collected.opening.author,) if collected.opening.author else ())
    else:
        text = _body(root, head, _words_left(survey, found), problems)
    if (
        published is None
        and len(survey.elements) <= _MOST_FOR_DATE
        and any(first is None or spot.place < first for spot in survey.spots)
    ):
        published = date_in_text(root, hints.url or head.canonical, hints.captured_at)
    body, dropped = clean(bodies.without_title(text, heading))
    settings.deadline.check()
    talk = _comments(found, collected, head, f"{heading}\n{body}", hints=hints, settings=settings)
    if suspected is None and not talk.comments:
        talk = find_spoken(survey, heading, body, settings=settings, hints=hints) or talk
    comments = talk.comments
    problems.extend(talk.problems)
    declared = talk.declared if (stated := details.declared(head)) is None else stated
    problems.extend(_count_problems(declared, len(comments), len(collected.beside) if collected else 0))
    counted = {**dropped, "furniture_word": _left_out(survey, heading, body, comments)}
    language = details.language(head, survey)
    article = Article(
        heading,
        body,
        language=hints.language or language or language_of(f"{heading}\n{body}"),
        url=hints.url or details.address(head),
        source=hints.source or details.site(head),
        authors=authors,
        tags=tags,
        published_at=published or estimate(f"{heading}\n{body}", _times(comments)),
        comment_count_declared=declared,
        alternate_languages=tuple(each for each in head.languages if each != language),
    )
    report = Report(
        FORMAT,
        grammar=talk.grammar,
        score=talk.score,
        encoding=decoded.encoding,
        replacements=decoded.replacements,
        dropped={name: count for name, count in counted.items() if count},
        furniture=tuple(Furniture(0, clean(each).text, "pingback") for each in collected.pingbacks)
        if collected
        else (),
        missing_addressees=talk.missing,
        problems=tuple(problems),
    )
    return ArticleRecord(settings.first, article, comments, report)


def _sure(found: Found | None, settings: Settings, problems: list[Problem]) -> Found | None:
    """Return a discussion that is sure enough to cut the page; report one that is not."""
    if found is None:
        return None
    if not found.sure:
        message = (
            f"{len(found.items)} elements may be comments ({found.grammar}, score {found.score}), but too little "
            "proves it: their text was treated as the rest of the page."
        )
        problems.append(Problem("comments_suspected", message))
        return None
    if len(found.items) > settings.limits.max_comments:
        raise LimitError(
            f"The page has more than {settings.limits.max_comments} comments (max_comments). Split it.",
            code="too_many_comments",
        )
    return found


def _comments(
    found: Found | None, collected: Collected | None, head: Head, article: str, *, hints: Hints, settings: Settings
) -> Talk:
    """Return the comments that the page's elements or, if these are more, its JSON-LD hold."""
    comments: tuple[Comment, ...] = ()
    missing: tuple[str, ...] = ()
    declared = found.declared if found else None
    if found and collected:
        comments, missing = comments_of(collected, article, captured_at=hints.captured_at, zone=settings.zone)
    stated = _stated(head, settings)
    if len(stated) > len(comments):
        return Talk(stated, (), "json-ld", 1.0, declared)
    return Talk(comments, missing, found.grammar if found else None, found.score if found else None, declared)


def _count_problems(declared: int | None, count: int, pingbacks: int) -> Iterator[Problem]:
    """Report a number of comments that is not the declared one; blogs count pingbacks too."""
    if declared is not None and declared not in (count, count + pingbacks):
        message = f"The page declares {declared} comments and {count} were found."
        yield Problem("comment_count_differs" if count else "comments_missing", message)


def _broken(head: Head) -> Iterator[Problem]:
    if head.broken:
        message = f"{head.broken} JSON-LD blocks are broken beyond repair and were not read."
        yield Problem("json_ld_invalid", message)


def _empty() -> PermanentError:
    return PermanentError("There is nothing to read in the file. Upload it again with its text.", code="empty_file")


def _heading(found: Found, survey: Survey) -> Iterator[int]:
    """Yield the number of the discussion's heading, if it is one and no sentence of the article."""
    if found.heading is not None:
        words = survey.words_in(found.heading)
        if words <= (_HEADING_WORDS if survey.elements[found.heading].tag in _HEADINGS else _COUNTER_WORDS):
            yield found.heading


def _take_out(found: Found, beside: list[html.HtmlElement]) -> None:
    """Take the comments out of the tree, so that none of their text is taken for the article's."""
    outermost = [element for item in found.items if item.outer is None for element in item.elements]
    for element in (*beside, *outermost):
        if element.getparent() is not None:
            element.drop_tree()


def _words_left(survey: Survey, found: Found | None) -> tuple[int, int]:
    """Return how many words are left of a page without its comments, and how many of them are in links."""
    numbers = [each for item in found.items if item.outer is None for each in item.numbers] if found else []
    words, linked = sum(map(survey.words_in, numbers)), sum(map(survey.linked_in, numbers))
    return survey.total - words, survey.linked_in(0) - linked


def _body(root: html.HtmlElement, head: Head, left: tuple[int, int], problems: list[Problem]) -> str:
    """Return the article's text; takes most of the time that a page takes. ``left`` are the words it has yet."""
    stated = head.texts.prose(head.article.get("articleBody"))
    text, _ = bodies.better(bodies.extracted(root, *left), stated)
    if text:
        return text
    problems.append(
        Problem(
            "article_not_recognised", "No article was recognised on the page: its whole text is kept as the article."
        )
    )
    return bodies.whole(root)


def _stated(head: Head, settings: Settings) -> tuple[Comment, ...]:
    """Return the comments that the page's JSON-LD holds."""
    elements = jsonld.comments_of(head.article, head.objects)
    return DiscussionReader(settings, head.texts, frozenset()).read(elements).comments if elements else ()


def _times(comments: tuple[Comment, ...]) -> list[LocalTime]:
    return [time for comment in comments if (time := local_time_of(comment.posted_at))]


def _left_out(survey: Survey, title: str, body: str, comments: tuple[Comment, ...]) -> int:
    held = [title, body, *(part for comment in comments for part in (comment.head, comment.body))]
    return max(0, survey.total - sum([len(text.split()) for text in held]))
