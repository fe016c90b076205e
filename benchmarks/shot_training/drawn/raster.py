"""Pixels: seeded streams, natural textures, and the few picture operations that everything here is made of.

Pictures are RGB, sprites RGBA with their colour multiplied by their cover, so that averaging and blending are exact.
"""

from zlib import crc32

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 128, 72  # of what is shown
FINENESS = 2  # painted pixels a side of one shown pixel

Picture = NDArray[np.uint8]  # (height, width, 3)
Take = NDArray[np.uint8]  # (frames, HEIGHT, WIDTH, 3)
Sprite = NDArray[np.uint8]  # (height, width, 4)
Field = NDArray[np.float32]  # (height, width)
Colour = NDArray[np.float32]  # (3,), 0..255
Matrix = NDArray[np.float64]  # (2, 3), maps what is drawn to where it is shown
Track = NDArray[np.floating]  # (frames,)
Dice = np.random.Generator


def dice(seed: int, name: str) -> Dice:
    """The stream of numbers that belongs to this seed and name alone."""
    return np.random.default_rng([seed, crc32(name.encode())])


def chosen(rng: Dice, weights: dict[str, float]) -> str:
    """One of the names, as often as its weight says."""
    names, shares = list(weights), np.array(list(weights.values()))
    return names[int(rng.choice(len(names), p=shares / shares.sum()))]


def picture(values: NDArray[np.floating] | NDArray[np.integer]) -> Picture:
    return np.asarray(np.clip(values, 0, 255), dtype=np.uint8)


def noise(rng: Dice, height: int, width: int, *, roughness: float = 0.55, grains: float = 3) -> Field:
    """A 1/f^a field with mean 0 and deviation 1: octaves of smooth noise, each `roughness` times the one before.

    The coarsest octave has about `grains` lumps across the height.
    """
    total = np.zeros((height, width), np.float32)
    strength, lumps = 1.0, grains
    while lumps < height / 1.5:
        grid = rng.standard_normal((int(lumps) + 2, int(lumps * width / height) + 2), dtype=np.float32)
        total += strength * np.asarray(cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC))
        strength, lumps = strength * roughness, lumps * 2
    return np.asarray((total - total.mean()) / (total.std() + 1e-6), dtype=np.float32)


def halo(size: int) -> Field:
    """Light that fades from 1 in the middle to 0 at the rim of a square."""
    side = (np.arange(size, dtype=np.float32) - (size - 1) / 2) / (size / 2)
    return np.asarray(np.clip(1 - np.hypot(side[:, None], side[None, :]), 0, 1) ** 2, dtype=np.float32)


def warped(image: NDArray[np.uint8], matrix: Matrix, size: tuple[int, int]) -> NDArray[np.uint8]:
    """`image` as `matrix` shows it on (width, height) pixels; beyond its rim it goes on mirrored."""
    return np.asarray(cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT))


def placed(sprite: Sprite, matrix: Matrix, size: tuple[int, int]) -> Sprite:
    """`sprite` as `matrix` shows it on (width, height) pixels; beyond its rim there is nothing."""
    return np.asarray(cv2.warpAffine(sprite, matrix, size, flags=cv2.INTER_LINEAR))


def shrunk(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def softened(image: NDArray[np.uint8], radius: float) -> NDArray[np.uint8]:
    """Out of focus by about `radius` pixels."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), radius)) if radius > 0.3 else image


def smeared(image: NDArray[np.uint8], across: float, down: float) -> NDArray[np.uint8]:
    """Blurred as by a movement of so many pixels while the shutter is open."""
    kernel = 1 + round(min(abs(across), 60)), 1 + round(min(abs(down), 60))
    return image if kernel == (1, 1) else np.asarray(cv2.blur(image, kernel))


def laid_over(under: Picture, sprite: Sprite) -> Picture:
    """`sprite` over a picture of the same size."""
    hidden = np.asarray(cv2.cvtColor(255 - sprite[..., 3], cv2.COLOR_GRAY2RGB))
    colour = np.asarray(cv2.cvtColor(sprite, cv2.COLOR_RGBA2RGB))
    return np.asarray(cv2.add(cv2.multiply(under, hidden, scale=1 / 255), colour))


def covered(colour: Picture, cover: Field | NDArray[np.uint8]) -> Sprite:
    """A sprite of `colour` where `cover` (0..255) is."""
    share = np.asarray(cover, np.float32)[..., None]
    return picture(np.concatenate([colour * (share / 255), share], axis=2))


def brightness_field(colour: Colour, field: Field) -> Field:
    """(height, width, 3) of `colour` times `field`."""
    return np.asarray(field[..., None] * colour, dtype=np.float32)
