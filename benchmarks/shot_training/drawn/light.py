"""Light that changes within a take, laid over its frames: flashes, lamps, fire, weather.

Nothing here turns the whole picture's light on or off for good by more than a half in one frame: such a step would
be hard to tell from a cut, for people too.
"""

import cv2
import numpy as np

from benchmarks.shot_training.drawn.moves import ramp, wander
from benchmarks.shot_training.drawn.raster import HEIGHT, WIDTH, Colour, Dice, Take, Track, chosen, halo, picture

LIGHTS = {
    "constant": 0.62, "drift": 0.08, "clouds": 0.05, "lightning": 0.05, "strobe": 0.02, "disco": 0.03,
    "explosion": 0.04, "headlights": 0.03, "press": 0.04, "dip": 0.04,
}  # fmt: skip


def light_up(rng: Dice, take: Take, kind: str | None = None) -> Take:
    """One of LIGHTS, in place; a dark take is struck by lightning more often than a bright one."""
    change = {
        "drift": _drift,
        "clouds": _cloud,
        "dip": _dip,
        "lightning": _lighten,
        "strobe": _strobe,
        "disco": _disco,
        "explosion": _explode,
        "headlights": _pass_by,
        "press": _press,
    }
    kind = kind or chosen(rng, LIGHTS)
    if kind == "constant" and take[0].mean() < 45 and rng.random() < 0.15:
        kind = "lightning"
    if kind != "constant":
        change[kind](rng, take)
    return take


def _drift(rng: Dice, take: Take) -> None:
    _dim(take, np.exp(np.log(rng.uniform(0.6, 1.6)) * ramp(rng, len(take), rng.uniform(12, 80))))


def _cloud(rng: Dice, take: Take) -> None:
    _dim(take, np.exp(np.clip(0.2 * wander(rng, len(take), 12), -0.5, 0.5)))


def _dip(rng: Dice, take: Take) -> None:
    """Darker for a while, never black."""
    low, length = rng.uniform(0.25, 0.7), rng.uniform(8, 30)
    far = np.abs(np.arange(len(take)) - rng.uniform(0, len(take))) / length
    _dim(take, low + (1 - low) * np.clip(far, 0, 1))


def _lighten(rng: Dice, take: Take) -> None:
    _flash(rng, take, flashes(rng, len(take), int(rng.integers(1, 5))), np.array([0.9, 0.95, 1.1], np.float32))


def _strobe(rng: Dice, take: Take) -> None:
    """On and off every 2 to 6 frames."""
    period, start = int(rng.integers(2, 7)), int(rng.uniform(0, len(take)))
    t = np.arange(len(take))
    on = (t % period < rng.integers(1, period)) & (t >= start) & (t < start + rng.uniform(12, 60))
    _flash(rng, take, on * rng.uniform(0.3, 1.0), np.ones(3, np.float32))


def flashes(rng: Dice, frames: int, count: int) -> Track:
    """How strong the light of short flashes is in every frame: several in a row, 1 to 4 frames each."""
    strength, at = np.zeros(frames + 16), int(rng.uniform(0, max(1, frames - 8)))
    for _ in range(count):
        length = int(rng.integers(1, 5))
        shape = np.linspace(1, 0.3, length) if rng.random() < 0.7 else np.ones(length)
        end = min(at + length, len(strength))
        strength[at:end] = rng.uniform(0.3, 1.0) * shape[: end - at]
        at = min(at + length + int(rng.choice([1, 2, 3, 6, 20])), frames)
    return np.asarray(strength[:frames])


def _dim(take: Take, gain: Track) -> None:
    for frame in range(len(take)):
        take[frame] = cv2.convertScaleAbs(take[frame], alpha=float(gain[frame]), beta=0)


def _flash(rng: Dice, take: Take, strength: Track, tint: Colour) -> None:
    """More light on what is there, and haze that lights up."""
    boost, veil = rng.uniform(1, 5), rng.uniform(20, 190)
    for frame in np.flatnonzero(strength):
        power = float(strength[frame])
        take[frame] = picture(take[frame] * (1 + power * boost * tint) + power * veil * tint)


def _disco(rng: Dice, take: Take) -> None:
    """Coloured lamps that change every few frames, some softly, over a part of the light."""
    period, depth = int(rng.integers(3, 15)), float(rng.uniform(0.15, 0.45))
    tints = 1 + depth * rng.uniform(-1, 1, (len(take) // period + 2, 3))
    soft = rng.random() < 0.5
    for frame in range(len(take)):
        step, share = divmod(frame / period, 1.0)
        index = int(step)
        tint = tints[index] * (1 - share) + tints[index + 1] * share if soft else tints[index]
        take[frame] = picture(take[frame] * tint.astype(np.float32))


def _add_glow(image: Take, at: tuple[float, float], radius: float, colour: Colour) -> None:
    """Adds light around a point of one frame, in place."""
    size = 32
    scale = max(radius, 1) * 2 / size
    matrix = np.array([[scale, 0, at[0] - radius], [0, scale, at[1] - radius]])
    shine = np.asarray(cv2.warpAffine(halo(size), matrix, (WIDTH, HEIGHT)))
    image[:] = picture(image + shine[..., None] * colour)


def _explode(rng: Dice, take: Take) -> None:
    """A bright bloom that grows fast and fades, tinting the whole picture while it is there."""
    frames, length = len(take), int(rng.uniform(5, 20))
    start, at = int(rng.uniform(0, max(1, frames - length))), (rng.uniform(10, 118), rng.uniform(10, 62))
    colour = np.array([1.0, rng.uniform(0.6, 1), rng.uniform(0.3, 0.9)], np.float32) * rng.uniform(150, 420)
    reach, ambient = rng.uniform(25, 150), rng.uniform(0, 0.5)
    for frame in range(start, min(start + length, frames)):
        share = (frame - start + 1) / length
        power = min(1.0, share * 4) * (1 - share)
        take[frame] = picture(take[frame] + ambient * power * colour)
        _add_glow(take[frame], at, float(reach * share**0.5), colour * power)


def _pass_by(rng: Dice, take: Take) -> None:
    """Headlights that sweep over the picture."""
    frames, way = len(take), float(rng.choice([-1.0, 1.0]))
    start, length, row = rng.uniform(0, frames), rng.uniform(12, 50), rng.uniform(15, 60)
    colour = np.array([255, 240, 200], np.float32) * rng.uniform(0.4, 1.2)
    for frame in range(frames):
        share = (frame - start) / length
        if 0 <= share <= 1:
            x = WIDTH / 2 + way * (share - 0.5) * 220
            _add_glow(take[frame], (x, row), float(15 + 40 * share), colour)


def _press(rng: Dice, take: Take) -> None:
    """Photographers' flashes: mostly from a corner, now and then over the whole picture."""
    for _ in range(int(rng.integers(2, 12))):
        frame, power = int(rng.integers(len(take))), rng.uniform(80, 330)
        white = np.full(3, power, np.float32)
        if rng.random() < 0.3:
            take[frame] = picture(take[frame] * 1.5 + white * 0.35)
        else:
            _add_glow(take[frame], (rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT)), float(rng.uniform(15, 90)), white)
