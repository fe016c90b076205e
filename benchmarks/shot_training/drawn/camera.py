"""The camera of one take: where it looks in every frame, how wide, how straight and how sharp."""

from dataclasses import dataclass

import numpy as np

from benchmarks.shot_training.drawn.moves import draw_move, unsteadiness
from benchmarks.shot_training.drawn.raster import FINENESS, HEIGHT, WIDTH, Dice, Matrix, Track
from benchmarks.shot_training.drawn.scenery import ACROSS, DOWN


@dataclass(frozen=True, slots=True)
class Framing:
    """Where a take begins: the centre and the breadth of the view in canvas pixels."""

    x: float
    y: float
    width: float

    def near_by(self, rng: Dice) -> "Framing":
        """Almost the same again, as when a scene comes back to a set-up; never quite the same."""
        aside = rng.choice([-1.0, 1.0]) * rng.uniform(0.06, 0.25)
        width = self.width * float(np.exp(rng.normal(0, 0.12)))
        return Framing(self.x + aside * width, self.y + rng.normal(0, 0.04) * width, width)


@dataclass(frozen=True, slots=True)
class Camera:
    """Tracks of one number a frame: centre in canvas pixels, canvas pixels across the view, angle, blur in pixels."""

    x: Track
    y: Track
    width: Track
    angle: Track
    blur: Track

    def matrix(self, frame: int, depth: float = 1.0, fineness: int = 1) -> Matrix:
        """From canvas to shown pixels (times `fineness`) of what is at `depth`."""
        x = self.x[0] + depth * (self.x[frame] - self.x[0])
        y = self.y[0] + depth * (self.y[frame] - self.y[0])
        scale = WIDTH * fineness / self.width[frame]
        c, s = scale * np.cos(self.angle[frame]), scale * np.sin(self.angle[frame])
        left, top = WIDTH * fineness / 2, HEIGHT * fineness / 2
        return np.array([[c, -s, left - c * x + s * y], [s, c, top - s * x - c * y]])

    def fineness(self, frame: int) -> int:
        """How finely the canvas must be painted so that its grain does not alias."""
        return FINENESS if self.width[frame] > 1.25 * WIDTH else 1

    def speed(self, frame: int) -> tuple[float, float]:
        """Shown pixels by which the picture moves in this frame."""
        before = max(frame - 1, 0)
        scale = WIDTH / self.width[frame]
        return float((self.x[frame] - self.x[before]) * scale), float((self.y[frame] - self.y[before]) * scale)


def draw_framing(rng: Dice, ground: float) -> Framing:
    """Anywhere on a canvas, rather by its `ground` (a row), from narrow to wide."""
    width = float(np.clip(np.exp(rng.normal(np.log(260), 0.4)), 120, 470))
    tall = width * HEIGHT / WIDTH
    y = float(np.clip(rng.normal(ground - 0.3 * tall, 0.25 * tall), tall / 2, DOWN - tall / 2))
    return Framing(float(rng.uniform(width / 2, ACROSS - width / 2)), y, width)


def draw_camera(rng: Dice, frames: int, framing: Framing) -> Camera:
    """A take from `framing` on, with one move and some unsteadiness."""
    move, (across, down, tilt) = draw_move(rng, frames), unsteadiness(rng, frames)
    widths = np.clip(framing.width * np.exp(-(move.zoom + np.zeros(frames))), 70, 620)
    return Camera(
        framing.x + move.x * framing.width + across * widths / WIDTH,
        framing.y + move.y * framing.width + down * widths / WIDTH,
        widths,
        rng.normal(0, 0.01) + move.angle + tilt,
        move.blur + np.zeros(frames),
    )
