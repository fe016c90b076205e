"""Streets, crowds, grounds, rides and print. Each paints one side of a place."""

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.shot_training.drawn.boxes import Box, Canvas, fill_box, paste
from benchmarks.shot_training.drawn.leaves import leaves
from benchmarks.shot_training.drawn.lettering import words
from benchmarks.shot_training.drawn.palettes import Palette
from benchmarks.shot_training.drawn.raster import Colour, Dice, picture
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
    spread_light,
    textured,
)


def facades(rng: Dice, palette: Palette) -> Scenery:
    """Fronts with rows of windows, by day or lit at night, over a street."""
    night, foot = rng.random() < 0.35, float(rng.uniform(230, 290))
    sky = gradient(palette.tone(0.7), palette.tone(1)) * (0.1 if night else 1.0)
    canvas, cover = filled(palette.tone(0.3)), np.zeros((DOWN, ACROSS), np.uint8)
    x = -rng.uniform(0, 60)
    while x < ACROSS:
        wide, top = rng.uniform(50, 170), rng.uniform(-60, 140)
        _front(rng, palette, canvas, (x, top, x + wide, foot), night=night)
        cover[max(int(top), 0) :, max(int(x), 0) : max(int(x + wide), 0)] = 255
        x += wide + (rng.uniform(0, 50) if rng.random() < 0.3 else 0)
    fill_box(canvas, (0, foot, ACROSS, foot + 8), palette.tone(0.6) * (0.3 if night else 1))
    fill_box(canvas, (0, foot + 8, ACROSS, DOWN), palette.tone(0.25) * (0.4 if night else 1))
    cover[int(foot) :] = 255
    canvas = lit(rng, textured(rng, canvas, 0.09, 10), 0.5)
    if night:
        for _ in range(int(rng.integers(3, 14))):
            spread_light(
                canvas, (rng.uniform(0, ACROSS), rng.uniform(120, foot)), rng.uniform(8, 50), palette.tone(1) + 60
            )
    guests = {"walkers": 0.4, "traffic": 0.4, "portrait": 0.1, "nobody": 0.1}
    layers = (Layer(finished(textured(rng, sky, 0.06, 2)), 0.3), Layer(cut_out(canvas, cover), 1.0))
    return Scenery(layers, foot + 25, float(rng.uniform(45, 100)), guests=guests)


def _front(rng: Dice, palette: Palette, canvas: Canvas, box: Box, *, night: bool) -> None:
    left, top, right, foot = box
    wall, glass, lamp = palette.tone(rng.uniform(0.25, 0.9)), palette.tone(rng.uniform(0, 0.5)), palette.tone(1) + 40
    fill_box(canvas, box, wall * (0.18 if night else 1))
    step, rise, share = rng.uniform(9, 30), rng.uniform(14, 40), rng.uniform(0.35, 0.75)
    shown = rng.uniform(0.05, 0.6) if night else 0.05
    for y in np.arange(top + 6, foot - rise * 0.8, rise):
        for x in np.arange(left + 4, right - step * share, step):
            colour = (
                lamp * rng.uniform(0.4, 1)
                if rng.random() < shown
                else glass * (0.2 if night else rng.uniform(0.7, 1.3))
            )
            fill_box(canvas, (x, y, x + step * share, y + rise * share), colour)


def crowd(rng: Dice, palette: Palette) -> Scenery:
    """Rows of heads that bob: an audience, a stand, a street full of people."""
    near, deep = rng.uniform(10, 34), int(rng.integers(3, 5))
    back = lit(rng, leaves(rng, palette, count=80, least=10) * rng.uniform(0.2, 0.9))
    layers = [Layer(picture(back), 0.8)]
    for index in range(deep):
        size = near * (0.45 + 0.55 * (index + 1) / deep)
        rows = np.arange(rng.uniform(40, 120), DOWN + 30, size * 1.7)[index::deep]
        layers.append(Layer(_heads(rng, palette, rows, size), 0.85 + 0.1 * index, sway=size * 0.06, bob=size * 0.12))
    return Scenery(tuple(layers), 310, near * 6, guests={"nobody": 0.6, "walkers": 0.2, "portrait": 0.2})


def _heads(rng: Dice, palette: Palette, rows: NDArray[np.float64], size: float) -> NDArray[np.uint8]:
    canvas, cover = filled(palette.tone(0)), np.zeros((DOWN, ACROSS), np.uint8)
    for row in rows:
        for x in np.arange(rng.uniform(-size, size), ACROSS + size, size * 2.1):
            at = (int(x + rng.normal(0, size * 0.3)), int(row + rng.normal(0, size * 0.3)))
            clothes, skin, hair = (
                palette.any(rng) * 0.8,
                palette.skins[rng.integers(3)],
                palette.tone(rng.uniform(0, 0.4)) * 0.6,
            )
            half = int(size * 0.5)
            body = (at[0], at[1] + int(size * 1.6))
            _ellipse(canvas, body, (int(size * 1.05), int(size * 1.2)), clothes)
            _ellipse(canvas, (at[0], at[1] - int(size * 0.12)), (half + 1, int(size * 0.62)), hair)
            _ellipse(canvas, (at[0], at[1] + int(size * 0.1)), (int(half * 0.85), int(size * 0.5)), skin)
            cv2.ellipse(cover, body, (int(size * 1.05), int(size * 1.2)), 0, 0, 360, 255, -1)
            cv2.ellipse(cover, at, (half + 1, int(size * 0.65)), 0, 0, 360, 255, -1)
    return cut_out(textured(rng, canvas, 0.12, 20), cover)


