"""From a decoded picture to upright RGB pixels of the wanted size."""

from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter

from indexer.domain import Pixels

_UNSPECIFIED = 2  # AVCOL_SPC_UNSPECIFIED
_HIGH_DEFINITION = 720  # lines from which unlabelled colours are BT.709, as players take it


class Scaler:
    """Scales pictures to RGB. Keeps swscale's tables between pictures; each picture's own size and format count, for
    they can change in mid stream."""

    def __init__(self, quality: Interpolation) -> None:
        self._quality = quality
        self._reformatter = VideoReformatter()

    def scale(self, picture: VideoFrame, size: tuple[int, int]) -> Pixels:
        """(height, width, 3) uint8 RGB; `size` is (width, height) of the upright picture."""
        turns = quarter_turns(picture)
        width, height = size if turns % 2 == 0 else size[::-1]
        unlabelled_hd = picture.colorspace == _UNSPECIFIED and picture.height >= _HIGH_DEFINITION
        scaled = self._reformatter.reformat(
            picture,
            width=width,
            height=height,
            format="rgb24",
            src_colorspace=Colorspace.ITU709 if unlabelled_hd else None,
            interpolation=self._quality,
            threads=1,
        )
        pixels = np.asarray(scaled.to_ndarray(), dtype=np.uint8)
        return np.ascontiguousarray(np.rot90(pixels, turns)) if turns else pixels


def quarter_turns(picture: VideoFrame) -> int:
    """How many quarter turns counter-clockwise show the picture upright: 0 to 3."""
    return round(picture.rotation / 90) % 4


def shown_size(picture: VideoFrame, pixel_shape: Fraction | None) -> tuple[int, int]:
    """(width, height) as displayed: the pixel shape stretches the width, then the picture is turned upright."""
    width = max(1, round(picture.width * (pixel_shape or 1)))
    return (picture.height, width) if quarter_turns(picture) % 2 else (width, picture.height)


def fitted(size: tuple[int, int], longest_side: int) -> tuple[int, int]:
    """The size scaled down, never up, so that no side is longer than `longest_side`."""
    factor = min(Fraction(1), Fraction(longest_side, max(size)))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))
