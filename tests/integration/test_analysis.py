"""What the analyzers of the current generation make of news in two languages, on the real engine."""

from __future__ import annotations

from uuid import uuid4

import pytest

from broadsheet.adapters.opensearch import OpenSearchAdmin, client
from broadsheet.index.generations import CURRENT_GENERATION, index_body
from broadsheet.index.names import IndexNames
from broadsheet.settings import EngineSettings

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("analysis")]


@pytest.fixture(scope="module")
def analyze(engine_url):
    engine = client(EngineSettings(opensearch_url=engine_url, sign_requests=False))
    names = IndexNames(f"t{uuid4().hex[:12]}")
    index = names.index("articles", CURRENT_GENERATION)
    body = index_body("articles", CURRENT_GENERATION, names=names, shards=1, replicas="0-1", refresh_interval="1s")
    OpenSearchAdmin(engine).create(index, body)

    def tokens(text: str, analyzer: str = "news_text") -> list[str]:
        request = {"analyzer": analyzer, "text": text}
        answer = engine.transport.perform_request("POST", f"/{index}/_analyze", body=request)
        return [token["token"] for token in answer["tokens"]]

    yield tokens
    engine.transport.perform_request("DELETE", f"/{index}")


@pytest.mark.parametrize(
    ("spellings", "token"),
    [
        ("الأسد والاسد الأســد الأَسَد الاسد", "اسد"),
        # Presentation forms, as text copied from a PDF has them.
        ("الأسد \ufe8d\ufedf\ufe84\ufeb3\ufeaa", "اسد"),
        ("الله \ufdf2", "الله"),
        ("القديمة القديمه قديمة", "قديم"),
        ("١٢٣ 123 ۱۲۳", "123"),
        ("٣٫٥ 3.5", "3.5"),
        ("ایران ايران إيران وإيران الإيراني الإيرانيين", "ايران"),
        ("کردستان كردستان", "كردستان"),
        ("الرحمٰن الرحمن", "رحمن"),
        ("ٱلحرب الحرب", "حرب"),
        ("café cafe CAFÉ", "cafe"),
        ("ho\u00adspital hospital", "hospit"),
        ("rebels rebel Rebel’s", "rebel"),
        ("running runs", "run"),
    ],
)
def test_spellings_of_one_word_become_one_token(analyze, spellings, token):
    assert analyze(spellings) == [token] * len(spellings.split())


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("U.S. U.S.A. U.S.A u.s. USA", ["usa"] * 5),
        ("the U.S.’s U.S.-backed", ["the", "usa", "usa", "backed"]),
        ("in the U.S.", ["in", "the", "usa"]),
        ("U.S.Army", ["usa", "army"]),
        ("told us", ["told", "us"]),
        ("U.S.S.R. u.s.s.r", ["ussr", "ussr"]),
        ("U.N. UN U.N.'s the U.N.’s", ["un", "un", "un", "the", "un"]),
        ("U.K. e.g. 5 a.m.", ["uk", "eg", "5", "am"]),
        ("أ.ف.ب", ["افب"]),
        ("د.محمد", ["د", "محمد"]),
        ("the city.The rebels", ["the", "city", "the", "rebels"]),
        ("popeye:you are", ["popeye", "you", "are"]),
        ("_really_ 10:30 2.5 naharnet.com", ["really", "10", "30", "2.5", "naharnet", "com"]),
        ("@popeye #homs", ["popeye", "homs"]),
    ],
)
def test_dots_and_colons_part_words_but_not_acronyms_and_numbers(analyze, text, tokens):
    assert analyze(text, "news_exact") == tokens


@pytest.mark.parametrize("apostrophe", "'’‘‛ʼ`´＇ʿ")
def test_all_apostrophes_are_one(analyze, apostrophe):
    assert analyze(f"Da{apostrophe}esh", "news_exact") == ["da'esh"]


@pytest.mark.parametrize("analyzer", ["news_text", "news_exact"])
def test_possessives_are_dropped(analyze, analyzer):
    assert analyze("al-Barazi's al-Barazi’s", analyzer) == ["al", "barazi"] * 2


@pytest.mark.parametrize(
    "name", ["Hamas", "Isis", "ISIS", "Homs", "Hims", "Paris", "Abbas", "Fares", "Younis", "Idris"]
)
def test_names_that_the_stemmer_would_mistake_for_plurals_are_kept(analyze, name):
    assert analyze(name) == [name.lower()]


def test_hamas_is_not_the_city_of_hama(analyze):
    assert analyze("Hamas") != analyze("Hama")


@pytest.mark.parametrize("text", ["الله", "والله", "بالله", "لله"])
def test_god_is_not_stemmed_to_a_pronoun(analyze, text):
    assert analyze(text) == ["الله"]
    assert analyze("له") == ["له"]


