"""A large friendly face, head and shoulders: the chin's middle near the origin, the head about two units tall."""

from dataclasses import dataclass
from math import sin

from data.drawing.canvas import Canvas, smooth
from data.drawing.dice import Dice
from data.drawing.palette import BRIGHT, COLOURS, HAIR, SKIN, Colour, darker, lighter, mix


@dataclass(frozen=True, slots=True)
class Portrait:
    noun: str  # man, woman
    colour: str  # of the jacket
    hair: str
    skin: Colour
    glasses: bool

    @property
    def words(self) -> str:
        worn = " and glasses" if self.glasses else ""
        article = "an" if self.colour[0] in "aeiou" else "a"
        return f"{self.noun} with {self.hair} hair in {article} {self.colour} jacket{worn}"


def somebody(dice: Dice, name: str) -> Portrait:
    """A face drawn by lot; pins: `{name}`, `{name} colour`, `{name} hair`, `{name} skin` (0..4), `{name} glasses`."""
    return Portrait(
        noun=dice.choose(name, ("man", "woman")),
        colour=dice.choose(f"{name} colour", BRIGHT),
        hair=dice.choose(f"{name} hair", tuple(HAIR)),
        skin=SKIN[dice.count(f"{name} skin", 0, len(SKIN) - 1)],
        glasses=dice.choose(f"{name} glasses", ("yes", "no")) == "yes",
    )


def draw_portrait(canvas: Canvas, portrait: Portrait, *, mouth: float, lids: float, look: float) -> None:
    """`mouth` 0 closed..1 open, `lids` 0 open..1 shut, `look` -1 left..1 right."""
    hair, skin = HAIR[portrait.hair], portrait.skin
    if portrait.noun == "woman":
        locks = [
            (-0.93, -1.4),
            (-0.56, -2.08),
            (0, -2.2),
            (0.56, -2.08),
            (0.93, -1.4),
            (1.0, -0.4),
            (0.86, 0.42),
            (0, 0.3),
            (-0.86, 0.42),
            (-1.0, -0.4),
        ]
        canvas.polygon(smooth(locks), darker(hair, 0.2))
    _shoulders(canvas, portrait)
    head = canvas.placed((0.05 * look, 0.0), tilt=2.5 * look)
    for side in (-1, 1):
        head.ellipse((0.77 * side, -0.95), (0.14, 0.22), darker(skin, 0.12))
    face = [
        (-0.76, -1.3),
        (-0.45, -1.95),
        (0.45, -1.95),
        (0.76, -1.3),
        (0.68, -0.55),
        (0.3, -0.06),
        (-0.3, -0.06),
        (-0.68, -0.55),
    ]
    head.polygon(smooth(face), skin)
    for side in (-1, 1):
        head.ellipse((0.45 * side + 0.05 * look, -0.62), (0.17, 0.11), mix(skin, (236, 96, 96), 0.35), alpha=0.55)
    _fringe(head, portrait, hair)
    _eyes(head, portrait, lids, look)
    head.line(
        [(0.03 + 0.07 * look, -0.98), (0.1 + 0.09 * look, -0.7), (0.0 + 0.07 * look, -0.66)], 0.05, darker(skin, 0.22)
    )
    _mouth(head, skin, mouth, 0.06 * look)


def speech(t: float) -> float:
    """How open a talking mouth is at `t` seconds: syllables inside phrases with short rests."""
    phrase = 1.0 if sin(t * 1.9) > -0.72 else 0.0
    return phrase * abs(sin(t * 11.0) * (0.6 + 0.4 * sin(t * 4.3)))


def blink(t: float) -> float:
    """Eyelids at `t` seconds: shut for an eighth of a second, every three or so."""
    return max(0.0, 1 - abs((t + 0.9) % 2.9 - 0.15) / 0.1)


