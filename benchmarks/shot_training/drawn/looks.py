"""How a film is shot, kept and sent: stock, grain, age, format, compression. One look a film, small changes a take."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.shot_training.drawn.moves import wander
from benchmarks.shot_training.drawn.raster import HEIGHT, WIDTH, Dice, Picture, Take, chosen, halo

COLOURS = {"colour": 0.62, "grey": 0.2, "sepia": 0.06, "faded": 0.12}
STEPS = {"even": 0.78, "telecine": 0.06, "held 2": 0.07, "held 3": 0.03, "held 4": 0.02, "interlaced": 0.04}


@dataclass(frozen=True, slots=True)
class Look:
    mix: NDArray[np.float32]  # (3, 3) from RGB to RGB
    curve: NDArray[np.uint8]  # (256,) tone curve
    grain: float  # deviation of each frame's own noise, of 255
    coarse: float  # size of a grain in pixels
    age: float  # 0 new .. 1: flicker, unsteady gate, scratches, dust
    edges: tuple[int, int]  # black columns at each side, black rows above and below
    vignette: float
    blocks: int  # 0, or every how many frames a compressor begins anew
    steps: str  # a key of STEPS


def draw_look(rng: Dice) -> Look:
    old = rng.random() < 0.14
    mix = _mix(rng, chosen(rng, {**COLOURS, "grey": 0.8, "sepia": 0.3} if old else COLOURS))
    x = np.linspace(0, 1, 256) ** float(np.exp(rng.normal(0, 0.25)))
    contrast = float(np.exp(rng.normal(0, 0.2)))
    curve = 255 * np.clip(0.3 + (x - 0.3) * contrast + rng.normal(0, 0.03), 0, 1)
    edges = [(0, 0), (0, int(rng.integers(3, 11))), (int(rng.integers(6, 18)), 0)][
        int(rng.choice(3, p=[0.76, 0.14, 0.1]))
    ]
    return Look(
        mix,
        curve.astype(np.uint8),
        float(rng.choice([0, rng.uniform(0.3, 1.5), rng.uniform(1.5, 8)], p=[0.4, 0.44, 0.16])),
        float(rng.choice([1, 1.5, 2.5])),
        float(rng.uniform(0.2, 1)) if old else 0.0,
        edges,
        float(rng.uniform(0.2, 0.8)) if rng.random() < 0.2 else 0.0,
        int(rng.integers(12, 26)) if rng.random() < 0.24 else 0,
        chosen(rng, STEPS),
    )


def _mix(rng: Dice, colours: str) -> NDArray[np.float32]:
    grey = np.tile(np.array([0.3, 0.59, 0.11]), (3, 1))
    if colours == "grey":
        return grey.astype(np.float32)
    if colours == "sepia":
        return np.asarray(grey * np.array([[1.08], [0.95], [rng.uniform(0.6, 0.85)]]), np.float32)
    fade = rng.uniform(0.3, 0.8) if colours == "faded" else rng.uniform(0, 0.25)
    tint = np.exp(rng.normal(0, 0.06, (3, 1)))
    return np.asarray((np.eye(3) * (1 - fade) + grey * fade) * tint, np.float32)


def developed(rng: Dice, take: Take, look: Look) -> Take:
    """The take as the film shows it; gives the same number of frames."""
    for index in range(len(take)):
        toned = cv2.transform(take[index], look.mix)
        take[index] = cv2.LUT(np.asarray(toned), look.curve)
    if look.vignette:
        _darken_corners(rng, take, look)
    if look.age:
        _age(rng, take, look.age)
    if look.grain:
        _add_grain(rng, take, look)
    if look.edges != (0, 0):
        _mask(take, look.edges)
    take = _stepped(rng, take, look.steps)
    if look.blocks:
        _compress(rng, take, look.blocks)
    return take


def _darken_corners(rng: Dice, take: Take, look: Look) -> None:
    shade = np.asarray(cv2.resize(halo(64)[10:54, 10:54], (WIDTH, HEIGHT))) ** 0.4
    pulse = 1 + 0.15 * wander(rng, len(take), 2) * look.age
    for index in range(len(take)):
        share = look.vignette * float(np.clip(pulse[index], 0, 1.2))
        gain = ((1 - share) + share * shade)[..., None].repeat(3, 2)
        take[index] = cv2.multiply(take[index], gain.astype(np.float32), dtype=cv2.CV_8U)


def _age(rng: Dice, take: Take, age: float) -> None:
    """Flicker, a picture that jumps up and down, scratches that stay a while, dust for one frame."""
    frames = len(take)
    gain = 1 + rng.normal(0, 0.09 * age * rng.uniform(0.2, 1), frames)
    offset, jump = (
        rng.normal(0, 5 * age * rng.uniform(0, 1), frames),
        rng.normal(0, 1.1 * age * rng.uniform(0, 1), frames),
    )
    scratch, until = 0, -1
    for index in range(frames):
        shift = np.array([[1.0, 0, 0.3 * jump[index]], [0, 1.0, jump[index]]])
        moved = cv2.warpAffine(take[index], shift, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
        frame = np.asarray(cv2.addWeighted(moved, float(gain[index]), moved, 0, float(offset[index])))
        if index > until and rng.random() < 0.04 * age:
            scratch, until = int(rng.integers(WIDTH)), index + int(rng.integers(2, 30))
        if index <= until:
            frame[:, scratch] = np.minimum(frame[:, scratch], 195) + 60
        for _ in range(rng.poisson(1.2 * age)):
            at, size = (int(rng.integers(WIDTH)), int(rng.integers(HEIGHT))), int(rng.integers(0, 4))
            cv2.circle(frame, at, size, (int(rng.choice([15, 220])),) * 3, -1)
        take[index] = frame


def _add_grain(rng: Dice, take: Take, look: Look) -> None:
    """Noise cut at random out of one large sheet: new in every frame."""
    tall, wide = int(160 / look.coarse), int(260 / look.coarse)
    sheet = rng.normal(0, look.grain * look.coarse**0.5, (tall, wide, 1)) + rng.normal(
        0, look.grain * 0.3, (tall, wide, 3)
    )
    noise = np.asarray(cv2.resize(sheet.astype(np.float32), (260, 160))).round().astype(np.int16)
    for index in range(len(take)):
        x, y = int(rng.integers(260 - WIDTH)), int(rng.integers(160 - HEIGHT))
        take[index] = cv2.add(take[index], noise[y : y + HEIGHT, x : x + WIDTH], dtype=cv2.CV_8U)


def _mask(take: Take, edges: tuple[int, int]) -> None:
    across, down = edges
    if across:
        take[:, :, :across] = take[:, :, -across:] = 0
    if down:
        take[:, :down] = take[:, -down:] = 0


def _stepped(rng: Dice, take: Take, steps: str) -> Take:
    """Frames that come twice, are held, or are woven of two moments."""
    order = np.arange(len(take))
    if steps == "telecine":
        period = int(rng.integers(4, 7))
        return np.asarray(take[order - (order % period == period - 1)])
    if steps.startswith("held"):
        return np.asarray(take[order // int(steps[-1]) * int(steps[-1])])
    if steps == "interlaced":
        take[1:, ::2] = take[:-1, ::2].copy()
    elif len(take) > 20 and rng.random() < 0.03:
        first = int(rng.integers(5, len(take) - 5))
        take[first : first + int(rng.integers(3, 14))] = take[first]
    return take


def _compress(rng: Dice, take: Take, period: int) -> None:
    """As a frugal encoder shows it: coarse tones in blocks, finer with every frame until it begins anew."""
    start, rough = int(rng.integers(period)), int(rng.choice([2, 4, 8]))
    small = (WIDTH // int(rng.choice([2, 4])), HEIGHT // int(rng.choice([2, 4])))
    for index in range(len(take)):
        age = (index + start) % period / period
        step = 1 + round(rough * (1 - age))
        take[index] = _blocky(take[index], small, 0.5 * (1 - age), step)


def _blocky(image: Picture, small: tuple[int, int], share: float, step: int) -> Picture:
    coarse = cv2.resize(cv2.resize(image, small, interpolation=cv2.INTER_AREA), (WIDTH, HEIGHT))
    mixed = np.asarray(cv2.addWeighted(image, 1 - share, coarse, share, 0))
    table = np.clip((np.arange(256) + step // 2) // step * step, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(mixed, table))
