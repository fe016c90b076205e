"""How a camera moves within a take, and the tracks through time that all movement here is made of."""

from dataclasses import dataclass

import numpy as np

from benchmarks.shot_training.drawn.raster import Dice, Track, chosen

MOVES = {
    "still": 0.48,
    "pan": 0.12,
    "fast pan": 0.06,
    "follow": 0.06,
    "whip": 0.03,
    "dolly": 0.08,
    "tilt": 0.06,
    "slow zoom": 0.08,
    "crash zoom": 0.03,
    "turn": 0.03,
    "focus": 0.05,
}
PACES = {"pan": (0.001, 0.01), "fast pan": (0.012, 0.045), "follow": (0.006, 0.04), "dolly": (0.002, 0.02)}
SHAKES = {"none": 0.52, "tripod": 0.18, "hand": 0.2, "rough": 0.05, "engine": 0.05}


@dataclass(frozen=True, slots=True)
class Move:
    """What changes in every frame against the take's framing; `x` and `y` in widths of the view, `blur` in pixels."""

    x: Track | float = 0.0
    y: Track | float = 0.0
    zoom: Track | float = 0.0  # natural logarithm
    angle: Track | float = 0.0  # radians
    blur: Track | float = 0.0


def draw_move(rng: Dice, frames: int) -> Move:
    """One of MOVES, to either side. A whip pan takes 4 frames at least."""
    kind, way = chosen(rng, MOVES), float(rng.choice([-1.0, 1.0]))
    if kind in PACES:
        return Move(x=way * rng.uniform(*PACES[kind]) * eased_run(rng, frames))
    if kind == "tilt":
        return Move(y=way * rng.uniform(0.001, 0.007) * eased_run(rng, frames))
    if kind == "slow zoom":
        return Move(zoom=way * rng.uniform(0.001, 0.006) * eased_run(rng, frames))
    if kind == "turn":
        return Move(angle=way * rng.uniform(0.002, 0.02) * np.arange(frames))
    length = {"whip": (4, 10), "crash zoom": (6, 18), "focus": (8, 30)}.get(kind, (4, 4))
    step = ramp(rng, frames, rng.uniform(*length))
    if kind == "whip":
        return Move(x=way * rng.uniform(0.7, 1.8) * step, y=rng.normal(0, 0.08) * step)
    if kind == "crash zoom":
        return Move(zoom=way * rng.uniform(0.4, 1.0) * step)
    return Move(blur=rng.uniform(1, 4) * (step if way > 0 else step[::-1])) if kind == "focus" else Move()


def unsteadiness(rng: Dice, frames: int) -> tuple[Track, Track, Track]:
    """Shown pixels across and down, and an angle, by which an unsteady camera strays."""
    kind = chosen(rng, SHAKES)
    if kind == "none":
        return np.zeros(frames), np.zeros(frames), np.zeros(frames)
    if kind == "engine":
        size = rng.uniform(0.05, 0.6)
        return rng.normal(0, size, frames), rng.normal(0, size, frames), np.zeros(frames)
    size = {"tripod": 0.1, "hand": 0.6, "rough": 2.5}[kind] * rng.uniform(0.5, 1.5)
    smoothness = rng.uniform(2, 8)
    tracks = [size * wander(rng, frames, smoothness) for _ in range(3)]
    return tracks[0] - tracks[0][0], tracks[1] - tracks[1][0], tracks[2] * 0.004


def eased_run(rng: Dice, frames: int) -> Track:
    """Frames travelled: at even speed, or from a stand, or to one."""
    speed = np.ones(frames)
    start, length = rng.uniform(-0.3, 0.6) * frames, rng.uniform(6, 40)
    if rng.random() < 0.5:
        speed = np.clip((np.arange(frames) - start) / length, 0, 1)
    if rng.random() < 0.25:
        speed = speed[::-1]
    return np.cumsum(speed)


def ramp(rng: Dice, frames: int, length: float) -> Track:
    """0 before and 1 after a soft step of `length` frames somewhere in the take."""
    start = rng.uniform(0.1, 0.8) * frames
    share = np.clip((np.arange(frames) - start) / max(length, 4), 0, 1)
    return np.asarray(share * share * (3 - 2 * share))


def wander(rng: Dice, frames: int, smoothness: float) -> Track:
    """A random walk held near 0, with deviation about 1; `smoothness` in frames."""
    steps = rng.standard_normal(frames + 1)
    keep = np.exp(-1 / smoothness)
    track, value, velocity = np.empty(frames), steps[-1], 0.0
    for frame in range(frames):
        velocity = keep * velocity + (1 - keep) * steps[frame]
        value = 0.96 * value + velocity
        track[frame] = value
    return track
