"""Pictures kept on the way while a video is decoded once: such as may stand for segments, and those captioners want.

Of each second the picture that looks sharpest and stillest in small is kept: which of them stand for segments is known
when all is decoded. Captioners get pictures at an even pace. All are the pictures that `frames_at` gives.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from indexer.domain import Frame, Pixels
from indexer.media.pictures.jpeg import encode_jpeg
from indexer.media.pictures.scaling import Scaler
from indexer.media.reading.placing import TimedPicture
from indexer.media.reading.showing import shown
from indexer.media.reading.spooled import SAMPLE_QUALITY, Spooled, SpoolOrder
from indexer.timecode import MICROSECONDS

_FLAT = 8  # of 255: below this spread a picture has no content

_Levels = NDArray[np.int16]


class Spooler:
    """Takes every picture of a pass, in order, and gives those that are to be kept."""

    def __init__(self, order: SpoolOrder) -> None:
        self._candidates = _Candidates(order.candidate_side)
        self._samples = [_Samples(side, per_second) for side, per_second in order.samples]
        self._before: VideoFrame | None = None

    def add(self, frame: Frame, timed: TimedPicture) -> Iterator[Spooled]:
        """`frame`: the same picture as detectors see it, always of one size."""
        if (candidate := self._candidates.add(frame, timed, self._before)) is not None:
            yield candidate
        for samples in self._samples:
            if samples.wants(timed):
                yield samples.take(timed, self._before)
        self._before = timed.picture

    def finish(self) -> Iterator[Spooled]:
        if (candidate := self._candidates.take()) is not None:
            yield candidate


@dataclass(frozen=True, slots=True)
class _Held:
    """A picture that is not made yet, with what deinterlacing it takes: the decoder's own buffers."""

    timed: TimedPicture
    before: VideoFrame | None
    score: float


class _Candidates:
    def __init__(self, longest_side: int) -> None:
        self._longest_side = longest_side
        self._scaler = Scaler(Interpolation.BICUBIC)
        self._last: _Levels | None = None
        self._best: _Held | None = None

    def add(self, frame: Frame, timed: TimedPicture, before: VideoFrame | None) -> Spooled | None:
        """The best picture of the second before, when this one begins another."""
        score = self._score(frame.pixels)
        best = self._best
        made = None
        if best is not None and timed.t_us // MICROSECONDS != best.timed.t_us // MICROSECONDS:
            made, best = self.take(), None
        if best is None or score > best.score:
            self._best = _Held(timed, before, score)
        return made

    def take(self) -> Spooled | None:
        if self._best is None:
            return None
        held, self._best = self._best, None
        frame = shown(held.timed, before=held.before, scaler=self._scaler, longest_side=self._longest_side)
        sharpness = laplacian_variance(frame.pixels)
        return Spooled(frame.t_us, frame.duration_us, self._longest_side, sharpness, encode_jpeg(frame.pixels))

    def _score(self, pixels: Pixels) -> float:
        """Sharp and still, by green alone, which most of the brightness is."""
        levels: _Levels = pixels[..., 1].astype(np.int16)
        across, down = np.abs(levels[:, 1:] - levels[:, :-1]), np.abs(levels[1:] - levels[:-1])
        change = 0.0 if self._last is None else float(np.abs(levels - self._last).mean())
        self._last = levels
        score = float(across.mean() + down.mean()) - change
        return score if levels.std() >= _FLAT else score - 1000


class _Samples:
    def __init__(self, longest_side: int, per_second: float) -> None:
        self._longest_side = longest_side
        self._period_us = MICROSECONDS / per_second
        self._taken = -1  # the last moment of the pace that has its picture
        self._scaler = Scaler(Interpolation.BICUBIC)

    def wants(self, timed: TimedPicture) -> bool:
        """Whether a moment that has no picture yet lies in this one. Those of before the first frame do not exist."""
        return int((timed.end_us - 1) // self._period_us) > self._taken

    def take(self, timed: TimedPicture, before: VideoFrame | None) -> Spooled:
        self._taken = int((timed.end_us - 1) // self._period_us)
        frame = shown(timed, before=before, scaler=self._scaler, longest_side=self._longest_side)
        jpeg = encode_jpeg(frame.pixels, quality=SAMPLE_QUALITY)
        return Spooled(frame.t_us, frame.duration_us, self._longest_side, None, jpeg)


def laplacian_variance(pixels: Pixels) -> float:
    """How sharp a picture is: the variance of the Laplacian of its brightness (Pech-Pacheco et al., "Diatom
    autofocusing in brightfield microscopy", 2000). 0 for one of fewer than three pixels a side."""
    from PIL import Image

    if min(pixels.shape[:2]) < 3:
        return 0.0
    luma = np.asarray(Image.fromarray(pixels, "RGB").convert("L")).astype(np.int16)
    laplacian = luma[:-2, 1:-1] + luma[2:, 1:-1]
    laplacian += luma[1:-1, :-2]
    laplacian += luma[1:-1, 2:]
    laplacian -= 4 * luma[1:-1, 1:-1]
    values = laplacian.astype(np.float32).ravel()
    return float(values @ values / values.size - values.mean() ** 2)
