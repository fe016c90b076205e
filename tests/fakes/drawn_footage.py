"""Footage drawn from numbers: shots of distinct pictures that drift a little, as small as detectors want them."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from indexer.domain import Frame, Pixels

PERIOD_US = 40_000


def scene(seed: int) -> Pixels:
    """A picture of 64x36 with soft patches of colour, the same for the same seed. Its left edge meets its right."""
    drawn = np.random.default_rng(seed)
    patches = drawn.integers(40, 216, (6, 8, 1)) + drawn.integers(-20, 21, (6, 8, 3))
    sharp = np.repeat(np.repeat(patches, 6, axis=0), 8, axis=1).astype(np.float64)
    soft: NDArray[np.float64] = np.mean(
        [np.roll(sharp, (down, across), (0, 1)) for down in range(-3, 4) for across in range(-4, 5)], axis=0
    )
    return soft.astype(np.uint8)


def shot(seed: int, count: int) -> Iterator[Pixels]:
    """A scene under a camera that pans by a pixel every fourth frame, with a little noise."""
    noise = np.random.default_rng(seed + 1)
    still = scene(seed)
    for number in range(count):
        moved = np.roll(still, number // 4, axis=1).astype(np.int16)
        yield np.clip(moved + noise.integers(-2, 3, moved.shape), 0, 255).astype(np.uint8)


def mixed(first: Pixels, second: Pixels, share: float) -> Pixels:
    mixture: NDArray[np.float64] = first * (1 - share) + second * share
    return np.round(mixture).astype(np.uint8)


def black() -> Pixels:
    return np.zeros((36, 64, 3), np.uint8)


def as_frames(pictures: Iterable[Pixels], period_us: int = PERIOD_US) -> list[Frame]:
    return [Frame(number * period_us, period_us, pixels) for number, pixels in enumerate(pictures)]
