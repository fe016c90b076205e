"""Vehicles, one unit long, the middle of the underside at the origin, facing right."""

from math import cos, pi, sin

from data.drawing.canvas import Canvas, Point, smooth
from data.drawing.palette import COLOURS, Colour, darker, lighter

GLASS: Colour = (174, 208, 226)
TYRE: Colour = (28, 28, 34)


def draw_car(canvas: Canvas, colour: str, travelled: float) -> None:
    """`travelled` in car lengths turns the wheels."""
    paint = COLOURS[colour]
    canvas.ellipse((0, 0.0), (0.52, 0.03), (8, 8, 20), alpha=0.35)
    cabin = [(-0.36, -0.21), (-0.24, -0.37), (-0.04, -0.395), (0.12, -0.37), (0.28, -0.22)]
    canvas.polygon(cabin, darker(paint, 0.12))
    canvas.polygon([(-0.29, -0.22), (-0.215, -0.345), (-0.05, -0.365), (-0.05, -0.22)], GLASS)
    canvas.polygon([(-0.02, -0.22), (-0.02, -0.365), (0.1, -0.345), (0.21, -0.22)], GLASS)
    canvas.box((-0.5, -0.235, 0.5, -0.06), paint, radius=0.08)
    canvas.box((-0.47, -0.225, 0.42, -0.2), lighter(paint, 0.3), radius=0.02)
    canvas.box((0.43, -0.2, 0.495, -0.15), (255, 246, 200), radius=0.02)
    canvas.box((-0.5, -0.2, -0.45, -0.15), (220, 40, 40), radius=0.02)
    for x in (-0.3, 0.3):
        draw_wheel(canvas, (x, -0.075), 0.095, travelled)


def draw_bus(canvas: Canvas, colour: str, travelled: float) -> None:
    paint = COLOURS[colour]
    canvas.ellipse((0, 0.0), (0.52, 0.02), (8, 8, 20), alpha=0.35)
    canvas.box((-0.5, -0.4, 0.5, -0.04), paint, radius=0.04)
    canvas.box((-0.5, -0.14, 0.5, -0.1), lighter(paint, 0.55))
    for index in range(6):
        canvas.box((-0.46 + index * 0.135, -0.35, -0.355 + index * 0.135, -0.2), GLASS, radius=0.015)
    canvas.box((0.37, -0.35, 0.485, -0.09), GLASS, radius=0.015)
    canvas.box((0.46, -0.11, 0.5, -0.08), (255, 246, 200), radius=0.01)
    for x in (-0.3, 0.27):
        draw_wheel(canvas, (x, -0.05), 0.06, travelled)


def draw_wheel(canvas: Canvas, centre: Point, radius: float, travelled: float) -> None:
    canvas.disc(centre, radius, TYRE)
    canvas.disc(centre, radius * 0.58, (168, 172, 180))
    turn = travelled / radius
    for spoke in range(3):
        angle = turn + spoke * pi / 3
        reach = (cos(angle) * radius * 0.52, sin(angle) * radius * 0.52)
        canvas.line(
            [(centre[0] - reach[0], centre[1] - reach[1]), (centre[0] + reach[0], centre[1] + reach[1])],
            radius * 0.14,
            (96, 100, 108),
        )


def draw_carriage(canvas: Canvas, colour: str, doors: float) -> None:
    """A railway carriage; `doors` 0 shut..1 open. The rail is at y = 0."""
    paint = COLOURS[colour]
    canvas.box((-0.46, -0.07, 0.46, -0.02), (44, 46, 54))
    for x in (-0.36, -0.28, 0.28, 0.36):
        canvas.disc((x, -0.025), 0.027, (34, 34, 40))
    canvas.box((-0.495, -0.34, 0.495, -0.06), paint, radius=0.025)
    canvas.box((-0.49, -0.35, 0.49, -0.32), (206, 210, 216), radius=0.02)
    canvas.box((-0.495, -0.135, 0.495, -0.115), lighter(paint, 0.7))
    for index in range(9):
        x = -0.45 + index * 0.102
        if index in (2, 6):
            _door(canvas, x, doors, paint)
        else:
            canvas.box((x, -0.275, x + 0.08, -0.175), (66, 84, 108), radius=0.012)
            canvas.polygon(
                [(x + 0.012, -0.27), (x + 0.04, -0.27), (x + 0.02, -0.18), (x + 0.004, -0.18)], GLASS, alpha=0.5
            )


def _door(canvas: Canvas, x: float, doors: float, paint: Colour) -> None:
    canvas.box((x - 0.004, -0.295, x + 0.084, -0.068), (254, 236, 188))
    slide = 0.04 * doors
    for left, right in ((x - 0.004 - slide, x + 0.039 - slide), (x + 0.041 + slide, x + 0.084 + slide)):
        canvas.box((left, -0.295, right, -0.068), darker(paint, 0.3))
        canvas.box((left + 0.008, -0.27, right - 0.008, -0.175), GLASS, radius=0.006)


