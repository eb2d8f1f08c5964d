"""What our ranking costs the engine: the default query against a plain one, on an archive of 50,000 articles.

The words of the judged queries are searched, once with all that ranking adds (other spellings, words that stand
together, one's own spelling) and once by a ``multi_match`` over the same three fields. Both come as the same bare
request, ten hits without texts, so that the engine's work for a request counts on both sides. A name has many
spellings: the second ceiling is the plain query of all the words that ours looks for.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from random import Random

import orjson
from opensearchpy import OpenSearch

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, client
from broadsheet.index import fields
from broadsheet.index.generations import index_body
from broadsheet.index.names import IndexNames
from broadsheet.model import Article, ArticleRecord
from broadsheet.search.clauses import matching
from broadsheet.search.plan import Plan, plan
from broadsheet.search.query import COUNTED_TO
from broadsheet.search.ranking import Weights, articles
from broadsheet.search.request import read_search
from broadsheet.search.variants import Unit
from broadsheet.settings import EngineSettings
from tests.bench.measure import Line, interleaved, wall
from tests.indexing import index_records
from tests.quality.search.judged import read_articles, read_queries, sentences_by_language
from tests.records import comment, record

ARTICLES = 50_000
_AT_A_TIME = 250
_ROUNDS, _WARMING = 9, 3
_NOW = 1_780_000_000.0
_FIELDS = [fields.TITLE, fields.BODY, fields.DISCUSSION]
# Of ten sentences three are whole ones of the judged articles; the others mix their words with rare ones, since a few
# hundred articles have not the words of an archive.
_WHOLE, _COMMON, _WORDS = 0.3, 0.5, 15


def measure(opensearch_url: str, prefix: str) -> Iterator[Line]:
    """Yield the median wait for words, for names and for all judged queries, each beside the plain query's."""
    engine = client(EngineSettings(opensearch_url=opensearch_url, sign_requests=False))
    names = IndexNames(prefix)
    index = names.index("articles", 1)
    admin = OpenSearchAdmin(engine)
    try:
        for kind in ("articles", "comments"):
            body = index_body(kind, 1, shards=1, replicas="0-1", refresh_interval="-1", names=names)
            admin.create(names.index(kind, 1), body)
        made = _articles()
        for number in range(ARTICLES // _AT_A_TIME):
            index_records(islice(made, _AT_A_TIME), f"{number}.jsonl", OpenSearchBulk(engine), names)
        engine.indices.refresh(index=index)
        times = [_times(engine, index, query.q) for query in read_queries()]
        named = [each for each in times if each.spelled]
        for what, some in (
            ("words", [each for each in times if not each.spelled]),
            ("words with other spellings", named),
        ):
            yield _line(what, some, "plain", "multi_match of the same words")
        yield _line("words with other spellings", named, "plain_spelled", "multi_match of all the spellings")
        yield _line("all judged queries", times, "plain_spelled", "multi_match of all the spellings")
    finally:
        engine.indices.delete(index=f"{prefix}-*")


class _Times:
    """Seconds of one query: ours, the plain one, and the plain one with the spellings that ours adds."""

    def __init__(self, measured: dict[str, float], *, spelled: bool) -> None:
        self.ours, self.plain, self.plain_spelled = (measured[name] for name in ("ours", "plain", "plain_spelled"))
        self.spelled = spelled


def _times(engine: OpenSearch, index: str, q: str) -> _Times:
    planned = plan(read_search({"q": [q]}, _NOW).query)
    others = [text for unit in _units(planned) for text in unit.others]
    asked = {
        "ours": matching(planned, articles(Weights())),
        "plain": {"multi_match": {"query": q, "fields": _FIELDS}},
        "plain_spelled": {"multi_match": {"query": " ".join([q, *others]), "fields": _FIELDS}},
    }
    cases: dict[str, Callable[[], object]] = {}
    for name, wanted in asked.items():
        body = orjson.dumps({"query": wanted, "size": 10, "track_total_hits": COUNTED_TO, "_source": False})
        cases[name] = partial(engine.transport.perform_request, "POST", f"/{index}/_search", body=body)
    interleaved(cases, rounds=_WARMING, clock=wall)
    return _Times(interleaved(cases, rounds=_ROUNDS, clock=wall), spelled=bool(others))


def _units(planned: Plan) -> Iterator[Unit]:
    return (word for word in planned.words if isinstance(word, Unit))


def _line(what: str, times: list[_Times], ceiling: str, called: str) -> Line:
    ours = statistics.median(each.ours for each in times)
    ratio = statistics.median(each.ours / getattr(each, ceiling) for each in times)
    return Line(f"query, {what}, {len(times)} of them, {ARTICLES:,} articles", ours * 1000, "ms, median", called, ratio)


def _articles() -> Iterator[ArticleRecord]:
    """Yield articles without end, about half of them Arabic; the same ones each time."""
    chance = Random(1)  # noqa: S311 - no secret, the same archive each time
    judged = read_articles()
    languages = [each["article"]["language"] for each in judged]
    sentences = sentences_by_language(judged)
    common = {language: " ".join(some).split() for language, some in sentences.items()}
    rare = {language: sorted(set(words)) for language, words in common.items()}

    def sentence(language: str) -> str:
        if chance.random() < _WHOLE:
            return chance.choice(sentences[language])
        words = (
            chance.choice(common[language])
            if chance.random() < _COMMON
            else f"{chance.choice(rare[language])}{chance.randrange(9)}"
            for _ in range(_WORDS)
        )
        return " ".join(words)

    while True:
        language = chance.choice(languages)
        body = " ".join(sentence(language) for _ in range(chance.randint(4, 20)))
        said = [comment(place, sentence(language)) for place in range(int(20 * chance.random() ** 2))]
        yield record(Article(title=sentence(language)[:60], body=body, language=language), *said)
