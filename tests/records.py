"""Records for tests: small ones, and one with every field set."""

from __future__ import annotations

from broadsheet.model import Article, ArticleRecord, Comment, CommentTime, Dated, Report, Thread, ThreadRole

REPORT = Report(format="text", grammar="naharnet", score=1.0, encoding="utf-8")


def record(article: Article, *comments: Comment, number: int = 0) -> ArticleRecord:
    """Return a record of these."""
    return ArticleRecord(number, article, comments, REPORT)


def comment(ordinal: int, body: str = "well said", *, parent: int | None = None, **values: object) -> Comment:
    """Return a comment with little in it; ``values`` replace its fields."""
    role: ThreadRole = "root" if parent is None else "reply"
    fields: dict[str, object] = {
        "head": "",
        "author": None,
        "author_kind": "unknown",
        "posted_at": None,
        "thread": Thread(role, parent),
    } | values
    return Comment(ordinal=ordinal, body=body, **fields)  # type: ignore[arg-type]


def at(value: str) -> CommentTime:
    """Return the time of a comment whose zone was assumed."""
    return CommentTime(value, "head", "Asia/Beirut", zone_assumed=True)


def full_record() -> ArticleRecord:
    """Return a record in which every field of the model holds something, with a thread of three levels."""
    article = Article(
        title="Syria Army Enters Homs",
        body="The last rebels left the Old City.\n\nU.N. officials welcomed the deal.",
        language="en",
        url="https://news.example/en/stories/130000",
        source="naharnet",
        source_id="130000",
        authors=("Agence France Presse", "نهارنت"),
        tags=("syria", "حمص"),
        published_at=Dated("2014-05-09", "weekday", 0.8, earliest="2014-05-07", latest="2014-05-09"),
        comment_count_declared=4,
        alternate_languages=("ar",),
    )
    return record(
        article,
        Comment(
            0,
            "Thumb popeye 09 May 2014, 16:33",
            "popeye",
            "member",
            at("2014-05-09T16:33+03:00"),
            "Homs is free.",
            thread=Thread("root", None, ("first",), 0.9),
            source_id="c1",
        ),
        Comment(
            1,
            "Missing الأسد (Guest) 09 May 2014, 15:05",
            "الأسد",
            "guest",
            at("2014-05-09T15:05+03:00"),
            "@popeye مبروك لحمص",
            mentions=("popeye",),
            thread=Thread("reply", 0, ("mention",), 0.95),
        ),
        Comment(
            2,
            "Default M8ers",
            "M8ers",
            "member_without_avatar",
            CommentTime("2014-05-09T17:00", "head", None, zone_assumed=False),
            "mou3arada!",
            mentions=("الاسد",),
            thread=Thread("reply", 1, ("mention", "time"), 0.7),
        ),
        Comment(3, "", None, "unknown", None, "Who knows?"),
    )
