"""What the camera does, and whether anything moves before it, judged from the steps between frames."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.captioning.measured import thresholds as limit
from indexer.captioning.measured.facts import Camera, Motion, Movement
from indexer.captioning.measured.picture import Luma
from indexer.captioning.measured.tracking import Step, step_between

Steps = NDArray[np.float64]
"""One row a step: (n, 2) shifts in picture widths, or (n,) growths."""


def measure_motion(pictures: Sequence[Luma], times_us: Sequence[int]) -> Motion:
    """`pictures` are of one size, in order of time. None in the answer: not to be said."""
    if len(pictures) < 3 or min(pictures[0].shape) < limit.SMALLEST_SIDE:
        return Motion(None, None)
    pairs = list(zip(pictures, pictures[1:], times_us, times_us[1:], strict=False))
    steps = [step_between(a, b, max(1, t_b - t_a) / 1e6) for a, b, t_a, t_b in pairs]
    measured = [step for step in steps if step is not None]
    if len(measured) < max(2, limit.MEASURABLE_PAIRS * len(steps)):
        return Motion(None, None)
    camera = judge_camera(measured)
    return Motion(camera, judge_movement(measured) if camera == "static" else None)


def judge_camera(steps: Sequence[Step]) -> Camera | None:
    """Name the camera's movement, or None where the numbers fit no word well."""
    shifts = np.array([(step.shift_x, step.shift_y) for step in steps])
    growths = np.array([step.growth for step in steps])
    path = np.vstack([[0.0, 0.0], np.cumsum(shifts, axis=0)])
    seconds = sum(step.seconds for step in steps)
    agreeing = float(np.median([step.agreeing for step in steps]))
    if _stands(shifts, growths):
        return "static" if np.median([step.changed for step in steps]) <= limit.STATIC_CHANGED else None
    if agreeing >= limit.MOVING_AGREEING and (moves := _zoom(shifts, growths) or _pan(shifts, growths, seconds)):
        return moves
    return "hand-held" if agreeing >= limit.SHAKE_AGREEING and _shakes(path, seconds) else None


def judge_movement(steps: Sequence[Step]) -> Movement | None:
    """How much goes on before a static camera."""
    changed = np.array([step.changed for step in steps])
    if np.percentile(changed, 90) <= limit.STILL_CHANGED:
        return "still"
    usual = float(np.median(changed))
    close = float(np.median([step.seconds for step in steps])) <= limit.FAST_STEP_S
    if close and usual >= limit.FAST_CHANGED and np.median([step.fast for step in steps]) >= limit.FAST_SPEED:
        return "fast"
    return "some" if usual >= limit.SOME_CHANGED else None


def _stands(shifts: Steps, growths: Steps) -> bool:
    """Medians, because something large that passes pulls at single steps; a slow pan or zoom shows in every step."""
    count = len(shifts)
    drift = float(np.hypot(*np.median(shifts, axis=0))) * count
    growth = abs(float(np.median(growths))) * count
    path = np.cumsum(shifts, axis=0)
    return (
        drift <= limit.STATIC_DRIFT
        and growth <= limit.STATIC_GROWTH
        and float(np.percentile(np.hypot(*shifts.T), 80)) <= limit.STATIC_STEP
        and float(np.abs(path - np.median(path, axis=0)).max()) <= limit.STATIC_EXCURSION
    )


def _zoom(shifts: Steps, growths: Steps) -> Camera | None:
    total, travel = float(growths.sum()), float(np.hypot(*shifts.sum(axis=0)))
    if abs(total) < limit.ZOOM_GROWTH or abs(total) < limit.ZOOM_STRAIGHT * float(np.abs(growths).sum()):
        return None
    if abs(total) / 2 < limit.DOMINANT * travel:  # half the growth is how far a zoom moves the picture's edge
        return None
    return "zoom in" if total > 0 else "zoom out"


def _pan(shifts: Steps, growths: Steps, seconds: float) -> Camera | None:
    x, y = (float(value) for value in shifts.sum(axis=0))
    travel, length = float(np.hypot(x, y)), float(np.hypot(*shifts.T).sum())
    if travel < limit.PAN_TRAVEL or travel < limit.PAN_SPEED * seconds or travel < limit.PAN_STRAIGHT * length:
        return None
    if travel < limit.DOMINANT * abs(float(growths.sum())) / 2:
        return None
    # the picture moves against the camera: what goes right is seen by a camera that turns left
    if abs(x) >= limit.PAN_AXIS_RATIO * abs(y):
        return "pan left" if x > 0 else "pan right"
    if abs(y) >= limit.PAN_AXIS_RATIO * abs(x):
        return "tilt up" if y > 0 else "tilt down"
    return None


def _shakes(path: Steps, seconds: float) -> bool:
    rate = (len(path) - 1) / seconds
    if rate < limit.SHAKE_RATE or seconds < limit.SHAKE_SECONDS:
        return False
    window = max(3, round(rate)) | 1
    kernel = np.ones(window) / window
    smooth = np.stack([np.convolve(path[:, axis], kernel, mode="valid") for axis in (0, 1)], axis=1)
    inner = path[window // 2 : len(path) - window // 2]
    residue = float(np.sqrt(((inner - smooth) ** 2).sum(axis=1).mean()))
    velocity = np.diff(path, axis=0)
    turns = [float((np.sign(v[1:]) * np.sign(v[:-1]) < 0).mean()) for v in velocity.T]
    straight = float(np.hypot(*path[-1])) / max(1e-9, float(np.hypot(*velocity.T).sum()))
    least, most = limit.SHAKE_TURNS
    return residue >= limit.SHAKE_RESIDUE and least <= max(turns) <= most and straight <= limit.SHAKE_STRAIGHT
