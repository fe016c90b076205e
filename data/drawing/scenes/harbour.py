"""By the sea: the harbour, a sail from near by, the lighthouse."""

from collections.abc import Callable
from math import cos, pi, sin
from typing import cast

from data.drawing.camera import CAMERA_MOVES, SIDEWAYS, camera_move
from data.drawing.canvas import Canvas, Point, backdrop, blank_world, smooth
from data.drawing.dice import Dice
from data.drawing.palette import BRIGHT, COLOURS, TINTS, Light, darker, lighter, mix
from data.drawing.scenes.scene import LIGHT_WORDS, Action, Scene, Thing, a, begin, facing
from data.drawing.things.boats import draw_ferry, draw_fishing_boat, draw_sailing_boat
from data.drawing.things.landscape import (
    BOTTOM,
    LEFT,
    RIGHT,
    draw_clouds,
    draw_glitter,
    draw_gull,
    draw_ripples,
    paint_ridge,
    paint_sea,
    paint_sky,
    paint_sun,
)

BOATS: dict[str, tuple[Callable[[Canvas, str], None], float]] = {
    "sailing boat": (draw_sailing_boat, 120.0),
    "fishing boat": (draw_fishing_boat, 130.0),
    "ferry": (draw_ferry, 260.0),
}
HORIZON = 190.0


