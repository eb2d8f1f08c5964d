"""Released generations never change; what documents hold is what their mapping knows."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
import pytest

from broadsheet.ids import PublicIds
from broadsheet.index import fields
from broadsheet.index.documents import Origin, documents
from broadsheet.index.generations import CURRENT_GENERATION, definition, index_body
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.search import stopwords
from broadsheet.text import fold
from tests.records import full_record

RELEASED = {
    ("articles", 1): "83f095bb9007562064763bb3618383cfcf3eedcd6e70f7994c2159651c4d6d2a",
    ("comments", 1): "d97e6ee8ea07f38e4c4faeda4de6c84139731b19b30e42685fae8e97d3fb481e",
    ("articles", 2): "1304905e31aa8e388644718c39cb0a920dc10ff136b64ae84b413c0d066008a9",
    ("comments", 2): "d872ae7965b5cf1d615c8f7267903ddca859e1e9afce4d42d159c935b501f49c",
}


def made(kind, release=CURRENT_GENERATION) -> dict[str, Any]:
    names = IndexNames("test")
    return index_body(kind, 7, shards=3, replicas="0-2", refresh_interval="7s", names=names, release=release)


def properties(kind) -> dict[str, Any]:
    found: dict[str, Any] = made(kind)["mappings"]["properties"]
    return found


@pytest.mark.parametrize(("kind", "generation"), RELEASED)
def test_a_released_generation_is_as_it_was_released(kind, generation):
    found = hashlib.sha256(definition(kind, generation)).hexdigest()

    assert found == RELEASED[kind, generation], (
        f"{kind}.v{generation}.json was edited after its release: deployed indices were made from the old text. "
        "Take the edit back and make a new generation with the next number."
    )


def test_every_generation_up_to_the_current_one_is_released_and_pinned():
    assert {(kind, n) for kind in KINDS for n in range(1, CURRENT_GENERATION + 1)} <= set(RELEASED)


@pytest.mark.parametrize("kind", KINDS)
def test_the_stage_decides_shards_replicas_and_refresh(kind):
    released = orjson.loads(definition(kind, 1))

    assert set(released) == {"settings", "mappings"}
    assert set(released["settings"]["index"]) == {"analysis"}
    assert {name: value for name, value in made(kind)["settings"]["index"].items() if name != "analysis"} == {
        "number_of_shards": 3,
        "auto_expand_replicas": "0-2",
        "refresh_interval": "7s",
    }


def test_an_index_is_created_with_its_private_write_alias():
    assert made("articles")["aliases"] == {"test-articles-v7-write": {}}


def test_a_generation_that_was_never_made_cannot_be_created():
    with pytest.raises(FileNotFoundError):
        made("articles", 99)


@pytest.mark.parametrize("kind", KINDS)
def test_the_mapping_knows_all_that_documents_hold_and_nothing_else(kind):
    subject = full_record()
    article_id, comment_ids = PublicIds("f").assign(subject)
    origin = Origin(file_id="f", bucket="b", key="k", stored_at="2026-05-09T13:33:00+00:00")
    held = {
        name
        for document in documents(
            subject, article_id=article_id, comment_ids=comment_ids, origin=origin, first_article=0, first_comment=0
        )
        if document.kind == kind
        for name in orjson.loads(document.body)
    }
    # Only texts beyond a limit have these.
    rare = {"articles": {fields.DISCUSSION_OMITTED}, "comments": {fields.PART}}[kind]

    assert made(kind)["mappings"]["dynamic"] == "strict"
    assert set(properties(kind)) == held | rare


def test_every_field_name_is_a_field_of_some_mapping():
    names = {value for name, value in vars(fields).items() if name.isupper()}
    known = set()
    for kind in KINDS:
        for name, mapping in properties(kind).items():
            known |= {name, *(f"{name}.{sub}" for sub in mapping.get("fields", {}))}

    assert names <= known


@pytest.mark.parametrize("kind", KINDS)
def test_every_indexed_keyword_has_a_length_limit_that_lucene_can_take(kind):
    keywords = [entry for entry in properties(kind).values() if entry["type"] == "keyword" and entry.get("index", True)]

    assert keywords
    # A term may have 32,766 bytes, a character three.
    assert all(entry["ignore_above"] * 3 <= 32_766 for entry in keywords)


def test_the_analyzers_drop_only_words_that_the_query_compiler_knows_as_stop_words():
    # The compiler requires every other word: one that the analyzer drops could never match.
    known = {fold(word) for word in (stopwords.ENGLISH + stopwords.ARABIC).split()}
    for kind in KINDS:
        filters = made(kind)["settings"]["index"]["analysis"]["filter"]
        dropped = {*filters["en_stop"]["stopwords"], *filters["ar_question"]["stopwords"]}
        assert {fold(word) for word in dropped} <= known


def test_both_indices_analyse_alike():
    articles, comments = (made(kind)["settings"]["index"]["analysis"] for kind in KINDS)

    assert articles == comments
