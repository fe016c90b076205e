"""People as cutouts: what they look like, and their bodies in pieces that move apart."""

from dataclasses import dataclass

import numpy as np

from benchmarks.shot_training.drawn.palettes import Palette
from benchmarks.shot_training.drawn.raster import Colour, Dice
from benchmarks.shot_training.drawn.sheets import Cutout, Point, Sheet


@dataclass(frozen=True, slots=True)
class Looks:
    """What stays of one person from shot to shot."""

    skin: Colour
    hair: Colour
    clothes: Colour
    shirt: Colour
    trousers: Colour
    cut: int  # of the hair: 0 bald, 1 short, 2 long, 3 hat
    beard: bool
    glasses: bool


def draw_looks(rng: Dice, palette: Palette) -> Looks:
    light = palette.light()
    hair = np.array([60, 45, 35], np.float32) * light * rng.uniform(0.15, 2.5) * rng.uniform(0.85, 1.1, 3)
    clothes = palette.any(rng) * rng.uniform(0.4, 1.0) + 20 * light * rng.random(3)
    return Looks(
        palette.skins[rng.integers(3)],
        np.asarray(hair, np.float32),
        np.asarray(clothes, np.float32),
        np.asarray(palette.tone(rng.uniform()) + 30 * light, np.float32),
        palette.tone(rng.uniform(0, 0.5)),
        int(rng.choice(4, p=[0.08, 0.45, 0.35, 0.12])),
        bool(rng.random() < 0.2),
        bool(rng.random() < 0.15),
    )


def bust(rng: Dice, looks: Looks) -> Cutout:
    """Shoulders and chest; the pivot is the bottom of the neck."""
    sheet, wide = Sheet(160, 120), float(rng.uniform(48, 72))
    slope = float(rng.uniform(10, 26))
    right: list[Point] = [(80 + wide + 10, 120), (80 + wide, slope), (80 + wide * 0.45, 6)]
    sheet.polygon([(80 - wide * 0.45, 6), (80 - wide, slope), (80 - wide - 10, 120), *right], looks.clothes)
    for side in (-1, 1):
        sheet.ellipse((80 + side * (wide - 6), slope + 12), (14, 16), looks.clothes)
        sheet.line((80 + side * wide * 0.72, slope + 34), (80 + side * wide * 0.76, 120), 1.5, looks.clothes * 0.6)
    if rng.random() < 0.7:
        sheet.polygon([(66, 4), (94, 4), (80, float(rng.uniform(20, 75)))], looks.shirt)
    if rng.random() < 0.3:
        sheet.polygon([(77, 12), (83, 12), (85, 70), (80, 78), (75, 70)], looks.clothes * 0.4)
    sheet.polygon([(69, -8), (91, -8), (92, 8), (80, 15), (68, 8)], looks.skin * 0.8)
    return sheet.cut_out(rng, (80, 4))


def head(rng: Dice, looks: Looks, turn: float) -> Cutout:
    """A head that looks aside by `turn` (-1..1), or away where it is more than 1; the pivot is in the neck."""
    sheet, wide, tall = Sheet(96, 112), float(rng.uniform(22, 26)), float(rng.uniform(29, 34))
    sheet.polygon([(38, 60), (58, 60), (60, 106), (36, 106)], looks.skin * 0.75)
    if looks.cut == 2:
        sheet.ellipse((48 - turn * 4, 56), (wide + 8, tall + 14), looks.hair)
        sheet.polygon([(38, 66), (58, 66), (57, 104), (39, 104)], looks.skin * 0.7)
    if abs(turn) > 1:
        sheet.ellipse((48, 52), (wide + 2, tall + 2), looks.skin * 0.8 if looks.cut == 0 else looks.hair)
        return sheet.cut_out(rng, (48, 92), rough=0.25)
    sheet.ellipse((48, 52), (wide, tall), looks.skin)
    for side in (-1, 1):
        sheet.ellipse((48 + side * wide - turn * 6, 54), (4, 7), looks.skin * 0.85)
    if looks.cut in (1, 2):
        sheet.ellipse((48 - turn * 4, 40), (wide + 2, tall - 10), looks.hair, part=(180, 360))
        sheet.ellipse((48 - turn * 12, 36), (wide, 13), looks.hair)
    _face(sheet, rng, looks, turn * 11)
    if looks.cut == 3:
        sheet.ellipse((48, 32), (wide + 12, 6), looks.clothes * 0.7)
        sheet.ellipse((48, 30), (wide + 1, 20), looks.clothes * 0.8, part=(180, 360))
    return sheet.cut_out(rng, (48, 92))


