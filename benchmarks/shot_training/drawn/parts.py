"""A cutout in a take: its place, size and angle in every frame, and how it is laid over the picture."""

from dataclasses import dataclass

import numpy as np

from benchmarks.shot_training.drawn.camera import Camera
from benchmarks.shot_training.drawn.raster import HEIGHT, WIDTH, Matrix, Picture, Track, laid_over, placed, smeared
from benchmarks.shot_training.drawn.sheets import Cutout

SHUTTER = 0.5  # of a frame's time it is open


@dataclass(frozen=True, slots=True)
class Part:
    """A cutout through a take: its pivot, in canvas pixels or (`held`) in shown pixels before the lens."""

    cutout: Cutout
    x: Track
    y: Track
    size: Track  # canvas (or shown) pixels a pixel of the cutout
    angle: Track
    depth: float = 1.0
    held: bool = False
    facing: float = 1.0
    blur: float = 0.0

    def shown_over(self, image: Picture, frame: int, camera: Camera) -> Picture:
        """Lays it over `image`, in place."""
        matrix = self.matrix(frame, camera)
        across, down = self._moved(frame, camera)
        scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
        level = int(np.clip(np.floor(np.log2(1 / max(scale, 1e-3))), 0, len(self.cutout.sizes) - 1))
        sprite = self.cutout.sizes[level]
        matrix[:, :2] *= 2**level
        box = _extent(matrix, sprite.shape[1], sprite.shape[0])
        if box is None:
            return image
        left, top, right, bottom = box
        matrix[:, 2] -= (left, top)
        drawn = placed(sprite, matrix, (right - left, bottom - top))
        drawn = smeared(drawn, across * SHUTTER + self.blur, down * SHUTTER + self.blur)
        image[top:bottom, left:right] = laid_over(image[top:bottom, left:right], drawn)
        return image

    def _moved(self, frame: int, camera: Camera) -> tuple[float, float]:
        """Shown pixels by which it moves by itself; none where it hardly moves, or leaves and comes in elsewhere."""
        if frame == 0:
            return 0.0, 0.0
        middle = np.array([*self.cutout.pivot, 1.0])
        across, down = (self.matrix(frame, camera) - self.matrix(frame - 1, camera)) @ middle
        far = abs(across) + abs(down)
        return (abs(float(across)), abs(float(down))) if 3 < far < 60 else (0.0, 0.0)

    def matrix(self, frame: int, camera: Camera) -> Matrix:
        """From the largest sprite's pixels to shown pixels."""
        c, s = np.cos(self.angle[frame]) * self.size[frame], np.sin(self.angle[frame]) * self.size[frame]
        px, py = self.cutout.pivot
        own = np.array([[c * self.facing, -s], [s * self.facing, c]])
        at = np.array([self.x[frame], self.y[frame]]) - own @ np.array([px, py])
        if self.held:
            return np.column_stack([own, at])
        seen = camera.matrix(frame, self.depth)
        return np.column_stack([seen[:, :2] @ own, seen[:, :2] @ at + seen[:, 2]])


def _extent(matrix: Matrix, wide: int, tall: int) -> tuple[int, int, int, int] | None:
    corners = matrix[:, :2] @ np.array([[0, wide, 0, wide], [0, 0, tall, tall]]) + matrix[:, 2:]
    left, top = np.maximum(np.floor(corners.min(1)), 0).astype(int)
    right, bottom = np.minimum(np.ceil(corners.max(1)) + 1, (WIDTH, HEIGHT)).astype(int)
    return (int(left), int(top), int(right), int(bottom)) if right - left > 1 and bottom - top > 1 else None
