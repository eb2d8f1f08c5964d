"""What the reader makes of the labelled pages, counted page by page and summed by family."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from broadsheet.errors import PermanentError
from broadsheet.model import ArticleRecord, Comment, Hints
from broadsheet.parsing import read
from tests.quality.labelled import PARTS, Page, load_pages
from tests.quality.matching import align, holds, same_date, same_text, words


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums over pages; every figure is a ratio of two of them."""

    pages: int = 0
    labelled: int = 0
    read: int = 0
    matched: int = 0
    authors_right: int = 0
    dates_right: int = 0
    parents_known: int = 0
    parents_right: int = 0
    words_labelled: int = 0
    words_read: int = 0
    words_shared: int = 0
    titles_right: int = 0
    quotes: int = 0
    quotes_kept: int = 0
    unwanted: int = 0
    unwanted_absent: int = 0
    bare_pages: int = 0
    false_alarms: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})


@dataclass(frozen=True, slots=True)
class Scored:
    """One page with its counts and the comments that were read."""

    page: Page
    counts: Counts
    comments: tuple[Comment, ...]


def figures(counts: Counts) -> dict[str, float | None]:
    """Return the ratios by name, None where there is nothing to divide by.

    ``recall`` and ``precision`` count comments, ``words`` is the F1 of all comment bodies as one bag, author, date and
    parent are shares of the matched comments (parent: of those whose parent the page shows), ``kept`` and ``absent``
    the shares of wanted quotes in the body and of unwanted ones not in title or body (a refused page has none
    absent), ``alarms`` the share of pages without comments on which at least one was read. All but ``alarms`` are
    better when higher.
    """
    c = counts
    return {
        "recall": _ratio(c.matched, c.labelled),
        "precision": _ratio(c.matched, c.read),
        "words": _ratio(2 * c.words_shared, c.words_labelled + c.words_read),
        "author": _ratio(c.authors_right, c.matched),
        "date": _ratio(c.dates_right, c.matched),
        "parent": _ratio(c.parents_right, c.parents_known),
        "title": _ratio(c.titles_right, c.pages),
        "kept": _ratio(c.quotes_kept, c.quotes),
        "absent": _ratio(c.unwanted_absent, c.unwanted),
        "alarms": _ratio(c.false_alarms, c.bare_pages),
    }


def score(page: Page) -> Scored:
    """Read one page and compare it with its labels; a page that gives several articles is taken as one text."""
    articles = _articles(page)
    comments = tuple(comment for record in articles for comment in record.comments)
    title = articles[0].article.title if articles else None
    body = "\n".join(record.article.body for record in articles)
    labelled_words = [Counter(words(comment.body)) for comment in page.comments]
    read_words = [Counter(words(comment.body)) for comment in comments]
    pairs = align(labelled_words, read_words)
    in_labels, in_reading = sum(labelled_words, Counter[str]()), sum(read_words, Counter[str]())
    known = [label for label in pairs if page.comments[label].parent_known]
    counts = Counts(
        pages=1,
        labelled=len(page.comments),
        read=len(comments),
        matched=len(pairs),
        authors_right=sum(same_text(page.comments[i].author, comments[j].author) for i, j in pairs.items()),
        dates_right=sum(same_date(page.comments[i].date, _posted(comments[j])) for i, j in pairs.items()),
        parents_known=len(known),
        parents_right=sum(_parent_right(page, comments, pairs, label) for label in known),
        words_labelled=in_labels.total(),
        words_read=in_reading.total(),
        words_shared=(in_labels & in_reading).total(),
        titles_right=same_text(page.title, title),
        quotes=len(page.article),
        quotes_kept=sum(holds(body, quote) for quote in page.article),
        unwanted=len(page.not_article),
        unwanted_absent=sum(not holds(f"{title}\n{body}", quote) for quote in page.not_article) if articles else 0,
        bare_pages=not page.comments,
        false_alarms=not page.comments and bool(comments),
    )
    return Scored(page, counts, comments)


def score_all() -> dict[str, list[Scored]]:
    """Score the pages of every part."""
    return {part: [score(page) for page in load_pages(part)] for part in PARTS}


def by_family(scored: Iterable[Scored]) -> dict[str, Counts]:
    """Sum the counts of one part by family, then by format ("all.txt", "all.html") and at last over "all"."""
    families: dict[str, Counts] = {}
    formats: dict[str, Counts] = {}
    for one in scored:
        for sums, name in ((families, one.page.family), (formats, f"all{one.page.path.suffix}")):
            sums[name] = sums.get(name, Counts()) + one.counts
    everything = sum(formats.values(), Counts())
    return {**dict(sorted(families.items())), **dict(sorted(formats.items())), "all": everything}


def report(scored: dict[str, list[Scored]]) -> Iterator[str]:
    """Give the lines of a table: a line per family and one for all, for each part apart."""
    for part, pages in scored.items():
        names = list(figures(Counts()))
        yield f"{part:24}{'pages':>6}{'n':>6}" + "".join(f"{name:>10}" for name in names)
        for family, counts in by_family(pages).items():
            values = figures(counts)
            cells = "".join("         -" if value is None else f"{value:10.3f}" for value in values.values())
            yield f"{family:24}{counts.pages:6}{counts.labelled:6}{cells}"
        yield ""


def faults(one: Scored) -> Iterator[str]:
    """Say in a line each what is wrong with the reading of one page."""
    c = one.counts
    pairs = (
        ("comments missed", c.labelled - c.matched),
        ("comments invented", c.read - c.matched),
        ("authors wrong", c.matched - c.authors_right),
        ("dates wrong", c.matched - c.dates_right),
        ("parents wrong", c.parents_known - c.parents_right),
        ("title wrong", c.pages - c.titles_right),
        ("quotes lost", c.quotes - c.quotes_kept),
        ("unwanted quotes kept", c.unwanted - c.unwanted_absent),
    )
    wrong = ", ".join(f"{name}: {count}" for name, count in pairs if count)
    if wrong:
        yield f"{one.page.name}: {wrong}"


def _articles(page: Page) -> list[ArticleRecord]:
    """Read one page; a page that the reader refuses whole counts as one of which nothing was read."""
    hints = Hints(name=page.path.name, captured_at=page.captured_at)
    try:
        with page.path.open("rb") as stream:
            return [record for record in read(stream, hints) if isinstance(record, ArticleRecord)]
    except PermanentError:
        return []


def _posted(comment: Comment) -> str | None:
    return comment.posted_at.value if comment.posted_at else None


def _parent_right(page: Page, comments: tuple[Comment, ...], pairs: dict[int, int], label: int) -> bool:
    """Tell whether a matched comment hangs under the comment that the page shows as its parent."""
    parent, read_parent = page.comments[label].parent, comments[pairs[label]].thread.parent
    if parent is None or read_parent is None:
        return parent is read_parent
    place = pairs.get(parent)
    return place is not None and comments[place].ordinal == read_parent


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
