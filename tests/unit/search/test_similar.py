"""Articles like one, on answers of the engine."""

from __future__ import annotations

import pytest

from broadsheet.archive import Archive
from broadsheet.errors import RequestError
from broadsheet.index.names import IndexNames
from broadsheet.search.similar import read_similar
from tests.engine_answers import ScriptedEngine, found, hit, stored_documents

ARTICLE, *_ = stored_documents()
ARTICLE_ID = ARTICLE["article_id"]


def test_similar_articles_are_looked_for_by_the_stored_document_and_are_no_copies_of_it():
    engine = ScriptedEngine(found(hit(ARTICLE)), found(hit(ARTICLE, 3.5)))
    page = Archive(engine, IndexNames("t"), 5_000).similar(ARTICLE_ID, 7)
    assert (page["article_id"], page["results"][0]["score"]) == (ARTICLE_ID, 3.5)
    assert page["results"][0]["article"]["title"] == "Syria Army Enters Homs"
    (_, _), (index, body) = engine.asked
    wanted = body["query"]["bool"]
    assert (index, body["size"], body["collapse"]) == ("t-articles", 7, {"field": "work_key"})
    assert wanted["must"][0]["more_like_this"]["like"] == [{"_id": ARTICLE["doc_id"]}]
    assert {"term": {"work_key": ARTICLE["work_key"]}} in wanted["must_not"]
    assert {"term": {"article_id": ARTICLE_ID}} in wanted["must_not"]


def test_the_limit_is_bounded():
    assert read_similar({}) == 10
    with pytest.raises(RequestError):
        read_similar({"limit": ["51"]})
