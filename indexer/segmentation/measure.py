"""A few numbers about every frame of the one pass over a video, kept compactly: 66 bytes a frame, 143 MB for a day.

They serve the choice of segments, scenes and keyframes once the whole video has been seen.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.domain import Frame

FRAME_MEASURES = np.dtype(
    [
        ("t_us", np.int64),
        ("brightness", np.uint8),  # mean luma
        ("spread", np.uint8),  # standard deviation of luma
        ("gradient", np.float16),  # mean step between neighbouring pixels: more where the picture is sharp and rich
        ("motion", np.float16),  # mean change of luma since the frame before
        ("histogram", np.uint8, 16),  # share of the pixels in each sixteenth of the luma range, 255 for all of them
        ("colours", np.uint8, (3, 4, 3)),  # mean red, green and blue of the parts of a grid of three rows, four columns
    ]
)
FrameTable = NDArray[np.void]
"""One row of `FRAME_MEASURES` for each frame, in order of time."""

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

_BLOCK = 32  # frames measured at once: few enough to stay in the processor's cache
_HEIGHT, _WIDTH = 36, 64  # larger pictures are reduced to about so many pixels first, that their measures compare
_LUMA = np.array([77, 150, 29], np.uint16)  # ITU-R BT.601, in parts of 256


def place_of(table: FrameTable, t_us: int) -> int:
    """The first row at or after `t_us`. (`np.searchsorted` would copy the whole column first.)"""
    return bisect_left(table["t_us"], t_us)


class Measures:
    """Collects the measures of frames as they pass. All frames are of one size."""

    def __init__(self) -> None:
        self._measured: list[FrameTable] = []
        self._waiting: list[Frame] = []
        self._luma: Bytes | None = None  # of the last frame measured
        self._end_us = 0

    @property
    def end_us(self) -> int:
        """The end of the last frame; 0 without frames."""
        return self._end_us

    @property
    def table(self) -> FrameTable:
        self._measure()
        return np.concatenate([np.zeros(0, FRAME_MEASURES), *self._measured])

    def add(self, frame: Frame) -> None:
        self._waiting.append(frame)
        self._end_us = frame.t_us + max(frame.duration_us, 1)
        if len(self._waiting) == _BLOCK:
            self._measure()

    def _measure(self) -> None:
        if not self._waiting:
            return
        pictures = _reduced(np.stack([frame.pixels for frame in self._waiting]))
        luma = _luma(pictures)
        before = luma[0] if self._luma is None else self._luma
        rows = np.zeros(len(luma), FRAME_MEASURES)
        rows["t_us"] = [frame.t_us for frame in self._waiting]
        rows["brightness"], rows["spread"] = _brightness_and_spread(luma)
        rows["gradient"] = _mean_step(luma[:, :, 1:], luma[:, :, :-1]) + _mean_step(luma[:, 1:], luma[:, :-1])
        rows["motion"] = _mean_step(luma, np.concatenate([before[None], luma[:-1]]))
        rows["histogram"] = _histograms(luma)
        rows["colours"] = _grid_colours(pictures)
        self._measured.append(rows)
        self._luma = luma[-1]
        self._waiting = []


def tap(frames: Iterable[Frame], measures: Measures) -> Iterator[Frame]:
    """Pass frames on, measuring them: one pass then serves both the detector and the choices made at the end."""
    for frame in frames:
        measures.add(frame)
        yield frame


def _reduced(pictures: Bytes) -> Bytes:
    """(n, height, width, 3) to about 64x36 by means over blocks of whole pixels."""
    down, across = (max(1, round(pictures.shape[1] / _HEIGHT)), max(1, round(pictures.shape[2] / _WIDTH)))
    if down == across == 1:
        return pictures
    height, width = pictures.shape[1] // down * down, pictures.shape[2] // across * across
    sums = np.zeros((len(pictures), height // down, width // across, 3), np.uint32)
    for top in range(down):
        for left in range(across):
            sums += pictures[:, top:height:down, left:width:across]
    means: Bytes = ((sums + down * across // 2) // (down * across)).astype(np.uint8)
    return means


def _luma(pictures: Bytes) -> Bytes:
    red, green, blue = np.ascontiguousarray(np.moveaxis(pictures, 3, 0))
    luma: Bytes = (red * _LUMA[0] + green * _LUMA[1] + blue * _LUMA[2] + np.uint16(128) >> 8).astype(np.uint8)
    return luma


def _brightness_and_spread(luma: Bytes) -> tuple[Floats, Floats]:
    flat = luma.reshape(len(luma), -1).astype(np.float32)
    means = flat.mean(axis=1)
    flat -= means[:, None]
    return np.round(means), np.round(np.sqrt(np.einsum("ij,ij->i", flat, flat) / flat.shape[1]))


def _mean_step(some: Bytes, others: Bytes) -> Floats:
    """Of each picture, the mean absolute difference. (Differences of bytes, and sums as products, are quick.)"""
    steps = (np.maximum(some, others) - np.minimum(some, others)).reshape(len(some), -1)
    weights = np.full(steps.shape[1], 1 / max(steps.shape[1], 1), np.float32)
    means: Floats = steps.astype(np.float32) @ weights
    return means


def _histograms(luma: Bytes) -> Floats:
    bins = (luma >> 4).reshape(len(luma), -1) + 16 * np.arange(len(luma))[:, None]
    counts = np.bincount(bins.ravel(), minlength=16 * len(luma)).reshape(-1, 16)
    return np.round(counts * np.float32(255 / bins.shape[1]))


def _grid_colours(pictures: Bytes) -> Floats:
    """(n, 3, 4, 3) means over a grid, whose parts need not be of one size."""
    count, height, width, _ = pictures.shape
    tops = [row * height // 3 for row in range(4)]
    lines = pictures.reshape(count, height, width * 3)
    rows = np.stack(
        [lines[:, top : max(end, top + 1)].mean(axis=1, dtype=np.float32) for top, end in pairwise(tops)], 1
    )
    means: Floats = rows @ _column_means(width)
    return np.round(means.reshape(count, 3, 4, 3))


@cache
def _column_means(width: int) -> Floats:
    """(width * 3, 12): from a row of pixels to the mean colours of its four parts."""
    columns = np.arange(width) * 4 // width
    parts = (columns[:, None] == np.arange(4)) / np.maximum(np.bincount(columns, minlength=4), 1)
    return np.kron(parts, np.eye(3)).astype(np.float32)
