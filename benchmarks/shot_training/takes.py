"""A shot as some camera saw it: a part of it, moved over, graded and reduced to what the detector looks at."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 64, 36  # of what the detector looks at
SOURCE_WIDTH, SOURCE_HEIGHT = 128, 72  # of the shots it is made from

Shot = NDArray[np.uint8]  # (n, 72, 128, 3) RGB
Floats = NDArray[np.floating]
Pictures = Floats  # (n, 36, 64, 3) RGB, 0..255
Rng = np.random.Generator

_SAMPLING = (cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_NEAREST)  # decoders scale cheaply: some aliasing belongs to it
_SPEEDS = (0.5, 0.75, 1.0, 1.0, 1.0, 1.5, 2.0, 3.0)


@dataclass(frozen=True, slots=True)
class Look:
    """What the takes of one place have in common."""

    mirrored: bool
    gain: float
    offset: float
    gamma: float
    tint: tuple[float, float, float]
    grey: bool
    darkness: float  # what all is multiplied by at last
    bars: int  # black rows above and below
    sampling: int
    part: float  # of the picture's width

    @classmethod
    def drawn(cls, rng: Rng) -> "Look":
        red, green, blue = np.exp(rng.normal(0, 0.12, 3)) if rng.random() < 0.5 else (1.0, 1.0, 1.0)
        return cls(
            mirrored=rng.random() < 0.5,
            gain=float(np.exp(rng.normal(0, 0.25))),
            offset=float(rng.normal(0, 14)),
            gamma=float(np.exp(rng.normal(0, 0.3))),
            tint=(float(red), float(green), float(blue)),
            grey=rng.random() < 0.1,
            darkness=float(rng.uniform(0.08, 0.4)) if rng.random() < 0.14 else 1.0,
            bars=int(rng.integers(2, 6)) if rng.random() < 0.06 else 0,
            sampling=_SAMPLING[int(rng.choice(3, p=[0.5, 0.35, 0.15]))],
            part=float(rng.uniform(0.4, 1)),
        )

    def nearly(self, rng: Rng) -> "Look":
        """As it is in another take of the same place."""
        return replace(self, gain=self.gain * float(np.exp(rng.normal(0, 0.05))))


def take(rng: Rng, shot: Shot, count: int, *, look: Look, camera: bool = True) -> Pictures:
    """`count` frames of a shot, at some speed, forward or backward; with `camera`, it may pan, zoom or shake."""
    frames = shot[_order(rng, len(shot), count)]
    part = float(np.clip(look.part * np.exp(rng.normal(0, 0.15)), 0.35, 1))
    width, height = SOURCE_WIDTH * part, SOURCE_HEIGHT * part
    left = np.full(count, rng.uniform(0, SOURCE_WIDTH - width))
    top = np.full(count, rng.uniform(0, SOURCE_HEIGHT - height))
    zoom = np.ones(count)
    match str(rng.choice(["still", "pan", "zoom", "shake"], p=[0.6, 0.16, 0.12, 0.12])) if camera else "still":
        case "pan":
            width = SOURCE_WIDTH * float(rng.uniform(0.35, 0.7))
            height = width * SOURCE_HEIGHT / SOURCE_WIDTH
            left = _to_and_fro(rng, SOURCE_WIDTH - width, count)
            top = np.full(count, rng.uniform(0, SOURCE_HEIGHT - height))
        case "zoom":
            zoom = np.exp(np.linspace(0, rng.uniform(-0.5, 0.5) * (1 if rng.random() < 0.8 else 2), count))
        case "shake":
            way = rng.normal(0, rng.uniform(0.3, 2), (count, 2)).cumsum(axis=0) / 2
            way -= np.linspace(0, 1, count)[:, None] * way[-1]
            left, top = left + way[:, 0], top + way[:, 1]
    seen = np.empty((count, HEIGHT, WIDTH, 3), np.uint8)
    for place, frame in enumerate(frames):
        w, h = _bounded(width / zoom[place], 20, SOURCE_WIDTH), _bounded(height / zoom[place], 12, SOURCE_HEIGHT)
        x = _bounded(left[place] + (width - w) / 2, 0, SOURCE_WIDTH - w)
        y = _bounded(top[place] + (height - h) / 2, 0, SOURCE_HEIGHT - h)
        cv2.resize(frame[y : y + h, x : x + w], (WIDTH, HEIGHT), dst=seen[place], interpolation=look.sampling)
    return graded(seen, look)


def graded(pictures: NDArray[np.uint8], look: Look) -> Pictures:
    if look.mirrored:
        pictures = pictures[:, :, ::-1]
    levels = (np.arange(256) / 255) ** look.gamma * 255 * look.gain
    curves = [np.clip(levels * tint + look.offset, 0, 255).astype(np.float32) for tint in look.tint]
    colours = np.stack([curve[pictures[..., channel]] for channel, curve in enumerate(curves)], axis=-1)
    if look.grey:
        colours = np.broadcast_to(colours.mean(axis=-1, keepdims=True), colours.shape)
    colours = colours * np.float32(look.darkness)
    if look.bars:
        colours[:, : look.bars] = colours[:, -look.bars :] = 0
    return colours


def nearer(rng: Rng, pictures: Pictures) -> Pictures:
    """A part of them, enlarged: as a second camera, or an editor, would show it."""
    part = float(rng.uniform(0.6, 0.92))
    width, height = int(WIDTH * part), int(HEIGHT * part)
    x, y = int(rng.integers(0, WIDTH - width + 1)), int(rng.integers(0, HEIGHT - height + 1))
    return np.stack([cv2.resize(one[y : y + height, x : x + width], (WIDTH, HEIGHT)) for one in pictures])


def _order(rng: Rng, length: int, count: int) -> NDArray[np.int64]:
    """Which frames of a shot, in which order; where it is too short it runs to and fro."""
    speed = float(rng.choice(_SPEEDS))
    steps = (np.arange(count) * speed).astype(np.int64)
    room = length - int(count * speed) - 2
    if room > 0:
        order = steps + int(rng.integers(0, room))
    else:
        period = max(2 * length - 2, 1)
        order = (steps + int(rng.integers(0, period))) % period
        order = np.where(order < length, order, 2 * length - 2 - order)
    return order[::-1] if rng.random() < 0.3 else order


def _to_and_fro(rng: Rng, room: float, count: int) -> Floats:
    """A pan, of a third of a pixel to eight pixels a frame."""
    speed = float(np.exp(rng.uniform(np.log(0.3), np.log(8)))) * float(rng.choice([-1, 1]))
    place = np.mod(rng.uniform(0, room) + speed * np.arange(count), 2 * room)
    left: Floats = np.where(place < room, place, 2 * room - place)
    return left


def _bounded(value: float, least: int, most: int) -> int:
    return int(min(max(value, least), most))
