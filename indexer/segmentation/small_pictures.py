"""Pictures reduced to what tells shots apart: luma at 32x18 and 16x9, two colour differences at 16x9."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.domain import Pixels

SIZE = (64, 36)  # width, height of the frames they are made of

Floats = NDArray[np.floating]

HEIGHT, WIDTH = 18, 32
# ITU-R BT.601: luma, then the two colour differences, of full-range RGB
_YCBCR = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float32)


@dataclass(frozen=True, slots=True)
class SmallPictures:
    """n pictures: `luma` (n, 18, 32) and `coarse` (n, 9, 16) in 0..255, `colour` (n, 288) in -128..127."""

    luma: Floats
    coarse: Floats
    colour: Floats

    def __len__(self) -> int:
        return len(self.luma)


def reduced(pictures: Pixels) -> SmallPictures:
    """Of (n, 36, 64, 3) RGB. Raises `ValueError` for another size."""
    count = len(pictures)
    if pictures.shape[1:] != (SIZE[1], SIZE[0], 3):
        raise ValueError(f"pictures of 64x36 are wanted here, not of shape {pictures.shape[1:]}")
    rows = pictures.reshape(count, HEIGHT, 2, WIDTH * 6)
    sums = (rows[:, :, 0].astype(np.uint16) + rows[:, :, 1]).reshape(count, HEIGHT, WIDTH, 2, 3)
    colours = (sums[:, :, :, 0] + sums[:, :, :, 1]).reshape(-1, 3).astype(np.float32)
    fine = (colours @ (_YCBCR.T / 4)).reshape(count, HEIGHT, WIDTH, 3)
    sums_of_four = fine[:, 0::2, 0::2] + fine[:, 0::2, 1::2] + fine[:, 1::2, 0::2] + fine[:, 1::2, 1::2]
    coarse: Floats = sums_of_four / 4
    return SmallPictures(
        np.ascontiguousarray(fine[..., 0]),
        np.ascontiguousarray(coarse[..., 0]),
        np.ascontiguousarray(coarse[..., 1:]).reshape(count, -1),
    )
