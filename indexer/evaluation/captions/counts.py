"""What captions have in common with their references, video by video, as the kept library counts it.

BLEU (Papineni et al. 2002), ROUGE-L (Lin 2004) and CIDEr-D (Vedantam et al. 2015), as the COCO caption evaluation
defines them (Chen et al. 2015): `pycocoevalcap`, whose `Cider` is CIDEr-D.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ORDERS = 4  # BLEU-1 to BLEU-4
_SMALL, _TINY = 1e-9, 1e-15  # the library's own, so that the figures agree to the last digit

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counts:
    """Of V videos. `bleu` (V, 10): n-grams written and right, of 1 to 4 words each, words, words of the reference of
    nearest length. `means` (V,): metrics whose score is the mean. `meteor` (V, 23): its sufficient statistics."""

    bleu: Floats
    means: Mapping[str, Floats]
    meteor: Floats | None = None


def count(candidates: Sequence[str], references: Sequence[Sequence[str]]) -> Counts:
    """Tokenized texts: one candidate, and its references, a video. CIDEr-D weighs words by how many of just these
    videos have them in their references."""
    from pycocoevalcap.cider.cider import Cider
    from pycocoevalcap.rouge.rouge import Rouge

    written = {number: [text] for number, text in enumerate(candidates)}
    right = {number: list(texts) for number, texts in enumerate(references)}
    _, rouge = Rouge().compute_score(right, written)
    _, cider = Cider().compute_score(right, written)
    means = {"ROUGE-L": np.asarray(rouge, np.float64), "CIDEr-D": np.asarray(cider, np.float64)}
    return Counts(_bleu_counts(candidates, references), means)


def bleu(sums: Floats) -> Floats:
    """(..., 10) summed counts -> (..., 4) corpus BLEU-1 to BLEU-4."""
    written, right, words, nearest = np.split(sums, (ORDERS, 2 * ORDERS, 2 * ORDERS + 1), axis=-1)
    precision = (right + _TINY) / (written + _SMALL)
    means = np.exp(np.cumsum(np.log(precision), axis=-1) / np.arange(1, ORDERS + 1))
    ratio = (words + _TINY) / (nearest + _SMALL)
    return np.asarray(means * np.exp(np.minimum(1 - 1 / ratio, 0)), np.float64)


def _bleu_counts(candidates: Sequence[str], references: Sequence[Sequence[str]]) -> Floats:
    from pycocoevalcap.bleu.bleu_scorer import BleuScorer

    scorer = BleuScorer(n=ORDERS)
    for candidate, texts in zip(candidates, references, strict=True):
        scorer += (candidate, list(texts))
    rows = [
        (*one["guess"], *one["correct"], one["testlen"], _nearest(one["reflen"], one["testlen"]))
        for one in scorer.ctest
    ]
    return np.array(rows, np.float64).reshape(-1, 2 * ORDERS + 2)


def _nearest(lengths: Sequence[int], length: int) -> int:
    return min((abs(one - length), one) for one in lengths)[1]
