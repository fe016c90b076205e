"""The camera: which part of the drawn world is seen, and how that changes during a shot.

A world is drawn around the rectangle (0, 0)..(640, 360), y downwards, with a margin all round for moves.
"""

from dataclasses import dataclass

WIDTH, HEIGHT = 640.0, 360.0
MARGIN_X, MARGIN_Y = 170.0, 100.0

CAMERA_WORDS: dict[str, str] = {
    "static": "The camera is still.",
    "pan left": "The camera pans left.",
    "pan right": "The camera pans right.",
    "tilt up": "The camera tilts up.",
    "tilt down": "The camera tilts down.",
    "zoom in": "The camera zooms in.",
    "zoom out": "The camera zooms out.",
}
CAMERA_MOVES = tuple(CAMERA_WORDS)
SIDEWAYS = ("static", "pan left", "pan right")


@dataclass(frozen=True, slots=True)
class View:
    """What is seen: `height` world units around the centre; the width follows from the picture's shape."""

    x: float = WIDTH / 2
    y: float = HEIGHT / 2
    height: float = HEIGHT


@dataclass(frozen=True, slots=True)
class CameraMove:
    name: str
    start: View
    end: View

    def view(self, progress: float) -> View:
        """The view at `progress` (0..1) through the shot: still for a moment, an even move, still again."""
        share = eased(progress)
        return View(
            self.start.x + (self.end.x - self.start.x) * share,
            self.start.y + (self.end.y - self.start.y) * share,
            self.start.height * (self.end.height / self.start.height) ** share,
        )


def camera_move(name: str, focus: tuple[float, float] = (WIDTH / 2, HEIGHT / 2)) -> CameraMove:
    """One of CAMERA_MOVES. Zooms end on, or start from, `focus`; the others take in the whole world."""
    wide, close = View(), View(*focus, height=HEIGHT * 0.56)
    left, right = View(x=WIDTH / 2 - 150), View(x=WIDTH / 2 + 150)
    up, down = View(y=HEIGHT / 2 - 80), View(y=HEIGHT / 2 + 70)
    ends = {
        "static": (wide, wide),
        "pan left": (right, left),
        "pan right": (left, right),
        "tilt up": (down, up),
        "tilt down": (up, down),
        "zoom in": (wide, close),
        "zoom out": (close, wide),
    }
    return CameraMove(name, *ends[name])


def eased(progress: float) -> float:
    """Even speed with soft ends: the ramps take the first and the last eighth."""
    ramp = 0.125
    progress = min(1.0, max(0.0, progress))
    if progress > 0.5:
        return 1 - eased(1 - progress)
    speed = 1 / (1 - ramp)
    return speed * progress**2 / (2 * ramp) if progress < ramp else speed * (progress - ramp / 2)
