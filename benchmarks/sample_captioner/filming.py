"""Camera moves over a still camera's clip: a smaller picture cut from it that moves as the drawn world's cameras do.

So every motion of every kind is seen under every camera, except what is kept out.
"""

from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from data.drawing.camera import CAMERA_MOVES, HEIGHT, WIDTH, CameraMove, View

CLOSEST = 0.68  # of the height


@dataclass(frozen=True, slots=True)
class Filming:
    move: CameraMove
    shares: tuple[float, ...]  # of the move's time, at each picture


def draw_filming(pictures: int, stream: Random) -> Filming:
    """One of CAMERA_MOVES by lot, within what the still camera saw."""
    name, size = stream.choice(CAMERA_MOVES), stream.uniform(CLOSEST, 0.85)
    room_x, room_y = WIDTH * (1 - size) / 2, HEIGHT * (1 - size) / 2

    def view(x: float, y: float, height: float = size) -> View:
        return View(WIDTH / 2 + x * room_x, HEIGHT / 2 + y * room_y, HEIGHT * height)

    held_x, held_y = stream.uniform(-0.6, 0.6), stream.uniform(-0.6, 0.6)
    low, high, left, right = view(held_x, 1), view(held_x, -1), view(-1, held_y), view(1, held_y)
    held, close, wide = view(held_x, held_y), view(held_x, held_y, CLOSEST), View()
    ends = {
        "static": (held, held),
        "pan left": (right, left),
        "pan right": (left, right),
        "tilt up": (low, high),
        "tilt down": (high, low),
        "zoom in": (wide, close),
        "zoom out": (close, wide),
    }
    return Filming(CameraMove(name, *ends[name]), tuple((index + 0.5) / pictures for index in range(pictures)))


def filmed(frames: NDArray[np.uint8], filming: Filming) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """`frames` (frames, height, width, 3) as the moving camera shows them, and where it looks at each."""
    height, width = frames.shape[1:3]
    views = [filming.move.view(share) for share in filming.shares]
    shown = []
    for frame, view in zip(frames, views, strict=True):
        scale = HEIGHT / view.height
        x, y = (view.x - WIDTH / 2) / HEIGHT * height, (view.y - HEIGHT / 2) / HEIGHT * height
        matrix = np.array(
            [
                [scale, 0, width / 2 - scale * (width / 2 + x)],
                [0, scale, height / 2 - scale * (height / 2 + y)],
            ]
        )
        shown.append(cv2.warpAffine(frame, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE))
    looks = np.array([(view.x, view.y, view.height) for view in views], np.float32)
    return np.stack(shown), looks
