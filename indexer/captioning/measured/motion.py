"""What the camera does, and whether anything moves of itself, judged from the steps between frames."""

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
    if camera is None and _may_stand(measured) and _is_back(pictures[0], pictures[-1]):
        camera = "static"
    return Motion(camera, judge_movement(measured, camera))


def judge_camera(steps: Sequence[Step]) -> Camera | None:
    """Name the camera's movement, or None where the numbers fit no word well."""
    shifts, growths = _shifts(steps), np.array([step.growth for step in steps])
    agreeing = float(np.median([step.agreeing for step in steps]))
    if (_keeps_place(shifts) and _drifts_little(shifts, growths)) or _weaves(steps):
        return "static" if _mostly_unchanged(steps) else None
    if agreeing < limit.MOVING_AGREEING:
        return None
    return _zoom(shifts, growths) or _pan(shifts, growths, sum(step.seconds for step in steps))


def judge_movement(steps: Sequence[Step], camera: Camera | None) -> Movement | None:
    """How much goes on before the camera."""
    changed = np.array([step.changed for step in steps])
    usual = float(np.median(changed))
    if camera != "static":
        return "some" if _some_go_apart(steps, usual) else None
    if np.percentile(changed, 90) <= limit.STILL_CHANGED:
        return "still"
    close = float(np.median([step.seconds for step in steps])) <= limit.FAST_STEP_S
    if close and usual >= limit.FAST_CHANGED and np.median([step.fast for step in steps]) >= limit.FAST_SPEED:
        return "fast"
    at_times = float(np.percentile(changed, 75)) >= limit.SOME_CHANGED_AT_TIMES
    return "some" if usual >= limit.SOME_CHANGED or at_times else None


def _some_go_apart(steps: Sequence[Step], changed: float) -> bool:
    agreeing, apart = (float(np.median(values)) for values in zip(*((s.agreeing, s.apart) for s in steps), strict=True))
    clearly = agreeing >= limit.APART_AGREEING and apart >= limit.APART and changed >= limit.APART_CHANGED
    slightly = apart >= limit.SLIGHTLY_APART and changed >= limit.SLIGHTLY_APART_CHANGED
    return clearly or (slightly and agreeing >= limit.SLIGHTLY_APART_AGREEING)


def _shifts(steps: Sequence[Step]) -> Steps:
    return np.array([(step.shift_x, step.shift_y) for step in steps])


def _mostly_unchanged(steps: Sequence[Step]) -> bool:
    return float(np.median([step.changed for step in steps])) <= limit.STATIC_CHANGED


def _may_stand(steps: Sequence[Step]) -> bool:
    return _keeps_place(_shifts(steps)) and _mostly_unchanged(steps)


def _is_back(first: Luma, last: Luma) -> bool:
    """Whether the last picture lies where the first did: many small errors add up to a drift that is none."""
    step = step_between(first, last, 1.0)
    if step is None or abs(step.growth) > limit.FAR_GROWTH:
        return False
    return float(np.hypot(step.shift_x, step.shift_y)) <= limit.FAR_DRIFT


def _drifts_little(shifts: Steps, growths: Steps) -> bool:
    """Medians, because something large that passes pulls at single steps; a slow pan or zoom shows in every step."""
    drift = float(np.hypot(*np.median(shifts, axis=0))) * len(shifts)
    growth = abs(float(np.median(growths))) * len(shifts)
    return drift <= limit.STATIC_DRIFT and growth <= limit.STATIC_GROWTH


def _keeps_place(shifts: Steps) -> bool:
    path = np.cumsum(shifts, axis=0)
    return (
        float(np.percentile(np.hypot(*shifts.T), 80)) <= limit.STATIC_STEP
        and float(np.abs(path - np.median(path, axis=0)).max()) <= limit.STATIC_EXCURSION
    )


def _weaves(steps: Sequence[Step]) -> bool:
    """Old film before a static camera: it jumps in the gate at almost every frame, there and back."""
    shifts = _shifts(steps)
    path = np.cumsum(shifts, axis=0)
    away = float(np.abs(path - np.median(path, axis=0)).max())
    growth = abs(sum(step.growth for step in steps))
    turns = (np.sign(shifts[1:]) * np.sign(shifts[:-1]) < 0).mean(axis=0)
    return (
        float(np.median([step.seconds for step in steps])) <= limit.WEAVE_STEP_S
        and growth <= limit.STATIC_GROWTH
        and away <= limit.WEAVE_EXCURSION
        and float(turns.max()) >= limit.WEAVE_TURNS
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
