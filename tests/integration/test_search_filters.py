"""Filters, orders, counts and what is shown, on the real engine: each finds what it says and nothing else."""

from __future__ import annotations

import re

import orjson
import pytest

from broadsheet.errors import RequestError
from broadsheet.model import Article, Dated
from tests.records import at, comment, record
from tests.search_system import search_system

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("search")]

LONG_AGO, ESTIMATED = "2013-05-09", "2014-03-01"
ARTICLES = {
    "alpha": record(
        Article(
            "Alpha siege",
            "The siege of the Old City ended. 👍🏽 قال المحافظ إن حصار المدينة انتهى.",
            language="en",
            source="naharnet",
            authors=("Agence France Presse", "The  21st"),
            tags=("syria", "truce"),
            published_at=Dated("2014-05-09", "head", 0.9),
        ),
        comment(0, "siege of what?", author="popeye", author_kind="member", posted_at=at("2014-05-09T16:33+03:00")),
        comment(1, "لا تعليق على الحصار", author="الأسد", author_kind="guest", posted_at=at("2014-05-10T01:00+03:00")),
        comment(2, "the siege, undated", author="Cedre", author_kind="guest"),
        number=0,
    ),
    "beta": record(
        Article(
            "Beta siege",
            "A <b>siege</b> & more.",
            language="ar",
            source="assafir",
            authors=("نهارنت",),
            tags=("حمص",),
            published_at=Dated("2014-05-12T10:00+00:00", "head", 0.9),
        ),
        number=1,
    ),
    "gamma": record(Article("Gamma siege", "Nobody knows when.", language="en", source="naharnet"), number=2),
    "delta": record(
        Article(
            "Delta siege",
            "Long ago.",
            language="fr",
            source="Daily Star",
            authors=("The 21st",),
            published_at=Dated(LONG_AGO, "head", 0.9),
        ),
        comment(0, "late siege", author="popeye", author_kind="member", posted_at=at("2014-05-13T16:00+03:00")),
        number=3,
    ),
    "epsilon": record(
        Article(
            "Epsilon siege",
            "Around then.",
            source="naharnet",
            published_at=Dated(ESTIMATED, "weekday", 0.5, earliest="2014-02-28", latest="2014-03-02"),
        ),
        number=4,
    ),
}
EVERY = set(ARTICLES)


@pytest.fixture(scope="module")
def system(engine_url):
    with search_system(engine_url) as made:
        made.add([ARTICLES[name] for name in ("alpha", "beta", "gamma")], "one/a.jsonl")
        made.add([ARTICLES[name] for name in ("delta", "epsilon")], "two/b.jsonl")
        made.refresh()
        yield made


def named(page):
    return [hit["article"]["title"].split()[0].lower() for hit in page["results"] if hit["type"] == "article"]


@pytest.fixture
def articles(system):
    def run(q="", **parameters):
        return set(named(system.search(q, type="article", **parameters)))

    return run


