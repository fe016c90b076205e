"""Who is in a take and what they do: each function gives the parts of one or more actors."""

from dataclasses import dataclass

import numpy as np

from benchmarks.shot_training.drawn import objects, people
from benchmarks.shot_training.drawn.camera import Camera
from benchmarks.shot_training.drawn.moves import ramp, wander
from benchmarks.shot_training.drawn.palettes import Palette
from benchmarks.shot_training.drawn.parts import Part
from benchmarks.shot_training.drawn.people import Looks
from benchmarks.shot_training.drawn.raster import HEIGHT, WIDTH, Dice, Track, chosen
from benchmarks.shot_training.drawn.scenery import Scenery

Parts = list[Part]
EXTRAS = {"nothing": 0.66, "crosser": 0.12, "near": 0.06, "flecks": 0.09, "thing": 0.07}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who can be seen at a place."""

    scenery: Scenery
    palette: Palette
    wardrobe: tuple[Looks, ...]

    def someone(self, rng: Dice) -> Looks:
        return self.wardrobe[rng.integers(len(self.wardrobe))]


def act(rng: Dice, cast: Cast, camera: Camera) -> Parts:
    """The parts of a take, from the farthest to the nearest."""
    guests, extra = chosen(rng, cast.scenery.guests), chosen(rng, EXTRAS)
    return _guests(rng, guests, cast, camera) + _extras(rng, extra, cast, camera)


def _guests(rng: Dice, kind: str, cast: Cast, camera: Camera) -> Parts:
    if kind == "portrait":
        return portraits(rng, cast, camera)
    if kind == "walkers":
        return walkers(rng, cast, camera, int(rng.integers(1, 5)))
    if kind == "players":
        return walkers(rng, cast, camera, int(rng.integers(4, 9)))
    if kind == "traffic":
        return traffic(rng, cast, camera) + walkers(rng, cast, camera, 1)
    return things(rng, cast, camera) if kind == "things" else []


def _extras(rng: Dice, kind: str, cast: Cast, camera: Camera) -> Parts:
    frames = len(camera.x)
    if kind == "crosser":
        return crosser(rng, cast, frames)
    if kind == "near":
        return over_shoulder(rng, cast, frames)
    if kind == "flecks":
        return flecks(rng, cast.palette, frames)
    return things(rng, cast, camera) if kind == "thing" else []


def portraits(rng: Dice, cast: Cast, camera: Camera) -> Parts:
    """One to three people from the chest up, near enough to see their faces."""
    count = int(rng.choice([1, 2, 3], p=[0.65, 0.27, 0.08]))
    across = np.linspace(-0.28, 0.28, count) if count > 1 else rng.uniform(-0.25, 0.25, 1)
    parts: Parts = []
    for place in across:
        height = rng.uniform(0.35, 1.1) if count == 1 else rng.uniform(0.3, 0.6)
        parts += portrait(rng, cast.someone(rng), camera, float(place), float(height))
    return parts


def portrait(rng: Dice, looks: Looks, camera: Camera, across: float, height: float) -> Parts:
    """A person `across` (of the view) from the middle, with a head as tall as `height` of it; sways and gestures."""
    frames, wide = len(camera.x), float(camera.width[0])
    tall = wide * HEIGHT / WIDTH
    size = height * tall / 66
    calm = rng.uniform(0.15, 1.0)
    lively = calm * (5 if rng.random() < 0.1 else 1) * height * tall * 0.02
    sway = [wander(rng, frames, rng.uniform(4, 15)) * lively for _ in range(2)]
    nod = calm * wander(rng, frames, rng.uniform(3, 10))
    x, y = camera.x[0] + across * wide + sway[0], camera.y[0] + rng.uniform(0.05, 0.3) * tall + 0.5 * sway[1]
    x, y = _following(rng, camera, x, y)
    nearer = rng.uniform(-0.8, 0.8) if rng.random() < 0.15 else 0.0
    sizes = size * np.exp(nearer * ramp(rng, frames, rng.uniform(20, 90)))
    turn = float(rng.uniform(-1, 1)) if rng.random() < 0.88 else 2.0
    still, depth = np.zeros(frames), 1.0
    body = Part(people.bust(rng, looks), x, y, sizes, 0.01 * nod + rng.normal(0, 0.04), depth)
    lift = sizes * (4 + 0.4 * nod)
    face = Part(
        people.head(rng, looks, turn), x + sizes * 1.5 * nod, y + lift, sizes, still + 0.05 * nod + rng.normal(0, 0.08)
    )
    hands: Parts = []
    if rng.random() < 0.35:
        side = float(rng.choice([-1, 1]))
        swing = 2.3 + 0.4 * wander(rng, frames, rng.uniform(2, 6)) + rng.uniform(-0.6, 0.6)
        elbow = (x + side * 62 * sizes, y + 85 * sizes)
        hands = [Part(people.arm(rng, looks), *elbow, sizes, side * swing)]
    return [body, face, *hands]


def _following(rng: Dice, camera: Camera, x: Track, y: Track) -> tuple[Track, Track]:
    """Now and then the camera keeps somebody in the picture: he goes where it goes."""
    if rng.random() < 0.5:
        return x + camera.x - camera.x[0], y + camera.y - camera.y[0]
    return x, y


def walkers(rng: Dice, cast: Cast, camera: Camera, count: int) -> Parts:
    """Whole people who stand, walk or run about; the farther up in the picture, the smaller."""
    tall, scenery = float(camera.width[0]) * HEIGHT / WIDTH, cast.scenery
    figure, floor = scenery.figure, scenery.ground
    if rng.random() < 0.85:  # else only their legs may be in view, as in inserts
        figure = min(figure, tall * float(rng.uniform(0.35, 1.0)))
        floor = float(np.clip(floor, camera.y[0] + 0.2 * tall, camera.y[0] + 0.55 * tall))
    parts: Parts = []
    for row in np.sort(floor + figure * rng.uniform(-0.25, 0.35, count)):
        size = figure * (1 + 0.8 * (row - floor) / figure) / 126
        parts += walker(rng, cast.someone(rng), camera, float(row), float(size))
    return parts


def walker(rng: Dice, looks: Looks, camera: Camera, row: float, size: float) -> Parts:
    frames, t = len(camera.x), np.arange(len(camera.x))
    way = float(rng.choice([-1.0, 1.0]))
    speed = float(rng.choice([0, rng.uniform(0.4, 1.4), rng.uniform(1.5, 3.5)], p=[0.3, 0.5, 0.2])) * size
    start = camera.x[0] + rng.uniform(-0.6, 0.6) * camera.width[0]
    x, y = _following(rng, camera, start + way * speed * t, np.full(frames, row))
    phase = rng.uniform(0, 6) + 0.16 * (speed / size) ** 0.5 * t
    swing = min(0.6, 0.45 * speed / size) * np.sin(phase)
    hip = y - 54 * size + np.abs(np.cos(phase)) * size * min(3.0, 2 * speed)
    sizes, lean = np.full(frames, size), np.full(frames, 0.04 * way * speed / size)
    legs = [Part(people.leg(rng, looks), x + side * 4 * size, hip, sizes, side * swing) for side in (-1, 1)]
    turn = 0.9 * way if rng.random() < 0.8 else 2.0
    sway = 0.02 * wander(rng, frames, 6)
    return [*legs, Part(people.standing(rng, looks, turn), x, hip, sizes, lean + sway)]


def traffic(rng: Dice, cast: Cast, camera: Camera) -> Parts:
    """Vehicles that pass in both directions."""
    t, scenery = np.arange(len(camera.x)), cast.scenery
    parts: Parts = []
    for lane in range(int(rng.integers(1, 4))):
        way, size = float(rng.choice([-1.0, 1.0])), scenery.figure / 70 * (1 + 0.3 * lane)
        start = camera.x[0] + rng.uniform(-1.5, 1.5) * camera.width[0]
        speed = rng.choice([0.0, 1.0, 1.0, 2.5]) * rng.uniform(1, 4) * size
        x, y = start + way * speed * t, np.full(len(t), scenery.ground + 14.0 + 16 * lane)
        sizes = np.full(len(t), size)
        parts.append(Part(objects.vehicle(rng, cast.palette), x, y, sizes, np.zeros(len(t)), facing=way))
    return parts


def things(rng: Dice, cast: Cast, camera: Camera) -> Parts:
    """Nameless objects that float, fall, bounce or turn."""
    frames, t, parts = len(camera.x), np.arange(len(camera.x)), []
    for _ in range(int(rng.integers(1, 4))):
        x = camera.x[0] + rng.uniform(-0.5, 0.5) * camera.width[0] + rng.normal(0, 0.7) * t
        y = camera.y[0] + rng.uniform(-0.2, 0.2) * camera.width[0] + rng.normal(0, 0.4) * t
        if rng.random() < 0.3:
            y = y - rng.uniform(10, 60) * np.abs(np.sin(t * rng.uniform(0.05, 0.2)))
        size = np.full(frames, camera.width[0] * rng.uniform(0.1, 0.6) / 100)
        angle = rng.normal(0, 0.02) * t + rng.uniform(0, 6)
        parts.append(Part(objects.thing(rng, cast.palette), x, y, size, angle, float(rng.uniform(0.8, 1.3))))
    return parts


def crosser(rng: Dice, cast: Cast, frames: int) -> Parts:
    """Something large that crosses close before the lens in 5 to 30 frames."""
    way, wide = float(rng.choice([-1.0, 1.0])), rng.uniform(60, 180)
    cutouts = (
        objects.thing(rng, cast.palette),
        people.bust(rng, cast.someone(rng)),
        objects.vehicle(rng, cast.palette),
    )
    cutout = cutouts[rng.integers(3)]
    start, length = rng.uniform(0, max(1, frames - 10)), rng.uniform(5, 30)
    share = (np.arange(frames) - start) / length
    x = WIDTH / 2 + way * (share - 0.5) * (WIDTH + 2 * wide)
    pivot_row = HEIGHT * rng.uniform(0.2, 0.7) - (50 - cutout.pivot[1]) * wide / 100
    y = np.full(frames, pivot_row) + rng.normal(0, 2) * share
    size = np.full(frames, wide / 100)
    return [Part(cutout, x, y, size, np.zeros(frames), held=True, facing=way, blur=float(rng.uniform(0, 6)))]


def over_shoulder(rng: Dice, cast: Cast, frames: int) -> Parts:
    """Somebody with his back to the lens, out of focus, at a side of the picture."""
    looks, side = cast.someone(rng), float(rng.choice([-1.0, 1.0]))
    x = WIDTH / 2 + side * rng.uniform(35, 60) + wander(rng, frames, 10) * 0.8
    y, size = HEIGHT * rng.uniform(0.7, 1.0) + wander(rng, frames, 10) * 0.5, np.full(frames, rng.uniform(0.7, 1.4))
    tilt, blur = 0.02 * wander(rng, frames, 8), float(rng.uniform(1, 4))
    body = Part(people.bust(rng, looks), x, y, size, tilt, held=True, blur=blur)
    return [body, Part(people.head(rng, looks, 2.0), x, y + 3, size, tilt, held=True, blur=blur)]


def flecks(rng: Dice, palette: Palette, frames: int) -> Parts:
    """Rain, snow, confetti, sparks or insects before the lens."""
    kind, t = chosen(rng, {"rain": 0.3, "snow": 0.3, "confetti": 0.2, "insects": 0.2}), np.arange(frames)
    speed = {"rain": (0.5, 9.0), "snow": (0.6, 1.0), "confetti": (0.8, 1.6), "insects": (1.5, 0.2)}[kind]
    parts: Parts = []
    for _ in range(int(rng.integers(6, 16))):
        colour = palette.any(rng) * 1.6 + 30 if kind == "confetti" else palette.tone(1) * 0.8 + 20
        wide, tall = {"rain": (1, 9), "snow": (2, 2), "confetti": (3, 2), "insects": (1, 1)}[kind]
        x = rng.uniform(0, WIDTH) + rng.normal(0, speed[0]) * t + 2 * wander(rng, frames, 5)
        y = rng.uniform(0, HEIGHT) + speed[1] * rng.uniform(0.6, 1.4) * t
        size = np.full(frames, rng.uniform(0.6, 1.8))
        turning = t * rng.normal(0, 0.2) if kind == "confetti" else np.full(frames, 0.1)
        parts.append(Part(objects.fleck(colour, wide, tall), x % WIDTH, y % HEIGHT, size, turning, held=True))
    return parts
