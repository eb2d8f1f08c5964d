"""Which words meet and what comes first, on the real engine with texts that lead astray."""

from __future__ import annotations

from uuid import uuid4

import orjson
import pytest

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, OpenSearchSearch, client
from broadsheet.archive import Archive
from broadsheet.index.generations import index_body
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.search.names import FAMILIES
from broadsheet.search.page import ENOUGH, WORTH_RELAXING
from broadsheet.search.request import read_search
from broadsheet.settings import EngineSettings
from tests.indexing import index_file

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("relevance")]

NOW = 1_400_000_000
SAID = "The mayor said nothing new about the budget."
# Title: (body, comments).
TEXTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Prices": ("قالت الأخبار إن كثيرين باعوا الفستق وأغراضهم في السوق.", ()),
    "Belongings": ("حمل النازحون حقائبهم وأغراضها معهم.", ()),
    "Resolution": ("جدّد المجلس دعمه للقرار ١٧٠١ بعد المُؤتَمَر.", ()),
    "Persian letters": ("سار الزوار إلى کربلاء في موکب طویل.", ()),
    "Tatweel": ("شهدت المدينــــة إضــــراباً عامّاً.", ()),
    "Truce": ("وافقت حركة حماس على هدنة قصيرة.", ()),
    "Near": ("أعلن وزير الدفاع المدني تعديل خطة الطوارئ.", ()),
    "Far": ("قال وزير إن الدفاع عن البيئة واجب، والمدني شريك فيه، ثم تعديل القوانين بحاجة إلى خطة.", ()),
    "Ali": ("Ali Hassan opened the library.", ()),
    "On the roof": ("وضع الرجل السلم على السطح.", ()),
    "Hope": ("قال الطبيب إن لديه أملاً كبيراً.", ()),
    "Opened": ("فتح التاجر باب المتجر.", ()),
    "Help": ("طلب الجيران عون البلدية.", ()),
    "Protection": ("طالبت الجمعية بحماية الطيور.", ()),
    "Place": ("لم يجد الزائر مكاناً في القاعة.", ()),
    "Sport": ("بدأت الرياضة المدرسية هذا العام.", ()),
    "Iron": ("ارتفع سعر الحديد ثانية.", ()),
    "Owner": ("قال مالك المبنى إن النور انقطع.", ()),
    "Weather": ("A sunny day with berries and a universe of stars.", ()),
    "Capital of Saudi Arabia": ("وصل الوفد إلى الرياض ثم إلى مكة.", ()),
    "Port of Yemen": ("أُغلق مرفأ الحديدة.", ()),
    "Troops": ("Some 1,500 soldiers left on the 17th of the month.", ()),
    "Talks": ("Women and children left; thieves stole the defence files during the cease-fire.", ()),
    "One voice": (SAID, ("The ferry sank because the harbour pilot slept.", "Rain again.")),
    "Many voices": (SAID, ("A ferry!", "The harbour is lovely.", "My pilot friend slept well.")),
    "Only some": ("A ferry left the harbour with a pilot on board.", ()),
    "All of it": ("The ferry pilot who slept in the harbour was freed.", ()),
} | {f"Lantern {number}": ("A lantern stood in the hall.", ()) for number in range(WORTH_RELAXING)}
TEXTS["Copper"] = ("A copper lantern stood in the attic.", ())
TEXTS["Gong"] = ("A copper gong stood in the cellar.", ())


@pytest.fixture(scope="module")
def search(engine_url):
    engine = client(EngineSettings(opensearch_url=engine_url, sign_requests=False))
    names = IndexNames(f"r{uuid4().hex[:12]}")
    admin = OpenSearchAdmin(engine)
    indices = {kind: names.index(kind, 1) for kind in KINDS}
    records = [
        {
            "record": number,
            "kind": "article",
            "article": {"title": title, "body": body, "source_id": f"a{number}"},
            "comments": [{"author": f"reader {n}", "body": text} for n, text in enumerate(comments)],
        }
        for number, (title, (body, comments)) in enumerate(TEXTS.items())
    ]
    try:
        for kind, index in indices.items():
            admin.create(index, index_body(kind, 1, shards=1, replicas="0-1", refresh_interval="-1", names=names))
            admin.point(names.search_alias(kind), index)
        index_file(b"\n".join(map(orjson.dumps, records)), "texts.jsonl", OpenSearchBulk(engine), names)
        engine.indices.refresh(index=",".join(indices.values()))
        archive = Archive(OpenSearchSearch(engine), names, 5_000)

        def ask(q, **parameters):
            given = {"q": q, "type": "article", "limit": "50"} | parameters
            return archive.search(read_search({name: [value] for name, value in given.items()}, NOW))

        yield ask
    finally:
        engine.indices.delete(index=",".join(indices.values()), ignore_unavailable=True)