@pytest.fixture
def comments(system):
    def run(q="", **parameters):
        page = system.search(q, type="comment", **parameters)
        return sorted(hit["comment"]["body"] for hit in page["results"])

    return run


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"source": "naharnet"}, {"alpha", "gamma", "epsilon"}),
        ({"source": ["assafir", "Daily Star"]}, {"beta", "delta"}),
        ({"source": "-naharnet"}, {"beta", "delta"}),
        ({"source": ["naharnet", "assafir", "-assafir"]}, {"alpha", "gamma", "epsilon"}),
        ({"source": "Naharnet"}, set()),
        ({"author": "the 21ST"}, {"alpha", "delta"}),
        ({"author": ["نهارنت", "agence france presse"]}, {"alpha", "beta"}),
        ({"author": "-The 21st"}, {"beta", "gamma", "epsilon"}),
        ({"lang": "EN"}, {"alpha", "gamma"}),
        ({"lang": ["ar", "fr"]}, {"beta", "delta"}),
        ({"lang": "-en"}, {"beta", "delta", "epsilon"}),
        ({"tag": "حمص"}, {"beta"}),
        ({"tag": ["truce", "حمص"]}, {"alpha", "beta"}),
        ({"tag": "-truce"}, EVERY - {"alpha"}),
        ({"file": "one/a.jsonl"}, {"alpha", "beta", "gamma"}),
        ({"file": "-one/a.jsonl"}, {"delta", "epsilon"}),
        ({"date_basis": "explicit"}, {"alpha", "beta", "delta"}),
        ({"date_basis": ["estimated", "none"]}, {"gamma", "epsilon"}),
        ({"date_basis": "-explicit"}, {"gamma", "epsilon"}),
        ({"has_comments": "true"}, {"alpha", "delta"}),
        ({"has_comments": "false"}, {"beta", "gamma", "epsilon"}),
        ({"min_comments": "2"}, {"alpha"}),
        ({"min_comments": "0"}, EVERY),
        ({"from_": "2014-05-09"}, {"alpha", "beta"}),
        ({"from_": "2014-05-10"}, {"beta"}),
        ({"to": "2014-05-09"}, {"alpha", "delta", "epsilon"}),
        ({"to": "2014-05-08"}, {"delta", "epsilon"}),
        ({"from_": "2014-05-09", "to": "2014-05-09"}, {"alpha"}),
        ({"from_": "2014-05-12", "to": "2014-05-12"}, {"beta"}),
        ({"from_": "2014-05-12T10:00:00Z"}, {"beta"}),
        ({"from_": "2014-05-12T12:59:00+03:00", "to": "2014-05-12T13:00:00+03:00"}, {"beta"}),
        ({"from_": "2014-05-12T10:00:01"}, set()),
        ({"from_": "2014-05", "to": "20140509"}, {"alpha"}),
        ({"from_": "2014", "to": "2014-05"}, {"alpha", "beta", "epsilon"}),
        ({"to": "2013"}, {"delta"}),
        ({"from_": "100y", "to": "9999y"}, set()),
        ({"from_": "4d"}, {"beta"}),
        ({"from_": "1w"}, {"alpha", "beta"}),
        ({"from_": "1y", "to": "2m"}, {"epsilon"}),
        ({"to": "1y"}, {"delta"}),
        ({"from_": "0001-01-01", "to": "9999-12-31"}, {"alpha", "beta", "delta", "epsilon"}),
        ({"source": "naharnet", "lang": "en", "to": "2014-06-01"}, {"alpha"}),
    ],
)
def test_a_filter_finds_what_it_says(articles, given, found):
    assert articles(**given) == found
    assert articles("siege", **given) == found
    assert articles("unheardof", **given) == set()


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"author": "POPEYE"}, ["late siege", "siege of what?"]),
        ({"author": "الاسد"}, ["لا تعليق على الحصار"]),
        ({"author": ["-popeye", "-cedre"]}, ["لا تعليق على الحصار"]),
        ({"author_kind": "member"}, ["late siege", "siege of what?"]),
        ({"author_kind": "-member"}, ["the siege, undated", "لا تعليق على الحصار"]),
        ({"source": "Daily Star"}, ["late siege"]),
        ({"tag": "truce"}, ["siege of what?", "the siege, undated", "لا تعليق على الحصار"]),
        ({"date_basis": "none"}, ["the siege, undated"]),
        ({"from_": "2014-05-09", "to": "2014-05-09"}, ["siege of what?", "لا تعليق على الحصار"]),
        ({"from_": "2014-05-10", "to": "2014-05-12"}, []),
        ({"from_": "4h"}, ["late siege"]),
        ({"has_comments": "true"}, []),
    ],
)
def test_a_filter_finds_comments(comments, given, found):
    assert comments(**given) == found


def test_an_article_is_found_with_its_comments(system):
    (hit,) = system.search("", type="article", tag="truce")["results"]
    article_id = hit["article"]["article_id"]
    page = system.search("", article=article_id)
    assert sorted(hit["type"] for hit in page["results"]) == ["article", "comment", "comment", "comment"]
    everything = system.search("")["total"]["value"]
    assert system.search("", article="-" + article_id)["total"]["value"] == everything - 4


ORDERS = {
    "newest": ["beta", "alpha", "epsilon", "delta", "gamma"],
    "oldest": ["delta", "epsilon", "alpha", "beta", "gamma"],
    "discussed": ["alpha", "delta", "beta", "epsilon", "gamma"],
}


@pytest.mark.parametrize("sort", sorted(ORDERS))
def test_results_come_in_the_order_asked_for_and_undated_ones_last(system, sort):
    page = system.search("", type="article", sort=sort)
    assert named(page) == ORDERS[sort]


def test_the_latest_comment_makes_an_article_active(system):
    page = system.search("", type="article", sort="active")
    assert named(page)[:2] == ["delta", "alpha"]
    assert set(named(page)[2:]) == {"beta", "gamma", "epsilon"}


@pytest.mark.parametrize("sort", [*sorted(ORDERS), "active", "relevance"])
def test_an_order_can_be_walked_one_by_one(system, sort):
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(len(EVERY) + 1):
        page = system.search("siege", type="article", sort=sort, limit="1", **cursor)
        seen += named(page)
        if not page["next"]:
            break
        cursor = {"cursor": page["next"]}
    assert seen == named(system.search("siege", type="article", sort=sort))
    assert set(seen) == EVERY