def _ellipse(canvas: Canvas, at: tuple[int, int], radii: tuple[int, int], colour: Colour) -> None:
    cv2.ellipse(canvas, at, radii, 0, 0, 360, tuple(float(value) for value in colour), -1)


def pitch(rng: Dice, palette: Palette) -> Scenery:
    """A sports ground from the stand: lines on grass or a hall's floor, rows of spectators above."""
    grass: Colour = np.asarray(
        rng.uniform(40, 150) * np.array([0.6, 1.0, 0.45]) if rng.random() < 0.7 else palette.tone(0.8)
    )
    canvas, top = filled(np.asarray(grass, np.float32)), rng.uniform(20, 120)
    bands = 1 + 0.05 * np.sign(np.sin(np.arange(ACROSS) * rng.uniform(0.05, 0.2)))
    canvas = textured(rng, canvas * bands.astype(np.float32)[None, :, None], 0.05, 12)
    canvas[: int(top)] = leaves(rng, palette, count=1200, least=2, kind=0)[: int(top)] * 0.7
    fill_box(canvas, (0, top, ACROSS, top + rng.uniform(3, 14)), palette.any(rng))
    slant, white = rng.uniform(-0.5, 0.5), tuple(float(value) for value in np.minimum(grass * 0.4 + 130, 255))
    for x in np.arange(-100, 600, rng.uniform(90, 260)):
        cv2.line(canvas, (int(x), int(top) + 14), (int(x + slant * 300), DOWN), white, 2)
    for y in np.arange(top + 25, DOWN, rng.uniform(60, 150)):
        cv2.line(canvas, (0, int(y)), (ACROSS, int(y + 12 * slant)), white, 2)
    guests = {"players": 0.85, "portrait": 0.15}
    return Scenery((Layer(picture(canvas)),), (top + DOWN) / 2 + 40, float(rng.uniform(18, 60)), guests=guests)


def ride(rng: Dice, palette: Palette) -> Scenery:
    """Looking out of something that moves, or from beside a road: the far goes by slowly, the near fast."""
    speed, view = float(rng.uniform(1, 9) * rng.choice([-1, 1])), leaves(rng, palette, count=500, least=5)
    sky = gradient(palette.tone(0.7), palette.tone(1))
    far = cut_out(view * 0.8, picture((np.broadcast_to(ROWS, (DOWN, ACROSS)) > rng.uniform(80, 180)) * 255))
    near = cut_out(view[:, ::-1] * 0.5, picture((np.broadcast_to(ROWS, (DOWN, ACROSS)) > rng.uniform(190, 260)) * 255))
    layers = [Layer(finished(sky), 0.3), Layer(far, 0.6, (speed * 0.4, 0.0)), Layer(near, 1.0, (speed, 0.0))]
    if rng.random() < 0.6:
        frame = np.full((DOWN, ACROSS), 255, np.uint8)
        left, top = int(rng.uniform(60, 180)), int(rng.uniform(50, 110))
        frame[top : top + int(rng.uniform(70, 150)), left : left + int(rng.uniform(150, 300))] = 0
        inside = lit(rng, textured(rng, filled(palette.tone(rng.uniform(0, 0.5))), 0.15, 4))
        layers.append(Layer(cut_out(inside, frame), 1.2, sway=0.4, bob=0.5))
    return Scenery(tuple(layers), 310, 170)


def page(rng: Dice, palette: Palette) -> Scenery:
    """Print: columns of lettering, headings, a picture; paper, or a screen."""
    paper, ink = (palette.tone(1) + 40, palette.tone(0)) if rng.random() < 0.7 else (palette.tone(0), palette.tone(1))
    canvas = picture(textured(rng, filled(paper), 0.03, 4))
    columns = int(rng.integers(1, 4))
    red, green, blue = (float(value) for value in ink)
    for column in range(columns):
        left, y = 20 + column * (ACROSS - 30) / columns, rng.uniform(20, 60)
        while y < DOWN:
            size = 0.9 if rng.random() < 0.08 else 0.36
            text = words(rng, int((ACROSS - 30) / columns / (18 * size)))
            cv2.putText(canvas, text, (int(left), int(y)), 0, size, (red, green, blue), 1, cv2.LINE_AA)
            y += 30 * size + (14 if rng.random() < 0.15 else 0)
    values = np.asarray(canvas, np.float32)
    if rng.random() < 0.5:
        x, y = rng.uniform(0, 350), rng.uniform(0, 220)
        paste(
            values, (x, y, x + rng.uniform(60, 160), y + rng.uniform(50, 110)), leaves(rng, palette, count=90, least=8)
        )
    return Scenery((Layer(picture(lit(rng, values, 0.3))),), guests={"nobody": 0.8, "things": 0.2})