def titles(page):
    return [result["article"]["title"] for result in page["results"]]


@pytest.mark.parametrize(
    ("q", "title"),
    [
        ("أخبار", "Prices"),
        ("كثير", "Prices"),
        ("كثيرون", "Prices"),
        ("أغراض", "Belongings"),
        ("غرض", "Belongings"),
        ("نازح", "Belongings"),
        ("القرار 1701", "Resolution"),
        ("قرار ۱۷۰۱", "Resolution"),
        ("مؤتمر", "Resolution"),
        ("كربلاء", "Persian letters"),
        ("Kerbala", "Persian letters"),
        ("موكب طويل", "Persian letters"),
        ("مدينه اضراب", "Tatweel"),
        ("Hamas هدنة", "Truce"),
        ("حماس truce", "Truce"),
        ("Riyad الوفد", "Capital of Saudi Arabia"),
        ("Makkah", "Capital of Saudi Arabia"),
        ("Hudaydah", "Port of Yemen"),
        ("1500 soldiers", "Troops"),
        ("١٥٠٠ soldiers", "Troops"),
        ("17 soldiers", "Troops"),
        ("woman thief", "Talks"),
        ("steals defense", "Talks"),
        ("ceasefire", "Talks"),
        ("cease fire", "Talks"),
    ],
)
def test_the_word_is_found_as_others_write_it(search, q, title):
    assert title in titles(search(q))


@pytest.mark.parametrize(
    ("q", "never"),
    [
        ("Ali", "On the roof"),
        ("Amal Movement", "Hope"),
        ("Fatah", "Opened"),
        ("Aoun", "Help"),
        ("Hama", "Protection"),
        ("حماة", "Protection"),
        ("Mecca", "Place"),
        ("مكة", "Place"),
        ("Riyadh", "Sport"),
        ("الرياض", "Sport"),
        ("Hodeidah", "Iron"),
        ("Maliki", "Owner"),
        ("Nouri", "Owner"),
        ("Sunni", "Weather"),
        ("Berri", "Weather"),
        ("university", "Weather"),
        ("1500 soldiers", "Resolution"),
    ],
)
def test_a_word_that_only_looks_alike_is_not_found(search, q, never):
    assert never not in titles(search(q))


def test_words_of_an_arabic_phrase_may_stand_near_each_other(search):
    assert titles(search('"وزير الدفاع المدني"')) == ["Near"]
    assert titles(search('"وزير تعديل"~4')) == ["Near"]
    assert titles(search('"وزير تعديل"~10')) == ["Near", "Far"]


def test_what_one_comment_says_comes_before_words_of_many_comments(search):
    found = titles(search("ferry harbour pilot slept"))
    assert found[0] == "All of it"
    assert found.index("One voice") < found.index("Many voices")


def test_next_to_nothing_with_all_words_goes_on_with_what_has_some(search):
    page = search("copper lantern")
    assert page["relaxed"]
    assert page["with_all_words"] == {"value": 1, "relation": "eq"}
    assert titles(page)[0] == "Copper"
    assert page["total"]["value"] == len(titles(page)) == WORTH_RELAXING + 2


def test_a_short_list_stays_what_has_all_words(search):
    page = search("copper gong")
    assert "relaxed" not in page
    assert titles(page) == ["Gong"]
    assert page["total"]["value"] < ENOUGH


@pytest.mark.parametrize("parameters", [{"match": "all"}, {"sort": "newest"}])
def test_no_order_but_relevance_and_no_explicit_wish_is_relaxed(search, parameters):
    page = search("copper lantern", **parameters)
    assert "relaxed" not in page
    assert titles(page) == ["Copper"]


@pytest.mark.parametrize("words", range(2, 9))
@pytest.mark.parametrize("match", ["all", "any"])
def test_the_engine_takes_queries_of_the_largest_names(search, words, match):
    largest = sorted(FAMILIES, key=lambda family: sum(len(spelling.split()) for spelling in family), reverse=True)
    for first in range(0, 40, 5):
        names = [family[-1] for family in largest[first : first + words]]
        assert search(" ".join(names), type="all", match=match)["took_ms"] >= 0
