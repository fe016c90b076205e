"""Common names of colours, by sectors of lightness, chroma and hue in CIELAB.

The sectors follow where English speakers put the eleven basic colour terms (Berlin and Kay, 1969), with the few
compounds that people search by: light blue, dark blue, dark green, turquoise, beige.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.captioning.measured import thresholds as limit

_HUES: Final[tuple[tuple[float, str], ...]] = (  # up to this hue in degrees
    (10.0, "pink"),
    (46.0, "red"),
    (76.0, "orange"),
    (104.0, "yellow"),
    (170.0, "green"),
    (232.0, "turquoise"),
    (309.0, "blue"),
    (335.0, "purple"),
    (360.0, "pink"),
)
_NAMES: Final = (
    "black", "white", "grey", "pink", "red", "orange", "yellow", "green", "turquoise", "blue", "purple",
    "brown", "beige", "light blue", "dark blue", "dark green",
)  # fmt: skip
_CODE: Final = {name: code for code, name in enumerate(_NAMES)}


def name_pixels(lab: NDArray[np.float32]) -> list[str]:
    """Names for (n, 3) float32 pixels of L 0..100, a, b."""
    lightness = lab[:, 0]
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    codes = np.array([_CODE[name] for _, name in _HUES])[np.searchsorted([end for end, _ in _HUES[:-1]], hue)]
    codes = _compounds(codes, lightness, chroma, hue)
    codes = np.where(chroma < limit.GREY_CHROMA, _CODE["grey"], codes)
    codes = np.where((lightness > 88) & (chroma < limit.GREY_CHROMA), _CODE["white"], codes)
    codes = np.where((lightness < _black_below(chroma)), _CODE["black"], codes)
    return [_NAMES[code] for code in codes.tolist()]


def _black_below(chroma: NDArray[np.float32]) -> NDArray[np.float64]:
    """The more colourful, the darker a pixel may be before it is called black."""
    return np.where(chroma < limit.GREY_CHROMA, 20.0, np.where(chroma < 25, 14.0, 6.0))


def _compounds(
    codes: NDArray[np.int64], lightness: NDArray[np.float32], chroma: NDArray[np.float32], hue: NDArray[np.float32]
) -> NDArray[np.int64]:
    earthy = (hue >= 25) & (hue < 92)
    rules = (
        (earthy & (lightness < 55) & (chroma < 55) & (hue >= 40), "brown"),
        (earthy & (lightness < 40) & (chroma < 38), "brown"),
        (earthy & (lightness >= 55) & (chroma < 32) & (hue >= 50), "beige"),
        ((codes == _CODE["red"]) & (lightness > 62) & (chroma < 45), "pink"),
        ((codes == _CODE["blue"]) & (lightness > 62), "light blue"),
        ((codes == _CODE["blue"]) & (lightness < 28), "dark blue"),
        ((codes == _CODE["green"]) & (lightness < 35), "dark green"),
    )
    for where, name in rules:
        codes = np.where(where, _CODE[name], codes)
    return codes