def harbour(dice: Dice, seconds: float) -> Scene:
    """A boat crosses, gulls fly over. Pins: light, camera, boat, colour, heading, order (boat, gulls)."""
    light = cast(Light, dice.choose("light", tuple(LIGHT_WORDS)))
    boat, heading = dice.choose("boat", tuple(BOATS)), dice.choose("heading", ("left", "right"))
    colour = dice.choose("colour", BRIGHT)
    boat_first = dice.choose("order", ("boat", "gulls")) == "boat"
    crossing = Action(f"{a(f'{colour} {boat}')} crosses the harbour to the {heading}", 0.0 if boat_first else 0.35, 1.0)
    gulls = Action("gulls fly over the water", *((0.45, 1.0) if boat_first else (0.0, 0.5)))
    behind, sun_x = blank_world(), dice.between("sun", 180, 460)
    _paint_harbour(behind, light, sun_x, dice)
    moored = [(110.0, 232.0, "white", 66.0), (520.0, 240.0, "teal", 74.0), (640.0, 226.0, "yellow", 58.0)]
    clouds = [(dice.between(f"cloud {n}", LEFT, RIGHT), 10 + n * 22.0, 90.0 + n * 18) for n in range(4)]
    draw, length = BOATS[boat]

    def paint(canvas: Canvas, t: float) -> None:
        share, way = t / seconds, facing(heading)
        draw_clouds(canvas, light, t, clouds)
        draw_glitter(canvas, sun_x, HORIZON, light, t)
        draw_ripples(canvas, HORIZON, light, t, dice.stream("ripples"))
        lit = canvas.tinted(TINTS[light])
        for index, (x, y, sail, size) in enumerate(moored):
            rocking = 2.2 * sin(t * 1.4 + index)
            draw_sailing_boat(lit.placed((x, y + sin(t + index)), size, tilt=rocking), sail)
        x = 320 + way * ((share - 0.5) * 520 if boat_first else -560 + 800 * (share - 0.3) / 0.7)
        near = (x, 292 + 2.5 * sin(t * 1.7))
        draw(lit.placed(near, length, facing=way, tilt=1.8 * sin(t * 1.3)), colour)
        for wake in range(5):
            behind_x = x - way * (length * 0.5 + wake * 16)
            lit.line(
                [(behind_x, 297 + wake), (behind_x - way * 12, 297 + wake)], 2, (255, 255, 255), alpha=0.5 - wake * 0.09
            )
        _draw_gulls(lit, gulls, share, t)

    things = (
        Thing(boat, colour, "crosses", heading),
        Thing("moored sailing boats", None, count=3),
        Thing("gulls", "white", "fly", "right", 5),
    )
    return Scene(
        kind="harbour",
        place="harbour",
        text=f"{begin(crossing.text)} {LIGHT_WORDS[light]}, then {gulls.text}."
        if boat_first
        else f"{begin(gulls.text)} {LIGHT_WORDS[light]}, then {crossing.text}.",
        light=light,
        camera=camera_move(dice.choose("camera", SIDEWAYS)),
        things=things,
        actions=(crossing, gulls) if boat_first else (gulls, crossing),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def _paint_harbour(canvas: Canvas, light: Light, sun_x: float, dice: Dice) -> None:
    paint_sky(canvas, light, HORIZON, dice.stream("stars"))
    paint_sun(canvas, (sun_x, 92 if light in ("day", "night") else 166), 22, light)
    lit, stream = canvas.tinted(TINTS[light]), dice.stream("houses")
    haze = {"sunset": (176, 112, 142), "dusk": (150, 128, 176)}.get(light, (146, 168, 190))
    paint_ridge(lit, HORIZON + 2, 70, haze, dice.stream("far hills"))
    paint_ridge(lit, HORIZON + 2, 34, mix(haze, (70, 90, 110), 0.55), dice.stream("near hills"))
    for start, end in ((LEFT, 40.0), (560.0, RIGHT)):
        x = start
        while x < end:
            wide, tall = stream.uniform(22, 34), stream.uniform(34, 58)
            _paint_house(
                lit, (x, HORIZON + 6), (wide, tall), stream.choice(("red", "yellow", "orange", "white", "teal", "pink"))
            )
            if light in ("sunset", "dusk", "night"):
                canvas.glow((x + wide * 0.35, HORIZON - tall * 0.4), 9, (255, 206, 120), 0.9)
            x += wide + 2
    paint_sea(canvas, HORIZON + 4, light)
    for start, end in ((LEFT, 44.0), (556.0, RIGHT)):
        lit.box((start, HORIZON + 2, end, HORIZON + 13), (126, 112, 104))
        lit.box((start, HORIZON + 2, end, HORIZON + 5), (190, 176, 160))


def _paint_house(canvas: Canvas, foot: Point, size: Point, colour: str) -> None:
    (x, y), (wide, tall), wall = foot, size, mix(COLOURS[colour], (235, 215, 195), 0.25)
    canvas.box((x, y - tall, x + wide, y), wall)
    canvas.polygon([(x - 2, y - tall), (x + wide / 2, y - tall - wide * 0.42), (x + wide + 2, y - tall)], (118, 66, 58))
    for row in range(2):
        for column in range(2):
            left, top = x + wide * (0.16 + 0.42 * column), y - tall + 7 + row * tall * 0.36
            canvas.box((left, top, left + wide * 0.24, top + tall * 0.18), (70, 84, 106))
    canvas.box((x + wide * 0.4, y - tall * 0.24, x + wide * 0.62, y), darker(wall, 0.5))


def _draw_gulls(canvas: Canvas, flight: Action, share: float, t: float) -> None:
    if share < flight.start or share > flight.end < 1:
        return
    along = (share - flight.start) / (flight.end - flight.start)
    for index in range(5):
        x = -130 + along * 640 + index * 44 - 24 * (index % 2)
        y = 120 - along * 34 + 15 * (index % 3) + 4 * sin(t * 2 + index)
        draw_gull(canvas.placed((x, y), 30 - 2.0 * (index % 3)), t * 9 + index * 1.3)


def sail(dice: Dice, seconds: float) -> Scene:
    """A sailing boat close by, heeling in the waves. Pins: light, camera, colour, heading."""
    light = cast(Light, dice.choose("light", ("day", "overcast", "sunset", "dusk")))
    colour, heading = dice.choose("colour", BRIGHT), dice.choose("heading", ("left", "right"))
    heeling = Action(f"{a(f'sailing boat with {colour} sails')} rides the waves towards the {heading}", 0.0, 0.55)
    gust = Action("a gust leans it over", 0.5, 0.85)
    behind, horizon, way = blank_world(), 236.0, facing(heading)
    paint_sky(behind, light, horizon, dice.stream("stars"))
    paint_sun(behind, (320 - way * 190, 96 if light == "day" else 196), 26, light)
    paint_sea(behind, horizon, light)
    clouds = [(dice.between(f"cloud {n}", LEFT, RIGHT), 0 + n * 34.0, 120.0 + n * 26) for n in range(5)]

    def paint(canvas: Canvas, t: float) -> None:
        draw_clouds(canvas, light, t * 4, clouds)
        lean = way * (-3 + 3.2 * sin(t * 1.5) + 13 * gust.progress(t / seconds))
        lit = canvas.tinted(TINTS[light])
        _draw_wave(lit, 268, 8, t * 0.9 * way, (70, 138, 178))
        draw_sailing_boat(lit.placed((320, 300 + 6 * sin(t * 2.1)), 230, facing=way, tilt=lean), colour)
        _draw_wave(lit, 302, 9, t * 1.5 * way, (46, 112, 160))
        for drop in range(12):
            rise = (t * 0.9 + drop * 0.37) % 1
            spot = (320 + way * (120 + rise * 60 + drop * 3), 300 - 46 * sin(rise * pi) - drop % 4 * 5)
            lit.disc(spot, 2.6 - rise * 1.6, (255, 255, 255), alpha=0.8 * (1 - rise))
        _draw_wave(lit, 338, 10, t * 2.1 * way, (30, 84, 136))

    return Scene(
        kind="sail",
        place="open sea",
        text=f"Close view: {heeling.text} {LIGHT_WORDS[light]}; {gust.text}.",
        light=light,
        camera=camera_move(dice.choose("camera", ("static", "zoom in", "zoom out")), (320, 200)),
        things=(Thing("sailing boat", colour, "rides the waves", heading), Thing("waves", "blue", "roll")),
        actions=(heeling, gust),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def _draw_wave(canvas: Canvas, level: float, height: float, shift: float, colour: tuple[int, int, int]) -> None:
    crest = [
        (float(x), level + height * (sin(x * 0.021 - shift) + 0.4 * sin(x * 0.053 - shift * 1.7)))
        for x in range(int(LEFT), int(RIGHT) + 8, 8)
    ]
    canvas.polygon([(LEFT, BOTTOM), *crest, (RIGHT + 8, BOTTOM)], colour)
    canvas.line(crest, 2.2, lighter(colour, 0.45), alpha=0.7)


def lighthouse(dice: Dice, seconds: float) -> Scene:
    """The lamp of a lighthouse is lit and turns. Pins: light, camera, colour."""
    light = cast(Light, dice.choose("light", ("sunset", "dusk", "night")))
    colour = dice.choose("colour", ("red", "blue", "green", "black"))
    lit_up = Action("its lamp comes on", 0.12, 0.25)
    sweep = Action("the beam sweeps round over the sea", 0.25, 1.0)
    behind, lamp = blank_world(), (430.0, 96.0)
    paint_sky(behind, light, 240, dice.stream("stars"))
    paint_sun(behind, (150, 214) if light != "night" else (120, 60), 20, light)
    paint_sea(behind, 240, light)

    def paint(canvas: Canvas, t: float) -> None:
        share = t / seconds
        draw_glitter(canvas, 150 if light != "night" else 120, 240, light, t)
        draw_ripples(canvas, 240, light, t, dice.stream("ripples"))
        tint = TINTS[light]
        lit = canvas.tinted((min(1.0, tint[0] * 1.15), tint[1] * 1.1, tint[2] * 1.1))
        _draw_lighthouse(lit, lamp, colour)
        power, turn = lit_up.progress(share), t * 1.5
        if power > 0:
            reach, side = (1300.0 if cos(turn) > 0 else -1300.0), 60 + 190 * abs(sin(turn))
            end = (lamp[0] + reach, lamp[1] + 18 * sin(turn))
            for width, alpha in ((1.0, 0.14), (0.6, 0.18), (0.28, 0.22)):
                cone = [lamp, (end[0], end[1] - side * width), (end[0], end[1] + side * width)]
                canvas.polygon(cone, (255, 244, 196), alpha=alpha * power * abs(cos(turn)))
            canvas.glow(lamp, 60 + 50 * abs(sin(turn)), (255, 238, 180), power)

    return Scene(
        kind="lighthouse",
        place="rocky coast",
        text=f"{begin(a(f'{colour} and white lighthouse'))} stands on the rocks {LIGHT_WORDS[light]}: "
        f"{lit_up.text}, then {sweep.text}.",
        light=light,
        camera=camera_move(dice.choose("camera", CAMERA_MOVES), (400, 130)),
        things=(Thing("lighthouse", f"{colour} and white"), Thing("beam of light", "yellow", "sweeps round")),
        actions=(lit_up, sweep),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def _draw_lighthouse(canvas: Canvas, lamp: Point, colour: str) -> None:
    x, y = lamp
    rocks = [
        (x - 190, 330),
        (x - 120, 286),
        (x - 60, 262),
        (x + 10, 244),
        (x + 90, 258),
        (x + 180, 284),
        (RIGHT, 300),
        (RIGHT, BOTTOM),
        (x - 240, BOTTOM),
    ]
    canvas.polygon(rocks, (84, 74, 84))
    canvas.polygon([(x - 60, 262), (x + 10, 244), (x + 30, 290), (x - 30, 330), (x - 120, 286)], (112, 100, 106))
    canvas.polygon([(x + 90, 258), (x + 180, 284), (x + 120, 330), (x + 60, 300)], (104, 92, 98))
    stripes = (COLOURS[colour], (246, 242, 234))
    for band in range(6):
        top, bottom = y + 16 + band * 23, y + 16 + (band + 1) * 23
        outer, inner = 17 + band * 2.4, 17 + (band + 1) * 2.4
        canvas.polygon(
            [(x - outer, top), (x + outer, top), (x + inner, bottom), (x - inner, bottom)], stripes[band % 2]
        )
        canvas.polygon(
            [(x + outer * 0.3, top), (x + outer, top), (x + inner, bottom), (x + inner * 0.3, bottom)],
            (20, 20, 50),
            alpha=0.18,
        )
    canvas.box((x - 24, y + 11, x + 24, y + 17), (60, 56, 68))
    canvas.box((x - 13, y - 12, x + 13, y + 11), (255, 240, 190))
    for bar in (-13, -4, 4, 13):
        canvas.line([(x + bar, y - 12), (x + bar, y + 11)], 1.6, (60, 56, 68))
    canvas.polygon(smooth([(x - 19, y - 11), (x, y - 34), (x + 19, y - 11)], 4), darker(COLOURS[colour], 0.15))
    canvas.polygon([(x - 70, 262), (x - 70, 232), (x - 50, 218), (x - 30, 232), (x - 30, 258)], (236, 226, 212))
    canvas.polygon([(x - 75, 234), (x - 50, 214), (x - 25, 234)], (130, 70, 60))
    canvas.box((x - 57, 238, x - 45, 250), (255, 222, 140))
