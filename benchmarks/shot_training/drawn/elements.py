"""Water, fire, night and space. Each paints one side of a place."""

import cv2
import numpy as np

from benchmarks.shot_training.drawn.leaves import leaves
from benchmarks.shot_training.drawn.palettes import Palette
from benchmarks.shot_training.drawn.raster import Colour, Dice, noise, picture
from benchmarks.shot_training.drawn.scenery import (
    ACROSS,
    COLUMNS,
    DOWN,
    ROWS,
    Layer,
    Scenery,
    filled,
    finished,
    flow,
    gradient,
    spread_light,
    textured,
)


def sea(rng: Dice, palette: Palette) -> Scenery:
    """Open water under a sky, or nothing but water."""
    horizon = float(rng.choice([-20, rng.uniform(40, 220)]))
    region = np.asarray((np.broadcast_to(ROWS, (DOWN, ACROSS)) > horizon) * 255, np.uint8)
    crest = palette.tone(rng.uniform(0.6, 1))
    colours = [palette.tone(0), palette.tone(0.35), palette.tone(0.5), palette.tone(0.6), crest]
    water = flow(rng, region, colours, (float(rng.normal(0, 1)), float(rng.normal(0, 0.5))))
    sky = textured(rng, gradient(palette.tone(0.6), palette.tone(1), until=max(horizon, 30)), 0.06, 2)
    return Scenery((Layer(finished(sky), 0.6),), horizon + 60, 80, (water,))


def fire(rng: Dice, palette: Palette) -> Scenery:
    """Flames or smoke before a dark place."""
    back = leaves(rng, palette, count=200, least=6) * rng.uniform(0.15, 0.6)
    low = rng.uniform(60, 220)
    lump = noise(rng, DOWN, ACROSS, roughness=0.5, grains=2)
    region = picture(255 * np.clip((ROWS - low) / 90 + 0.4 * lump, 0, 1))
    grey = float(rng.uniform(60, 200))
    flames: list[Colour] = [np.array(c, np.float32) for c in ((10, 4, 2), (90, 25, 5), (230, 120, 20), (255, 235, 150))]
    smoke: list[Colour] = [np.full(3, grey * share, np.float32) for share in (0.3, 0.6, 0.9, 1.1)]
    colours = flames if rng.random() < 0.6 else smoke
    body = flow(rng, region, colours, (float(rng.normal(0, 0.5)), float(rng.uniform(-7, -1.5))))
    return Scenery((Layer(picture(back)),), flows=(body,))


def night_lights(rng: Dice, palette: Palette) -> Scenery:
    """Points of light in the dark: a town, stars, lamps out of focus."""
    canvas = leaves(rng, palette, count=100, least=10) * rng.uniform(0.02, 0.2)
    size, count = float(rng.choice([1.5, 4, 14])), int(rng.integers(15, 160))
    sharp = np.zeros_like(canvas)
    for _ in range(count):
        at, colour = (rng.uniform(0, ACROSS), rng.normal(DOWN * 0.5, 60)), palette.any(rng) + rng.uniform(20, 170)
        if size > 10:
            red, green, blue = (float(value) * 0.5 for value in colour)
            cv2.circle(sharp, (int(at[0]), int(at[1])), int(size * rng.uniform(0.5, 1.2)), (red, green, blue), -1)
        else:
            spread_light(canvas, at, size * rng.uniform(0.7, 3), colour)
    canvas += cv2.blur(sharp, (3, 3))
    return Scenery((Layer(picture(canvas), 0.7),))


def orbit(rng: Dice, palette: Palette) -> Scenery:
    """The limb of a planet before black space."""
    radius, x, y = rng.uniform(150, 700), rng.uniform(100, 400), rng.uniform(150, 260)
    far = np.hypot(COLUMNS - x, ROWS - y - radius) / radius
    ground = textured(rng, filled(palette.tone(0.7)), 0.5, 6)
    rim = np.exp(-(((far - 1) * radius / 8) ** 2))[..., None] * palette.tone(1)
    shade = np.clip(1.3 - np.hypot(COLUMNS - x - rng.normal(0, 200), ROWS - y) / 400, 0.05, 1)[..., None]
    canvas = (far < 1)[..., None] * ground * shade + rim
    for _ in range(int(rng.integers(0, 80))):
        spread_light(canvas, (rng.uniform(0, ACROSS), rng.uniform(0, DOWN)), 1.5, np.full(3, 160, np.float32))
    drift = (float(rng.normal(0, 0.4)), float(rng.normal(0, 0.2)))
    return Scenery((Layer(picture(canvas), 0.8, drift),), guests={"nobody": 0.7, "things": 0.3})