def test_the_party_keeps_both_words(analyze):
    assert analyze("حزب الله") == analyze("وحزب الله") == ["حزب", "الله"]


@pytest.mark.parametrize(
    "forms",
    [
        "لبنان ولبنان لبناني اللبنانية اللبنانيين",
        "فلسطين الفلسطينية الفلسطينيين",
        "سوريا سورية السوري السوريين",
        "البحرين بحريني البحرينية",
        "ألمانيا الألماني الألمان",
        "أمريكا الأمريكية الأمريكيين",
        "أفغانستان أفغاني الأفغانية",
    ],
)
def test_a_country_meets_its_adjectives(analyze, forms):
    assert len(set(analyze(forms))) == 1


@pytest.mark.parametrize(
    "forms",
    [
        "woman women",
        "child children",
        "thief thieves",
        "steal stole stolen steals stealing",
        "drive drove driven driving",
        "withdraw withdrew withdrawn",
        "kidnap kidnapped kidnappers",
        "licence license licences licensed",
        "defence defense",
        "neighbour neighbor neighbours neighboring",
        "programme program programs",
        "organization organisations",
        "Lebanese Lebanon",
        "Moroccan Moroccans Morocco",
        "مدرسة مدارس المدارس والمدارس",
        "سعر أسعار الأسعار وأسعارها",
        "لغم ألغام الألغام",
        "طفل أطفال للأطفال",
        "امرأة نساء النساء",
        "دواء",
        "غرض أغراض وأغراضها",
        "خبر أخبار الأخبار",
        "كثير كثيرون الكثيرين",
        "شيعة الشيعة شيعي",
        "أربعون أربعين الأربعين",
    ],
)
def test_the_forms_of_a_word_are_one(analyze, forms):
    assert len(set(analyze(forms))) == 1


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("university", "universe"),
        ("authority", "author"),
        ("organization", "organ"),
        ("important", "import"),
        ("experiment", "experience"),
        ("arms", "arm"),
        ("customs", "customer"),
        ("Sunni", "sunny"),
        ("Berri", "berry"),
        ("emir", "emirates"),
        ("حماة", "حماية"),
        ("مكة", "مكان"),
        ("الرقة", "ورقية"),
        ("الرياض", "الرياضة"),
        ("الحديدة", "الحديد"),
        ("البصرة", "البصر"),
        ("القاهرة", "قاهر"),
        ("النصرة", "نصر"),
        ("طالبان", "طالب"),
        ("المالكي", "مالك"),
        ("نوري", "نور"),
        ("دبي", "دب"),
        ("القلمون", "قلم"),
        ("نبيه", "نبي"),
        ("تبون", "تبين"),
        ("الأشرفية", "أشرف"),
        ("السليمانية", "سليمان"),
        ("ثلاثة", "ثلاثين"),
        ("أمراض", "مريض"),
        ("أسرى", "أسير"),
        ("مدن", "مدين"),
    ],
)
def test_words_with_the_same_beginning_stay_apart(analyze, word, other):
    assert analyze(word) != analyze(other)


@pytest.mark.parametrize(
    ("name", "other"),
    [("لبنان", "لبن"), ("سليمان", "سليم"), ("حريري", "حرير"), ("الأمين", "أم"), ("ماكرون", "ماكر"), ("البحرين", "بحر")],
)
def test_a_name_is_not_cut_to_another_word(analyze, name, other):
    assert analyze(name) != analyze(other)


@pytest.mark.parametrize(
    ("word", "token"), [("mou3arada", "mou3arada"), ("M8ers", "m8ers"), ("m11er", "m11er"), ("7ezbollah", "7ezbollah")]
)
def test_letters_and_digits_of_one_word_stay_together(analyze, word, token):
    assert analyze(word, "news_exact") == [token]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who is the governor of Homs?", ["governor", "homs"]),
        ("من هو محافظ حمص", ["محافظ", "حمص"]),
        ("متى دخل الجيش إلى حمص", ["دخل", "جيش", "حمص"]),
        ("هل عاد المدنيون؟", ["عاد", "مدن"]),
    ],
)
def test_stop_and_question_words_are_dropped_from_queries_only(analyze, question, asked):
    assert analyze(question, "news_text_query") == asked
    assert len(analyze(question)) == len(question.split())


def test_words_of_content_are_analysed_alike_at_both_times(analyze):
    text = "Syria Army Enters Homs, Last Rebels Pull الجيش السوري يدخل حمص القديمة"

    assert analyze(text, "news_text_query") == analyze(text)


def test_the_exact_analyzer_keeps_every_word_and_ending(analyze):
    assert analyze("The Rebels were running from الأسد", "news_exact") == [
        "the",
        "rebels",
        "were",
        "running",
        "from",
        "الاسد",
    ]


def test_a_country_and_a_month_are_no_stop_words(analyze):
    assert analyze("US May", "news_text_query") == ["us", "may"]
