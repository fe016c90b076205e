"""Sound made from noise and sines: mono, 48 kHz, float32 in -1..1."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
Samples = NDArray[np.float32]
Wave = NDArray[np.float64]


def make_sound(kind: str, seconds: float, seed: int) -> Samples:
    """`kind` is one of SOUNDS; soft at both ends."""
    generator = np.random.default_rng(seed)
    t = np.arange(round(seconds * RATE)) / RATE
    wave = SOUNDS[kind](t, generator)
    fade = np.clip(np.minimum(t, seconds - t) / 0.4, 0, 1)
    return (0.5 * fade * wave / max(1e-9, float(np.abs(wave).max()))).astype(np.float32)


def _noise(t: Wave, generator: np.random.Generator, low: float, high: float) -> Wave:
    """Noise between two frequencies in Hz, about 1 loud."""
    spectrum = np.fft.rfft(generator.standard_normal(len(t)))
    pitch = np.fft.rfftfreq(len(t), 1 / RATE)
    spectrum[(pitch < low) | (pitch > high)] = 0
    wave: Wave = np.fft.irfft(spectrum, len(t))
    return wave / max(1e-9, float(wave.std()))


def _sea(t: Wave, generator: np.random.Generator) -> Wave:
    swell = 0.35 + 0.65 * np.sin(2 * np.pi * 0.13 * t) ** 2
    return _noise(t, generator, 90, 1200) * swell + 0.3 * _noise(t, generator, 1200, 4000) * swell**3


def _station(t: Wave, generator: np.random.Generator) -> Wave:
    wave = 0.25 * _noise(t, generator, 60, 500) * (0.6 + 0.4 * np.cos(2 * np.pi * t / 9))
    for start, pitch in ((0.6, 659.3), (1.1, 523.3), (1.6, 587.3), (2.1, 392.0)):
        since = np.clip(t - start, 0, None)
        wave += np.sin(2 * np.pi * pitch * since) * np.exp(-3 * since) * (t > start)
    return wave


def _stadium(t: Wave, generator: np.random.Generator) -> Wave:
    roar = 0.4 + 0.3 * np.sin(2 * np.pi * 0.21 * t) + 0.9 * np.exp(-(((t - 9.4) / 1.8) ** 2))
    return _noise(t, generator, 250, 2200) * roar


def _bubbles(t: Wave, generator: np.random.Generator) -> Wave:
    wave = 0.2 * _noise(t, generator, 40, 260)
    for start in np.cumsum(generator.uniform(0.12, 0.6, 90)):
        since = np.clip(t - start, 0, 0.2)
        pitch = generator.uniform(380, 900)
        wave += (
            0.7 * np.sin(2 * np.pi * (pitch + 2400 * since) * since) * np.exp(-26 * since) * (since > 0) * (since < 0.2)
        )
    return wave


def _voice(t: Wave, generator: np.random.Generator) -> Wave:
    """A murmur with the rhythm of the mouth in `portrait.speech`; no words."""
    phrase = (np.sin(t * 1.9) > -0.72) * np.abs(np.sin(t * 11) * (0.6 + 0.4 * np.sin(t * 4.3)))
    pitch = np.cumsum(205 + 24 * np.sin(t * 2.3) + 9 * np.sin(t * 6.1)) / RATE
    wave = sum(np.sin(2 * np.pi * step * pitch) / step * (1.2 if step in (3, 4, 6) else 0.7) for step in range(1, 12))
    return np.asarray(wave * phrase + 0.01 * _noise(t, generator, 80, 900), dtype=np.float64)


SOUNDS: dict[str, Callable[[Wave, np.random.Generator], Wave]] = {
    "sea": _sea,
    "station": _station,
    "stadium": _stadium,
    "bubbles": _bubbles,
    "voice": _voice,
}
