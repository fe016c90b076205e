"""The dead-leaves model: things in front of things, the raw material of most places."""

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.shot_training.drawn.palettes import Palette
from benchmarks.shot_training.drawn.raster import Dice, noise
from benchmarks.shot_training.drawn.scenery import ACROSS, COLUMNS, DOWN, ROWS, filled


def leaves(rng: Dice, palette: Palette, *, count: int, least: float, kind: int | None = None) -> NDArray[np.float32]:
    """A canvas of `count` occluding shapes with radii from `least`; kind 0 discs, 1 polygons, 2 boxes, None all."""
    colours = np.dstack([filled(palette.tone(rng.uniform())), np.full((DOWN, ACROSS), 0.1, np.float32)])
    slopes = np.zeros((DOWN, ACROSS, 3), np.float32)
    radii = least * (1 - rng.random(count)) ** (-1 / 1.6)
    kinds = rng.integers(0, 3, count) if kind is None else np.full(count, kind)
    for radius, shape in zip(np.minimum(radii, 130), kinds, strict=True):
        x, y = rng.uniform(-20, ACROSS + 20), rng.uniform(-20, DOWN + 20)
        outline = _outline(rng, int(shape), (x, y), float(radius))
        red, green, blue = (float(value) for value in palette.any(rng))
        dx, dy = (float(value) for value in rng.normal(0, 0.35, 2) / radius)
        cv2.fillPoly(colours, [outline], (red, green, blue, float(rng.uniform(0, 0.35))))
        cv2.fillPoly(slopes, [outline], (dx, dy, float(-dx * x - dy * y)))
    rough = noise(rng, DOWN, ACROSS, roughness=0.75, grains=6)
    shade = np.clip(slopes[..., 0] * COLUMNS + slopes[..., 1] * ROWS + slopes[..., 2], -0.7, 0.7)
    return np.asarray(colours[..., :3] * np.exp(rough * colours[..., 3] + shade)[..., None], np.float32)


def _outline(rng: Dice, shape: int, at: tuple[float, float], radius: float) -> NDArray[np.int32]:
    corners = {0: 14, 1: int(rng.integers(3, 9)), 2: 4}[shape]
    turn = rng.uniform(0, 2 * np.pi) if shape != 2 or rng.random() < 0.3 else np.pi / 4
    angles = turn + np.arange(corners) * 2 * np.pi / corners
    reach = radius * (rng.uniform(0.5, 1.2, corners) if shape == 1 else np.ones(corners))
    across, down = rng.uniform(0.5, 1.8), rng.uniform(0.5, 1.8)
    points = np.stack([at[0] + across * reach * np.cos(angles), at[1] + down * reach * np.sin(angles)], 1)
    return np.asarray(points.round(), dtype=np.int32)
