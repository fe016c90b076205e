"""Boats, one unit long at the waterline (y = 0), facing right."""

from data.drawing.canvas import Canvas, smooth
from data.drawing.palette import COLOURS, Colour, darker, lighter

WOOD: Colour = (120, 74, 50)


def draw_sailing_boat(canvas: Canvas, colour: str) -> None:
    """A sloop; `colour` is that of its sails."""
    sail = COLOURS[colour]
    canvas.ellipse((0, 0.04), (0.5, 0.035), (16, 22, 48), alpha=0.35)
    canvas.line([(0, -0.1), (0, -1.32)], 0.025, (74, 52, 44))
    canvas.polygon([(-0.02, -1.26), (-0.16, -0.72), (-0.46, -0.2), (-0.02, -0.2)], sail)
    canvas.polygon([(-0.02, -1.26), (-0.1, -0.72), (-0.3, -0.2), (-0.02, -0.2)], lighter(sail, 0.18))
    canvas.polygon([(0.03, -1.16), (0.2, -0.66), (0.47, -0.17), (0.03, -0.2)], darker(sail, 0.1))
    canvas.polygon(
        smooth([(-0.5, -0.13), (0.1, -0.12), (0.58, -0.17), (0.44, 0.0), (0.2, 0.06), (-0.4, 0.05)], 4), WOOD
    )
    canvas.line([(-0.48, -0.12), (0.1, -0.11), (0.54, -0.155)], 0.035, (240, 226, 204))


def draw_fishing_boat(canvas: Canvas, colour: str) -> None:
    """A cutter with a wheelhouse; `colour` is that of its hull."""
    paint = COLOURS[colour]
    canvas.ellipse((0, 0.05), (0.52, 0.04), (16, 22, 48), alpha=0.35)
    canvas.line([(-0.2, -0.2), (-0.2, -0.78)], 0.022, (70, 60, 60))
    canvas.line([(-0.2, -0.74), (-0.46, -0.3)], 0.012, (70, 60, 60))
    canvas.line([(-0.2, -0.74), (0.46, -0.26)], 0.012, (70, 60, 60))
    canvas.box((-0.06, -0.5, 0.24, -0.14), (244, 242, 234), radius=0.03)
    canvas.box((-0.09, -0.54, 0.28, -0.47), darker(paint, 0.1), radius=0.02)
    for x in (-0.02, 0.1):
        canvas.box((x, -0.42, x + 0.09, -0.31), (92, 126, 154), radius=0.015)
    canvas.polygon(
        smooth([(-0.52, -0.2), (0.0, -0.17), (0.6, -0.28), (0.46, 0.02), (0.2, 0.07), (-0.44, 0.06)], 4), paint
    )
    canvas.line([(-0.5, -0.18), (0.0, -0.15), (0.57, -0.25)], 0.035, (248, 244, 232))


def draw_ferry(canvas: Canvas, colour: str) -> None:
    """A ferry with two decks; `colour` is that of its hull and funnel."""
    paint = COLOURS[colour]
    canvas.ellipse((0, 0.03), (0.52, 0.025), (16, 22, 48), alpha=0.35)
    canvas.box((-0.4, -0.24, 0.34, -0.1), (246, 244, 238), radius=0.01)
    canvas.box((-0.3, -0.34, 0.24, -0.23), (246, 244, 238), radius=0.01)
    canvas.box((-0.16, -0.46, -0.06, -0.33), paint)
    canvas.box((-0.16, -0.43, -0.06, -0.4), (248, 244, 232))
    for index in range(9):
        canvas.box((-0.37 + index * 0.078, -0.2, -0.33 + index * 0.078, -0.155), (255, 226, 150))
    for index in range(6):
        canvas.box((-0.27 + index * 0.085, -0.31, -0.22 + index * 0.085, -0.27), (255, 226, 150))
    canvas.polygon([(-0.48, -0.12), (0.52, -0.15), (0.45, 0.03), (-0.44, 0.03)], paint)
    canvas.line([(-0.46, -0.03), (0.47, -0.04)], 0.014, (248, 244, 232))