def draw_engine(canvas: Canvas, colour: str, doors: float) -> None:
    """The carriage that leads: a carriage with a sloping nose on the right."""
    paint = COLOURS[colour]
    draw_carriage(canvas, colour, doors)
    nose = [(0.44, -0.34), (0.52, -0.33), (0.62, -0.2), (0.655, -0.11), (0.64, -0.06), (0.44, -0.06)]
    canvas.polygon(nose, paint)
    canvas.polygon([(0.5, -0.3), (0.535, -0.3), (0.6, -0.2), (0.5, -0.2)], (52, 66, 88))
    canvas.polygon([(0.47, -0.135), (0.65, -0.135), (0.653, -0.115), (0.47, -0.115)], lighter(paint, 0.7))
    canvas.disc((0.63, -0.095), 0.012, (255, 248, 206))


def draw_forklift(canvas: Canvas, colour: str, *, raised: float, travelled: float, load: Colour | None) -> None:
    """A forklift about one unit long with its driver; `raised` 0..1.4 units of fork height."""
    paint = COLOURS[colour]
    canvas.ellipse((0.05, 0.0), (0.62, 0.035), (8, 8, 20), alpha=0.35)
    canvas.box((0.37, -1.15 - max(0.0, raised - 0.7), 0.43, -0.05), (62, 64, 74))
    canvas.box((0.47, -1.12 - max(0.0, raised - 0.7), 0.5, -0.05), (84, 86, 96))
    fork = -0.07 - raised
    canvas.box((0.5, fork - 0.3, 0.53, fork), (50, 50, 58))
    canvas.box((0.5, fork - 0.035, 1.0, fork), (50, 50, 58))
    if load is not None:
        draw_crate(canvas.placed((0.77, fork - 0.035), 0.44), load)
    canvas.polygon(
        [(-0.5, -0.5), (-0.42, -0.58), (-0.16, -0.58), (-0.1, -0.4), (0.36, -0.4), (0.36, -0.1), (-0.5, -0.1)], paint
    )
    canvas.box((-0.5, -0.24, 0.36, -0.2), darker(paint, 0.4))
    _driver(canvas)
    canvas.line([(-0.4, -0.55), (-0.3, -1.14), (0.2, -1.14), (0.34, -0.42)], 0.045, (48, 50, 58))
    for x, radius in ((-0.3, 0.13), (0.26, 0.15)):
        draw_wheel(canvas, (x, -radius), radius, travelled)


def _driver(canvas: Canvas) -> None:
    canvas.line([(-0.12, -0.5), (0.1, -0.47), (0.14, -0.3)], 0.1, (56, 66, 96))
    canvas.box((-0.24, -0.84, -0.04, -0.48), (252, 150, 40), radius=0.07)
    canvas.line([(-0.12, -0.76), (0.06, -0.62), (0.17, -0.66)], 0.07, (240, 134, 30))
    canvas.disc((-0.12, -0.93), 0.085, (206, 154, 116))
    canvas.polygon(smooth([(-0.22, -0.95), (-0.12, -1.06), (-0.02, -0.96), (0.02, -0.94)]), (246, 246, 240))


def draw_crate(canvas: Canvas, colour: Colour) -> None:
    """A cardboard box one unit wide, standing on y = 0."""
    canvas.box((-0.5, -0.8, 0.5, 0), colour)
    canvas.box((-0.5, -0.8, 0.5, -0.7), lighter(colour, 0.18))
    canvas.box((-0.09, -0.8, 0.09, 0), darker(colour, 0.14))
    canvas.box((0.2, -0.3, 0.42, -0.12), (246, 244, 236))


def draw_plough(canvas: Canvas, colour: str, flash: float) -> None:
    """A snow plough seen from the front, one unit wide; `flash` 0..1 is its amber light."""
    paint = COLOURS[colour]
    canvas.ellipse((0, 0.02), (0.62, 0.06), (60, 70, 100), alpha=0.35)
    for side in (-1, 1):
        canvas.box((0.4 * side - 0.09, -0.3, 0.4 * side + 0.09, 0.0), TYRE, radius=0.03)
    canvas.box((-0.44, -1.05, 0.44, -0.16), paint, radius=0.07)
    canvas.box((-0.37, -0.97, 0.37, -0.6), (80, 108, 140), radius=0.04)
    canvas.polygon([(-0.3, -0.97), (-0.1, -0.97), (-0.22, -0.6), (-0.36, -0.6)], (190, 218, 236), alpha=0.6)
    canvas.box((-0.3, -0.52, 0.3, -0.4), darker(paint, 0.35), radius=0.02)
    canvas.box((-0.16, -1.12, 0.16, -1.04), (255, 176, 40), radius=0.03)
    for side in (-1, 1):
        canvas.disc((0.33 * side, -0.42), 0.065, (255, 250, 220))
    canvas.polygon(
        [(-0.72, -0.34), (0.0, -0.24), (0.72, -0.34), (0.64, 0.0), (0.0, 0.06), (-0.64, 0.0)], (236, 132, 34)
    )
    canvas.polygon(
        [(-0.72, -0.34), (0.0, -0.24), (0.72, -0.34), (0.7, -0.27), (0.0, -0.17), (-0.7, -0.27)], (255, 190, 90)
    )
    canvas.polygon([(-0.655, -0.06), (0.0, 0.0), (0.655, -0.06), (0.64, 0.0), (0.0, 0.06), (-0.64, 0.0)], (92, 84, 88))
    for side in (-1, 1):
        canvas.glow((0.33 * side, -0.42), 0.34, (255, 244, 206), 0.55)
    canvas.glow((0, -1.1), 0.8, (255, 170, 40), 0.75 * flash)
