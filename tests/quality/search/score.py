"""How well searches are answered: nDCG@10 by kind of query beside plain BM25, and what discussions give and cost."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from broadsheet.search.ranking import Weights
from infra.local.engine import engine_from_environ
from tests.quality.search.engines import Run, indexed, plain
from tests.quality.search.judged import (
    PARTS,
    Query,
    read_articles,
    read_queries,
    with_comments_in_the_body,
    with_noise,
)
from tests.quality.search.metrics import mean, ndcg

DISCUSSION_ONLY = "discussion-only"
# One draw of noise moves the mean by some thousandths either way.
_NOISE_DRAWS = 3
_WEIGHTS = (0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)

Scores = dict[str, float]
"""nDCG@10 by the id of a query."""


@dataclass(frozen=True, slots=True)
class Trade:
    """One discussion weight: the mean over all queries, what noise costs it, what discussion-only answers get."""

    weight: float
    all: float
    noise_loss: float
    share: float


def scores(run: Run, queries: Sequence[Query]) -> Scores:
    return {query.id: ndcg(run(query.q), query.relevant) for query in queries}


def groups(queries: Sequence[Query]) -> dict[str, list[Query]]:
    """Give the queries by group, in the order of the file."""
    found: dict[str, list[Query]] = {}
    for query in queries:
        found.setdefault(query.group, []).append(query)
    return found


def mean_of(measured: Scores, queries: Sequence[Query]) -> float:
    return mean([measured[query.id] for query in queries])


def measure(engine_url: str) -> tuple[Scores, Scores]:
    """Give our scores and those of plain BM25."""
    articles, queries = read_articles(), read_queries()
    with indexed(engine_url, articles) as archive:
        ours = scores(archive.run(), queries)
    with plain(engine_url, articles) as run:
        floor = scores(run, queries)
    return ours, floor


def trade_offs(engine_url: str, weights: Sequence[float]) -> list[Trade]:
    """Give for each weight of the discussion what it costs and what it is worth, by the order of results alone.

    Nothing is required here: noise has all words of a query now and then, and moves it from relaxed to strict or back.
    """
    articles, queries = read_articles(), read_queries()
    only = groups(queries)[DISCUSSION_ONLY]
    with (
        indexed(engine_url, articles) as clean,
        indexed(engine_url, with_comments_in_the_body(articles)) as body,
        ExitStack() as stack,
    ):
        draws = [stack.enter_context(indexed(engine_url, with_noise(articles, draw))) for draw in range(_NOISE_DRAWS)]
        as_body = mean_of(scores(body.run(match="any"), only), only)
        trades = []
        for weight in weights:
            chosen = replace(Weights(), discussion=weight)
            quiet = scores(clean.run(chosen, "any"), queries)
            loud = mean([mean_of(scores(noisy.run(chosen, "any"), queries), queries) for noisy in draws])
            loss = mean_of(quiet, queries) - loud
            trades.append(Trade(weight, mean_of(quiet, queries), loss, mean_of(quiet, only) / as_body))
    return trades


def report(details: bool) -> Iterator[str]:
    """Give the lines of the table; with details, the queries that are answered worst as well."""
    with engine_from_environ(os.environ) as engine_url:
        ours, floor = measure(engine_url)
        yield f"{'search, nDCG@10':<22}{'queries':>8}{'plain':>8}{'ours':>8}{'tuned':>8}{'held':>8}"
        queries = read_queries()
        for group, asked in [*groups(queries).items(), ("all", queries)]:
            parts = [mean_of(ours, [query for query in asked if query.part == part]) for part in PARTS]
            figures = [mean_of(floor, asked), mean_of(ours, asked), *parts]
            yield f"{group:<22}{len(asked):>8}" + "".join(f"{figure:>8.3f}" for figure in figures)
        if details:
            for query in sorted(queries, key=lambda each: ours[each.id]):
                if ours[query.id] < 1:
                    yield f"  {ours[query.id]:.3f} (plain {floor[query.id]:.3f}) {query.id} {query.part}: {query.q}"
        weights = sorted({*_WEIGHTS, Weights().discussion})
        yield f"{'discussion weight':<22}{'all':>8}{'loss by noise':>16}{'share of a body':>18}"
        for trade in trade_offs(engine_url, weights):
            mark = " <- in use" if trade.weight == Weights().discussion else ""
            yield f"{trade.weight:<22}{trade.all:>8.3f}{trade.noise_loss:>16.4f}{trade.share:>18.2f}{mark}"
