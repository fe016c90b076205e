"""Sums of postings, and the best of them. Pure.

A million sums are made and searched in a millisecond if nothing is ever sorted or listed that is not among the best;
so the best are told by a bound that a few of them give.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.word_index.rows import Positions, look_up

Scores = NDArray[np.float32]
_SAMPLED = 16_384  # scores that a bound is drawn from: more take longer to look at than a closer bound saves


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """The documents (by position) that hold a stem, and what it adds to the score of each where its weight is 1."""

    positions: Positions
    impacts: Scores

    def __len__(self) -> int:
        return len(self.positions)


Weighted = tuple[float, Postings]


def score_all(weighted: Sequence[Weighted], documents: int) -> Scores:
    """(documents,) the sum of weight * impact of each.

    `np.add.at` over the machine's own integers takes a half of the time of `scores[positions] += ...`.
    """
    scores = np.zeros(documents, np.float32)
    for weight, postings in weighted:
        np.add.at(scores, postings.positions.astype(np.intp), postings.impacts * np.float32(weight))
    return scores


def score_some(weighted: Sequence[Weighted], positions: Positions) -> Scores:
    """As `score_all`, of these documents alone."""
    scores = np.zeros(len(positions), np.float32)
    for weight, postings in weighted:
        at, there = look_up(positions, postings.positions)
        scores[there] += postings.impacts[at[there]] * np.float32(weight)
    return scores


def draw(weighted: Sequence[Weighted], limit: int) -> Positions:
    """Some documents, at least `limit`, that are likely among the best: those of the rarest stem that has as many. None
    where no stem has."""
    frequent = [postings for _, postings in weighted if len(postings) >= limit]
    rarest = min(frequent, key=len, default=None)
    if rarest is None:
        return np.empty(0, np.int32)
    return rarest.positions[:: max(1, len(rarest) // max(limit, _SAMPLED))]


def best_places(scores: Scores, *, limit: int, sample: Positions) -> NDArray[np.intp]:
    """Places of the best `limit` scores above 0, best first, ties by place. Any `sample` of places gives the same; one
    that holds good scores gives it sooner."""
    floor = _bound(scores[sample], limit)
    places = np.flatnonzero(scores >= floor if floor > 0 else scores > 0)
    found = scores[places]
    if len(places) > limit:
        last = _bound(found, limit)
        kept = np.concatenate([np.flatnonzero(found > last), np.flatnonzero(found == last)])[:limit]
        places, found = places[kept], found[kept]
    return places[np.lexsort((places, -found))]


def _bound(scores: Scores, limit: int) -> float:
    """The `limit`-th best of these scores; 0 where they are fewer."""
    return float(np.partition(scores, -limit)[-limit]) if len(scores) >= limit else 0.0
