"""Light and colours of a clip: brightness, warmth, contrast, common colour names, black and white."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from indexer.captioning.measured import thresholds as limit
from indexer.captioning.measured.colours import name_pixels
from indexer.captioning.measured.facts import Appearance, Light, Tone
from indexer.captioning.measured.picture import luma
from indexer.domain import Pixels

_LOOK_AT = 12  # frames
_LOOK_SIDE = 96  # px


@dataclass(frozen=True, slots=True)
class _Measures:
    """Of one frame. Luma 0..255; a and b of CIELAB."""

    mean: float
    p5: float
    p95: float
    p99: float
    black: float
    dark: float
    middle: float
    sky: float
    light_a: float  # mean over the lightest quarter of the picture
    light_b: float
    chroma_p98: float
    chroma: float
    hue: float  # degrees, circular mean weighted by chroma
    hue_spread: float


def measure_appearance(pictures: Sequence[Pixels]) -> Appearance:
    looks = [_small(picture) for picture in pictures[:: max(1, -(-len(pictures) // _LOOK_AT))]]
    measures = [_measure(look) for look in looks]
    tone = _tone_of(measures)
    light = _without_weaker(tuple(word for word in _LIGHT_WORDS if _said(word, measures)))
    if tone is not None or "mostly black" in light or "black" in light:
        light = tuple(word for word in light if not word.startswith(("warm", "cool", "daylight")))
    colours = () if tone is not None or "black" in light else _main_colours(looks)
    if "mostly black" in light:  # said once is enough
        colours = tuple(colour for colour in colours if colour != "black")
    return Appearance(light, colours, tone)


_LIGHT_WORDS: tuple[Light, ...] = get_args(Light)


_STRONGER: Final[dict[Light, tuple[Light, ...]]] = {
    "mostly black": ("black",),
    "dark": ("black", "mostly black"),
    "bright": ("daylight-like",),
}


def _without_weaker(words: tuple[Light, ...]) -> tuple[Light, ...]:
    return tuple(word for word in words if not set(_STRONGER.get(word, ())) & set(words))


def _said(word: Light, measures: Sequence[_Measures]) -> bool:
    """Black has no warmth: frames of a fade or a pause count neither way there."""
    told = [m for m in measures if m.p95 > limit.LIT_P95] if word in ("warm low", "warm", "cool") else list(measures)
    enough = len(told) >= limit.LIT_SHARE * len(measures)
    return enough and sum(_holds(word, one) for one in told) >= limit.STEADY_LIGHT * len(told)


def _holds(word: Light, m: _Measures) -> bool:
    black = m.p99 <= limit.ALL_BLACK_P99
    mostly_black = black or m.black >= limit.BLACK_SHARE
    dark = mostly_black or (m.mean < limit.DARK_MEAN and m.dark >= limit.DARK_SHARE)
    bright = m.mean > limit.BRIGHT_MEAN and m.dark < limit.BRIGHT_DARK_SHARE
    sky = m.sky >= limit.SKY_SHARE
    tinted = m.hue_spread <= limit.WARM_SPREAD and limit.WARM_HUE[0] <= m.hue <= limit.WARM_HUE[1]
    warm = tinted and m.light_a >= limit.WARM_A and m.light_b >= limit.WARM_B
    spread = m.p95 - m.p5
    holds: dict[Light, bool] = {
        "black": black,
        "mostly black": mostly_black,
        "dark": dark,
        "daylight-like": bright and sky,
        "bright": bright,
        "warm low": warm and m.mean < limit.WARM_LOW_MEAN,
        "warm": warm and m.mean >= limit.WARM_LOW_MEAN,
        "cool": m.light_b <= limit.COOL_B and m.light_a > limit.COOL_NOT_GREEN_A and not sky,
        "high contrast": spread >= limit.HIGH_CONTRAST,
        "low contrast": spread <= limit.LOW_CONTRAST and m.chroma < limit.HAZY_CHROMA and not dark and not bright,
    }
    return holds[word]


def _tone_of(measures: Sequence[_Measures]) -> Tone | None:
    lit = [m for m in measures if m.p95 - m.p5 >= limit.MONOCHROME_SPREAD and m.middle >= limit.MIDDLE_SHARE]
    grey = all(m.chroma_p98 < limit.MONOCHROME_CHROMA for m in measures)
    if grey and len(lit) >= max(1, limit.MONOCHROME_LIT * len(measures)):
        return "black and white"
    if len(lit) < max(1, limit.STEADY_LIGHT * len(measures)):
        return None
    if all(m.chroma_p98 < limit.MONOCHROME_CHROMA for m in lit):
        return "black and white"
    if all(
        limit.SEPIA_CHROMA[0] <= m.chroma <= limit.SEPIA_CHROMA[1]
        and limit.SEPIA_HUE[0] <= m.hue <= limit.SEPIA_HUE[1]
        and m.hue_spread <= limit.SEPIA_SPREAD
        for m in lit
    ):
        return "sepia"
    return None


def _main_colours(looks: Sequence[Pixels]) -> tuple[str, ...]:
    counts: Counter[str] = Counter()
    total = 0
    for look in looks:
        counts.update(name_pixels(_lab(look).reshape(-1, 3)))
        total += look.shape[0] * look.shape[1]
    named = [
        name
        for name, count in counts.most_common()
        if count >= total * (limit.NEUTRAL_SHARE if name in ("black", "white", "grey") else limit.COLOUR_SHARE)
    ]
    return tuple(named[: limit.MOST_COLOURS])


def _measure(look: Pixels) -> _Measures:
    y = luma(look)
    lab = _lab(look)
    upper = lab[: max(1, look.shape[0] // 3)].reshape(-1, 3)
    flat = lab.reshape(-1, 3)
    lightest = flat[y.ravel() >= np.percentile(y, 75)]
    chroma = np.hypot(flat[:, 1], flat[:, 2])
    hue, spread = _circular(np.arctan2(flat[:, 2], flat[:, 1]), chroma)
    p5, p95, p99 = (float(value) for value in np.percentile(y, (5, 95, 99)))
    return _Measures(
        mean=float(y.mean()),
        p5=p5,
        p95=p95,
        p99=p99,
        black=float((y < limit.BLACK_LUMA).mean()),
        dark=float((y < limit.DARK_LUMA).mean()),
        middle=float(((y > limit.MIDDLE_TONES[0]) & (y < limit.MIDDLE_TONES[1])).mean()),
        sky=float(((upper[:, 0] > limit.SKY_LIGHTNESS) & (upper[:, 2] < limit.SKY_B)).mean()),
        light_a=float(lightest[:, 1].mean()),
        light_b=float(lightest[:, 2].mean()),
        chroma_p98=float(np.percentile(chroma, 98)),
        chroma=float(chroma.mean()),
        hue=hue,
        hue_spread=spread,
    )


def _circular(angles: NDArray[np.float32], weights: NDArray[np.float32]) -> tuple[float, float]:
    """Mean (0..360) and standard deviation of directions, in degrees."""
    whole = float(weights.sum())
    if whole <= 0:
        return 0.0, 180.0
    mean = complex(float((weights * np.cos(angles)).sum()), float((weights * np.sin(angles)).sum())) / whole
    length = min(1.0, abs(mean))
    spread = float(np.degrees(np.sqrt(-2 * np.log(length)))) if length > 0 else 180.0
    return float(np.degrees(np.angle(mean)) % 360), spread


def _lab(look: Pixels) -> NDArray[np.float32]:
    """(height, width, 3) float32: L 0..100, a, b."""
    return np.asarray(cv2.cvtColor(look.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), dtype=np.float32)


def _small(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    scale = min(1.0, _LOOK_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