def _face(sheet: Sheet, rng: Dice, looks: Looks, aside: float) -> None:
    middle = 48 + aside
    if looks.beard:
        sheet.ellipse((48 + aside * 0.3, 62), (19, 23), 0.6 * looks.hair + 0.25 * looks.skin, part=(0, 180))
    for side in (-1, 1):
        x = middle + side * 9.5
        sheet.ellipse((x, 51), (6, 4), looks.skin * 0.72)
        sheet.ellipse((x, 52), (3.6, 2), np.minimum(looks.skin * 0.5 + 90, 235))
        sheet.ellipse((x + aside * 0.1, 52), (1.8, 2), looks.hair * 0.3)
        sheet.line((x - 5, 45), (x + 5, 45 - side * 0.5), 1.8, looks.hair)
        if looks.glasses:
            sheet.ellipse((x, 52), (7.5, 5.5), looks.hair * 0.5)
            sheet.ellipse((x, 52), (6.2, 4.4), looks.skin * 0.9)
    sheet.polygon([(middle, 52), (middle + 4 + aside * 0.3, 64), (middle - 3, 65)], looks.skin * 0.84)
    sheet.ellipse((middle, 72), (float(rng.uniform(6, 9)), float(rng.uniform(1, 3.5))), looks.skin * 0.55)


def arm(rng: Dice, looks: Looks) -> Cutout:
    """Sleeve and hand, pointing down from the pivot at the elbow."""
    sheet, length = Sheet(40, 90), float(rng.uniform(50, 66))
    sheet.polygon([(9, 6), (31, 6), (27, length), (13, length)], looks.clothes * 0.9)
    sheet.ellipse((20, 8), (11, 8), looks.clothes * 0.9)
    sheet.ellipse((20, length + 9), (8, 12), looks.skin)
    for finger in range(3):
        sheet.line((15 + 5 * finger, length + 12), (13 + 7 * finger, length + 21), 3.5, looks.skin * 0.95)
    return sheet.cut_out(rng, (20, 8))


def standing(rng: Dice, looks: Looks, turn: float) -> Cutout:
    """A whole person without legs, from the hip (the pivot) up: 74 pixels."""
    sheet, wide = Sheet(48, 80), float(rng.uniform(9, 13))
    sheet.polygon([(24 - wide, 22), (24 + wide, 22), (24 + wide * 0.8, 78), (24 - wide * 0.8, 78)], looks.clothes)
    sheet.ellipse((24, 23), (wide, 6), looks.clothes)
    for side in (-1, 1):
        sheet.line((24 + side * wide, 24), (24 + side * (wide + 2), 52), 5, looks.clothes * 0.85)
        sheet.line((24 + side * (wide + 2), 52), (24 + side * (wide - 1), 72), 4, looks.clothes * 0.8)
        sheet.ellipse((24 + side * (wide - 1), 74), (2.6, 3), looks.skin)
    sheet.ellipse((24, 11), (6.5, 8.5), looks.hair)
    if abs(turn) <= 1:
        sheet.ellipse((24 + 2 * turn, 13), (5.2, 7), looks.skin)
    if looks.cut == 2:
        sheet.line((19, 12), (18, 24), 4, looks.hair)
    return sheet.cut_out(rng, (24, 74))


def leg(rng: Dice, looks: Looks) -> Cutout:
    """From the hip (the pivot) down: 52 pixels."""
    sheet = Sheet(24, 60)
    sheet.polygon([(7, 2), (17, 2), (15, 52), (9, 52)], looks.trousers)
    sheet.ellipse((13, 54), (6, 3), looks.trousers * 0.4)
    return sheet.cut_out(rng, (12, 4))
