"""How far a score over few clips can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.evaluation.shot_scores import Agreement

_DRAWS = 4000
_SEED = 20  # any: the same figures every time


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


def f1_interval(agreements: Sequence[Agreement]) -> Interval:
    """The 95 % interval of F1, by the bootstrap over clips (Efron 1979, percentiles): as many clips are drawn anew,
    with replacement. Clips differ more than the edits within one, so edits are not drawn singly. (1, 1) without any."""
    if not agreements:
        return Interval(1.0, 1.0)
    counts = np.array([(len(one.found), len(one.missed), len(one.false_alarms)) for one in agreements])
    drawn = np.random.default_rng(_SEED).integers(len(counts), size=(_DRAWS, len(counts)))
    found, missed, false = counts[drawn].sum(axis=1).T
    wrong = missed + false
    f1 = np.where(found + wrong > 0, 2 * found / np.maximum(2 * found + wrong, 1), 1.0)
    low, high = np.percentile(f1, (2.5, 97.5))
    return Interval(float(low), float(high))
