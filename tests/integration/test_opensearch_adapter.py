"""The engine's ports on a real node, and on servers that misbehave."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import orjson
import pytest

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, OpenSearchSearch, client
from broadsheet.errors import ConfigurationError, EngineError, RequestTooLargeError, ThrottledError
from broadsheet.generations import active_generations, ensure_generations
from broadsheet.ids import PublicIds
from broadsheet.index.bulk import delete_action, index_action
from broadsheet.index.documents import Origin, documents
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.model import Article
from broadsheet.ports import JsonObject
from broadsheet.settings import EngineSettings, IndicesSettings
from tests.canned_server import Canned
from tests.fakes import MemoryLedger
from tests.records import at, comment, full_record, record

ORIGIN = Origin(file_id="f", bucket="uploads", key="2014/homs.txt", stored_at="2026-05-09T13:33:00+00:00")


class Node:
    """The current generation on the real engine, under the test's own prefix."""

    def __init__(self, url: str, prefix: str) -> None:
        self.settings = IndicesSettings(
            opensearch_url=url, ledger_table="-", index_prefix=prefix, sign_requests=False, refresh_interval="1s"
        )
        self.client = client(self.settings)
        self.names = IndexNames(prefix)
        self.admin = OpenSearchAdmin(self.client)
        self.bulk = OpenSearchBulk(self.client).bulk
        self.search = OpenSearchSearch(self.client)
        self.articles = self.names.write_alias("articles", 1)

    def refresh(self) -> None:
        self.client.transport.perform_request("POST", f"/{self.names.prefix}*/_refresh")

    def get(self, kind: Any, doc_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.transport.perform_request(
            "GET", f"/{self.names.index(kind, 1)}/_doc/{doc_id}"
        )
        return found


@pytest.fixture
def node(engine_url, index_prefix):
    node = Node(engine_url, index_prefix)
    ensure_generations(node.admin, MemoryLedger(), node.settings)
    return node


def article(**fields: Any) -> bytes:
    return orjson.dumps({"kind": "article", **fields})


def actions_of(subject, names: IndexNames) -> list[bytes]:
    article_id, comment_ids = PublicIds("f").assign(subject)
    made = documents(
        subject, article_id=article_id, comment_ids=comment_ids, origin=ORIGIN, first_article=0, first_comment=0
    )
    return [index_action(names.write_alias(document.kind, 1), document.doc_id, 5, document.body) for document in made]


def statuses(items) -> list[int]:
    return [item.status for item in items]


def test_an_equal_or_lower_version_is_a_conflict(node):
    bodies = [index_action(node.articles, "a", version, article(title=str(version))) for version in (5, 5, 4, 6)]

    assert statuses(node.bulk(b"".join(bodies))) == [201, 409, 409, 200]
    assert node.get("articles", "a")["_source"]["title"] == "6"


def test_deletes_are_versioned_and_remembered(node):
    body = b"".join(
        [
            delete_action(node.articles, "never-there", 5),
            index_action(node.articles, "never-there", 5, article()),
            index_action(node.articles, "a", 5, article()),
            delete_action(node.articles, "a", 5),
            delete_action(node.articles, "a", 6),
            index_action(node.articles, "a", 6, article()),
        ]
    )

    assert statuses(node.bulk(body)) == [404, 409, 201, 409, 200, 409]


def test_an_unknown_field_is_refused_for_that_item_only(node):
    items = node.bulk(
        index_action(node.articles, "a", 1, article(title="good"))
        + index_action(node.articles, "b", 1, article(no_such_field=1))
        + index_action(node.articles, "c", 1, article(title="good"))
    )

    assert statuses(items) == [201, 400, 201]
    assert [item.error is None for item in items] == [True, False, True]
    assert "no_such_field" in (items[1].error or "")


def test_a_reason_does_not_quote_the_value_that_was_refused(node):
    (item,) = node.bulk(index_action(node.articles, "a", 1, article(comment_count="text of a reader")))

    assert item.status == 400
    assert "comment_count" in (item.error or "")
    assert "reader" not in (item.error or "")


@pytest.mark.parametrize("name", ["-articles-v1", "-articles-v9-write"])
def test_writing_needs_a_write_alias_and_makes_no_index(node, name):
    (item,) = node.bulk(index_action(node.names.prefix + name, "a", 1, article()))

    assert item.status == 404
    assert node.admin.aliases(node.names.prefix + "-articles-v9-write") == []


def test_an_unreadable_date_costs_the_date_and_not_the_document(node):
    items = node.bulk(
        index_action(node.articles, "a", 1, article(sort_date="soon"))
        + index_action(node.articles, "b", 1, article(sort_date="2014-05-09T16:33+03:00"))
        + index_action(node.articles, "c", 1, article(sort_date="2014-05-09T16:33"))
        + index_action(node.articles, "d", 1, article(sort_date="2014-05-09"))
    )

    assert statuses(items) == [201, 201, 201, 201]
    node.refresh()
    body = {"query": {"match_all": {}}, "sort": [{"sort_date": {"order": "asc", "missing": "_last"}}]}
    found = node.search.search(node.names.search_alias("articles"), body)
    assert [hit["_id"] for hit in found["hits"]["hits"]] == ["d", "b", "c", "a"]


def test_the_mapping_takes_every_document_of_a_full_record(node):
    sent = actions_of(full_record(), node.names)

    assert statuses(node.bulk(b"".join(sent))) == [201] * 5
    source = node.get("articles", "f-0")["_source"]
    assert "discussion" not in source
    assert source["display"]["published_at"]["confidence"] == 0.8


def test_the_mapping_takes_the_rare_fields(node):
    words = "word " * 250_000
    subject = record(Article("t", words), comment(0, words, posted_at=at("2014-05-09T16:33+03:00")), comment(1))
    items = [node.bulk(action)[0] for action in actions_of(subject, node.names)]

    assert statuses(items) == [201] * 5
    assert node.get("articles", "f-0")["_source"]["discussion_omitted"] == 1
    assert node.get("articles", "f-1")["_source"]["part"] == 1


def test_a_comment_lifts_its_article(node):
    node.bulk(b"".join(actions_of(full_record(), node.names)))
    node.refresh()

    for query, kinds in [
        ({"match": {"discussion": "معارضه mou3arada"}}, ["article"]),
        ({"match_phrase": {"discussion.exact": "who knows"}}, ["article"]),
        ({"match": {"body": "mou3arada"}}, ["comment"]),
        ({"match": {"author.text": "agence"}}, ["article"]),
        ({"match": {"article_title": "armies entering"}}, ["comment"] * 4),
        ({"term": {"author_key": "الاسد"}}, ["comment"]),
    ]:
        both = ",".join(node.names.search_alias(kind) for kind in KINDS)
        found = node.search.search(both, {"query": query})
        assert [hit["_source"]["kind"] for hit in found["hits"]["hits"]] == kinds, query


def test_a_phrase_keeps_its_stop_words(node):
    node.bulk(index_action(node.articles, "a", 1, article(body="They fled to the city of Homs at night.")))
    node.refresh()

    def total(phrase: str) -> int:
        body = {"query": {"match_phrase": {"body": phrase}}}
        value: int = node.search.search(node.names.search_alias("articles"), body)["hits"]["total"]["value"]
        return value

    assert (total("city of Homs"), total("city in Homs"), total("fled to the")) == (1, 0, 1)


def test_several_searches_are_answered_in_order(node):
    node.bulk(b"".join(actions_of(full_record(), node.names)))
    node.refresh()
    everything = {"query": {"match_all": {}}, "size": 0}
    articles, comments = (node.names.search_alias(kind) for kind in KINDS)

    answers = node.search.multi_search(
        [(comments, everything), (articles, everything), (f"{articles},{comments}", everything)]
    )

    assert [answer["hits"]["total"]["value"] for answer in answers] == [4, 1, 5]


def test_one_bad_search_of_several_is_an_error(node):
    alias = node.names.search_alias("articles")
    searches: list[tuple[str, JsonObject]] = [
        (alias, {"query": {"match_all": {}}}),
        (alias, {"query": {"no_such_query": {}}}),
    ]

    with pytest.raises(EngineError) as raised:
        node.search.multi_search(searches)
    assert raised.value.code == "engine_refused"


def test_searching_an_index_that_is_not_there_is_an_error_of_its_own(engine_url, index_prefix):
    search = OpenSearchSearch(client(EngineSettings(opensearch_url=engine_url, sign_requests=False)))

    with pytest.raises(EngineError) as raised:
        search.search(f"{index_prefix}-nothing", {})
    assert raised.value.code == "engine_not_found"


def test_generations_are_ensured_twice_without_a_change(engine_url, index_prefix):
    node = Node(engine_url, index_prefix)
    control = MemoryLedger()

    first = ensure_generations(node.admin, control, node.settings)
    second = ensure_generations(node.admin, control, node.settings)

    assert first.created == [node.names.index(kind, 1) for kind in KINDS]
    assert first.pointed == [node.names.search_alias(kind) for kind in KINDS]
    assert (second.created, second.recreated, second.pointed) == ([], [], [])
    assert active_generations(control) == (1,)
    for kind in KINDS:
        assert node.admin.aliases(node.names.search_alias(kind)) == [node.names.index(kind, 1)]
        assert node.admin.aliases(node.names.write_alias(kind, 1)) == [node.names.index(kind, 1)]


def test_an_alias_is_moved_in_one_step_and_pointing_twice_is_harmless(node):
    index, other = node.names.index("articles", 1), node.names.index("comments", 1)
    alias = f"{node.names.prefix}-moving"

    for target in (index, index, other):
        node.admin.point(alias, target)
        assert node.admin.aliases(alias) == [target]


def test_a_bulk_beyond_the_engines_limit_is_too_large(node):
    body = index_action(node.articles, "a", 1, article(body="x" * 11 * 1024 * 1024))

    with pytest.raises(RequestTooLargeError):
        node.bulk(body)


# Servers that misbehave.


@pytest.fixture
def canned() -> Iterator[Canned]:
    with closing(Canned()) as server:
        yield server


def engine(url: str, **settings: Any) -> Any:
    return client(EngineSettings(opensearch_url=url, **{"sign_requests": False} | settings), timeout_seconds=2)


@pytest.mark.parametrize(
    ("status", "body", "kind", "error", "code"),
    [
        (429, {"error": {"type": "circuit_breaking_exception"}}, "application/json", ThrottledError, "throttled"),
        (413, {"Message": "Request size exceeded"}, "application/json", RequestTooLargeError, "request_too_large"),
        (503, b"<html>Service Unavailable</html>", "text/html", EngineError, "engine_unavailable"),
        (500, {"error": {"type": "null_pointer"}}, "application/json", EngineError, "engine_unavailable"),
        (403, {"error": {"type": "cluster_block_exception"}}, "application/json", EngineError, "engine_refused"),
        (403, {"Message": "User is not authorized"}, "application/json", EngineError, "engine_refused"),
        (400, {"error": {"type": "illegal_argument_exception"}}, "application/json", EngineError, "engine_refused"),
        (200, b"<html>a proxy's page</html>", "text/html", EngineError, "engine_unreadable"),
        (200, b'{"items": [', "application/json", EngineError, "engine_unreadable"),
        (0, b"", "", EngineError, "engine_unavailable"),
    ],
)
def test_an_answer_that_is_none_is_an_error_that_says_what_to_do(canned, status, body, kind, error, code):
    canned.answers(status, body, kind)

    with pytest.raises(error) as raised:
        OpenSearchBulk(engine(canned.url)).bulk(b"{}\n")
    assert raised.value.code == code
    with pytest.raises(error):
        OpenSearchSearch(engine(canned.url)).search("a", {})


def test_nothing_is_sent_twice(canned):
    canned.answers(503)

    with pytest.raises(EngineError):
        OpenSearchBulk(engine(canned.url)).bulk(b"{}\n")
    assert len(canned.seen) == 1


@pytest.mark.parametrize(
    "partial",
    [
        {"timed_out": True, "_shards": {"total": 1, "failed": 0}, "hits": {}},
        {"timed_out": False, "_shards": {"total": 2, "failed": 1}, "hits": {}},
    ],
)
def test_a_partial_answer_is_no_answer(canned, partial):
    search = OpenSearchSearch(engine(canned.url))

    canned.answers(200, partial)
    with pytest.raises(EngineError) as raised:
        search.search("a", {})
    assert raised.value.code == "engine_partial"
    canned.answers(200, {"responses": [partial]})
    with pytest.raises(EngineError) as raised:
        search.multi_search([("a", {})])
    assert raised.value.code == "engine_partial"


def test_a_closed_port_is_an_engine_that_is_not_there():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        unreachable = engine(url)

        for call in (
            lambda: OpenSearchBulk(unreachable).bulk(b"{}\n"),
            lambda: OpenSearchSearch(unreachable).search("a", {}),
            lambda: OpenSearchAdmin(unreachable).aliases("a"),
        ):
            with pytest.raises(EngineError) as raised:
                call()
            assert raised.value.code == "engine_unavailable"


def test_an_engine_that_says_nothing_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = EngineSettings(opensearch_url=f"http://127.0.0.1:{silent.getsockname()[1]}", sign_requests=False)

        with pytest.raises(EngineError):
            OpenSearchBulk(client(settings, timeout_seconds=0.2)).bulk(b"{}\n")


def test_packed_bulks_say_so_and_unpacked_ones_do_not(canned):
    canned.answers(200, {"items": []})

    for compress in (False, True):
        OpenSearchBulk(engine(canned.url), compress=compress).bulk(b"{}\n")

    assert [headers.get("content-encoding") for _, headers in canned.seen] == [None, "gzip"]


def test_the_engine_takes_packed_bulks(node):
    items = OpenSearchBulk(node.client, compress=True).bulk(b"".join(actions_of(full_record(), node.names)))

    assert statuses(items) == [201] * 5


def test_requests_are_signed_for_the_managed_service(canned):
    canned.answers(200, {"items": []})

    OpenSearchBulk(engine(canned.url, sign_requests=True)).bulk(b"{}\n")

    path, headers = canned.seen[0]
    assert path.startswith("/_bulk?require_alias=true&filter_path=")
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=testing/")
    assert "/us-east-1/es/aws4_request" in headers["Authorization"]
    assert "X-Amz-Content-SHA256" in headers


@pytest.mark.parametrize("url", ["engine:9200", "ftp://engine", ""])
def test_an_address_that_is_no_url_is_a_wrong_setting(url):
    with pytest.raises(ConfigurationError, match="BROADSHEET_OPENSEARCH_URL"):
        engine(url)
