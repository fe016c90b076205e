"""What a place is made of: canvases at different depths, and regions in which something flows."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.shot_training.drawn.raster import Colour, Dice, Field, Picture, Sprite, halo, noise, picture

ACROSS, DOWN = 512, 320  # of every canvas
ROWS = np.arange(DOWN, dtype=np.float32)[:, None]
COLUMNS = np.arange(ACROSS, dtype=np.float32)[None, :]


@dataclass(frozen=True, slots=True)
class Layer:
    """A canvas. `depth` 1 moves as the camera does, less is farther; `drift` in canvas pixels a frame."""

    image: NDArray[np.uint8]  # RGB, or RGBA where something is behind
    depth: float = 1.0
    drift: tuple[float, float] = (0.0, 0.0)
    sway: float = 0.0  # how far it moves to and fro, in canvas pixels
    bob: float = 0.0  # the same up and down


@dataclass(frozen=True, slots=True)
class Flow:
    """Water, fire or smoke: two noises that slide over each other, coloured by a table, within a region."""

    region: NDArray[np.uint8]  # (DOWN, ACROSS), 255 where it flows
    first: NDArray[np.uint8]  # noise, square
    second: NDArray[np.uint8]
    speeds: tuple[float, float, float, float]  # across, down of the first, of the second; canvas pixels a frame
    stretch: tuple[float, float]  # how many canvas pixels a noise pixel is across, down
    table: NDArray[np.uint8]  # (256, 1, 3)


@dataclass(frozen=True, slots=True)
class Scenery:
    """One side of a place. `ground` is the canvas row that people stand on; `figure` their height in rows."""

    layers: tuple[Layer, ...]
    ground: float = 290.0
    figure: float = 120.0
    flows: tuple[Flow, ...] = ()
    guests: dict[str, float] = field(default_factory=lambda: {"portrait": 0.45, "walkers": 0.3, "nobody": 0.25})


def filled(colour: Colour) -> NDArray[np.float32]:
    """A whole canvas of one colour, to paint on."""
    return np.broadcast_to(np.asarray(colour, np.float32), (DOWN, ACROSS, 3)).copy()


def gradient(top: Colour, bottom: Colour, *, until: float = DOWN) -> NDArray[np.float32]:
    share = np.clip(ROWS / until, 0, 1)[..., None]
    return np.asarray(np.broadcast_to(top * (1 - share) + bottom * share, (DOWN, ACROSS, 3)), np.float32).copy()


def textured(rng: Dice, canvas: NDArray[np.float32], strength: float, grains: float = 4) -> NDArray[np.float32]:
    """`canvas` made uneven by 1/f noise: by about `strength` of its own brightness."""
    rough = noise(rng, *canvas.shape[:2], roughness=float(rng.uniform(0.5, 0.85)), grains=grains)
    return np.asarray(canvas * np.exp(strength * rough)[..., None], dtype=np.float32)


def lit(rng: Dice, canvas: NDArray[np.float32], contrast: float = 0.6) -> NDArray[np.float32]:
    """`canvas` under uneven light: a slope and a few soft pools."""
    angle = rng.uniform(0, 2 * np.pi)
    slope = (np.cos(angle) * (COLUMNS / ACROSS - 0.5) + np.sin(angle) * (ROWS / DOWN - 0.5)).astype(np.float32)
    light = 1 + contrast * rng.uniform(-1, 1) * slope
    for _ in range(rng.integers(0, 4)):
        light = light + contrast * rng.uniform(0.2, 1) * pool(rng.uniform(0, ACROSS), rng.uniform(0, DOWN), rng)
    return np.asarray(canvas * light[..., None], dtype=np.float32)


def pool(across: float, down: float, rng: Dice, size: float | None = None) -> Field:
    """A soft disc of light on a canvas, 1 in its middle."""
    reach = size if size is not None else float(rng.uniform(60, 300))
    far = np.hypot((COLUMNS - across) / reach, (ROWS - down) / reach)
    return np.asarray(np.clip(1 - far, 0, 1) ** 2, dtype=np.float32)


def spread_light(canvas: NDArray[np.float32], at: tuple[float, float], reach: float, colour: Colour) -> None:
    """Adds a small lamp's glow to `canvas`, in place."""
    size = max(3, int(reach * 2))
    left, top = int(at[0] - size / 2), int(at[1] - size / 2)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + size, ACROSS), min(top + size, DOWN)
    if x1 > x0 and y1 > y0:
        canvas[y0:y1, x0:x1] += halo(size)[y0 - top : y1 - top, x0 - left : x1 - left, None] * colour


def flow(rng: Dice, region: NDArray[np.uint8], colours: list[Colour], speed: tuple[float, float]) -> Flow:
    """`colours` from the calm to the crests; `speed` across, down in canvas pixels a frame."""
    fields = [picture(128 + 55 * noise(rng, 128, 128, roughness=0.65, grains=6)) for _ in range(2)]
    place = np.linspace(0, len(colours) - 1, 256)
    table = np.stack([np.interp(place, range(len(colours)), [c[k] for c in colours]) for k in range(3)], 1)
    x, y = speed
    speeds = (x, y, -0.6 * x + rng.normal(0, 0.2), 1.3 * y + rng.normal(0, 0.2))
    stretch = (float(rng.uniform(1, 4)), float(rng.uniform(0.7, 1.5)))
    return Flow(region, fields[0], fields[1], speeds, stretch, picture(table)[:, None])


def cut_out(canvas: NDArray[np.float32], cover: NDArray[np.uint8]) -> Sprite:
    """The part of `canvas` under `cover`, with a soft rim."""
    soft = np.asarray(cv2.blur(cover, (2, 2)), np.float32)[..., None]
    return picture(np.concatenate([np.clip(canvas, 0, 255) * (soft / 255), soft], axis=2))


def finished(canvas: NDArray[np.float32]) -> Picture:
    return picture(canvas)
