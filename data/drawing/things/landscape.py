"""Sky, sea, hills, trees, clouds and gulls, in world units unless said otherwise."""

from collections.abc import Sequence
from math import sin
from random import Random

from data.drawing.camera import HEIGHT, MARGIN_X, MARGIN_Y, WIDTH
from data.drawing.canvas import Canvas, Point, smooth
from data.drawing.palette import SKIES, Colour, darker, lighter, mix

LEFT, RIGHT, TOP, BOTTOM = -MARGIN_X, WIDTH + MARGIN_X, -MARGIN_Y, HEIGHT + MARGIN_Y
SUN: dict[str, Colour] = {
    "day": (255, 248, 214),
    "sunset": (255, 214, 140),
    "dusk": (255, 176, 140),
    "night": (214, 224, 255),
}


def paint_sky(canvas: Canvas, light: str, horizon: float, stream: Random) -> None:
    """Sky from the top of the world down to `horizon`, with stars where it is dark. For an untinted canvas."""
    canvas.shade(TOP, horizon, SKIES[light])
    for _ in range({"night": 170, "dusk": 45}.get(light, 0)):
        at = (stream.uniform(LEFT, RIGHT), TOP + (horizon - TOP) * stream.random() ** 1.5 * 0.85)
        canvas.disc(at, stream.uniform(0.5, 1.1), (236, 238, 255), alpha=stream.uniform(0.4, 0.95))


def paint_sun(canvas: Canvas, at: Point, radius: float, light: str) -> None:
    """The sun, or by night the moon; hidden by an overcast sky."""
    if light not in SUN:
        return
    colour = SUN[light]
    canvas.glow(at, radius * 7, colour, 0.5)
    canvas.glow(at, radius * 2.6, colour, 0.7)
    canvas.disc(at, radius, lighter(colour, 0.4))
    if light == "night":
        canvas.disc((at[0] - radius * 0.3, at[1] - radius * 0.2), radius * 0.22, darker(colour, 0.12))
        canvas.disc((at[0] + radius * 0.35, at[1] + radius * 0.3), radius * 0.15, darker(colour, 0.12))


def draw_cloud(canvas: Canvas, colour: Colour, alpha: float = 0.9) -> None:
    """A cloud about one unit wide around the origin of a placed canvas."""
    puffs = ((-0.3, 0.0, 0.15), (-0.1, -0.1, 0.2), (0.14, -0.06, 0.17), (0.32, 0.02, 0.12), (0.0, 0.02, 0.16))
    canvas.box((-0.42, -0.02, 0.42, 0.14), colour, radius=0.08, alpha=alpha)
    for x, y, radius in puffs:
        canvas.disc((x, y), radius, colour, alpha=alpha)


def cloud_colour(light: str) -> Colour:
    return {"day": (255, 255, 255), "sunset": (250, 168, 130), "dusk": (150, 108, 152), "night": (46, 52, 92)}.get(
        light, (226, 230, 234)
    )


def draw_clouds(canvas: Canvas, light: str, t: float, spots: Sequence[tuple[float, float, float]]) -> None:
    """Clouds at (x, y, size) that drift slowly to the right; wherever they leave the world they come in again."""
    span = RIGHT - LEFT + 200
    for x, y, size in spots:
        drifted = (x - LEFT + 100 + t * (2 + size * 0.03)) % span + LEFT - 100
        draw_cloud(canvas.placed((drifted, y), size), cloud_colour(light), 0.55 if light == "night" else 0.85)


def paint_ridge(canvas: Canvas, base: float, rise: float, colour: Colour, stream: Random) -> None:
    """A range of hills across the whole world: up to `rise` above `base`, filled down to the bottom."""
    waves = [
        (stream.uniform(0.6, 1.4) / step, step * stream.uniform(0.006, 0.009), stream.uniform(0, 7))
        for step in range(1, 7)
    ]
    total = sum(size for size, _, _ in waves)
    outline = []
    for x in range(int(LEFT), int(RIGHT) + 5, 5):
        height = sum(size * (0.5 + 0.5 * sin(x * pace + turn)) for size, pace, turn in waves) / total
        outline.append((float(x), base - rise * height))
    canvas.polygon([(LEFT, BOTTOM), *outline, (RIGHT + 5, BOTTOM)], colour)


