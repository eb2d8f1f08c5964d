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
    Record,
    read_articles,
    read_queries,
    with_comments_in_the_body,
    with_noise,
    with_quotations,
)
from tests.quality.search.metrics import mean, ndcg

DISCUSSION_ONLY = "discussion-only"
# One draw of noise moves the mean by some thousandths either way.
_NOISE_DRAWS = 3
_DISCUSSION = (0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
_ONE_COMMENT = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 16.0)

Scores = dict[str, float]
"""nDCG@10 by the id of a query."""


@dataclass(frozen=True, slots=True)
class Trade:
    """One choice of weights and what it is worth.

    The mean over all queries and over discussion-only ones; what these get of what they would get in a body; what noise
    costs over all queries; what quotations cost those that ask for articles.
    """

    weights: Weights
    all: float
    only: float
    share: float
    noise_loss: float
    quotation_loss: float


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


def measure(engine_url: str, articles: Sequence[Record]) -> tuple[Scores, Scores]:
    """Give our scores and those of plain BM25."""
    queries = read_queries()
    with indexed(engine_url, articles) as archive:
        ours = scores(archive.run(), queries)
    with plain(engine_url, articles) as run:
        floor = scores(run, queries)
    return ours, floor


def measure_with_noise(engine_url: str) -> tuple[Scores, Scores]:
    """Give the same where every article has thirty comments of noise, as those of a busy site have."""
    return measure(engine_url, list(with_noise(read_articles())))


def trade_offs(engine_url: str, choices: Sequence[Weights]) -> list[Trade]:
    """Give for each choice what discussions cost and are worth, by the order of results alone.

    Nothing is required here: noise has all words of a query now and then, and moves it from relaxed to strict or back.
    """
    articles, queries = read_articles(), read_queries()
    only = groups(queries)[DISCUSSION_ONLY]
    others = [query for query in queries if query.group != DISCUSSION_ONLY]
    with (
        indexed(engine_url, articles) as clean,
        indexed(engine_url, with_comments_in_the_body(articles)) as body,
        indexed(engine_url, with_quotations(articles)) as quoting,
        ExitStack() as stack,
    ):
        draws = [stack.enter_context(indexed(engine_url, with_noise(articles, draw))) for draw in range(_NOISE_DRAWS)]
        as_body = mean_of(scores(body.run(match="any"), only), only)
        trades = []
        for chosen in choices:
            quiet = scores(clean.run(chosen, "any"), queries)
            loud = mean([mean_of(scores(noisy.run(chosen, "any"), queries), queries) for noisy in draws])
            quoted = scores(quoting.run(chosen, "any"), others)
            trades.append(
                Trade(
                    chosen,
                    all=mean_of(quiet, queries),
                    only=mean_of(quiet, only),
                    share=mean_of(quiet, only) / as_body,
                    noise_loss=mean_of(quiet, queries) - loud,
                    quotation_loss=mean_of(quiet, others) - mean_of(quoted, others),
                )
            )
    return trades


def report(details: bool) -> Iterator[str]:
    """Give the lines of the tables; with details, the queries that are answered worst as well."""
    with engine_from_environ(os.environ) as engine_url:
        ours, floor = measure(engine_url, read_articles())
        noisy, noisy_floor = measure_with_noise(engine_url)
        yield (
            f"{'search, nDCG@10':<22}{'queries':>8}{'plain':>8}{'ours':>8}{'tuned':>8}{'held':>8}"
            f"{'with noise: plain':>20}{'ours':>8}"
        )
        queries = read_queries()
        for group, asked in [*groups(queries).items(), ("all", queries)]:
            parts = [mean_of(ours, [query for query in asked if query.part == part]) for part in PARTS]
            figures = [mean_of(floor, asked), mean_of(ours, asked), *parts]
            yield (
                f"{group:<22}{len(asked):>8}"
                + "".join(f"{figure:>8.3f}" for figure in figures)
                + f"{mean_of(noisy_floor, asked):>20.3f}{mean_of(noisy, asked):>8.3f}"
            )
        if details:
            for query in sorted(queries, key=lambda each: ours[each.id]):
                if ours[query.id] < 1:
                    yield f"  {ours[query.id]:.3f} (plain {floor[query.id]:.3f}) {query.id} {query.part}: {query.q}"
        used = Weights()
        by_discussion = [replace(used, discussion=each) for each in sorted({*_DISCUSSION, used.discussion})]
        by_comment = [replace(used, one_comment=each) for each in sorted({*_ONE_COMMENT, used.one_comment})]
        trades = iter(trade_offs(engine_url, [*by_discussion, *by_comment]))
        for name, choices in (("discussion", by_discussion), ("one_comment", by_comment)):
            yield (
                f"{f'weight: {name}':<22}{'all':>8}{DISCUSSION_ONLY:>18}{'share of a body':>18}"
                f"{'loss by noise':>16}{'by quotations':>16}"
            )
            for chosen, trade in zip(choices, trades, strict=False):
                mark = " <- in use" if chosen == used else ""
                yield (
                    f"{getattr(chosen, name):<22}{trade.all:>8.3f}{trade.only:>18.3f}{trade.share:>18.2f}"
                    f"{trade.noise_loss:>16.4f}{trade.quotation_loss:>16.4f}{mark}"
                )
