"""The read side, on answers of the engine: what the API returns, and how often the engine is asked."""

from __future__ import annotations

import pytest

from broadsheet.archive import Archive
from broadsheet.errors import EngineError, NotFoundError
from broadsheet.index.names import IndexNames
from broadsheet.model import Article
from broadsheet.search.discussion import read_discussion
from broadsheet.search.request import read_search
from broadsheet.search.shown import COMMENT_CHARACTERS, TEXT_BYTES
from tests.engine_answers import ORIGIN, ScriptedEngine, found, hit, matching, stored_documents, unknown_words
from tests.records import comment, record

ARTICLE, *COMMENTS = stored_documents()
ARTICLE_ID = ARTICLE["article_id"]
COMMENT_ID = COMMENTS[1]["comment_id"]


def archive(*answers):
    engine = ScriptedEngine(*answers)
    return Archive(engine, IndexNames("t"), 5_000), engine


def search(archive, **parameters):
    given = {"q": "homs"} | parameters
    return archive.search(read_search({name: [value] for name, value in given.items()}, 1_400_000_000))


def test_an_article_hit_says_why_it_was_found_and_shows_its_matching_comments():
    marked = {"title": ["Syria Army Enters <mark>Homs</mark>"], "body": ["one", "two"]}
    reading, engine = archive(
        found(hit(ARTICLE, 7.5, matched_queries=["discussion", "title"], highlight=marked), total=12),
        [matching(ARTICLE_ID, 2, hit(COMMENTS[0], highlight={"body": ["<mark>Homs</mark> is free."]}))],
    )
    page = search(reading, type="article")
    (result,) = page.pop("results")
    assert page == {"total": {"value": 12, "relation": "eq"}, "took_ms": 5, "next": None, "facets": {}, "timeline": []}
    matching_comments = result.pop("matching_comments")
    assert result == {
        "type": "article",
        "score": 7.5,
        "why": ["title", "discussion"],
        "variants": [],
        "highlights": {"title": "Syria Army Enters <mark>Homs</mark>", "body": ["one", "two"]},
        "article": {
            "article_id": ARTICLE_ID,
            "title": "Syria Army Enters Homs",
            "excerpt": "The last rebels left the Old City. U.N. officials welcomed the deal.",
            "language": "en",
            "source": "naharnet",
            "url": "https://news.example/en/stories/130000",
            "published_at": {
                "value": "2014-05-09",
                "method": "weekday",
                "confidence": 0.8,
                "earliest": "2014-05-07",
                "latest": "2014-05-09",
            },
            "comment_count": 4,
            "file": {"bucket": "uploads", "key": "2014/homs.txt", "stored_at": ORIGIN.stored_at},
        },
    }
    assert matching_comments["total"] == 2
    (shown,) = matching_comments["comments"]
    assert shown["comment_id"] == COMMENTS[0]["comment_id"]
    assert shown["highlights"] == {"body": ["<mark>Homs</mark> is free."]}
    assert [index for index, _ in engine.asked] == ["t-articles", "t-comments"]
    assert engine.round_trips == 2


def test_a_comment_hit_comes_with_its_article_in_one_round_trip():
    reading, engine = archive(found(hit(COMMENTS[1])))
    (result,) = search(reading, type="comment")["results"]
    assert result["type"] == "comment"
    assert result["comment"] == {
        "comment_id": COMMENT_ID,
        "ordinal": 1,
        "author": "الأسد",
        "author_kind": "guest",
        "posted_at": {
            "value": "2014-05-09T15:05+03:00",
            "method": "head",
            "zone": "Asia/Beirut",
            "zone_assumed": True,
        },
        "language": "ar",
        "body": "@popeye مبروك لحمص",
        "mentions": ["popeye"],
        "thread": {
            "role": "reply",
            "confidence": 0.95,
            "parent": COMMENTS[0]["comment_id"],
            "evidence": ["mention"],
            "root": COMMENTS[0]["comment_id"],
            "depth": 1,
        },
    }
    assert result["article"]["title"] == "Syria Army Enters Homs"
    assert result["article"]["file"] == {"bucket": "uploads", "key": "2014/homs.txt", "stored_at": ORIGIN.stored_at}
    assert engine.round_trips == 1


def test_a_comment_hit_and_an_article_hit_show_the_same_article():
    reading, _ = archive(found(hit(ARTICLE), hit(COMMENTS[0])), [matching(ARTICLE_ID, 0), found(hit(COMMENTS[0]))])
    first, second = search(reading)["results"]
    assert second["article"] == {name: value for name, value in first["article"].items() if name != "excerpt"}


