"""What the exports of many programs and sites become."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from broadsheet.model import Article, CommentTime, Dated, Hints, Thread
from broadsheet.text import clean, words
from tests.unit.parsing.exports import articles_of, outline, read_one, read_values
from tests.unit.parsing.pages import codes, parse

ROOT = Thread("root", None, ("stated",), 1.0)


def reply(parent):
    return Thread("reply", parent, ("stated",), 1.0)


def test_trafilatura() -> None:
    record = read_one(
        {
            "title": "Harbour closed",
            "author": "Ann Lee; Bob Ray",
            "hostname": "news.example",
            "date": "2021-03-04",
            "fingerprint": "77ff",
            "id": None,
            "comments": "First!\nSecond!",
            "raw_text": "It is closed. raw",
            "text": "It is closed.",
            "language": "en-GB",
            "source": "https://news.example/harbour",
            "source-hostname": "News Example",
            "excerpt": "Closed.",
            "categories": "local;sea",
            "tags": "harbour, storm",
        }
    )
    assert record.article == Article(
        title="Harbour closed",
        body="It is closed.",
        language="en",
        url="https://news.example/harbour",
        source="News Example",
        authors=("Ann Lee", "Bob Ray"),
        tags=("harbour", "storm", "local", "sea"),
        published_at=Dated("2021-03-04", "stated", 1.0),
    )
    assert [comment.body for comment in record.comments] == ["First!\nSecond!"]
    assert codes(record) == ["comments_undivided"]


def test_news_please() -> None:
    article = read_one(
        {
            "authors": ["Ann Lee"],
            "date_download": "2021-03-05 10:00:00",
            "date_publish": "2021-03-04 12:30:00",
            "description": "Closed.",
            "language": "ar",
            "maintext": "أغلق المرفأ.",
            "source_domain": "news.example",
            "title": "المرفأ",
            "url": "https://news.example/harbour",
        }
    ).article
    assert (article.body, article.source, article.language) == ("أغلق المرفأ.", "news.example", "ar")
    assert article.published_at == Dated("2021-03-04T12:30+02:00", "stated", 0.9)


def test_newspaper() -> None:
    article = read_one(
        {
            "source_url": "https://news.example",
            "url": "https://news.example/harbour?x=1&copy=2",
            "title": "Harbour closed",
            "text": "It is closed.",
            "authors": ["Ann Lee", "Bob Ray"],
            "publish_date": "2021-03-04T12:30:45Z",
            "keywords": ["harbour"],
            "meta_lang": "en",
        }
    ).article
    assert article.url == "https://news.example/harbour?x=1&copy=2"
    assert article.published_at == Dated("2021-03-04T12:30:45+00:00", "stated", 1.0)
    assert article.authors == ("Ann Lee", "Bob Ray")


def test_hacker_news_item_with_children() -> None:
    record = read_one(
        {
            "id": 1,
            "created_at_i": 1399656780,
            "type": "story",
            "author": "ann",
            "title": "Harbour closed",
            "url": "https://news.example/harbour",
            "text": None,
            "points": 3,
            "children": [
                {
                    "id": 2,
                    "author": "bob",
                    "created_at": "2014-05-09T17:33:00.000Z",
                    "text": "<p>Why?<p>Who&#x27;s &lt;there&gt;?",
                    "children": [{"id": 3, "author": "ann", "text": "A storm.", "children": []}],
                },
                {"id": 4, "author": "cem", "text": "Thanks.", "children": []},
            ],
        }
    )
    assert record.article.source_id == "1"
    assert record.article.published_at == Dated("2014-05-09T17:33+00:00", "stated", 1.0)
    assert [comment.author for comment in record.comments] == ["bob", "ann", "cem"]
    assert [comment.thread for comment in record.comments] == [ROOT, reply(0), ROOT]
    assert record.comments[0].body == "Why?\n\nWho's <there>?"
    assert record.comments[0].posted_at == CommentTime("2014-05-09T17:33+00:00", "stated", "UTC", zone_assumed=False)
    assert (record.report.grammar, codes(record)) == ("nested", ["markup_removed"])


def test_hacker_news_items_line_by_line() -> None:
    record = read_one(
        {"id": 1, "type": "story", "by": "ann", "title": "Harbour closed", "descendants": 3, "kids": [2, 4]},
        {"id": 2, "type": "comment", "by": "bob", "parent": 1, "text": "Why?", "kids": [3], "time": 1399656780},
        {"id": 3, "type": "comment", "by": "ann", "parent": 2, "text": "A storm."},
        {"id": 4, "type": "comment", "by": "cem", "parent": 1, "text": "Thanks."},
    )
    assert [comment.thread for comment in record.comments] == [ROOT, reply(0), ROOT]
    assert record.article.comment_count_declared == 3


def test_reddit_dump_of_submissions_and_their_comments() -> None:
    records = read_values(
        {"id": "s1", "name": "t3_s1", "title": "One", "selftext": "Text &amp; more", "created_utc": 1399656780},
        {
            "id": "c1",
            "link_id": "t3_s1",
            "parent_id": "t3_s1",
            "author": "ann",
            "body": "Hi",
            "created_utc": "1399656781",
        },
        {"id": "c2", "link_id": "t3_s1", "parent_id": "t1_c1", "author": "[deleted]", "body": "Hi @ann"},
        {"id": "s2", "title": "Two", "selftext": "", "permalink": "/r/x/comments/s2/two/", "num_comments": 0},
        {"id": "c9", "link_id": "t3_s9", "parent_id": "t1_c8", "author": "bob", "body": "Late", "link_title": "Nine"},
        {"id": "c10", "link_id": "t3_s9", "parent_id": "t1_c9", "author": "cem", "body": "Later"},
    )
    assert outline(records) == ["One", "Two", "Nine"]
    one, two, nine = articles_of(records)
    assert one.article.body == "Text & more"
    assert [comment.thread for comment in one.comments] == [ROOT, reply(0)]
    assert one.comments[0].posted_at
    assert one.comments[0].posted_at.value == "2014-05-09T17:33:01+00:00"
    assert (one.comments[1].author, one.comments[1].mentions) == (None, ("ann",))
    assert two.article.url == "https://www.reddit.com/r/x/comments/s2/two/"
    assert nine.article.source_id == "s9"
    assert [comment.thread for comment in nine.comments] == [Thread("reply", None, ("stated",), 1.0), reply(0)]
    assert codes(nine) == ["article_missing"]


def test_reddit_page_of_listings() -> None:
    record = read_one(
        [
            {"kind": "Listing", "data": {"children": [{"kind": "t3", "data": {"id": "s", "title": "One"}}]}},
            {
                "kind": "Listing",
                "data": {
                    "children": [
                        {
                            "kind": "t1",
                            "data": {
                                "id": "c1",
                                "link_id": "t3_s",
                                "parent_id": "t3_s",
                                "body": "Hi",
                                "replies": {
                                    "kind": "Listing",
                                    "data": {
                                        "children": [
                                            {"kind": "t1", "data": {"id": "c2", "body": "Ho", "replies": ""}},
                                            {"kind": "more", "data": {"children": ["c3", "c4"]}},
                                        ]
                                    },
                                },
                            },
                        }
                    ]
                },
            },
        ]
    )
    assert [(comment.body, comment.thread) for comment in record.comments] == [("Hi", ROOT), ("Ho", reply(0))]
    assert codes(record) == ["comments_missing"]


def test_wordpress_rest_post_with_embedded_replies() -> None:
    record = read_one(
        {
            "id": 7,
            "date": "2014-05-09T16:33:00",
            "date_gmt": "2014-05-09T13:33:00",
            "link": "https://blog.example/harbour",
            "title": {"rendered": "Harbour &#8220;closed&#8221;"},
            "content": {"rendered": "<p>It is <b>closed</b>.</p>\n<p>For long.</p>\n", "protected": False},
            "author": 3,
            "_embedded": {
                "author": [{"id": 3, "name": "Rima"}],
                "replies": [
                    [
                        {"id": 1, "parent": 0, "author_name": "ann", "content": {"rendered": "<p>Why?</p>"}},
                        {"id": 2, "parent": 1, "author_name": "bob", "content": {"rendered": "<p>A storm.</p>"}},
                    ]
                ],
            },
        }
    )
    assert record.article.title == "Harbour “closed”"
    assert record.article.authors == ("Rima",)
    assert record.article.body == "It is closed.\n\nFor long."
    assert record.article.published_at == Dated("2014-05-09T13:33+00:00", "stated", 1.0)
    assert [(comment.author, comment.thread) for comment in record.comments] == [("ann", ROOT), ("bob", reply(0))]


def test_disqus_posts_of_one_thread() -> None:
    records = read_values(
        {
            "cursor": {},
            "code": 0,
            "response": [
                {"id": "1", "thread": "t", "parent": None, "author": {"name": "ann"}, "raw_message": "Why?"},
                {
                    "id": "2",
                    "thread": "t",
                    "parent": 1,
                    "author": {"name": "bob", "isAnonymous": True},
                    "message": "<p>A storm.</p>",
                    "createdAt": "2014-05-09T13:33:00",
                },
            ],
        }
    )
    (record,) = articles_of(records)
    assert [(comment.body, comment.thread) for comment in record.comments] == [("Why?", ROOT), ("A storm.", reply(0))]
    assert [comment.author_kind for comment in record.comments] == ["unknown", "guest"]
    # Disqus states UTC without saying so.
    assert record.comments[1].posted_at == CommentTime("2014-05-09T13:33+00:00", "stated", "UTC", zone_assumed=False)


def test_answer_of_nyt_community() -> None:
    replies = [{"commentID": 2, "parentID": 1, "userDisplayName": "Bo", "commentBody": "A storm.", "replies": []}]
    comment = {
        "commentID": 1,
        "parentID": None,
        "userDisplayName": "Ann",
        "commentBody": "Why?",
        "createDate": "1399650000",
        "replies": replies,
    }
    answer = {"status": "OK", "results": {"comments": [comment], "totalCommentsFound": 5}}
    record = read_one(answer)
    assert [(each.author, each.body, each.thread) for each in record.comments] == [
        ("Ann", "Why?", ROOT),
        ("Bo", "A storm.", reply(0)),
    ]
    assert record.article.comment_count_declared == 5


def test_json_ld_graph() -> None:
    record = read_one(
        {
            "@context": "https://schema.org",
            "@graph": [
                {"@type": "WebSite", "name": "News"},
                {
                    "@type": "NewsArticle",
                    "@id": "https://news.example/harbour#article",
                    "mainEntityOfPage": {"@id": "https://news.example/harbour"},
                    "headline": "Harbour closed",
                    "articleBody": "It is closed.",
                    "datePublished": "2014-05-09T16:33:00+03:00",
                    "author": [{"@type": "Person", "name": "Ann Lee"}],
                    "publisher": {"@type": "Organization", "name": "News"},
                    "keywords": "harbour,storm",
                    "commentCount": 2,
                    "comment": [
                        {
                            "@type": "Comment",
                            "text": "Why?",
                            "author": {"name": "bob"},
                            "comment": {"@type": "Comment", "text": "A storm.", "author": {"name": "cem"}},
                        }
                    ],
                },
            ],
        }
    )
    article = record.article
    assert (article.title, article.url, article.source) == ("Harbour closed", "https://news.example/harbour", "News")
    assert (article.authors, article.tags, article.comment_count_declared) == (("Ann Lee",), ("harbour", "storm"), 2)
    assert article.published_at == Dated("2014-05-09T16:33+03:00", "stated", 1.0)
    assert [(comment.author, comment.thread) for comment in record.comments] == [("bob", ROOT), ("cem", reply(0))]


@pytest.mark.parametrize("name", ["articles", "items", "posts", "results"])
def test_object_with_a_list_of_articles(name: str) -> None:
    assert outline(read_values({"count": 2, name: [{"title": "a"}, {"title": "b"}]}, name="a.json")) == ["a", "b"]


def test_article_with_a_list_of_posts_is_no_list_of_articles() -> None:
    assert outline(read_values({"title": "a", "text": "b", "posts": [{"title": "c"}]})) == ["a"]


def test_mojibake_of_a_field_is_undone_where_it_is_certain() -> None:
    spoiled = "شكراً على الخبر".encode().decode("cp1256")
    record = read_one(
        {"title": "Café", "body": "La fête à l’école", "comments": [{"author": "JosÃ©", "text": spoiled}]}
    )
    assert (record.article.title, record.article.body) == ("Café", "La fête à l’école")
    # One sign may be meant.
    assert [(each.author, each.body) for each in record.comments] == [("JosÃ©", "شكراً على الخبر")]
    assert codes(record) == ["mojibake_repaired"]


def test_comments_of_which_nothing_is_stated_stay_undecided() -> None:
    record = read_one({"title": "a", "comments": [{"text": "x"}, "y", {"text": "z", "author": "ann"}]})
    assert [comment.thread for comment in record.comments] == [Thread()] * 3
    assert record.report.grammar == "list"


def test_parent_may_stand_after_its_reply() -> None:
    comments = [{"id": 2, "parent_id": 1, "text": "x"}, {"id": 1, "parent_id": None, "text": "y"}]
    record = read_one({"title": "a", "comments": comments})
    assert [comment.thread for comment in record.comments] == [reply(1), ROOT]


def test_comment_that_answers_itself_has_no_parent() -> None:
    record = read_one({"title": "a", "comments": [{"id": 1, "parent_id": 1, "text": "x"}]})
    assert record.comments[0].thread.parent is None


def test_empty_comments_are_counted_not_kept() -> None:
    record = read_one({"title": "a", "comments": [{"score": 3}, None, {"text": "x"}]})
    assert len(record.comments) == 1
    assert codes(record) == ["comments_unreadable"]


def test_long_text_under_an_unknown_name_is_reported() -> None:
    assert codes(read_one({"title": "a", "story_so_far": "word " * 100})) == ["fields_not_read"]


def test_sidecar_fills_what_the_record_does_not_say() -> None:
    hints = Hints(name="a.json", source="Herald", tags=("x",), language="fr", url="https://news.example/all")
    article = parse('{"title": "a", "tags": ["y"]}', hints=hints).article
    assert (article.source, article.tags, article.language, article.url) == ("Herald", ("y",), "fr", None)


@pytest.mark.parametrize(
    ("stated", "value", "zone"),
    [
        ("2014-05-09T16:33:00+03:00", "2014-05-09T16:33+03:00", None),
        ("2014-05-09T13:33:07Z", "2014-05-09T13:33:07+00:00", "UTC"),
        ("2014-05-09 13:33:00 UTC", "2014-05-09T13:33+00:00", "UTC"),
        (1399642380, "2014-05-09T13:33+00:00", "UTC"),
        (1399642380123, "2014-05-09T13:33+00:00", "UTC"),
        ("1399642380", "2014-05-09T13:33+00:00", "UTC"),
        (1399642380.5, "2014-05-09T13:33+00:00", "UTC"),
        ("Fri, 09 May 2014 13:33:00 GMT", "2014-05-09T13:33+00:00", "UTC"),
        ("Fri, 09 May 2014 16:33:00 +0300", "2014-05-09T16:33+03:00", None),
        ({"$date": "2014-05-09T13:33:00Z"}, "2014-05-09T13:33+00:00", "UTC"),
    ],
)
def test_stated_time_is_kept_with_its_offset(stated: object, value: str, zone: str | None) -> None:
    (comment,) = read_one({"title": "a", "comments": [{"text": "x", "date": stated}]}).comments
    assert comment.posted_at == CommentTime(value, "stated", zone, zone_assumed=False)


@pytest.mark.parametrize("stated", ["2014-05-09T16:33", "2014-05-09 16:33:00", "20140509T163300"])
def test_time_without_offset_is_placed_in_the_assumed_zone(stated: str) -> None:
    (comment,) = read_one({"title": "a", "comments": [{"text": "x", "date": stated}]}).comments
    assert comment.posted_at == CommentTime("2014-05-09T16:33+03:00", "stated", "Asia/Beirut", zone_assumed=True)


@pytest.mark.parametrize(
    "stated",
    ["yesterday", "", 5, True, [], "9" * 5000, "9" * 60, "0001-01-01T00:00", "2014-02-31T00:00", -1, {}, 1e300],
)
def test_what_is_no_time_is_unknown(stated: object) -> None:
    record = read_one({"title": "a", "date": stated, "comments": [{"text": "x", "date": stated}]})
    assert (record.article.published_at, record.comments[0].posted_at) == (None, None)


PROSE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<&"), min_size=1, max_size=40)


AUTHOR = PROSE.filter(lambda name: name not in {"[deleted]", "[removed]"})


@given(PROSE.filter(lambda text: clean(text).text.strip()), PROSE, st.lists(st.tuples(AUTHOR, PROSE), max_size=5))
def test_no_word_of_a_mapped_field_is_lost(title: str, body: str, comments: list[tuple[str, str]]) -> None:
    stated = [{"id": 1, "user": author, "message": text} for author, text in comments]
    record = read_one({"headline": title, "maintext": body, "comments": stated})
    assume("mojibake_repaired" not in codes(record))  # then the words are those that were meant
    assert record.article.title == _line(title)
    assert words(record.article.body) == words(clean(body).text)
    kept = [(comment.author or "", comment.body) for comment in record.comments]
    assert kept == [(_line(author), clean(text).text.strip()) for author, text in comments]


def _line(text: str) -> str:
    return " ".join(clean(text).text.split())


STATED = st.sampled_from(
    [
        "one",
        "two words",
        "A & B &amp; C",
        "<b>bold</b>",
        "@ann hi",
        "café\u0301",
        "a\x00b",
        "",
        "7",
        "t1_x",
        "2014-05-09T10:00Z",
    ]
) | st.sampled_from([None, 7, 0, True, ["a", "b"], {"name": "dan"}, {"name": "eve", "isAnonymous": True}, {"id": "x"}])
FIELDS = st.lists(
    st.sampled_from(
        ["id", "parent_id", "author", "name", "posted_at", "created_utc", "body", "text", "guest", "votes"]
    ),
    unique=True,
    max_size=6,
)


@given(st.data(), FIELDS)
def test_comments_are_read_alike_whether_they_are_all_alike_or_not(data: st.DataObject, fields: list[str]) -> None:
    rows = data.draw(st.lists(st.lists(STATED, min_size=len(fields), max_size=len(fields)), min_size=2, max_size=5))
    comments = [dict(zip(fields, row, strict=True)) for row in rows]
    # Another order of its fields makes one of them unlike the others: they are read one by one.
    mixed = [*comments[:-1], dict(reversed(comments[-1].items()))]

    together, one_by_one = (read_one({"title": "Title", "comments": each}) for each in (comments, mixed))
    assert together.comments == one_by_one.comments
    assert together.report == one_by_one.report
