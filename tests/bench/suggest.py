"""Suggestions while typing, on an archive of many short articles: the engine's time and the caller's."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator, Sequence

from broadsheet.adapters.opensearch import OpenSearchAdmin, OpenSearchBulk, OpenSearchSearch, client
from broadsheet.completion import Completion
from broadsheet.ids import PublicIds, file_id
from broadsheet.index.bulk import index_action
from broadsheet.index.documents import Origin, documents
from broadsheet.index.generations import index_body
from broadsheet.index.names import KINDS, IndexNames
from broadsheet.model import Article, ArticleRecord
from broadsheet.ports import JsonObject
from broadsheet.search.suggest import KINDS as SUGGESTED
from broadsheet.search.suggest import SuggestRequest
from broadsheet.settings import EngineSettings
from tests.bench.measure import Line
from tests.fakes import BUCKET
from tests.records import comment, record

ARTICLES = 100_000
_FILES = 200
_ROUNDS = 40
_LATIN = (*"bcdfghjklmnprstvz", "br", "kr", "st", "tr")
_ARABIC = (*"بتثجحخدرزسشصطعفقكلمنهو",)
# One letter is the hardest: it begins a word of most titles.
TYPED = ("s", "st", "kra", "sto br", "ال", "الم", "مب", "بار سا", "zzzz")


class _Timed:
    """A search engine that adds up how long it worked, in milliseconds; searches of one request run side by side."""

    def __init__(self, engine: OpenSearchSearch) -> None:
        self._engine = engine
        self.took = 0

    def search(self, index: str, body: JsonObject) -> JsonObject:
        answer = self._engine.search(index, body)
        self.took += answer["took"]
        return answer

    def multi_search(self, searches: Sequence[tuple[str, JsonObject]]) -> list[JsonObject]:
        answers = self._engine.multi_search(searches)
        self.took += max(answer["took"] for answer in answers)
        return answers


def measure(opensearch_url: str, prefix: str) -> Iterator[Line]:
    """Yield the engine's time for what people type, the median of each and the worst of all, and the caller's."""
    engine = client(EngineSettings(opensearch_url=opensearch_url, sign_requests=False))
    names = IndexNames(prefix)
    admin = OpenSearchAdmin(engine)
    try:
        for kind in KINDS:
            body = index_body(kind, 1, shards=1, replicas="0-1", refresh_interval="-1", names=names)
            # Every question is a new one.
            body["settings"]["index"]["requests.cache.enable"] = False
            admin.create(names.index(kind, 1), body)
            admin.point(names.search_alias(kind), names.index(kind, 1))
        _fill(OpenSearchBulk(engine), names)
        engine.indices.refresh(index=f"{prefix}-*")
        timed = _Timed(OpenSearchSearch(engine))
        completion = Completion(timed, names, 5_000)
        worst = 0.0
        for typed in TYPED:
            request = SuggestRequest(typed, SUGGESTED, 5)
            # A new engine compiles while it answers, and the first question after a refresh prepares the index.
            for _ in range(_ROUNDS):
                completion.suggest(request)
            engines, callers = [], []
            for _ in range(_ROUNDS):
                start = time.perf_counter()
                timed.took = 0
                completion.suggest(request)
                engines.append(timed.took)
                callers.append((time.perf_counter() - start) * 1000)
            worst = max(worst, statistics.median(engines))
            what = f"suggest {typed!r}, {ARTICLES:,} articles"
            yield Line(what, statistics.median(engines), "ms engine, median")
            yield Line(what, min(engines), "ms engine, best")
            yield Line(what, statistics.median(callers), "ms caller, median")
        yield Line("suggest, the worst of these", worst, "ms engine, median")
    finally:
        engine.indices.delete(index=f"{prefix}-*")


def _fill(engine: OpenSearchBulk, names: IndexNames) -> None:
    """Write the articles, each with one comment, half of them Arabic; the same ones each time."""
    chance = random.Random(1)  # noqa: S311 - no secret, the same archive each time
    latin = [_word(chance, _LATIN, "aeiou") for _ in range(20_000)]
    arabic = [_word(chance, _ARABIC, "اوي") for _ in range(20_000)]
    # A few people write most.
    people = [f"{chance.choice(latin)} {chance.choice(latin)}" for _ in range(4_000)]
    people += [f"{chance.choice(arabic)} ال{chance.choice(arabic)}" for _ in range(4_000)]
    for number in range(_FILES):
        identity = file_id(BUCKET, f"{number}.jsonl")
        ids = PublicIds(identity)
        origin = Origin(file_id=identity, bucket=BUCKET, key=f"{number}.jsonl", stored_at="2026-05-09T13:33:00+00:00")
        actions = []
        for place in range(ARTICLES // _FILES):
            made = _article(chance, arabic if place % 2 else latin, people)
            article_id, comment_ids = ids.assign(made)
            for document in documents(
                made,
                article_id=article_id,
                comment_ids=comment_ids,
                origin=origin,
                first_article=place,
                first_comment=place,
            ):
                alias = names.write_alias(document.kind, 1)
                actions.append(index_action(alias, document.doc_id, 1, document.body))
        refused = [item for item in engine.bulk(b"".join(actions)) if item.status >= 300]
        if refused:
            raise RuntimeError(f"the engine refused {len(refused)} documents: {refused[0].error}")


def _article(chance: random.Random, words: list[str], people: list[str]) -> ArticleRecord:
    def text(count: int) -> str:
        # Some words are frequent, most are rare, as in a language.
        return " ".join(words[int(len(words) * chance.random() ** 3)] for _ in range(count))

    def person() -> str:
        return people[int(len(people) * chance.random() ** 3)]

    tags = tuple(words[int(500 * chance.random() ** 2)] for _ in range(2))
    article = Article(title=text(8), body=text(40), authors=(person(),), tags=tags)
    return record(article, comment(0, text(10), author=person()))


def _word(chance: random.Random, consonants: Sequence[str], vowels: str) -> str:
    return "".join(chance.choice(consonants) + chance.choice(vowels) for _ in range(chance.choice((1, 2, 2, 3, 3, 4))))
