"""A scene: one shot's drawing together with the truth about it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from data.drawing.camera import CAMERA_WORDS, CameraMove, eased
from data.drawing.canvas import Backdrop, Canvas, Picture, picture
from data.drawing.palette import Light

Size = tuple[int, int]  # width, height in pixels
LANDSCAPE: Size = (640, 360)
LIGHT_WORDS: dict[str, str] = {
    "day": "on a bright day",
    "overcast": "under a grey sky",
    "sunset": "at sunset",
    "dusk": "at dusk",
    "night": "at night",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to be seen: `colour` and `heading` only where they are true of it."""

    name: str
    colour: str | None = None
    motion: str = "still"  # crosses, arrives, swims, walks, ...
    heading: str | None = None  # left, right, up, down, towards the camera
    count: int = 1


@dataclass(frozen=True, slots=True)
class Action:
    """Something that happens, from `start` to `end` as shares (0..1) of the shot."""

    text: str
    start: float
    end: float

    def progress(self, share: float) -> float:
        """0 before it begins, 1 once it is over, with soft ends between."""
        return eased((share - self.start) / (self.end - self.start))


@dataclass(frozen=True, slots=True)
class Scene:
    kind: str
    place: str
    text: str  # what happens, in one or two sentences, without the camera
    light: Light
    camera: CameraMove
    things: tuple[Thing, ...]
    actions: tuple[Action, ...]
    seconds: float
    behind: Backdrop
    paint: Callable[[Canvas, float], None]  # paints the moment `t` seconds into the shot

    @property
    def description(self) -> str:
        return f"{self.text} {CAMERA_WORDS[self.camera.name]}"

    def draw(self, t: float, size: Size = LANDSCAPE) -> Picture:
        """The picture at `t` seconds: (height, width, 3) RGB."""
        canvas = self.behind.seen(self.camera.view(t / self.seconds), size)
        self.paint(canvas, t)
        return cv2.multiply(picture(canvas), _vignette(size), dtype=cv2.CV_8U, scale=1.0).astype(np.uint8, copy=False)


def a(words: str) -> str:
    """The words with their indefinite article."""
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


def begin(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def facing(heading: str) -> int:
    """1 for right, -1 for left."""
    return -1 if heading == "left" else 1


@lru_cache(maxsize=4)
def _vignette(size: Size) -> NDArray[np.float32]:
    """Corners a little darker, as a lens would have them."""
    width, height = size
    x, y = np.linspace(-1, 1, width), np.linspace(-1, 1, height)
    distance = np.hypot(x[None, :], y[:, None]) / 2**0.5
    shade = 1 - 0.22 * np.clip(distance - 0.35, 0, 1) ** 1.5
    return np.repeat(shade[:, :, None], 3, axis=2).astype(np.float32)
