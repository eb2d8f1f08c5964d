"""The choice of a head grammar: every grammar's candidates weighed against the whole tail of the page.

A single line ending in a date proves nothing (a list of dated events has many), so what is scored is a whole reading:
"the discussion begins here and these lines are its heads". The best reading wins if it passes ``SURE``; a reading that
passes only ``SUSPECTED`` is reported and cuts nothing.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import gt, sub

from broadsheet.parsing.counters import Counter, stands_above
from broadsheet.parsing.heads.family import GRAMMARS, Grammar, Head, page

# Either marks on the heads (an avatar's text, "(Guest)") or a counter that agrees must carry a reading over this line;
# dates, order and position alone reach 0.35, as a list of dated events does.
SURE = 0.55
SUSPECTED = 0.30

# What the features of a reading, each between 0 and 1, are worth. They sum to 1.
_WEIGHTS = {
    "marks": 0.30,  # heads that an avatar or a guest mark proves; half of them is enough
    "all_marks": 0.05,  # ... but all is better: tells a real head from a head-like line in a body
    "counter": 0.30,  # agreement with "Comments 30" above the first head
    "repetition": 0.10,  # three heads or more
    "bodies": 0.10,  # heads that have text under them
    "order": 0.05,  # steps forward in time
    "spacing": 0.05,  # heads after a blank line
    "end": 0.05,  # the last comment is no longer than the others: the discussion reaches the end of the page
}
# A counter may be off by comments that were removed; it then counts less than half.
_NEAR = 0.6


@dataclass(frozen=True, slots=True)
class Discussion:
    """One reading of a page: its heads in page order, and the line where the discussion begins (counter included)."""

    grammar: str
    score: float
    heads: tuple[Head, ...]
    counter: Counter | None

    @property
    def start(self) -> int:
        """The first line that belongs to the discussion."""
        return self.counter.line if self.counter else self.heads[0].line

    @property
    def sure(self) -> bool:
        """Whether the page may be cut here."""
        return self.score >= SURE


def choose(
    lines: Sequence[str], start: int, counters: Sequence[Counter], grammars: Sequence[Grammar] = GRAMMARS
) -> Discussion | None:
    """Return the best reading of ``lines[start:]``, or None when no grammar finds more than chance would.

    ``counters`` are the counter lines of the page in page order. The time is linear in the text: each grammar gives
    at most twelve readings.
    """
    best: Discussion | None = None
    prepared = page(lines, start)
    for grammar in grammars:
        for heads, counter in _readings(lines, grammar.find(prepared), counters):
            score = _score(lines, heads, counter)
            if score >= SUSPECTED and (best is None or score > best.score):
                best = Discussion(grammar.name, score, tuple(heads), counter)
    return best


def _readings(
    lines: Sequence[str], found: list[Head], counters: Sequence[Counter]
) -> Iterator[tuple[list[Head], Counter | None]]:
    """Yield heads and counter of each way to read the candidates: all, the marked, those after a blank line ..."""
    if found and _is_plain(found, counters):
        yield found, counters[0]
        return
    tried: list[list[Head]] = [[]]
    opened = {counter.line + 1 for counter in counters}
    for heads in _ways(lines, found, opened):
        if heads not in tried:
            tried.append(heads)
            yield from _beginnings(lines, heads, counters)


def _is_plain(found: Sequence[Head], counters: Sequence[Counter]) -> bool:
    """Tell whether all candidates are marked and the only counter, right above the first, has their number."""
    return (
        len(counters) == 1
        and counters[0] == (found[0].line - 1, len(found))
        and all(head.person.marked for head in found)
    )


def _ways(lines: Sequence[str], found: list[Head], opened: set[int]) -> Iterator[list[Head]]:
    yield from (
        found,
        [head for head in found if head.person.marked],
        [head for head in found if _is_spaced(lines, head) or head.line in opened],
    )


def _beginnings(
    lines: Sequence[str], heads: list[Head], counters: Sequence[Counter]
) -> Iterator[tuple[list[Head], Counter | None]]:
    """Yield each way to begin: at the first head, at a counter further down, at the first head that is marked.

    The latter two leave dated lines of the article in the article.
    """
    places = [head.line for head in heads]
    above: dict[int, Counter] = {}
    for counter in counters:
        index = bisect(places, counter.line)
        if index < len(heads) and stands_above(counter, places[index], lines):
            above[index] = counter
    marked = next((index for index, head in enumerate(heads) if head.person.marked), 0)
    agreeing = next((index for index, counter in above.items() if counter.declared == len(heads) - index), 0)
    for index in sorted({0, marked, agreeing, max(above, default=0)}):
        yield heads[index:], above.get(index)


def _is_spaced(lines: Sequence[str], head: Head) -> bool:
    return head.line == 0 or not lines[head.line - 1]


def _score(lines: Sequence[str], heads: Sequence[Head], counter: Counter | None) -> float:
    count = len(heads)
    marked = [head.person.marked for head in heads].count(True) / count
    times = [head.time for head in heads if head.time]
    backward: int = sum(map(gt, times, times[1:]))
    # As _is_spaced says, but for a call per head.
    spaced = [head.line == 0 or not lines[head.line - 1] for head in heads].count(True)
    if counter and counter.line == heads[0].line - 1:
        spaced += 1
    begins = [head.end for head in heads]
    ends = [head.line for head in heads[1:]]
    longest = max(map(sub, ends, begins), default=0)
    ends.append(len(lines))
    # Most bodies begin in the second line.
    with_body = [
        (begin + 1 < end and lines[begin + 1] != "") or any(lines[begin : min(end, begin + 3)])
        for begin, end in zip(begins, ends, strict=True)
    ].count(True)
    features = {
        "marks": min(1.0, 2 * marked),
        "all_marks": marked,
        "counter": _agreement(counter, count),
        "repetition": min(count, 3) / 3,
        "bodies": with_body / count,
        "order": 1.0 - backward / count,
        "spacing": spaced / count,
        "end": float(len(lines) - heads[-1].end <= 3 * max(longest, 10)),
    }
    return round(sum(_WEIGHTS[name] * value for name, value in features.items()), 3)


def _agreement(counter: Counter | None, count: int) -> float:
    if counter is None:
        return 0.0
    if counter.declared == count:
        return 1.0
    return _NEAR * (min(counter.declared, count) / max(counter.declared, count))
