"""Preparing frames for measuring: letterbox and pillarbox bars cut off, luma, one size."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from indexer.domain import Frame, Pixels

Luma = NDArray[np.uint8]
"""(height, width) uint8: the BT.601 luma of a picture."""

_BAR_LUMA = 22  # a row or column is part of a bar if nothing in it is ever lighter
_LARGEST_BAR = 0.3  # of the height or width, on each side: wider black is part of the picture


def without_bars(frames: Sequence[Frame]) -> list[Pixels]:
    """The frames' pixels, all of the first one's size, cropped to what is not a black bar in any frame."""
    height, width = frames[0].pixels.shape[:2]
    pictures = [_at_size(frame.pixels, height, width) for frame in frames]
    peak = np.zeros((height, width), np.uint8)
    for picture in pictures[:: max(1, len(pictures) // 12)]:
        np.maximum(peak, luma(picture), out=peak)
    top, bottom = _bars(np.percentile(peak, 98, axis=1))
    left, right = _bars(np.percentile(peak, 98, axis=0))
    return [picture[top : height - bottom, left : width - right] for picture in pictures]


def luma(picture: Pixels) -> Luma:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _bars(brightest: NDArray[np.float64]) -> tuple[int, int]:
    """How many leading and trailing entries are bar. A bar on one side only is taken for part of the picture."""
    lit = np.flatnonzero(brightest > _BAR_LUMA)
    if not lit.size:
        return 0, 0
    first, last = int(lit[0]), len(brightest) - 1 - int(lit[-1])
    largest = int(len(brightest) * _LARGEST_BAR)
    if min(first, last) < 2 or max(first, last) > largest:
        return 0, 0
    return first, last


def _at_size(pixels: Pixels, height: int, width: int) -> Pixels:
    if pixels.shape[:2] == (height, width):
        return pixels
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
