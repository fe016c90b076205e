"""Scores of a corpus with their intervals, from what was counted video by video."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.evaluation.captions.counts import ORDERS, Counts, Floats, bleu
from indexer.evaluation.captions.java_metrics import Meteor

RESAMPLES = 1000
SEED = 20  # any: the same figures every time
METRICS = ("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "METEOR", "ROUGE-L", "CIDEr-D", "SPICE")


@dataclass(frozen=True, slots=True)
class Estimate:
    """`low` and `high`: its 95 % interval. 0..1, CIDEr-D 0..10."""

    value: float
    low: float
    high: float


def estimate(rounds: Sequence[Counts], meteor: Meteor | None) -> dict[str, Estimate]:
    """The mean score of several rounds over the same videos (of a model there is one), with 95 % intervals by the
    bootstrap over videos (Efron 1979, percentiles). The weights of words in CIDEr-D stay those of all videos."""
    videos = len(rounds[0].bleu)
    drawn = np.random.default_rng(SEED).multinomial(videos, np.full(videos, 1 / videos), size=RESAMPLES)
    times: Floats = np.concatenate((np.ones((1, videos)), drawn)).astype(
        np.float64
    )  # how often each video counts: first of all, once
    means: dict[str, Floats] = {}
    for one in rounds:
        for name, values in _scores(one, times, meteor).items():
            means[name] = means.get(name, np.zeros(len(times))) + values / len(rounds)
    return {name: _estimate(means[name]) for name in METRICS if name in means}


def _scores(counts: Counts, times: Floats, meteor: Meteor | None) -> Mapping[str, Floats]:
    found = {f"BLEU-{n + 1}": values for n, values in zip(range(ORDERS), bleu(times @ counts.bleu).T, strict=True)}
    found |= {name: times @ values / len(values) for name, values in counts.means.items()}
    if meteor is not None and counts.meteor is not None:
        found["METEOR"] = meteor.score(times @ counts.meteor)
    return found


def _estimate(values: Floats) -> Estimate:
    low, high = np.percentile(values[1:], (2.5, 97.5))
    return Estimate(float(values[0]), float(low), float(high))
