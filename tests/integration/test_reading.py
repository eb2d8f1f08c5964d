"""Discussions, comments in their place, similar articles, authors, suggestions and corrections on the real engine."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import quote
from uuid import uuid4

import pytest

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, OpenSearchSearch, client
from broadsheet.archive import Archive
from broadsheet.completion import Completion
from broadsheet.index.generations import CURRENT_GENERATION, index_body
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.model import Article, Thread
from broadsheet.people import People
from broadsheet.search.authors import read_authors
from broadsheet.search.context import ANCESTORS
from broadsheet.search.discussion import TREE_COMMENTS, read_discussion
from broadsheet.search.request import read_search
from broadsheet.search.suggest import read_suggest
from broadsheet.settings import EngineSettings
from functions.search.handler import make_api
from tests.fakes import RecordingTelemetry
from tests.indexing import index_file, index_records
from tests.records import at, comment, full_record, record
from tests.samples import HOMS, HOMS_ARABIC, load_event

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("search")]

NOW = 1_400_000_000
FERRY = Article(
    title="Ferry to Café Zürich strands goat",
    body="A goat boarded the ferry at Tyre harbour and would not leave. The harbour master called a shepherd.",
    authors=("Samira Haddad", "José Núñez"),
    tags=("Harbour", "مرافئ"),
    source="coast",
)
COPY = FERRY._replace(url=None, source="mirror")
AGAIN = FERRY._replace(
    title="Goat leaves ferry at last",
    body="The goat that boarded the ferry at Tyre harbour has left with its shepherd, the harbour master said.",
)
ELSEWHERE = Article(title="Tomatoes dearer", body="The price of tomatoes rose again in the markets of the capital.")
STATED, GUESSED = 1.0, 0.6


def reply(ordinal, parent, author, confidence=STATED):
    return comment(
        ordinal,
        f"comment number {ordinal} on goats",
        parent=parent,
        author=author,
        author_kind="member",
        posted_at=at(f"2014-05-09T{10 + ordinal % 10}:00+03:00"),
        thread=Thread("reply" if parent is not None else "root", parent, (), confidence),
    )


# 0 <- 1 <- 2, 0 <- 3; 4 <- 5; 6: the page shows them in another order than the tree.
PARENTS = {0: None, 4: None, 1: 0, 2: 1, 5: 4, 3: 0, 6: None}
THREADED = record(
    FERRY,
    reply(0, None, "Nadim"),
    reply(1, 0, "Layal"),
    reply(2, 1, "NADIM", GUESSED),
    reply(3, 0, "nadim"),
    reply(4, None, "الأسد"),
    reply(5, 4, "Layal"),
    reply(6, None, "الاسد"),
)


QUARREL = Article(title="Two men differ", body="They differed on the wall between their gardens.")
# One answers the other, and again; then two more threads, one of them with a reply.
DEEP = 1_100
ENDLESS = record(
    QUARREL,
    *(comment(n, "no", parent=n - 1 if n else None) for n in range(DEEP)),
    comment(DEEP, "well"),
    comment(DEEP + 1, "no", parent=DEEP),
    comment(DEEP + 2, "enough"),
)


@pytest.fixture(scope="module")
def system(engine_url):
    """The archive over a few articles, most of them about a goat; indices of its own, removed at the end."""
    made = _system(engine_url, CURRENT_GENERATION)
    bulk = OpenSearchBulk(made.engine)
    try:
        index_records([THREADED], "ferry.jsonl", bulk, made.names)
        index_records([record(COPY)], "mirror.jsonl", bulk, made.names)
        index_records([record(AGAIN)], "again.jsonl", bulk, made.names)
        index_records([record(AGAIN)], "again-copy.jsonl", bulk, made.names)
        index_records([record(ELSEWHERE), full_record(), ENDLESS], "others.jsonl", bulk, made.names)
        for path in (HOMS, HOMS_ARABIC):
            index_file(path.read_bytes(), path.name, bulk, made.names)
        made.engine.indices.refresh(index=f"{made.names.prefix}-*")
        yield made
    finally:
        made.engine.indices.delete(index=f"{made.names.prefix}-*", ignore_unavailable=True)


def _system(url, release):
    engine = client(EngineSettings(opensearch_url=url, sign_requests=False))
    names = IndexNames(f"r{uuid4().hex[:12]}")
    admin = OpenSearchAdmin(engine)
    for kind in KINDS:
        body = index_body(kind, 1, names=names, release=release, shards=2, replicas="0-1", refresh_interval="-1")
        admin.create(names.index(kind, 1), body)
        admin.point(names.search_alias(kind), names.index(kind, 1))
    search = OpenSearchSearch(engine)
    return SimpleNamespace(
        engine=engine,
        names=names,
        archive=Archive(search, names, 5_000),
        people=People(search, names, 5_000),
        completion=Completion(search, names, 5_000),
    )


def search(system, **parameters):
    return system.archive.search(read_search({name: [value] for name, value in parameters.items()}, NOW))


def article_id(system, title, file=""):
    for result in search(system, type="article", limit="100")["results"]:
        if result["article"].get("title") == title and file in result["article"]["file"]["key"]:
            return result["article"]["article_id"]
    raise LookupError(title)


@pytest.fixture(scope="module")
def ferry(system):
    return article_id(system, FERRY.title, "ferry")


def discuss(system, ferry, **parameters):
    request = read_discussion(ferry, {name: [value] for name, value in parameters.items()})
    return system.archive.comments(request)


def walked(system, ferry, **parameters):
    pages = []
    cursor: dict[str, str] = {}
    while True:
        page = discuss(system, ferry, **parameters, **cursor)
        pages.append(page)
        if page["next"] is None:
            return pages
        cursor = {"cursor": page["next"]}


def ordinals(tree):
    return [[entry["ordinal"], *ordinals(entry["replies"])] for entry in tree]


def test_a_tree_is_walked_by_whole_threads(system, ferry):
    pages = walked(system, ferry, view="tree", limit="1")
    assert [ordinals(page["comments"]) for page in pages] == [[[0, [1, [2]], [3]]], [[4, [5]]], [[6]]]
    assert {(page["total"]["value"], page["threads"]["value"]) for page in pages} == {(7, 3)}
    (whole,) = walked(system, ferry, view="tree")
    assert ordinals(whole["comments"]) == [[0, [1, [2]], [3]], [4, [5]], [6]]


@pytest.mark.parametrize("limit", ["1", "3", "7"])
@pytest.mark.parametrize(("sort", "order"), [("page", [0, 1, 2, 3, 4, 5, 6]), ("newest", [6, 5, 4, 3, 2, 1, 0])])
def test_the_flat_view_is_walked_in_both_orders(system, ferry, limit, sort, order):
    pages = walked(system, ferry, sort=sort, limit=limit)
    assert [entry["ordinal"] for page in pages for entry in page["comments"]] == order
    assert {page["total"]["value"] for page in pages} == {7}


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"author": "Nadim"}, [0, 2, 3]),
        ({"author": "الاسد"}, [4, 6]),
        ({"q": "number goat", "author": "-nadim"}, [1, 4, 5, 6]),
        ({"q": '"number 5"'}, [5]),
        ({"q": "nothing"}, []),
    ],
)
def test_words_and_authors_narrow_a_discussion(system, ferry, narrowed, found):
    page = discuss(system, ferry, **narrowed)
    assert [entry["ordinal"] for entry in page["comments"]] == found
    assert page["total"]["value"] == len(found)


def test_the_same_question_gets_the_same_answer(system, ferry):
    for ask in (
        lambda: discuss(system, ferry, view="tree"),
        lambda: discuss(system, ferry, sort="newest"),
        lambda: system.archive.similar(ferry, 10),
        lambda: system.people.authors(read_authors({}, NOW)),
        lambda: system.people.author("nadim"),
    ):
        assert ask() == ask()


def test_a_comment_is_shown_in_its_place(system, ferry):
    by_ordinal = {entry["ordinal"]: entry["comment_id"] for entry in discuss(system, ferry)["comments"]}
    deepest = system.archive.comment(by_ordinal[2])
    assert [entry["ordinal"] for entry in deepest["ancestors"]] == [0, 1]
    assert deepest["replies"] == {"total": 0, "comments": []}
    assert deepest["article"]["title"] == FERRY.title
    root = system.archive.comment(by_ordinal[0])
    assert [root["ancestors"], root["replies"]["total"]] == [[], 2]
    assert [entry["ordinal"] for entry in root["replies"]["comments"]] == [1, 3]
    beside = system.archive.comment(by_ordinal[3])
    assert [entry["ordinal"] for entry in beside["ancestors"]] == [0]


def test_a_quarrel_too_long_and_too_deep_for_one_answer_is_shown_in_part_and_counted(system):
    quarrel = article_id(system, QUARREL.title)
    first, second = walked(system, quarrel, view="tree", limit="2")
    assert (first["total"]["value"], first["threads"]["value"]) == (DEEP + 3, 3)
    (root,) = first["comments"]
    assert root["replies_omitted"] == DEEP - TREE_COMMENTS
    assert [entry["ordinal"] for entry in second["comments"]] == [DEEP, DEEP + 2]
    flat = walked(system, quarrel, limit="400")
    deepest = next(entry for page in flat for entry in page["comments"] if entry["ordinal"] == DEEP - 1)
    shown = system.archive.comment(deepest["comment_id"])
    assert [entry["ordinal"] for entry in shown["ancestors"]] == [*range(DEEP - 1 - ANCESTORS, DEEP - 1)]
    assert shown["ancestors_omitted"] == DEEP - 1 - ANCESTORS


def test_similar_articles_are_no_copies_and_come_once(system, ferry):
    found = [result["article"]["title"] for result in system.archive.similar(ferry, 10)["results"]]
    assert found[0] == AGAIN.title
    assert found.count(AGAIN.title) == 1
    assert FERRY.title not in found
    assert ELSEWHERE.title not in found


def authors(system, **parameters):
    given = {"limit": "100"} | parameters
    return system.people.authors(read_authors({name: [value] for name, value in given.items()}, NOW))


def test_authors_are_counted_whatever_their_spelling(system):
    by_key = {author["key"]: author for author in authors(system, q="nad")["authors"]}
    assert by_key == {
        "nadim": {
            "key": "nadim",
            "name": by_key["nadim"]["name"],
            "spellings": by_key["nadim"]["spellings"],
            "comments": 3,
            "articles": 1,
            "first_seen": "2014-05-09T07:00:00.000Z",
            "last_seen": "2014-05-09T10:00:00.000Z",
        }
    }
    assert set(by_key["nadim"]["spellings"]) == {"Nadim", "NADIM", "nadim"}


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("hadd sam", "samira haddad"),
        ("núñ", "josé núñez"),
        ("nunez", "josé núñez"),
        ("اسد", "الاسد"),
        ("الأس", "الاسد"),
    ],
)
def test_authors_are_found_by_beginnings_in_both_scripts_without_their_co_authors(system, typed, key):
    for sort in ("count", "name"):
        assert [author["key"] for author in authors(system, q=typed, sort=sort)["authors"]] == [key]


@pytest.mark.parametrize("sort", ["count", "last_seen", "name"])
def test_a_list_of_authors_is_walked_to_its_end(system, sort):
    whole = authors(system, sort=sort)
    assert (whole["complete"], whole["next"]) == (True, None)
    pages = []
    cursor: dict[str, str] | None = {}
    while cursor is not None:
        page = authors(system, sort=sort, limit="3", **cursor)
        pages += page["authors"]
        cursor = {"cursor": page["next"]} if page["next"] else None
    assert pages == whole["authors"]
    assert len(pages) > 10
    keys = [author["key"] for author in pages]
    counts = [author["comments"] + author["articles"] for author in pages]
    seen = [author.get("last_seen", "") for author in pages]
    assert {"count": counts[0] == max(counts), "last_seen": seen == sorted(seen, reverse=True), "name": True}[sort]
    assert sort != "name" or keys == sorted(keys, key=lambda key: key.encode())


def test_authors_of_one_source_or_time_are_counted_there(system):
    assert {author["key"] for author in authors(system, source="mirror")["authors"]} == {"samira haddad", "josé núñez"}
    assert authors(system, **{"from": "2015-01-01"})["authors"] == []


def test_an_author_shows_whom_they_answer_and_who_answers_them(system):
    page = system.people.author("Nadim")
    assert page["author"]["key"] == "nadim"
    assert page["sources"] == [{"value": "coast", "count": 3}]
    assert page["kinds"] == [{"value": "member", "count": 3}]
    assert [(entry["comments"], entry["article"]["title"]) for entry in page["commented_on"]] == [(3, FERRY.title)]
    assert (page["answers"]["total"], page["answers"]["stated"], page["answers"]["estimated"]) == (2, 1, 1)
    people = {entry["key"]: (entry["name"], entry["stated"], entry["estimated"]) for entry in page["answers"]["people"]}
    assert people["layal"] == ("Layal", 0, 1)
    assert people["nadim"][1:] == (1, 0)
    answered_by = {entry["key"]: entry["count"] for entry in page["answered_by"]["people"]}
    assert answered_by == {"layal": 1, "nadim": 1}
    wrote = system.people.author("Samira Haddad")["wrote"]
    assert (wrote["total"], {article["title"] for article in wrote["articles"]}) == (4, {FERRY.title, AGAIN.title})


def suggest(system, typed, **parameters):
    given = {"q": typed} | parameters
    return system.completion.suggest(read_suggest({name: [value] for name, value in given.items()}))


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("ferry to", FERRY.title),
        ("zur", FERRY.title),
        ("ZÜR cafe", FERRY.title),
        ("café", FERRY.title),
        ("tom", ELSEWHERE.title),
        ("مقاتل", "آخر المقاتلين يغادرون حمص القديمة والجيش السوري يدخل أحياءها"),
        ("المقا", "آخر المقاتلين يغادرون حمص القديمة والجيش السوري يدخل أحياءها"),
        ("اخر", "آخر المقاتلين يغادرون حمص القديمة والجيش السوري يدخل أحياءها"),
        ("القديمه", "آخر المقاتلين يغادرون حمص القديمة والجيش السوري يدخل أحياءها"),
    ],
)
def test_titles_are_suggested_by_beginnings_in_both_scripts(system, typed, title):
    titles = [entry["title"] for entry in suggest(system, typed)["titles"]]
    assert titles.count(title) == 1


def test_authors_and_tags_are_suggested(system):
    assert suggest(system, "harb")["tags"] == [{"tag": "Harbour", "count": 4}]
    assert suggest(system, "المراف", kind="tag")["tags"] == [{"tag": "مرافئ", "count": 4}]
    (nadim,) = suggest(system, "nad")["authors"]
    assert (nadim["key"], nadim["count"]) == ("nadim", 3)
    assert [entry["name"] for entry in suggest(system, "jose")["authors"]] == ["José Núñez"]
    nothing = suggest(system, "zzz")
    assert (nothing["titles"], nothing["authors"], nothing["tags"], "reason" in nothing) == ([], [], [], False)


def test_an_index_of_the_first_files_says_why_it_suggests_nothing_and_still_lists_authors(engine_url):
    old = _system(engine_url, 1)
    try:
        index_records([THREADED], "ferry.jsonl", OpenSearchBulk(old.engine), old.names)
        old.engine.indices.refresh(index=f"{old.names.prefix}-*")
        assert "generations fill" in suggest(old, "fer")["reason"]
        assert [author["key"] for author in authors(old, q="nad")["authors"]] == ["nadim"]
    finally:
        old.engine.indices.delete(index=f"{old.names.prefix}-*", ignore_unavailable=True)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tomatos", None),
        ("tomattoes", "tomatoes"),
        ("goat shephrd", "goat shepherd"),
        ('"harbour mastr"', '"harbour master"'),
        ("harbour -goat mastr", None),
        ("Shephrd OR xqxqxqxq", "Shepherd OR xqxqxqxq"),
        ("title:tomatose", "title:tomatoes"),
        ("القدمية", "القديمه"),
        ("xqxqxqxq", None),
        ("tag:Harbr", None),
        ("goat ferry", None),
    ],
)
def test_another_spelling_is_offered_only_if_it_finds_something(system, typed, meant):
    assert search(system, q=typed, type="article").get("did_you_mean") == meant


def test_a_correction_finds_what_it_promises(system):
    page = search(system, q="goat shephrd")
    assert search(system, q=page["did_you_mean"], match="all")["total"]["value"] > 0


HOSTILE = [
    "(" * 90,
    '"' * 91,
    "\\",
    "\x00homs",
    "homs \ud800",
    "a:b~2^9 +c -(d) [e TO f] {g} /h/ *",
    "😀" * 40,
    "①",
    ":",
    "ـ" * 50,
    "ال",
    "x" * 100,
    "أ" * 100,
    "a " * 49,
    ".*(.+)+$",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("path", ["/suggest", "/authors", "/articles/{ferry}/comments", "/authors/{text}"])
def test_the_engine_takes_everything_that_people_may_type(system, ferry, path, text):
    api = make_api(system.archive, telemetry := RecordingTelemetry())
    asked = path.format(ferry=ferry, text=quote(text, errors="surrogatepass"))
    query = {} if path == "/authors/{text}" else {"q": [text]}
    answer = api.resolve(load_event("search/search") | {"path": asked, "multiValueQueryStringParameters": query}, None)
    assert answer["statusCode"] in {200, 400, 404}
    assert telemetry.events == []
