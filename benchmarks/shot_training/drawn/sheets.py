"""Cutouts: sprites painted large once, kept in several sizes."""

from dataclasses import dataclass

import cv2
import numpy as np

from benchmarks.shot_training.drawn.raster import Colour, Dice, Sprite, noise, shrunk

FINE = 2  # painted pixels a side of one sprite pixel
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Cutout:
    """A sprite in several sizes, each half the one before; `pivot` in pixels of the first."""

    sizes: tuple[Sprite, ...]
    pivot: Point

    @property
    def height(self) -> int:
        return int(self.sizes[0].shape[0])


class Sheet:
    """A transparent sheet to paint a sprite on, in sprite pixels."""

    def __init__(self, wide: int, tall: int) -> None:
        self.pixels = np.zeros((tall * FINE, wide * FINE, 4), np.float32)

    def polygon(self, points: list[Point], colour: Colour) -> None:
        cv2.fillPoly(self.pixels, [(np.array(points) * FINE).round().astype(np.int32)], _ink(colour))

    def ellipse(self, at: Point, radii: Point, colour: Colour, *, turn: float = 0.0, part: Point = (0, 360)) -> None:
        centre, axes = (round(at[0] * FINE), round(at[1] * FINE)), (round(radii[0] * FINE), round(radii[1] * FINE))
        cv2.ellipse(self.pixels, centre, axes, turn, *part, _ink(colour), -1)

    def line(self, start: Point, end: Point, width: float, colour: Colour) -> None:
        ends = [(round(x * FINE), round(y * FINE)) for x, y in (start, end)]
        cv2.line(self.pixels, ends[0], ends[1], _ink(colour), max(1, round(width * FINE)))

    def cut_out(self, rng: Dice, pivot: Point, *, rough: float = 0.13, soft: float = 1.2) -> Cutout:
        """Lit from a side, rounded by shade, with the grain of skin or cloth; its lines softened by `soft` pixels."""
        tall, wide = self.pixels.shape[:2]
        self.pixels = np.asarray(cv2.GaussianBlur(self.pixels, (0, 0), soft * FINE / 2), np.float32)
        self.pixels[..., :3] /= np.maximum(self.pixels[..., 3:], 1) / 255
        side = np.linspace(-1, 1, wide, dtype=np.float32)[None, :] * rng.uniform(-0.6, 0.6)
        light = np.exp(side + rough * noise(rng, tall, wide, roughness=0.7, grains=5))
        self.pixels[..., :3] = np.clip(self.pixels[..., :3] * light[..., None], 0, 255)
        self.pixels[..., :3] *= self.pixels[..., 3:] / 255
        sizes = [shrunk(self.pixels.astype(np.uint8), (wide // FINE, tall // FINE))]
        while sizes[-1].shape[0] > 12 and sizes[-1].shape[1] > 12:
            sizes.append(shrunk(sizes[-1], (sizes[-1].shape[1] // 2, sizes[-1].shape[0] // 2)))
        return Cutout(tuple(sizes), pivot)


def _ink(colour: Colour) -> tuple[float, float, float, float]:
    red, green, blue = (float(value) for value in colour)
    return red, green, blue, 255.0
