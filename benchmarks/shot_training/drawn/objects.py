"""Vehicles, things without a name, and flecks, as cutouts."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.shot_training.drawn.palettes import Palette
from benchmarks.shot_training.drawn.raster import Colour, Dice
from benchmarks.shot_training.drawn.sheets import Cutout, Point, Sheet


def vehicle(rng: Dice, palette: Palette) -> Cutout:
    """A car, a van or a bus from the side, facing right; the pivot is on the road below its middle."""
    sheet, paint, glass = Sheet(150, 70), palette.any(rng) * rng.uniform(0.6, 1.3), palette.tone(0.15)
    roof = float(rng.choice([26, 14, 4]))
    nose = {26.0: 40.0, 14.0: 22.0, 4.0: 4.0}[roof]
    front: list[Point] = [(146 - nose, roof), (146 - nose * 0.4, 36), (146, 42), (146, 58)]
    sheet.polygon([(4, 58), (4, 36 if roof > 20 else roof + 4), (12 if roof < 20 else 34, roof), *front], paint)
    for x in np.arange(16 if roof < 20 else 38, 134 - nose, 24):
        sheet.polygon([(x, roof + 4), (x + 20, roof + 4), (x + 20, 34), (x, 34)], glass * float(rng.uniform(0.7, 2)))
    sheet.line((4, 46), (146, 48), 1.5, paint * 0.6)
    for x in (30, 118):
        sheet.ellipse((x, 58), (12, 11), palette.tone(0) * 0.5)
        sheet.ellipse((x, 58), (6, 5.5), palette.tone(0.6))
    return sheet.cut_out(rng, (75, 69), rough=0.06)


def thing(rng: Dice, palette: Palette) -> Cutout:
    """Something without a name: a textured body of a few overlapping shapes."""
    sheet = Sheet(100, 100)
    for _ in range(int(rng.integers(1, 6))):
        at = (float(rng.uniform(30, 70)), float(rng.uniform(30, 70)))
        if rng.random() < 0.5:
            sheet.ellipse(at, (float(rng.uniform(8, 30)), float(rng.uniform(8, 30))), palette.any(rng))
        else:
            angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 8))))
            reach = rng.uniform(10, 30)
            sheet.polygon(
                [(at[0] + reach * float(np.cos(a)), at[1] + reach * float(np.sin(a))) for a in angles], palette.any(rng)
            )
    return sheet.cut_out(rng, (50, 50), rough=0.25)


def fleck(colour: Colour, wide: int, tall: int) -> Cutout:
    """A drop, a flake, a scrap of paper."""
    canvas: NDArray[np.uint8] = np.zeros((tall + 2, wide + 2, 4), np.uint8)
    canvas[1:-1, 1:-1] = [*np.clip(colour, 0, 255).astype(np.uint8), 255]
    return Cutout((canvas,), (wide / 2, tall / 2))