def _shoulders(canvas: Canvas, portrait: Portrait) -> None:
    coat, skin = COLOURS[portrait.colour], portrait.skin
    body = [(-2.0, 3.2), (-1.85, 1.1), (-1.2, 0.55), (-0.4, 0.3), (0.4, 0.3), (1.2, 0.55), (1.85, 1.1), (2.0, 3.2)]
    canvas.polygon(smooth(body), coat)
    canvas.polygon([(-0.55, 0.3), (0.55, 0.3), (0.0, 1.5)], (246, 244, 238))
    canvas.polygon(smooth([(-0.34, -0.5), (0.34, -0.5), (0.38, 0.42), (0.0, 0.72), (-0.38, 0.42)]), darker(skin, 0.16))
    for side in (-1, 1):
        lapel = [(0.5 * side, 0.24), (0.95 * side, 0.62), (0.62 * side, 0.95), (0.74 * side, 1.12), (0.02 * side, 1.9)]
        canvas.polygon(lapel, darker(coat, 0.22))
    canvas.disc((0.0, 2.05), 0.07, lighter(coat, 0.4))


def _fringe(canvas: Canvas, portrait: Portrait, hair: Colour) -> None:
    if portrait.noun == "woman":
        left = [(0.25, -2.14), (-0.62, -1.98), (-0.9, -1.2), (-0.74, -1.05), (-0.52, -1.5), (0.1, -1.78), (0.3, -1.95)]
        right = [(0.15, -2.14), (0.7, -1.92), (0.9, -1.2), (0.75, -1.05), (0.6, -1.5), (0.2, -1.82)]
        canvas.polygon(smooth(left), hair)
        canvas.polygon(smooth(right), hair)
    else:
        crop = [
            (-0.82, -1.2),
            (-0.8, -1.85),
            (-0.2, -2.22),
            (0.5, -2.14),
            (0.84, -1.75),
            (0.82, -1.2),
            (0.62, -1.62),
            (-0.1, -1.74),
            (-0.6, -1.58),
        ]
        canvas.polygon(smooth(crop), hair)
        canvas.ellipse((0.0, -0.05), (0.4, 0.06), darker(portrait.skin, 0.2), alpha=0.35)
    canvas.line([(-0.45, -1.98), (-0.1, -2.06), (0.2, -2.05)], 0.05, lighter(hair, 0.2), alpha=0.8)


def _eyes(canvas: Canvas, portrait: Portrait, lids: float, look: float) -> None:
    for side in (-1, 1):
        x = 0.34 * side + 0.05 * look
        canvas.ellipse((x, -1.08), (0.16, 0.125), (250, 250, 250))
        canvas.disc((x + 0.06 * look, -1.08), 0.092, (70, 46, 34))
        canvas.disc((x + 0.06 * look, -1.08), 0.05, (20, 16, 18))
        canvas.disc((x + 0.06 * look + 0.03, -1.12), 0.024, (255, 255, 255))
        if lids > 0.05:
            canvas.ellipse((x, -1.08 - 0.13 * (1 - lids)), (0.175, 0.14 * lids + 0.01), darker(portrait.skin, 0.08))
        canvas.line([(x - 0.19, -1.35), (x, -1.43), (x + 0.19, -1.35)], 0.06, darker(HAIR[portrait.hair], 0.25))
        if portrait.glasses:
            rim = smooth([(x - 0.26, -1.22), (x + 0.26, -1.22), (x + 0.25, -0.93), (x, -0.86), (x - 0.25, -0.93)])
            canvas.line([*rim, rim[0]], 0.04, (40, 36, 44))
    if portrait.glasses:
        canvas.line([(-0.1 + 0.05 * look, -1.12), (0.1 + 0.05 * look, -1.12)], 0.04, (40, 36, 44))


def _mouth(canvas: Canvas, skin: Colour, mouth: float, x: float) -> None:
    lips = mix(skin, (178, 54, 66), 0.6)
    drop = 0.05 + 0.17 * mouth
    shape = [
        (x - 0.3, -0.47),
        (x, -0.385),
        (x + 0.3, -0.47),
        (x + 0.17, -0.39 + drop),
        (x, -0.355 + drop),
        (x - 0.17, -0.39 + drop),
    ]
    canvas.polygon(smooth(shape), lips)
    if mouth > 0.15:
        inside = [(px * 0.78 + x * 0.22, -0.36 + (py + 0.36) * 0.6) for px, py in shape]
        canvas.polygon(smooth(inside), (92, 26, 34))
        canvas.box((x - 0.14, -0.385, x + 0.14, -0.35), (250, 248, 244), radius=0.02)
