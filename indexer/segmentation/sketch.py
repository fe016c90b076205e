"""Pictures reduced to what tells shots apart, and how different two of them are. Pure.

Differences are taken block by block, each block moved to where it fits best, as video coders do: a moving camera is
not a change.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from indexer.domain import Frame, Pixels

SIZE = (64, 36)  # width, height of the pictures that sketches are made of
FLAT = 8.0  # of 255: a luma spread below this is a picture without content: black, white, a bare colour

Floats = NDArray[np.float32]

_COMPARABLE_US = 25_000  # pictures closer than this differ too little to be compared: above 40 a second some are passed
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
_HEIGHT, _WIDTH = 18, 32
_REACH = 2  # pixels that a block may have moved
_BLOCKS = np.kron(np.eye(12, dtype=np.float32).reshape(3, 4, 12), np.ones((6, 8, 1), np.float32)).reshape(-1, 12) / 48


@dataclass(frozen=True, slots=True)
class Sketch:
    """One picture, small: luma (18, 32) and the two colour differences (2, 9, 16), all in 0..255 terms."""

    t_us: int
    change_us: int  # where, since the sketch before, the picture changed most: this frame, or one passed over
    luma: Floats
    colour: Floats
    spread: float

    @property
    def flat(self) -> bool:
        return self.spread < FLAT


@dataclass(frozen=True, slots=True)
class Mix:
    """How far a picture is a mixture of two others."""

    share: float  # of the later one
    residual: float  # what the mixture leaves unexplained, as a part of their distance
    distance: float  # of the two from each other, 0..255


def sketches(frames: Iterable[Frame]) -> Iterator[Sketch]:
    """At most forty sketches a second. Raises `ValueError` for frames that are not 64x36."""
    kept_us, change_us, largest, before = None, 0, -1.0, None
    for frame in frames:
        luma, colour = _reduce(frame.pixels)
        step = float(np.abs(luma - before).mean()) if before is not None else 0.0
        before = luma
        if step > largest:
            change_us, largest = frame.t_us, step
        if kept_us is None or frame.t_us - kept_us >= _COMPARABLE_US:
            yield Sketch(frame.t_us, change_us, luma, colour, float(luma.std()))
            kept_us, largest = frame.t_us, -1.0


def difference(before: Sketch, after: Sketch) -> float:
    """How different two pictures are, 0..255 and a little over: the median block, moved to where it fits best, and
    the colours. The median, because half a picture may change within a shot."""
    colours = np.abs(before.colour - after.colour).mean()
    return float(np.median(_block_differences(before, after)) + 2 * colours)


def unmoved_share(before: Sketch, after: Sketch) -> float:
    """How much of the difference of two pictures' luma is left when their blocks may move, 0..1: little after a pan."""
    plain = float(np.abs(before.luma - after.luma).mean())
    return float(_block_differences(before, after).mean()) / (plain + 1e-3)


def mixture(picture: Sketch, *, before: Sketch, after: Sketch) -> Mix:
    """Fit `picture` as a mixture of `before` and `after`."""
    first, last, middle = _vector(before), _vector(after), _vector(picture)
    way, gone = last - first, middle - first
    distance = float(np.abs(way).mean())
    share = float(gone @ way) / (float(way @ way) + 1e-3)
    left_over = float(np.abs(gone - min(max(share, 0.0), 1.0) * way).mean())
    return Mix(share, left_over / (distance + 1), distance)


def likeness(first: Sketch, second: Sketch) -> float:
    """Correlation of two pictures' luma, -1..1: blind to exposure and contrast."""
    one, other = first.luma.ravel() - first.luma.mean(), second.luma.ravel() - second.luma.mean()
    return float(one @ other) / (float(np.linalg.norm(one)) * float(np.linalg.norm(other)) + 1e-3)


def _block_differences(before: Sketch, after: Sketch) -> Floats:
    """Of each of the twelve blocks, where it fits best."""
    shifted = sliding_window_view(np.pad(before.luma, _REACH, mode="edge"), (_HEIGHT, _WIDTH))
    differences = np.abs(shifted - after.luma).reshape(-1, _HEIGHT * _WIDTH) @ _BLOCKS
    best: Floats = differences.min(axis=0)
    return best


def _reduce(pixels: Pixels) -> tuple[Floats, Floats]:
    if pixels.shape != (SIZE[1], SIZE[0], 3):
        raise ValueError(f"pictures of 64x36 are wanted here, not of shape {pixels.shape}")
    halves: Floats = pixels.reshape(_HEIGHT, 2, _WIDTH, 2, 3).mean(axis=(1, 3), dtype=np.float32)
    quarters = halves.reshape(_HEIGHT // 2, 2, _WIDTH // 2, 2, 3).mean(axis=(1, 3))
    grey = quarters @ _LUMA
    colour = np.stack([0.713 * (quarters[..., 0] - grey), 0.564 * (quarters[..., 2] - grey)])
    return halves @ _LUMA, colour


def _vector(sketch: Sketch) -> Floats:
    return np.concatenate([sketch.luma.ravel(), 1.4 * sketch.colour.ravel()], dtype=np.float32)
