"""A picture in a few bytes: a hash by which it is known again, and a tiny copy to show while it is loaded."""

import io
from functools import cache

import numpy as np
from numpy.typing import NDArray

from indexer.domain import Pixels

_SIDE = 32
_LOW = 8  # frequencies each way that count: 64 bits
_BLUR_PX = 16
_BLUR_QUALITY = 30


def picture_hash(pixels: Pixels) -> bytes:
    """Eight bytes: which of the 8x8 lowest frequencies of the picture at 32x32, those aside that are constant along a
    side, have more than their median in its discrete cosine transform (pHash: Zauner, "Implementation and Benchmarking
    of Perceptual Image Hash Functions", 2010). The same picture encoded anew, or scaled, differs in a few bits, another
    in about half.

    `pixels`: (height, width, 3) uint8 RGB. Of a picture without content it says nothing.
    """
    from PIL import Image

    small = Image.fromarray(pixels, "RGB").convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX)
    waves = _cosines()
    low = waves @ np.asarray(small, np.float64) @ waves.T
    return np.packbits(low > np.median(low)).tobytes()


def make_placeholder(pixels: Pixels) -> bytes:
    """A WebP file of at most 16 pixels a side, less than 300 bytes."""
    from PIL import Image

    picture = Image.fromarray(pixels, "RGB")
    picture.thumbnail((_BLUR_PX, _BLUR_PX), Image.Resampling.BOX)
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=_BLUR_QUALITY, method=4)
    return file.getvalue()


@cache
def _cosines() -> NDArray[np.float64]:
    """The rows of the DCT-II for frequencies 1 to 8: (8, 32)."""
    frequency, place = np.arange(1, _LOW + 1)[:, None], np.arange(_SIDE)[None, :]
    waves: NDArray[np.float64] = np.cos(np.pi * frequency * (2 * place + 1) / (2 * _SIDE))
    return waves
