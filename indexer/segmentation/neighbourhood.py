"""How alike each frame is to those around it, and those before a moment to those after it.

The band near the diagonal of the self-similarity matrix (Cooper and Foote 2001), of descriptors whose scalar product is
their similarity: computed by blocks, as products of matrices.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

Floats = NDArray[np.floating]

REACH = 24  # frames
OFFSETS = (1, 2, 3, 4, 6, 8, 12, 16, 24)
_SIDES = ((3, 1), (6, 1), (12, 3))  # frames on each side of the moment that are compared, every so many-th of them
_WITHIN = 6
_AT_ONCE = 128  # frames


def neighbourhood(descriptors: Floats) -> Floats:
    """(n, d) unit-length rows to (n, 26) distances, 1 minus similarity: to the frames at `OFFSETS` after and before;
    between the frames before and from this one on, mean and least, for three spans; and within either side.

    The least distance is what tells a flash from a cut: the picture from before is there again. Beyond the ends, the
    first and the last frame count as repeated.
    """
    band = _band(descriptors)
    later = band[:, [REACH + offset for offset in OFFSETS]]
    earlier = band[:, [REACH - offset for offset in OFFSETS]]
    return np.concatenate([1 - later, 1 - earlier, _across(band)], axis=1)


def _band(descriptors: Floats) -> Floats:
    """(n, 49): the similarity of each frame to those from 24 before it to 24 after."""
    count = len(descriptors)
    padded = np.concatenate(
        [np.repeat(descriptors[:1], REACH, axis=0), descriptors, np.repeat(descriptors[-1:], REACH, axis=0)]
    )
    band = np.empty((count, 2 * REACH + 1), np.float32)
    for first in range(0, count, _AT_ONCE):
        size = min(_AT_ONCE, count - first)
        square = padded[first + REACH : first + REACH + size] @ padded[first : first + size + 2 * REACH].T
        down, along = square.strides
        band[first : first + size] = as_strided(square, (size, 2 * REACH + 1), (down + along, along))
    return band


def _across(band: Floats) -> Floats:
    """(n, 8): for each of the spans the mean and the least distance across the moment; then within both sides."""
    count = len(band)
    widest = max(span for span, _ in _SIDES)
    padded = np.pad(band, ((widest, 0), (0, 0)), mode="edge")
    numbers: list[Floats] = []
    for span, every in _SIDES:
        total, best = np.zeros(count, np.float32), np.full(count, -1, np.float32)
        gaps = range(1, span + 1, every)
        for gap in gaps:
            row = padded[widest - gap : widest - gap + count]  # of the frame that is `gap` before
            alike = row[:, REACH + gap : REACH + gap + span : every]
            total += alike.mean(axis=1)
            neighbours = span == _SIDES[0][0] and gap == 1  # the two at the moment itself: left out of the least
            best = np.maximum(best, alike[:, 1:].max(axis=1) if neighbours else alike.max(axis=1))
        numbers += [1 - total / len(gaps), 1 - best]
    before = padded[widest - 1 : widest - 1 + count]
    numbers += [1 - before[:, REACH - _WITHIN : REACH].mean(axis=1)]
    numbers += [1 - band[:, REACH + 1 : REACH + 1 + _WITHIN].mean(axis=1)]
    return np.stack(numbers, axis=1)
