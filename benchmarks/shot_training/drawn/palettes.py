"""The colours of a place: a few related tones from dark to light, as a film's design and light give them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.shot_training.drawn.raster import Colour, Dice, chosen

MOODS = {"dark": 0.18, "grey": 0.2, "natural": 0.3, "warm": 0.12, "cold": 0.1, "vivid": 0.06, "bright": 0.06}
# saturation low, high; brightness low, high; how far hues stray
RANGES: dict[str, tuple[float, float, float, float, float]] = {
    "dark": (0.1, 0.6, 0.01, 0.3, 0.1),
    "grey": (0.0, 0.14, 0.08, 0.75, 0.3),
    "natural": (0.1, 0.45, 0.08, 0.85, 0.12),
    "warm": (0.2, 0.6, 0.08, 0.8, 0.05),
    "cold": (0.15, 0.5, 0.05, 0.7, 0.06),
    "vivid": (0.3, 0.8, 0.15, 0.95, 0.35),
    "bright": (0.0, 0.2, 0.5, 1.0, 0.2),
}
HUES = {"warm": 0.07, "cold": 0.58}


@dataclass(frozen=True, slots=True)
class Palette:
    mood: str
    tones: NDArray[np.float32]  # (8, 3) RGB 0..255, dark to light
    skins: NDArray[np.float32]  # (3, 3)

    def tone(self, rank: float) -> Colour:
        """The colour at `rank` (0 dark .. 1 light) of the range."""
        place = float(np.clip(rank, 0, 1)) * (len(self.tones) - 1)
        low = int(place)
        high, share = min(low + 1, len(self.tones) - 1), place - low
        return np.asarray(self.tones[low] * (1 - share) + self.tones[high] * share, dtype=np.float32)

    def any(self, rng: Dice) -> Colour:
        return np.asarray(self.tones[rng.integers(len(self.tones))] * rng.uniform(0.85, 1.15), dtype=np.float32)

    def light(self) -> float:
        """How bright skin and clothes are here, 0..1."""
        return float(np.clip(self.tones.max() / 220, 0.18, 1.0))


def draw_palette(rng: Dice, mood: str | None = None) -> Palette:
    """A palette of `mood`, a key of MOODS, or of any."""
    mood = mood or chosen(rng, MOODS)
    pale, full, low, high, stray = RANGES[mood]
    hue = HUES.get(mood, float(rng.uniform())) + rng.normal(0, 0.02)
    values = np.sort(low + (high - low) * rng.uniform(0, 1, 8) ** 1.3)
    values[0], values[-1] = low, high * rng.uniform(0.8, 1)
    hues = hue + rng.normal(0, stray, 8) + 0.5 * (rng.random(8) < 0.12)
    tones = coloured(hues, rng.uniform(pale, full, 8), values)
    depth = rng.uniform(0.3, 0.95, 3)
    skins = np.stack([255 * depth, 255 * depth * rng.uniform(0.68, 0.8, 3), 255 * depth * rng.uniform(0.5, 0.68, 3)], 1)
    lit = Palette(mood, tones, np.zeros((3, 3), np.float32)).light()
    cast = tones.mean(0) / max(1.0, float(tones.mean()))
    return Palette(mood, tones, np.asarray(skins * lit * (0.7 + 0.3 * cast), dtype=np.float32))


def coloured(
    hues: NDArray[np.floating], saturations: NDArray[np.floating], values: NDArray[np.floating]
) -> NDArray[np.float32]:
    """RGB 0..255 of hues (turns), saturations and values (0..1); all (n,), gives (n, 3)."""
    hsv = np.stack([hues % 1 * 360, np.clip(saturations, 0, 1), np.clip(values, 0, 1)], 1).astype(np.float32)
    return np.asarray(cv2.cvtColor(hsv[None], cv2.COLOR_HSV2RGB)[0] * 255, dtype=np.float32)
