"""Normalised discounted cumulative gain, the measure of a ranking with graded judgements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2

DEPTH = 10


def ndcg(ranked: Sequence[str], relevant: Mapping[str, int]) -> float:
    """Give nDCG@10 of a ranking, between 0 and 1, with the gain 2^grade - 1 (Burges et al., 2005).

    The ideal ranking holds all judged articles, so one that is not found costs what it would have gained.
    """
    ideal = _gain(sorted(relevant.values(), reverse=True)[:DEPTH])
    return _gain([relevant.get(each, 0) for each in ranked[:DEPTH]]) / ideal


def _gain(grades: Sequence[int]) -> float:
    return sum((float(2**grade) - 1) / log2(place + 2) for place, grade in enumerate(grades))


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
