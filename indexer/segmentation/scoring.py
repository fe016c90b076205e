"""From frames to scores: the network runs over the video in blocks, in bounded memory and with bounded delay."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.domain import Frame
from indexer.segmentation.features import REACH as FEATURES_REACH
from indexer.segmentation.features import features
from indexer.segmentation.network import REACH as NETWORK_REACH
from indexer.segmentation.network import Network, Scores
from indexer.segmentation.windows import windows

_EMPTY = 2.0  # of 255: a spread below this is a picture of nothing
_MEASURED_TOGETHER = 128  # moments; more would cost less, and make live sources later
_SCORED_TOGETHER = 128

_KEPT_APART_US = 26_500  # pictures closer than this differ too little to be compared: above 37 a second some are passed


@dataclass(frozen=True, slots=True)
class Moment:
    """A frame that is scored, and where the picture changed most since the one before: there, or at a frame that was
    passed over (`change_us`), by how much (0..255). `empty`: it shows nothing: black, white, a bare colour."""

    frame: Frame
    change_us: int
    step: float
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """Some moments in order, and their scores."""

    moments: list[Moment]
    scores: Scores


def score(frames: Iterable[Frame], network: Network) -> Iterator[Scored]:
    """Every moment of the footage once, in order. Frames are 64x36."""
    measured = _measured(moments(frames))
    for window in windows(measured, block=_SCORED_TOGETHER, context=NETWORK_REACH):
        scores = network(np.stack([row for _, row in window.items])).of(window.block)
        yield Scored([moment for moment, _ in window.items[window.block]], scores)


def moments(frames: Iterable[Frame]) -> Iterator[Moment]:
    """At most 37 a second."""
    kept_us, change_us, largest, before = None, 0, -1.0, None
    for frame in frames:
        luma = frame.pixels[::2, ::2, 1].astype(np.int16)  # green is nearest to it
        step = float(np.abs(luma - before).mean()) if before is not None else 0.0
        before = luma
        if step > largest:
            change_us, largest = frame.t_us, step
        if kept_us is None or frame.t_us - kept_us >= _KEPT_APART_US:
            yield Moment(frame, change_us, largest, bool(luma.std() < _EMPTY))
            kept_us, largest = frame.t_us, -1.0


def _measured(found: Iterable[Moment]) -> Iterator[tuple[Moment, NDArray[np.float32]]]:
    """Each moment with its row of features."""
    for window in windows(found, block=_MEASURED_TOGETHER, context=FEATURES_REACH):
        rows = features(np.stack([moment.frame.pixels for moment in window.items]), window.block)
        yield from zip(window.items[window.block], rows, strict=True)