def counts(facet):
    return {entry["value"]: entry["count"] for entry in facet["values"]}


def test_a_facet_counts_what_the_other_filters_leave(system):
    page = system.search(
        "siege", type="article", facet=["source", "lang", "author", "tag"], source="naharnet", lang="en"
    )
    assert set(named(page)) == {"alpha", "gamma"}
    facets = page["facets"]
    assert counts(facets["source"]) == {"naharnet": 2}
    assert counts(facets["lang"]) == {"en": 2}
    assert counts(facets["author"]) == {"Agence France Presse": 1, "The  21st": 1}
    wider = system.search("siege", type="article", facet=["source", "lang"], source="naharnet")["facets"]
    assert counts(wider["source"]) == {"naharnet": 3, "assafir": 1, "Daily Star": 1}
    assert counts(wider["lang"]) == {"en": 2}


def test_facets_are_the_same_on_every_page_of_a_walk(system):
    first = system.search("siege", type="article", limit="2", facet=["source", "year"], timeline="year")
    second = system.search(
        "siege", type="article", limit="2", facet=["source", "year"], timeline="year", cursor=first["next"]
    )
    assert first["facets"] == second["facets"]
    assert first["timeline"] == second["timeline"]
    assert first["total"] == second["total"]
    assert not set(named(first)) & set(named(second))


def test_a_facet_of_a_few_values_counts_the_others(system):
    facet = system.search("", type="article", facet="source", facet_size="1")["facets"]["source"]
    assert facet == {"values": [{"value": "naharnet", "count": 3}], "other": 2}


def test_facets_count_right_on_several_shards(engine_url):
    # Names of about the same frequency, so that the first ones of each shard differ.
    names = [f"reader {number}" for number in range(60)]
    signed = [name for turn, name in enumerate(names) for _ in range(20 + turn % 7)]
    texts = [
        record(
            Article(f"Title {number}", "", tags=(f"tag {number % 50}",)),
            *(comment(ordinal, "words", author=name) for ordinal, name in enumerate(signed[number::50])),
            number=number,
        )
        for number in range(50)
    ]
    with search_system(engine_url, shards=3) as made:
        made.add(texts, "readers.jsonl")
        made.refresh()
        for size in (1, 5, 100):
            facet = made.search("", limit="1", facet="author", facet_size=str(size))["facets"]["author"]
            assert all(signed.count(name) == count for name, count in counts(facet).items())
            assert list(counts(facet).values()) == sorted(map(signed.count, names), reverse=True)[:size]
            assert sum(counts(facet).values()) + facet["other"] == len(signed)
            assert "approximate" not in facet


def test_years_and_kinds_of_authors_can_be_counted(system):
    facets = system.search("", facet=["year", "author_kind"])["facets"]
    assert counts(facets["year"]) == {"2014": 6, "2013": 1}
    assert counts(facets["author_kind"]) == {"member": 2, "guest": 2}


@pytest.mark.parametrize(
    ("interval", "first", "last", "steps"),
    [
        ("year", "2013-01-01", "2014-01-01", 2),
        ("month", "2013-05-01", "2014-05-01", 13),
        ("week", "2013-05-06", "2014-05-12", 54),
        ("day", "2013-05-09", "2014-05-12", 369),
        ("auto", "2013-05-09", "2014-05-08", 53),
    ],
)
def test_a_timeline_has_every_step(system, interval, first, last, steps):
    timeline = system.search("siege", type="article", timeline=interval)["timeline"]
    assert [timeline[0]["from"], timeline[-1]["from"], len(timeline)] == [first, last, steps]
    assert sum(step["count"] for step in timeline) == 4
    assert timeline[0]["count"] == 1


@pytest.mark.parametrize(
    ("interval", "step"),
    [("year", "P1Y"), ("month", "P1M"), ("week", "P7D"), ("day", "P1D"), ("auto", "P7D")],
)
def test_a_timeline_alone_has_the_steps_of_the_one_beside_results(system, interval, step):
    alone = system.timeline("siege", type="article", timeline=interval)
    beside = system.search("siege", type="article", timeline=interval)
    assert (alone["timeline"], alone["total"], alone["step"]) == (beside["timeline"], beside["total"], step)
    assert sum(each["count"] for each in alone["timeline"]) + alone["undated"] == alone["total"]["value"]
    assert alone["undated"] == 1


def test_a_timeline_alone_takes_the_filters_of_a_search(system):
    narrow = system.timeline("siege", type="article", source="naharnet")
    assert narrow["total"] == system.search("siege", type="article", source="naharnet")["total"]
    assert 0 < narrow["total"]["value"] < system.timeline("siege", type="article")["total"]["value"]


