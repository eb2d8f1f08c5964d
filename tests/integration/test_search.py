"""Search on the real engine: a saved page with its comments, and an Arabic one."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

import orjson
import pytest

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, OpenSearchSearch, client
from broadsheet.archive import Archive
from broadsheet.index.generations import index_body
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.search.discussion import read_discussion
from broadsheet.search.names import FAMILIES
from broadsheet.search.request import read_search
from broadsheet.settings import EngineSettings
from functions.search.handler import make_api
from tests.fakes import RecordingTelemetry
from tests.indexing import index_file
from tests.samples import HOMS, HOMS_ARABIC, load_event

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("search")]

ENGLISH_TITLE = "Syria Army Enters Homs, Last Rebels Pull Out as U.S. Refuses to Arm Opposition"
ARABIC_TITLE = "آخر المقاتلين يغادرون حمص القديمة والجيش السوري يدخل أحياءها"
# Words that look like names of the list, and markup where text should be.
BYSTANDERS = {
    "Harvest in Hama": "The fields around Hama were green again.",
    "Ceasefire offer": "Hamas said that it would answer within days.",
    "A victory": "احتفل الجمهور بعد نصر كبير في كرة القدم، وقال طالب إن المشوار قصير.",
    "Islamic countries": "دعت دول إسلامية وتنظيم دولي إلى إنشاء قاعدة للبيانات.",
    "At home": "She hums at home, him too; his homes stand where an asset was.",
    "Markup": "Nothing.\n\nComments 1\nThumb mallory 09 May 2014, 16:33\n\n<script>alert('x')</script> & <b>bold</b>",
}


@pytest.fixture(scope="module")
def system(engine_url):
    """The archive over both pages and the bystanders; indices of its own, removed at the end."""
    engine = client(EngineSettings(opensearch_url=engine_url, sign_requests=False))
    names = IndexNames(f"s{uuid4().hex[:12]}")
    admin = OpenSearchAdmin(engine)
    indices = {kind: names.index(kind, 1) for kind in KINDS}
    try:
        for kind, index in indices.items():
            admin.create(index, index_body(kind, 1, shards=1, replicas="0-1", refresh_interval="-1", names=names))
            admin.point(names.search_alias(kind), index)
        files = {path.name: path.read_bytes() for path in (HOMS, HOMS_ARABIC)}
        files |= {f"{title}.txt": f"{title}\n\n{text}\n".encode() for title, text in BYSTANDERS.items()}
        for key, body in files.items():
            index_file(body, key, OpenSearchBulk(engine), names)
        engine.indices.refresh(index=",".join(indices.values()))
        archive = Archive(OpenSearchSearch(engine), names, 5_000)
        yield SimpleNamespace(archive=archive, engine=engine, indices=indices)
    finally:
        engine.indices.delete(index=",".join(indices.values()), ignore_unavailable=True)


NOW = 1_400_000_000


@pytest.fixture
def search(system):
    def run(q, **parameters):
        given = {"q": q, "limit": "100"} | parameters
        return system.archive.search(read_search({name: [value] for name, value in given.items()}, NOW))

    return run


def titles(page):
    return {result["article"].get("title") for result in page["results"] if result["type"] == "article"}


def homs_hit(page):
    return next(hit for hit in page["results"] if hit["type"] == "article" and "Rebels" in hit["article"]["title"])


def test_another_spelling_finds_the_article_through_its_comments(search):
    hit = homs_hit(search("Hizbullah", type="article"))
    assert hit["why"] == ["discussion"]
    assert hit["article"]["comment_count"] == 30
    matching = hit["matching_comments"]
    assert (matching["total"], len(matching["comments"])) == (4, 3)
    assert all("<mark>" in text for shown in matching["comments"] for text in shown["highlights"]["body"])
    assert all("hezbollah" in shown["body"].lower() for shown in matching["comments"])


@pytest.mark.parametrize("spelling", ["الأسد", "Assad", "ASSAD", "al-Assad", "الأَسَد", "Asad"])
def test_both_editions_are_found_in_either_script(search, spelling):
    assert titles(search(spelling, type="article")) == {ENGLISH_TITLE, ARABIC_TITLE}


def test_a_name_of_two_words_is_found_by_its_latin_spelling_and_the_reverse(search):
    assert ARABIC_TITLE in titles(search("Hezbollah"))
    assert ENGLISH_TITLE in titles(search("حزب الله"))
    marked = [hit["highlights"]["body"] for hit in search("Hezbollah", type="comment")["results"]]
    assert ["انسحبوا بسلاحهم بعد سبعمئة يوم من الحصار، فأين النصر يا <mark>حزب</mark> <mark>الله</mark>؟"] in marked


def test_a_word_of_one_comment_finds_the_comment_and_lifts_its_article(search):
    page = search("taqiya")
    assert [hit["type"] for hit in page["results"]] == ["comment", "article"]
    assert page["results"][0]["comment"]["author"] == "cedre"
    assert page["results"][0]["comment"]["body"] == "mastic, stop ur taqiya, please its friday..."
    hit = page["results"][1]
    assert (hit["why"], hit["matching_comments"]["total"], hit["highlights"]) == (["discussion"], 1, {})


def test_words_may_be_spread_over_article_and_discussion(search):
    hit = homs_hit(search("governor taqiya", type="article"))
    assert hit["why"] == ["body", "discussion"]
    assert "taqiya" in hit["matching_comments"]["comments"][0]["body"]


def test_all_of_up_to_three_words_are_required(search):
    assert titles(search("Homs governor", type="article")) == {ENGLISH_TITLE}
    assert search("Homs governor unheardof", match="all")["total"]["value"] == 0


def test_a_query_that_finds_nothing_is_relaxed_once_and_says_so(search):
    page = search("Homs governor unheardof")
    assert page["relaxed"]
    assert ENGLISH_TITLE in titles(page)
    assert "relaxed" not in search("Homs governor")
    assert search("unheardof")["total"]["value"] == 0
    assert titles(search("what did the Homs governor say about an unheardof thing", type="article")) >= {ENGLISH_TITLE}


def test_a_word_that_is_none_to_the_engine_finds_nothing_and_spoils_nothing(search):
    assert search("①")["total"]["value"] == 0
    page = search("① taqiya")
    assert page["total"]["value"] == 2
    assert page["results"][1]["matching_comments"]["total"] == 1


def test_a_phrase_is_found_as_spelled(search):
    hit = homs_hit(search('"pull out"', type="article"))
    assert hit["why"] == ["title", "body"]
    assert "<mark>Pull</mark> <mark>Out</mark>" in hit["highlights"]["title"]
    assert search('"pulls out"')["total"]["value"] == 0
    assert search("“out pull”")["total"]["value"] == 0


def test_stop_words_alone_are_found(search):
    assert ENGLISH_TITLE in titles(search("the who"))
    assert ENGLISH_TITLE in titles(search('"as they"'))


def test_excluded_words_leave_results_out(search):
    assert titles(search("حمص -Assad", type="article")) == set()
    assert titles(search("-حمص", type="article")) == set(BYSTANDERS)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Hama", {"Harvest in Hama"}),
        ("Hamas", {"Ceasefire offer"}),
        ("حماس", {"Ceasefire offer"}),
        ("حماة", {"Harvest in Hama"}),
        ("Homs", {ENGLISH_TITLE, ARABIC_TITLE}),
        ("Nusra", {ENGLISH_TITLE}),
        ("Nasrallah", {ENGLISH_TITLE}),
        ("Taliban", set()),
        ("Qusayr", set()),
        ("ISIS", {ENGLISH_TITLE}),
        ("Qaeda", set()),
    ],
)
def test_words_that_resemble_a_name_are_not_found_for_it(search, query, found):
    assert titles(search(query, type="article")) == found


def test_highlights_are_safe_html(search):
    (hit,) = search("alert", type="comment")["results"]
    assert hit["highlights"]["body"] == [
        "&lt;script&gt;<mark>alert</mark>(&#x27;x&#x27;)&lt;&#x2F;script&gt; &amp; &lt;b&gt;bold&lt;&#x2F;b&gt;"
    ]
    assert hit["comment"]["body"] == "<script>alert('x')</script> & <b>bold</b>"
    assert search("alert", type="comment", highlight="none")["results"][0]["highlights"] == {}


def test_both_kinds_come_in_one_order_of_score(search):
    page = search("Assad")
    scores = [hit["score"] for hit in page["results"]]
    assert scores == sorted(scores, reverse=True)
    assert {hit["type"] for hit in page["results"]} == {"article", "comment"}
    parts = [search("Assad", type=kind)["total"]["value"] for kind in ("article", "comment")]
    assert page["total"] == {"value": sum(parts), "relation": "eq"}
    assert all(hit["comment"]["body"] for hit in page["results"] if hit["type"] == "comment")


def test_a_limit_cuts_the_page_and_not_the_total(search):
    page = search("Assad", limit="2")
    assert len(page["results"]) == 2
    assert page["total"]["value"] > 2


def test_an_article_its_discussion_and_a_comment_can_be_read(system, search):
    article_id = homs_hit(search("Homs"))["article"]["article_id"]
    article = system.archive.article(article_id)["article"]
    assert article["title"] == ENGLISH_TITLE
    assert article["body"].startswith("The last Syrian rebels left")
    seen = []
    following: dict[str, list[str]] | None = {}
    while following is not None:
        page = system.archive.comments(read_discussion(article_id, {"limit": ["7"], **following}))
        assert page["total"] == {"value": 30, "relation": "eq"}
        seen += page["comments"]
        following = {"cursor": [page["next"]]} if page["next"] else None
    assert [entry["ordinal"] for entry in seen] == list(range(30))
    one = system.archive.comment(seen[5]["comment_id"])
    assert one["comment"] == seen[5]
    assert one["article"]["article_id"] == article_id


@pytest.mark.parametrize(
    "text",
    [
        "(" * 512,
        '"' * 511,
        "\\",
        "\x00homs",
        "homs \ud800",
        "a:b~2^9 +c -(d) [e TO f] {g} /h/ *",
        " ".join(["Hizbullah", "ISIS"] * 16),
        " ".join(family[0] for family in FAMILIES)[:200],
        "-" + " -".join(["Hezbollah"] * 30) + " x",
        "😀" * 31 + " a",
        "新聞" * 16,
        "ก" * 500,
        "a.b.c.d.e.f.g.h",
        "x" * 512,
        "ﷺ" * 30,
    ],
)
def test_the_engine_takes_every_query(system, text):
    event = load_event("search/search")
    api = make_api(system.archive, telemetry := RecordingTelemetry())
    answer = api.resolve(event | {"multiValueQueryStringParameters": {"q": [text]}}, None)
    assert answer["statusCode"] in {200, 400}
    assert telemetry.events == []
    orjson.loads(answer["body"])


def test_the_largest_query_stays_below_the_engines_limit_of_clauses(search):
    names = sorted((family for family in FAMILIES if " " not in family[0]), key=len, reverse=True)
    assert search(" ".join(family[0] for family in names[:32]))["total"]["value"] > 0


def test_no_two_names_share_a_stem(system):
    def stems(spelling):
        body = {"analyzer": "news_text_query", "text": spelling}
        answer = system.engine.indices.analyze(index=system.indices["articles"], body=body)
        return tuple(token["token"] for token in answer["tokens"])

    owner: dict[tuple[str, ...], str] = {}
    for family in FAMILIES:
        for spelling in family:
            found = stems(spelling)
            assert found, spelling
            assert owner.setdefault(found, family[0]) == family[0], spelling
