"""A few numbers about every frame of the one pass over a video, kept compactly: 30 bytes a frame, 65 MB for a day.

They serve the choice of segment bounds and of keyframes once the whole video has been seen.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from indexer.domain import Frame, Pixels

FRAME_MEASURES = np.dtype(
    [
        ("t_us", np.int64),
        ("brightness", np.uint8),  # mean luma
        ("spread", np.uint8),  # standard deviation of luma
        ("gradient", np.float16),  # mean step between neighbouring pixels: more where the picture is sharp and rich
        ("motion", np.float16),  # mean change of luma since the frame before
        ("histogram", np.uint8, 16),  # share of the pixels in each sixteenth of the luma range, 255 for all of them
    ]
)
FrameTable = NDArray[np.void]
"""One row of `FRAME_MEASURES` for each frame, in order of time."""

_ROWS = 4096
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


def place_of(table: FrameTable, t_us: int) -> int:
    """The first row at or after `t_us`. (`np.searchsorted` would copy the whole column first.)"""
    return bisect_left(table["t_us"], t_us)


class Measures:
    """Collects the measures of frames as they pass."""

    def __init__(self) -> None:
        self._full: list[FrameTable] = []
        self._rows: FrameTable = np.zeros(_ROWS, FRAME_MEASURES)
        self._used = 0
        self._luma: NDArray[np.float32] | None = None  # of the frame before; all frames are of one size
        self._end_us = 0

    def __len__(self) -> int:
        return len(self._full) * _ROWS + self._used

    @property
    def end_us(self) -> int:
        """The end of the last frame; 0 without frames."""
        return self._end_us

    @property
    def table(self) -> FrameTable:
        return np.concatenate([*self._full, self._rows[: self._used]])

    def add(self, frame: Frame) -> None:
        luma = frame.pixels @ _LUMA
        motion = float(np.abs(luma - self._luma).mean()) if self._luma is not None else 0.0
        self._next_row()[()] = (
            frame.t_us,
            round(float(luma.mean())),
            round(float(luma.std())),
            _gradient(luma),
            motion,
            _histogram(luma),
        )
        self._luma = luma
        self._end_us = frame.t_us + max(frame.duration_us, 1)

    def _next_row(self) -> FrameTable:
        if self._used == _ROWS:
            self._full.append(self._rows)
            self._rows, self._used = np.zeros(_ROWS, FRAME_MEASURES), 0
        self._used += 1
        return self._rows[self._used - 1 : self._used].reshape(())


def tap(frames: Iterable[Frame], measures: Measures) -> Iterator[Frame]:
    """Pass frames on, measuring each: one pass then serves both the detector and the choices made at the end."""
    for frame in frames:
        measures.add(frame)
        yield frame


def _gradient(luma: NDArray[np.float32]) -> float:
    across, down = np.abs(np.diff(luma, axis=1)), np.abs(np.diff(luma, axis=0))
    return float(across.mean() + down.mean()) if across.size and down.size else 0.0


def _histogram(luma: NDArray[np.float32]) -> Pixels:
    counts = np.bincount((luma.ravel() / 16).astype(np.int64), minlength=16)[:16]
    return np.round(counts * (255 / luma.size)).astype(np.uint8)