def test_a_timeline_of_nothing_is_empty(system):
    for interval in ("auto", "month"):
        answer = system.timeline("nothinglikethis", timeline=interval)
        assert (answer["timeline"], answer["total"]["value"], answer["undated"]) == ([], 0, 0)


def test_a_timeline_of_a_short_time_has_short_steps(system):
    timeline = system.search("", type="comment", timeline="auto")["timeline"]
    assert sum(step["count"] for step in timeline) == 3
    assert all(re.fullmatch(r"2014-05-\d\dT\d\d:\d\d\+00:00", step["from"]) for step in timeline)


def test_html_in_a_text_stays_text(system):
    (hit,) = system.search("beta", type="article")["results"]
    assert hit["highlights"]["title"] == "<mark>Beta</mark> siege"
    (hit,) = system.search("siege", type="article", tag="حمص")["results"]
    assert hit["highlights"]["body"] == ["A &lt;b&gt;<mark>siege</mark>&lt;&#x2F;b&gt; &amp; more."]


@pytest.mark.parametrize(("q", "word"), [("siege", "siege"), ("المدينة", "المدينة"), ("حصار", "حصار")])
def test_offsets_count_code_points_after_emoji_and_in_arabic(system, q, word):
    (hit,) = system.search(q, type="article", tag="truce", highlight="offsets")["results"]
    pieces = hit["highlights"]["body"]
    marked = [piece["text"][begin:end] for piece in pieces for begin, end in piece["marks"]]
    assert marked
    assert set(marked) == {word}
    assert not any(mark in orjson.dumps(hit).decode() for mark in "\ufdd0\ufdd1")


def test_only_the_fields_asked_for_are_shown(system):
    page = system.search("siege", fields=["title", "author"])
    for hit in page["results"]:
        assert set(hit["article"]) <= {"article_id", "title"}
        assert set(hit.get("comment", ())) <= {"comment_id", "author"}
        for shown in hit.get("matching_comments", {"comments": ()})["comments"]:
            assert set(shown) <= {"comment_id", "author", "highlights"}


def test_how_a_query_was_read_is_explained(system):
    page = system.search("siege -truce OR title:old*", explain="true")
    assert page["query"]["match"] == "all"
    assert page["query"]["sort"] == "relevance"
    assert page["query"]["written"] == "siege -truce OR title:old*"
    assert "query" not in system.search("siege")


def test_any_finds_more_than_all(articles):
    assert articles("alpha beta", match="all") == set()
    assert articles("alpha beta", match="any") == {"alpha", "beta"}
    assert articles("alpha siege nobody knows", match="all") == set()
    assert articles("alpha siege", sort="newest") == {"alpha"}


def test_without_variants_only_the_spelling_is_found(articles):
    assert articles("sieges") == EVERY
    assert articles("sieges", variants="false") == set()
    assert articles("siege", variants="false") == EVERY


def test_what_no_document_has_in_full_is_found_in_part_and_stays_so_on_the_next_page(system):
    page = system.search("siege unheardof", type="article", limit="2")
    assert (page["relaxed"], len(page["results"])) == (True, 2)
    following = system.search("siege unheardof", type="article", limit="2", cursor=page["next"])
    assert (following["relaxed"], len(following["results"])) == (True, 2)
    assert not {hit["article"]["article_id"] for hit in page["results"]} & {
        hit["article"]["article_id"] for hit in following["results"]
    }


def test_without_variants_nothing_is_relaxed(system):
    assert system.search("siege unheardof", type="article")["relaxed"] is True
    page = system.search("siege unheardof", type="article", variants="false")
    assert (page["total"]["value"], page["results"], page.get("relaxed")) == (0, [], None)


@pytest.mark.parametrize("sort", ["newest", "relevance"])
def test_a_first_page_that_shows_all_is_the_last(system, sort):
    assert system.search("siege", type="article", sort=sort, limit=str(len(EVERY)))["next"] is None
    assert system.search("siege", type="article", sort=sort, limit=str(len(EVERY) - 1))["next"]