def paint_sea(canvas: Canvas, horizon: float, light: str) -> None:
    """Water from the horizon to the bottom of the world. For an untinted canvas."""
    far, deep = {
        "day": ((120, 196, 222), (24, 96, 156)),
        "overcast": ((150, 168, 180), (70, 92, 112)),
        "sunset": ((236, 140, 110), (56, 48, 100)),
        "dusk": ((150, 100, 140), (20, 26, 66)),
        "night": ((40, 50, 100), (8, 14, 40)),
    }[light]
    canvas.shade(horizon, BOTTOM, (far, mix(far, deep, 0.6), deep, darker(deep, 0.3)))


def draw_glitter(canvas: Canvas, x: float, horizon: float, light: str, t: float) -> None:
    """The sun's or moon's path on the water under `x`: short strokes that shimmer."""
    if light not in SUN:
        return
    for row in range(34):
        y = horizon + 3 + row * 4.4 + row * row * 0.03
        spread = 6 + row * 1.9
        middle = x + sin(t * 1.6 + row * 2.4) * spread * 0.45
        half = spread * (0.3 + 0.25 * sin(t * 2.1 + row * 1.7))
        canvas.line([(middle - half, y), (middle + half, y)], 1.6 + row * 0.05, SUN[light], alpha=0.62 - row * 0.012)


def draw_ripples(canvas: Canvas, horizon: float, light: str, t: float, stream: Random) -> None:
    colour = {
        "day": (214, 240, 250),
        "overcast": (206, 216, 224),
        "sunset": (255, 196, 160),
        "dusk": (196, 150, 190),
    }.get(light, (110, 126, 190))
    for _ in range(60):
        depth = stream.random() ** 1.4
        x, y, turn = stream.uniform(LEFT, RIGHT), horizon + 4 + depth * (BOTTOM - horizon), stream.uniform(0, 6)
        half = (4 + 16 * depth) * (0.7 + 0.3 * sin(t * 1.3 + turn))
        shift = 5 * sin(t * 0.7 + turn)
        canvas.line([(x + shift - half, y), (x + shift + half, y)], 0.8 + depth, colour, alpha=0.3)


def draw_pine(canvas: Canvas, colour: Colour, snow: Colour | None = None) -> None:
    """A fir one unit tall standing on the origin of a placed canvas, with snow on its branches if asked."""
    canvas.box((-0.035, -0.16, 0.035, 0.0), (84, 60, 46))
    for base, top, half in ((-0.1, -0.5, 0.27), (-0.32, -0.74, 0.21), (-0.56, -1.0, 0.15)):
        canvas.polygon([(-half, base), (0, top), (half, base), (0, base + 0.03)], colour)
        if snow is not None:
            canvas.polygon([(-half * 0.62, base - 0.14), (0, top), (half * 0.5, base - 0.16), (0.02, base - 0.2)], snow)


def draw_tree(canvas: Canvas, colour: Colour) -> None:
    """A round tree one unit tall standing on the origin of a placed canvas."""
    canvas.box((-0.045, -0.45, 0.045, 0.0), (104, 74, 54))
    for x, y, radius in ((-0.17, -0.55, 0.2), (0.17, -0.54, 0.2), (0.0, -0.74, 0.25)):
        canvas.disc((x, y), radius, colour)
    canvas.disc((-0.06, -0.8), 0.13, lighter(colour, 0.14))


def draw_gull(canvas: Canvas, phase: float) -> None:
    """A gull one unit wide on a placed canvas; `phase` in radians beats its wings."""
    lift = -0.26 * sin(phase)
    for side in (-1, 1):
        wing = [
            (0.0, 0.0),
            (0.24 * side, lift - 0.1),
            (0.5 * side, lift * 1.2),
            (0.24 * side, lift - 0.02),
            (0.0, 0.08),
        ]
        canvas.polygon(smooth(wing, 3), (246, 246, 248))
    canvas.ellipse((0.02, 0.03), (0.14, 0.055), (250, 250, 250))
    canvas.polygon([(0.15, 0.01), (0.21, 0.035), (0.15, 0.05)], (240, 160, 50))
