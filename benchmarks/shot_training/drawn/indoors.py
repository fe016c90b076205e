"""Rooms, stages, studios, walls. Each paints one side of a place."""

import cv2
import numpy as np

from benchmarks.shot_training.drawn.boxes import Box, Canvas, fill_box, fill_quad, paste
from benchmarks.shot_training.drawn.leaves import leaves
from benchmarks.shot_training.drawn.palettes import Palette
from benchmarks.shot_training.drawn.raster import Dice, picture, softened
from benchmarks.shot_training.drawn.scenery import (
    ACROSS,
    DOWN,
    ROWS,
    Layer,
    Scenery,
    cut_out,
    filled,
    finished,
    gradient,
    lit,
    pool,
    spread_light,
    textured,
)


def room(rng: Dice, palette: Palette) -> Scenery:
    """A back wall, side walls, floor and ceiling, with windows, pictures, lamps and boxes of furniture."""
    left, right = rng.uniform(-60, 140), rng.uniform(380, 570)
    top, bottom = rng.uniform(-20, 60), rng.uniform(200, 270)
    canvas = filled(palette.tone(rng.uniform(0.3, 0.9)))
    fill_quad(canvas, [(0, DOWN), (left, bottom), (right, bottom), (ACROSS, DOWN)], palette.tone(rng.uniform(0, 0.6)))
    fill_quad(canvas, [(0, 0), (left, top), (right, top), (ACROSS, 0)], palette.tone(rng.uniform(0.3, 1)))
    side = palette.tone(rng.uniform(0.2, 0.7))
    fill_quad(canvas, [(-150, -90), (left, top), (left, bottom), (-150, DOWN + 90)], side)
    fill_quad(canvas, [(ACROSS + 150, -90), (right, top), (right, bottom), (ACROSS + 150, DOWN + 90)], side * 0.8)
    if rng.random() < 0.4:
        stripe = 1 + 0.12 * np.sign(np.sin(np.arange(ACROSS) * rng.uniform(0.1, 0.6)))
        canvas[int(max(top, 0)) : int(bottom)] *= stripe.astype(np.float32)[None, :, None]
    _hang_on_wall(rng, palette, canvas, (left, top, right, bottom))
    canvas = textured(rng, canvas, 0.05, 6)
    for _ in range(int(rng.integers(2, 8))):
        furniture(rng, palette, canvas, rng.uniform(bottom - 10, DOWN))
    canvas = lit(rng, textured(rng, canvas, 0.04, 30), 0.9)
    for _ in range(int(rng.integers(0, 4))):
        spread_light(canvas, (rng.uniform(0, ACROSS), rng.uniform(20, 160)), rng.uniform(8, 60), palette.tone(1))
    front = _foreground(rng, palette)
    return Scenery((Layer(picture(canvas)), *front), bottom + rng.uniform(15, 60), float(rng.uniform(110, 200)))


def _hang_on_wall(rng: Dice, palette: Palette, canvas: Canvas, wall: Box) -> None:
    bright = palette.tone(1) * rng.uniform(0.8, 1.4)
    for _ in range(int(rng.integers(1, 7))):
        x, y = rng.uniform(wall[0], wall[2]), rng.uniform(wall[1], wall[3] - 60)
        box = (x, y, x + rng.uniform(15, 90), y + rng.uniform(15, 110))
        fill_box(canvas, box, palette.any(rng) * 0.6)
        inner = (box[0] + 3, box[1] + 3, box[2] - 3, box[3] - 3)
        if rng.random() < 0.4:
            fill_box(canvas, inner, bright)
            middle = (box[0] + box[2]) / 2
            fill_box(canvas, (middle - 1.5, box[1], middle + 1.5, box[3]), palette.tone(0.3))
        else:
            paste(canvas, inner, leaves(rng, palette, count=12, least=20))