def test_what_is_young_comes_first_when_it_counts(system):
    page = system.search("siege", type="article", recency="3d")
    assert named(page)[0] == "beta"
    scores = {name: hit["score"] for name, hit in zip(named(page), page["results"], strict=True)}
    plain = system.search("siege", type="article")
    base = {name: hit["score"] for name, hit in zip(named(plain), plain["results"], strict=True)}
    assert scores["gamma"] == pytest.approx(base["gamma"])
    assert base["beta"] < scores["beta"] <= 2 * base["beta"] * 1.001
    assert scores["delta"] == pytest.approx(base["delta"], rel=0.01)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("alpha OR beta", {"alpha", "beta"}),
        ("alpha أو beta", {"alpha", "beta"}),
        ("siege (alpha OR gamma) -gamma", {"alpha"}),
        ("siege NOT (alpha OR beta)", {"gamma", "delta", "epsilon"}),
        ("-alpha", EVERY - {"alpha"}),
        ("title:alpha", {"alpha"}),
        ("عنوان:alpha", {"alpha"}),
        ("body:alpha", set()),
        ("نص:nobody", {"gamma"}),
        ("discussion:late", {"delta"}),
        ("تعليقات:late", {"delta"}),
        ("author:presse", {"alpha"}),
        ("كاتب:نهارنت", {"beta"}),
        ("source:NAHARNET", {"alpha", "gamma", "epsilon"}),
        ("مصدر:assafir", {"beta"}),
        ('source:"Daily Star"', {"delta"}),
        ("lang:ar", {"beta"}),
        ("لغة:fr", {"delta"}),
        ("tag:truce", {"alpha"}),
        ("وسم:حمص", {"beta"}),
        ("source:nahar*", {"alpha", "gamma", "epsilon"}),
        ('"knows when"', {"gamma"}),
        ('"when knows"', set()),
        ('"nobody when"', set()),
        ('"nobody when"~1', {"gamma"}),
        ("nobo*", {"gamma"}),
        ("*body", set()),
        ("nobbdy~", {"gamma"}),
        ("nobbdy", set()),
        ("gamma~ -siege", set()),
        ("المحاف*", {"alpha"}),
        ("حصار", {"alpha"}),
    ],
)
def test_the_syntax_finds_what_it_says(articles, q, found):
    assert articles(q, match="all") == found


def test_a_timeline_too_fine_is_refused(system):
    system.add([record(Article("Zeta", "old", published_at=Dated("1900-01-01", "head", 0.9)), number=0)], "zeta.jsonl")
    system.refresh()
    with pytest.raises(RequestError) as refused:
        system.search("", type="article", timeline="day")
    assert refused.value.problems[0].code == "timeline_too_fine"
    assert len(system.search("", type="article", timeline="year", from_="1900-01-01")["timeline"]) == 115


@pytest.fixture(scope="module")
def runners(engine_url):
    texts = [
        record(Article("Runner runs", "The running man was late."), comment(0, "we run"), comment(1, "running water")),
        record(Article("Running water", "He runs. The runner."), number=1),
        record(Article("الأخبار اليوم", "هذه أخبار عن السلام"), comment(0, "السلام عليكم"), number=2),
    ]
    with search_system(engine_url) as made:
        made.add(texts, "runners.jsonl")
        made.refresh()
        yield made


@pytest.mark.parametrize(
    ("q", "variants", "found"),
    [
        ('"running"', "true", {"Runner runs": {"body", "discussion"}, "Running water": {"title"}}),
        ("running", "false", {"Runner runs": {"body", "discussion"}, "Running water": {"title"}}),
        ("running*", "true", {"Runner runs": {"body", "discussion"}, "Running water": {"title"}}),
        ("runnin*", "true", {"Runner runs": {"body", "discussion"}, "Running water": {"title"}}),
        ('"runs"', "true", {"Runner runs": {"title"}, "Running water": {"body"}}),
        ("runz~", "true", {"Runner runs": {"title", "discussion"}, "Running water": {"body"}}),
        ("ال*", "true", {"الأخبار اليوم": {"title", "body", "discussion"}}),
        ("السلا*", "true", {"الأخبار اليوم": {"body", "discussion"}}),
    ],
)
def test_what_is_looked_for_as_spelled_is_marked_and_gives_reasons_as_spelled(runners, q, variants, found):
    results = runners.search(q, type="article", variants=variants)["results"]
    assert {result["article"]["title"]: set(result["why"]) for result in results} == found
    for result in results:
        assert set(result["highlights"]) == set(result["why"]) - {"discussion"}
        assert ("discussion" in result["why"]) == bool(result["matching_comments"]["total"])
        for said in result["matching_comments"]["comments"]:
            assert "<mark>" in said["highlights"]["body"][0]
        text = orjson.dumps(result["highlights"]).decode()
        marked = set(re.findall("<mark>(.*?)</mark>", text))
        start = "ال" if "ا" in q else q.strip('"*~')[:3].lower()
        assert all(word.lower().startswith(start) for word in marked)
        assert "runner" not in {word.lower() for word in marked}
