"""Draws a contact sheet: `python -m benchmarks.shot_training.drawn SHEET.png [FIRST SEED]`.

24 places, and of each two frames of each of two takes.
"""

import sys

import cv2
import numpy as np

from benchmarks.shot_training.drawn import draw_place
from benchmarks.shot_training.drawn.raster import Picture

ROWS, COLUMNS = 8, 3
FRAMES = 80


def sheet(first: int) -> Picture:
    strips = [_strip(seed) for seed in range(first, first + ROWS * COLUMNS)]
    columns = [np.concatenate(strips[start : start + ROWS]) for start in range(0, len(strips), ROWS)]
    return np.concatenate(columns, axis=1)


def _strip(seed: int) -> Picture:
    place = draw_place(seed)
    takes = [place.shot(number, FRAMES) for number in (1, 2)]
    return np.concatenate([take[frame] for take in takes for frame in (10, 50)], axis=1)


if __name__ == "__main__":
    drawn = sheet(int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    cv2.imwrite(sys.argv[1], cv2.cvtColor(drawn, cv2.COLOR_RGB2BGR))
