"""Requests become bounded engine bodies in which the user's text is only ever a value."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import RequestError
from broadsheet.search import query
from broadsheet.search.names import FAMILIES
from broadsheet.search.plan import plan
from broadsheet.search.request import MAX_WORDS, read_search
from broadsheet.search.stored import FIRST_DAY
from broadsheet.search.syntax import parse

MOST_CLAUSES = 1_024
NOW = 1_400_000_000
FIELDS_PER_SPELLING = 3


def body(text, **parameters):
    values = {"q": [text]} | {name: [value] for name, value in parameters.items()}
    request = read_search(values, NOW)
    return query.search_body(request, planned(request), timeout_ms=5_000)


def planned(request):
    return plan(request.query, match=request.match, exact=request.exact, ranked=request.sort == "relevance")


def matching_comments(text, ids):
    request = read_search({"q": [text]}, NOW)
    return query.matching_comments_body(request, planned(request), ids, timeout_ms=5_000)


def walk(node):
    """Every object inside a body, the outermost first."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value)


def boolean(found):
    return found["query"]["bool"]


def searched(clause):
    """The texts that a clause looks for, in order."""
    return [node["query"] for node in walk(clause) if isinstance(node.get("query"), str)]


def test_up_to_three_words_are_all_required():
    found = boolean(body("siege evacuation deal", type="article"))
    assert searched(found["must"]) == ["siege", "evacuation", "deal"]
    assert searched(found["should"])[0] == "siege evacuation deal"
    assert "minimum_should_match" not in found


def test_more_words_are_ranked_and_one_of_them_is_enough():
    found = boolean(body("siege evacuation deal convoy", type="article"))
    assert "should" not in found
    (ranked,) = found["must"]
    assert searched(ranked["bool"]["should"])[:4] == ["siege", "evacuation", "deal", "convoy"]
    assert ranked["bool"]["minimum_should_match"] == 1


def test_stop_words_do_not_count_and_are_not_looked_for():
    found = boolean(body("what happened in the siege", type="article"))
    assert searched(found["must"]) == ["happened", "siege"]


def test_nothing_but_stop_words_is_looked_for_as_spelled():
    found = boolean(body("the who", type="article"))
    assert searched(found["must"]) == ["the", "who"]
    assert all("exact" in name for node in walk(found["must"]) for name in node.get("fields", ()))


def test_the_other_spellings_of_a_name_are_alternatives_of_one_required_word():
    (clause,) = boolean(body("Hizbullah", type="article"))["must"]
    queries = clause["dis_max"]["queries"]
    assert queries[0]["multi_match"]["query"] == "Hizbullah"
    phrases = [q["multi_match"]["query"] for q in queries if q["multi_match"]["type"] == "phrase"]
    assert phrases == ["Hizb Allah", "حزب الله"]
    assert "Hezbollah" in searched(queries)


def test_a_phrase_is_required_in_an_exact_field():
    (clause,) = boolean(body('"pull out"', type="article"))["must"]
    assert clause["multi_match"] == {
        "query": "pull out",
        "type": "phrase",
        "fields": ["title.exact^2", "body.exact", "discussion.exact^0.4"],
    }


def test_words_beside_a_phrase_still_follow_their_own_rule():
    few = boolean(body('"pull out" siege', type="article"))
    assert searched(few["must"]) == ["pull out", "siege"]
    many = boolean(body('"pull out" siege deal convoy ruins', type="article"))
    assert searched(many["must"]) == ["pull out"]
    assert "minimum_should_match" not in many


def test_excluded_words_are_excluded_in_every_spelling():
    found = boolean(body('siege -Hizbullah -"old city"', type="article"))
    assert {"Hizbullah", "Hezbollah", "old city"} <= set(searched(found["must_not"]))


def test_a_field_narrows_a_term_and_is_always_required():
    found = boolean(body('title:(siege OR truce) lang:ar author:"Ahmad Ali" red green blue black', type="article"))
    either, lang, author = found["must"]
    assert [c["multi_match"]["fields"] for c in either["bool"]["should"]] == [["title"], ["title"]]
    assert lang["bool"]["filter"] == [{"term": {"lang": {"value": "ar", "case_insensitive": True}}}]
    assert author["multi_match"]["fields"] == ["author.text"]
    assert "minimum_should_match" not in found


def test_alternatives_and_groups_are_required_as_one():
    (either,) = boolean(body("siege OR (truce -Homs)", type="article"))["must"]
    first, second = either["bool"]["should"]
    assert searched(first) == ["siege"]
    assert searched(second["bool"]["must"][1]["bool"]["must_not"])[0] == "Homs"