def test_a_page_of_both_kinds_fetches_the_texts_of_its_comments_with_the_second_round():
    without_body = {name: value for name, value in COMMENTS[0].items() if name != "body"}
    reading, engine = archive(
        found(hit(without_body), hit(ARTICLE), hit(without_body)),
        [matching(ARTICLE_ID, 0), found(hit(COMMENTS[0]))],
    )
    results = search(reading)["results"]
    assert [result["type"] for result in results] == ["comment", "article", "comment"]
    assert results[0]["comment"]["body"] == results[2]["comment"]["body"] == "Homs is free."
    assert [index for index, _ in engine.asked] == ["t-articles,t-comments", "t-comments", "t-comments"]
    assert engine.round_trips == 2


@pytest.mark.parametrize("kind", ["article", "comment", "all"])
def test_an_empty_page_needs_two_round_trips_for_it_looks_for_other_spellings(kind):
    reading, engine = archive(found(), unknown_words())
    page = search(reading, type=kind)
    assert (page["results"], "did_you_mean" in page) == ([], False)
    assert engine.round_trips == 2


@pytest.mark.parametrize("text", ["-homs", "hom*", "source:homs", "author:homs"])
def test_what_is_no_word_of_a_text_has_no_other_spelling(text):
    reading, engine = archive(found())
    assert search(reading, q=text)["results"] == []
    assert engine.round_trips == 1


def test_another_spelling_is_offered_when_the_engine_says_that_it_finds_something():
    reading, engine = archive(
        found(),
        found(hit(COMMENTS[0]), took=1),
        unknown_words(("govrnor", 5, "governor", "govern")),
        [found(total=0), found(total=1)],
    )
    page = search(reading, q="Homs Govrnor -war", type="comment")
    assert (page["did_you_mean"], page["relaxed"]) == ("Homs Govern -war", True)
    asked = [body["suggest"]["words"]["text"] for _, body in engine.asked if "suggest" in body]
    assert asked == ["Homs Govrnor"]


def test_what_is_unknown_is_absent():
    bare, *_ = stored_documents(record(Article("", "Some text.")))
    reading, _ = archive(found(hit(bare)), [matching("other", 1)])
    (result,) = search(reading, type="article")["results"]
    assert set(result["article"]) == {"article_id", "excerpt", "comment_count", "file"}
    assert result["matching_comments"] == {"total": 0, "comments": []}
    assert result["why"] == []


def test_a_long_comment_is_cut_in_results_and_says_so():
    _, long = stored_documents(record(Article("t", "b"), comment(0, "word " * 1_000)))
    reading, _ = archive(found(hit(long)))
    shown = search(reading, type="comment")["results"][0]["comment"]
    assert len(shown["body"]) <= COMMENT_CHARACTERS
    assert shown["body"].endswith("…")
    assert shown["truncated"] is True


def test_an_article_comes_with_its_whole_text():
    reading, engine = archive(found(hit(ARTICLE)))
    shown = reading.article(ARTICLE_ID)["article"]
    assert shown["body"] == "The last rebels left the Old City.\n\nU.N. officials welcomed the deal."
    assert shown["authors"] == ["Agence France Presse", "نهارنت"]
    assert shown["alternate_languages"] == ["ar"]
    assert shown["comment_count_declared"] == 4
    assert "truncated" not in shown
    assert engine.asked[0][0] == "t-articles"


def test_a_text_that_no_answer_can_hold_is_truncated_and_says_so():
    parts = stored_documents(record(Article("t", ("ن" * 99 + " ") * 50_000)))
    assert len(parts) > 2
    reading, _ = archive(found(*map(hit, parts)))
    shown = reading.article(ARTICLE_ID)["article"]
    assert shown["truncated"] is True
    assert TEXT_BYTES / 2 < len(shown["body"].encode()) <= TEXT_BYTES


def ask(reading, what, public_id):
    if what == "comments":
        return reading.comments(read_discussion(public_id, {}))
    if what == "similar":
        return reading.similar(public_id, 5)
    return getattr(reading, what)(public_id)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("article", "article_not_found"),
        ("comments", "article_not_found"),
        ("similar", "article_not_found"),
        ("comment", "comment_not_found"),
    ],
)
def test_an_unknown_id_is_not_found(what, code):
    reading, _ = archive(found(), found())
    with pytest.raises(NotFoundError) as caught:
        ask(reading, what, "a" * 26)
    assert caught.value.code == code


@pytest.mark.parametrize("what", ["article", "comments", "similar", "comment"])
@pytest.mark.parametrize("public_id", ["", "x", "A" * 26, "a" * 27, "../_search", "\ud800" * 26, "1" * 26])
def test_what_cannot_be_an_id_is_not_found_without_asking_the_engine(what, public_id):
    reading, engine = archive()
    with pytest.raises(NotFoundError) as caught:
        ask(reading, what, public_id)
    caught.value.message.encode()
    assert engine.round_trips == 0


def test_an_incomplete_answer_is_no_answer():
    reading, _ = archive(EngineError("in part", code="engine_partial"))
    with pytest.raises(EngineError):
        search(reading)
