"""Creatures and plants of the sea, one unit long, centred on the origin, facing right."""

from math import sin

from data.drawing.canvas import Canvas, smooth
from data.drawing.palette import COLOURS, Colour, darker, lighter


def draw_fish(canvas: Canvas, colour: str, phase: float, stripes: Colour | None = None) -> None:
    """`phase` in radians wags the tail."""
    paint, wag = COLOURS[colour], 0.09 * sin(phase)
    canvas.polygon([(-0.3, 0.0), (-0.55, -0.22 + wag), (-0.47, wag), (-0.55, 0.22 + wag)], darker(paint, 0.15))
    canvas.polygon(smooth([(-0.12, -0.2), (0.05, -0.36), (0.2, -0.19)], 4), darker(paint, 0.15))
    canvas.polygon(
        smooth([(-0.36, 0.0), (-0.1, -0.235), (0.25, -0.19), (0.46, 0.0), (0.25, 0.18), (-0.1, 0.23)]), paint
    )
    canvas.polygon(
        smooth([(-0.3, 0.06), (0.1, 0.1), (0.4, 0.05), (0.2, 0.18), (-0.1, 0.22)], 4), lighter(paint, 0.35), alpha=0.6
    )
    if stripes is not None:
        for x, half in ((0.2, 0.19), (-0.06, 0.225), (-0.26, 0.1)):
            canvas.polygon(
                [
                    (x - 0.03, -half),
                    (x + 0.045, -half),
                    (x + 0.06, 0),
                    (x + 0.045, half),
                    (x - 0.03, half),
                    (x - 0.01, 0),
                ],
                stripes,
            )
    canvas.polygon([(0.05, 0.04), (-0.12, 0.16 + wag * 0.6), (-0.02, 0.02)], darker(paint, 0.22))
    canvas.disc((0.31, -0.05), 0.06, (252, 252, 250))
    canvas.disc((0.325, -0.05), 0.033, (20, 20, 30))


def draw_turtle(canvas: Canvas, phase: float) -> None:
    skin, shell, flap = (142, 172, 104), (104, 116, 62), 0.22 * sin(phase)
    for depth, near in ((-0.07, 0.8), (0.07, 1.0)):
        colour = darker(skin, 0.28) if near < 1 else skin
        tip = (-0.16 * near, 0.3 * near + flap)
        fin = [
            (0.1, depth),
            (0.3, depth),
            (0.24, 0.16 + flap * 0.3),
            (0.04, 0.27 + flap * 0.8),
            tip,
            (0.02, 0.17 + flap * 0.5),
        ]
        canvas.polygon(smooth(fin, 4), colour)
        canvas.polygon(
            smooth([(-0.34, depth), (-0.24, depth + 0.06), (-0.4, 0.24 - flap * 0.4), (-0.5, 0.2 - flap * 0.4)], 4),
            colour,
        )
    canvas.polygon(
        smooth([(0.3, -0.02), (0.42, -0.14), (0.57, -0.12), (0.6, -0.01), (0.48, 0.06), (0.34, 0.08)], 4), skin
    )
    canvas.polygon(smooth([(-0.44, 0.06), (-0.3, -0.2), (0.0, -0.28), (0.28, -0.16), (0.38, 0.05), (0.0, 0.15)]), shell)
    canvas.polygon(smooth([(-0.4, 0.08), (0.0, 0.1), (0.37, 0.06), (0.2, 0.15), (-0.2, 0.16)], 4), (206, 196, 132))
    for x, y, size in ((-0.26, -0.05, 0.09), (-0.08, -0.12, 0.11), (0.12, -0.1, 0.1), (0.26, -0.01, 0.07)):
        canvas.ellipse((x, y), (size, size * 0.7), lighter(shell, 0.22))
    canvas.disc((0.5, -0.07), 0.026, (20, 22, 26))


def draw_jellyfish(canvas: Canvas, colour: str, phase: float) -> None:
    """A jellyfish one unit wide, its bell above the origin."""
    paint, pulse = COLOURS[colour], 0.06 * sin(phase)
    wide, tall = 0.5 + pulse, 0.55 - pulse
    canvas.glow((0, -0.2), 1.3, paint, 0.5)
    for index in range(7):
        x = (index - 3) * 0.13
        strand = [(x + 0.07 * sin(phase * 0.8 + step * 0.9 + index), 0.16 * step) for step in range(8 - abs(index - 3))]
        canvas.line(strand, 0.035, lighter(paint, 0.3), alpha=0.75)
    bell = [
        (-wide, 0.02),
        (-wide * 0.9, -tall * 0.6),
        (0, -tall),
        (wide * 0.9, -tall * 0.6),
        (wide, 0.02),
        (wide * 0.4, 0.08),
        (-wide * 0.4, 0.08),
    ]
    canvas.polygon(smooth(bell), lighter(paint, 0.18), alpha=0.88)
    canvas.ellipse((-0.14, -tall * 0.6), (0.12, 0.09), lighter(paint, 0.7), alpha=0.6)
    for x in (-0.24, 0.0, 0.24):
        canvas.ellipse((x, -0.05), (0.07, 0.1), darker(paint, 0.1), alpha=0.45)


def draw_coral(canvas: Canvas, colour: Colour, shape: int) -> None:
    """A coral one unit tall, standing on y = 0; `shape` 0 branching, 1 fan, 2 round."""
    if shape == 0:
        for x, top, lean in (
            (-0.3, -0.62, -0.16),
            (0.0, -1.0, 0.03),
            (0.28, -0.74, 0.2),
            (-0.12, -0.8, -0.08),
            (0.14, -0.52, 0.1),
        ):
            canvas.line([(x * 0.3, 0), (x * 0.7, top * 0.5), (x + lean, top)], 0.12, colour)
            canvas.disc((x + lean, top), 0.085, lighter(colour, 0.25))
    elif shape == 1:
        canvas.polygon(
            smooth([(-0.06, 0), (-0.5, -0.5), (-0.36, -0.92), (0.05, -1.0), (0.44, -0.86), (0.48, -0.46), (0.06, 0)]),
            colour,
        )
        for tip in (-0.34, -0.16, 0.02, 0.2, 0.36):
            canvas.line([(0, 0), (tip * 0.8, -0.5), (tip, -0.86)], 0.035, lighter(colour, 0.3))
    else:
        for x, y, radius in ((-0.26, -0.24, 0.3), (0.28, -0.22, 0.28), (0.0, -0.42, 0.36)):
            canvas.disc((x, y), radius, colour)
            canvas.ellipse((x - radius * 0.2, y - radius * 0.3), (radius * 0.5, radius * 0.35), lighter(colour, 0.2))


def draw_anemone(canvas: Canvas, colour: Colour, phase: float) -> None:
    """A bush of waving tentacles about one unit wide, standing on y = 0."""
    canvas.ellipse((0, -0.05), (0.4, 0.14), darker(colour, 0.35))
    for row, shade in ((0, darker(colour, 0.2)), (1, colour)):
        for index in range(17):
            x = (index - 8) * 0.054 + row * 0.03
            sway = 0.09 * sin(phase + index * 0.7 + row) + x * 0.35
            top = -0.62 + abs(x) * 0.45 + row * 0.12
            canvas.line([(x, -0.06), (x + sway * 0.5, top * 0.55), (x + sway, top)], 0.042, shade)
            canvas.disc((x + sway, top), 0.03, lighter(colour, 0.35))
