"""What looks like an edit and is none, put into the frames of one shot."""

from collections.abc import Callable

import cv2
import numpy as np

from benchmarks.shot_training.drawn import draw_card
from benchmarks.shot_training.takes import HEIGHT, WIDTH, Pictures, Rng

_UNDISTURBED = 26  # frames: shorter shots are left alone
_MARGIN = 3  # frames after a cut, and before the next


def disturbed(rng: Rng, frames: Pictures) -> Pictures:
    """The frames, with no, one or several disturbances in them."""
    count = len(frames)
    if count < _UNDISTURBED:
        return frames
    frames = frames.copy()
    for often, (least, most), disturb in _ALL:
        if rng.random() < often:
            length = min(int(rng.uniform(least, most)), count - 4 * _MARGIN)
            first = int(rng.integers(_MARGIN, count - length - _MARGIN))
            frames[first : first + length] = np.clip(disturb(rng, frames[first : first + length]), 0, 255)
    return frames


def _flash(rng: Rng, frames: Pictures) -> Pictures:
    share = rng.uniform(0.5, 1)
    return frames * (1 - share) + 255 * share


def _strobe(rng: Rng, frames: Pictures) -> Pictures:
    lit = (np.arange(len(frames)) // int(rng.integers(2, 5)) % 2 == 0)[:, None, None, None]
    return np.where(lit, frames * rng.uniform(1.4, 2.4) + 25, frames)


def _lightning(rng: Rng, frames: Pictures) -> Pictures:
    count = len(frames)
    light = np.zeros(count, np.float32)
    for _ in range(int(rng.integers(1, 4))):
        start = int(rng.integers(count))
        light[start:] += rng.uniform(0.4, 1) * np.exp(-np.arange(count - start) / rng.uniform(0.5, 3))
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    place = (columns / WIDTH if rng.random() < 0.5 else rows / HEIGHT) * rng.uniform(0, 1) + 0.4
    field = light[:, None, None, None] * place[None, ..., None]
    lit: Pictures = frames * (1 + field * rng.uniform(1, 6)) + field * rng.uniform(0, 90)
    return lit


def _exposure(rng: Rng, frames: Pictures) -> Pictures:
    swell = np.sin(np.pi * np.arange(len(frames)) / len(frames))[:, None, None, None]
    return frames * (1 + swell * float(rng.uniform(0.4, 1.2) * rng.choice([-0.5, 1])))


def _other_light(rng: Rng, frames: Pictures) -> Pictures:
    """An exposure that changes and stays."""
    count = len(frames)
    way = np.clip((np.arange(count) - rng.uniform(0, count / 2)) / rng.uniform(4, 40), 0, 1)[:, None, None, None]
    before, after = np.exp(rng.normal(-0.2, 0.35, 2))
    lit: Pictures = frames * (before + (after - before) * way)
    return lit


def _stray_frames(rng: Rng, frames: Pictures) -> Pictures:
    """One to three of another picture: splices, damage, drop-outs."""
    if rng.random() < 0.3:
        return np.broadcast_to(rng.integers(0, 256, 3).astype(np.float32), frames.shape)
    stray = draw_card(int(rng.integers(1 << 31)), 1)[0]
    small = cv2.resize(stray, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.broadcast_to(small.astype(np.float32), frames.shape)


def _flicker(rng: Rng, frames: Pictures) -> Pictures:
    gains = np.exp(rng.normal(0, rng.uniform(0.02, 0.15), len(frames)))
    offsets = rng.normal(0, rng.uniform(0, 6), len(frames))
    return frames * gains[:, None, None, None] + offsets[:, None, None, None]


def _tear(rng: Rng, frames: Pictures) -> Pictures:
    row = int(rng.integers(4, 30))
    frames = frames.copy()
    frames[:, row:] = np.roll(frames[:, row:], int(rng.integers(5, 30)), axis=2)
    return frames


def _something_passes(rng: Rng, frames: Pictures) -> Pictures:
    """Close to the lens, dark, from side to side."""
    width, colour, backward = rng.uniform(0.3, 0.95), rng.integers(0, 120, 3), rng.random() < 0.5
    frames = frames.copy()
    for place, frame in enumerate(frames):
        left = place / len(frames) * (1 + width) - width
        left = 1 - left - width if backward else left
        frame[:, max(0, int(left * WIDTH)) : max(0, int((left + width) * WIDTH))] = colour
    return frames


def _lower_third(rng: Rng, frames: Pictures) -> Pictures:
    top, height = int(rng.uniform(0.55, 0.85) * HEIGHT), int(rng.uniform(0.08, 0.25) * HEIGHT)
    left, right = int(rng.uniform(0, 0.3) * WIDTH), int(rng.uniform(0.6, 1) * WIDTH)
    frames = frames.copy()
    colour = rng.integers(0, 256, 3) if rng.random() < 0.6 else np.repeat(rng.integers(30, 200), 3)
    frames[:, top : top + height, left:right] = colour
    middle = top + height // 2
    frames[:, middle : middle + 1, left + 2 : left + 2 + int(rng.integers(4, 34)) : 2] = 255
    return frames


def _titles(rng: Rng, frames: Pictures) -> Pictures:
    """Bright letters over the picture, coming and going by themselves."""
    letters = draw_card(int(rng.integers(1 << 31)), 40)[-1]
    small = cv2.resize(letters, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32)
    ends = np.minimum(np.arange(len(frames)), np.arange(len(frames))[::-1])
    shares = np.clip(ends / max(1, int(rng.integers(1, 10))), 0, 1)[:, None, None, None]
    bright = small.max(axis=-1, keepdims=True) > 120
    return np.where(bright[None], frames * (1 - shares) + small[None] * shares, frames)


def _picture_in_picture(rng: Rng, frames: Pictures) -> Pictures:
    left, top = int(rng.uniform(0.02, 0.55) * WIDTH), int(rng.uniform(0.05, 0.5) * HEIGHT)
    inset = np.stack([cv2.resize(np.ascontiguousarray(frame[::-1, ::-1]), (25, 14)) for frame in frames])
    frames = frames.copy()
    frames[:, top : top + 14, left : left + 25] = inset
    return frames


def _freeze(_rng: Rng, frames: Pictures) -> Pictures:
    return np.broadcast_to(frames[:1], frames.shape)


def _coding(rng: Rng, frames: Pictures) -> Pictures:
    """Noise that stands still and is renewed at every I-frame."""
    every, strength = int(rng.integers(12, 60)), rng.uniform(1, 5)
    noise = rng.normal(0, strength, (len(frames) // every + 1, HEIGHT, WIDTH, 3)).astype(np.float32)
    return frames + noise[np.arange(len(frames)) // every]


_ALL: tuple[tuple[float, tuple[int, int], Callable[[Rng, Pictures], Pictures]], ...] = (
    (0.12, (1, 4), _flash),
    (0.05, (10, 30), _strobe),
    (0.08, (6, 24), _exposure),
    (0.09, (5, 22), _something_passes),
    (0.16, (12, 60), _lower_third),
    (0.07, (12, 60), _picture_in_picture),
    (0.05, (3, 12), _freeze),
    (0.04, (3, 20), _lightning),
    (0.05, (12, 70), _titles),
    (0.05, (1000, 1001), _flicker),
    (0.05, (1000, 1001), _other_light),
    (0.03, (1, 4), _stray_frames),
    (0.02, (2, 3), _tear),
    (0.12, (1000, 1001), _coding),
)
"""How often, for how many frames, and what."""
