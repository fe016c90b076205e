"""Straight-edged painting on a canvas."""

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.shot_training.drawn.raster import Colour

Canvas = NDArray[np.float32]  # (DOWN, ACROSS, 3)
Box = tuple[float, float, float, float]  # left, top, right, bottom


def fill_box(canvas: Canvas, box: Box, colour: Colour) -> None:
    left, top, right, bottom = (max(round(value), 0) for value in box)
    canvas[top:bottom, left:right] = colour


def fill_quad(canvas: Canvas, points: list[tuple[float, float]], colour: Colour) -> None:
    outline = np.array(points).round().astype(np.int32)
    cv2.fillPoly(canvas, [outline], tuple(float(value) for value in colour))


def paste(canvas: Canvas, box: Box, source: Canvas) -> None:
    left, top, right, bottom = (max(round(value), 0) for value in box)
    part = canvas[top:bottom, left:right]
    part[:] = source[: part.shape[0], : part.shape[1]]
