"""Words that mean nothing, and their lettering as sprites."""

import cv2
import numpy as np

from benchmarks.shot_training.drawn.raster import Colour, Dice, Sprite, shrunk

SYLLABLES = "ba de lo ri mu sta ven tor an el is or qui te na po fra gli sho w ka zen th er ing on us"
FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_TRIPLEX)
LARGE = 4  # lettering is painted this many times too large


def words(rng: Dice, length: int) -> str:
    """About `length` letters of made-up words."""
    parts = SYLLABLES.split()
    text = "".join(
        parts[rng.integers(len(parts))] + (" " if rng.random() < 0.4 else "") for _ in range(1 + length // 2)
    )
    text = text[: max(1, length)].strip().capitalize() or "Ah"
    return text.upper() if rng.random() < 0.25 else text


def lettered(text: str, height: float, colour: Colour, *, font: int = 1, rim: float = 0.0) -> Sprite:
    """One line as a sprite about `height` pixels tall; `rim` 0..1 is the darkness of an outline."""
    face, tall = FONTS[font % len(FONTS)], height * LARGE
    scale, thick = tall / 32, max(1, round(tall / 12))
    (wide, up), under = cv2.getTextSize(text, face, scale, thick)
    size = (up + under + 2 * LARGE, wide + 2 * LARGE, 4)
    canvas, at = np.zeros(size, np.uint8), (LARGE, up + LARGE)
    if rim > 0:
        cv2.putText(canvas, text, at, face, scale, (0, 0, 0, round(255 * rim)), thick + 2 * LARGE, cv2.LINE_AA)
    red, green, blue = (float(value) for value in np.clip(colour, 0, 255))
    cv2.putText(canvas, text, at, face, scale, (red, green, blue, 255), thick, cv2.LINE_AA)
    return shrunk(canvas, (max(1, size[1] // LARGE), max(1, size[0] // LARGE)))