def furniture(rng: Dice, palette: Palette, canvas: Canvas, foot: float) -> None:
    """A box that stands on row `foot`: front, top and a few lines on it."""
    x, wide, tall = rng.uniform(-30, ACROSS), rng.uniform(20, 150), rng.uniform(15, 130)
    colour, depth = palette.any(rng), rng.uniform(4, 16)
    slant = (ACROSS / 2 - x) * 0.06
    fill_box(canvas, (x, foot - tall, x + wide, foot), colour * 0.7)
    lid = [(x, foot - tall), (x + slant, foot - tall - depth), (x + wide + slant, foot - tall - depth)]
    fill_quad(canvas, [*lid, (x + wide, foot - tall)], colour)
    for row in np.arange(foot - tall + 8, foot - 4, rng.uniform(9, 40)):
        fill_box(canvas, (x + 2, row, x + wide - 2, row + 1.5), colour * 0.45)


def _foreground(rng: Dice, palette: Palette) -> tuple[Layer, ...]:
    """Sometimes something dark and blurred near the lens: a post, a door frame, a shoulder of a chair."""
    if rng.random() < 0.7:
        return ()
    canvas, cover = filled(palette.tone(0) * 0.5), np.zeros((DOWN, ACROSS), np.uint8)
    x, wide = int(rng.uniform(0, ACROSS)), int(rng.uniform(15, 70))
    cover[int(rng.choice([0, rng.uniform(100, 220)])) :, x : x + wide] = 255
    return (Layer(cut_out(canvas, softened(cover, 4)), 1.8),)


def stage(rng: Dice, palette: Palette) -> Scenery:
    """A dark hall with cones of light."""
    canvas = leaves(rng, palette, count=60, least=15) * rng.uniform(0.03, 0.15)
    foot = rng.uniform(220, 290)
    canvas[int(foot) :] += palette.tone(0.5) * 0.3
    for _ in range(int(rng.integers(1, 6))):
        x, aim, wide = rng.uniform(0, ACROSS), rng.uniform(60, 450), rng.uniform(12, 60)
        cone = np.zeros((DOWN, ACROSS), np.uint8)
        points = np.array([(x - 3, -5), (x + 3, -5), (aim + wide, foot + 20), (aim - wide, foot + 20)], np.int32)
        cv2.fillPoly(cone, [points], 255)
        shine = np.asarray(softened(cone, 3), np.float32)[..., None] / 255
        colour = palette.any(rng) + 60
        canvas += shine * colour * rng.uniform(0.1, 0.5) * (1 - 0.6 * ROWS / DOWN)[..., None]
        canvas += pool(aim, foot + 20, rng, wide * 2.2)[..., None] * colour * 0.5
    return Scenery((Layer(picture(canvas)),), foot + 15, float(rng.uniform(60, 160)))


def studio(rng: Dice, palette: Palette) -> Scenery:
    """Flat panels with saturated colours, a desk, screens."""
    canvas = gradient(palette.tone(0.8), palette.tone(0.3))
    for _ in range(int(rng.integers(3, 12))):
        x, y = rng.uniform(-40, ACROSS), rng.uniform(-40, 220)
        colour = palette.any(rng) * np.asarray(rng.uniform(0.5, 1.5, 3), np.float32)
        fill_box(canvas, (x, y, x + rng.uniform(20, 200), y + rng.uniform(10, 250)), colour)
    fill_box(canvas, (60, 240, 460, DOWN), palette.tone(rng.uniform(0, 1)))
    canvas = lit(rng, np.asarray(softened(finished(canvas), float(rng.uniform(0, 3))), np.float32), 0.4)
    return Scenery((Layer(picture(canvas)),), 330, 200, guests={"portrait": 0.85, "walkers": 0.1, "nobody": 0.05})


def wall(rng: Dice, palette: Palette) -> Scenery:
    """Next to nothing: a plain wall, a backdrop, a sky."""
    canvas = lit(rng, textured(rng, filled(palette.tone(rng.uniform(0, 1))), float(rng.uniform(0, 0.12)), 5), 0.5)
    return Scenery((Layer(picture(canvas), 0.9),), guests={"portrait": 0.6, "walkers": 0.15, "things": 0.25})