def test_a_prefix_and_a_similar_word_are_looked_for_as_spelled():
    prefix, fuzzy = (clause["multi_match"] for clause in boolean(body("evac* Asaad~", type="article"))["must"])
    assert (prefix["type"], fuzzy["fuzziness"]) == ("bool_prefix", "AUTO")
    assert all("exact" in name for name in prefix["fields"] + fuzzy["fields"])


def test_patterns_are_limited_because_each_stands_for_many_words():
    with pytest.raises(RequestError) as refused:
        body("a1* b1* c1x~ d1x~ e1*")
    assert refused.value.problems[0].code == "too_many_patterns"


def test_only_exclusions_leave_everything_else():
    found = body("-siege")
    assert {"match_all": {}} in found["query"]["bool"]["should"][0]["bool"]["must"]
    assert "highlight" not in found


def test_both_kinds_are_one_query_with_a_branch_each():
    branches = boolean(body("siege"))["should"]
    assert [branch["bool"]["filter"][0] for branch in branches] == [
        {"term": {"kind": "article"}},
        {"term": {"kind": "comment"}},
    ]


def test_order_ends_with_an_id_so_that_pages_are_stable():
    assert body("siege")["sort"] == [
        {"_score": "desc"},
        {"sort_date": {"order": "desc", "missing": FIRST_DAY}},
        {"doc_id": "asc"},
    ]


@pytest.mark.parametrize("kind", ["article", "all"])
def test_texts_of_articles_stay_in_the_engine(kind):
    source = body("siege", type=kind)["_source"]
    assert not {"body", "discussion"} & set(source)


def test_highlights_escape_html_and_can_be_left_out():
    marked = body("siege")["highlight"]
    assert (marked["encoder"], marked["type"], marked["max_analyzer_offset"]) == ("html", "unified", 999_999)
    assert "highlight" not in body("siege", highlight="none")


def test_the_reasons_of_a_hit_let_every_document_pass():
    (reasons,) = (each["bool"] for each in boolean(body("siege", type="article"))["filter"])
    assert reasons["must"] == [{"match_all": {}}]
    assert [clause["bool"]["_name"] for clause in reasons["should"]] == ["title", "body", "discussion"]


def test_kinds_are_told_apart_only_where_both_are_searched():
    def kinds(searched):
        return [node["term"]["kind"] for node in walk(body("siege", type=searched)) if "kind" in node.get("term", ())]

    assert (kinds("article"), kinds("comment"), kinds("all")) == ([], [], ["article", "comment"])


def test_matching_comments_need_one_of_the_words():
    found = matching_comments("siege taqiya", ["a1", "a2"])
    assert found is not None
    inner = found["query"]["bool"]
    assert inner["filter"] == [{"terms": {"article_id": ["a1", "a2"]}}]
    (either,) = inner["must"]
    assert searched(either["bool"]["should"]) == ["siege", "taqiya"]


@pytest.mark.parametrize(("text", "ids"), [("-siege", ["a1"]), ("siege", [])])
def test_matching_comments_are_not_asked_for_in_vain(text, ids):
    assert matching_comments(text, ids) is None


def fields_of(node):
    if "multi_match" in node:
        return len(node["multi_match"]["fields"])
    return int(bool({"match", "match_phrase", "match_phrase_prefix", "term", "prefix"} & set(node)))


@given(
    st.lists(
        st.sampled_from(
            [family[0] for family in FAMILIES]
            + ["siege", "-Assad", '"the who"', "al-x-y", "(", ")", "OR", "author:Assad"]
        )
    )
)
def test_no_query_passes_the_engines_limit_of_clauses(pieces):
    try:
        found = body(" ".join(pieces))
    except RequestError:
        return
    leaves = sum(fields_of(node) for node in walk(found["query"]))
    # A multi-match of a word with several tokens has a clause per token; the tokens of a query are bounded.
    assert leaves + FIELDS_PER_SPELLING * 2 * MAX_WORDS <= MOST_CLAUSES


@given(st.text(alphabet=st.characters(), min_size=1, max_size=512))
def test_user_text_is_only_ever_the_value_of_a_match(text):
    words = plan(parse(text)).words
    try:
        found = body(text)
    except RequestError:
        return
    orjson.dumps(found)
    assert {key for node in walk(found) for key in node} <= KEYS
    if words:
        assert searched(found["query"])


KEYS = {
    key
    for text in (
        "siege",
        "Hizbullah exchange",
        'a "b"~2 -c -"d"',
        "the",
        "a1 b1 c1 d1",
        "(begin* OR similar~ -x) OR title:(a b -c)",
        'lang:(ar OR en -x) source:(a b*) tag:"y" -author:z*',
    )
    for node in walk(body(text))
    for key in node
}
