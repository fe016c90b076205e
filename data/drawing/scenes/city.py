"""The city: its skyline, with or without fireworks, and a street."""

from math import cos, pi, sin
from random import Random
from typing import cast

from data.drawing.camera import CAMERA_MOVES, camera_move
from data.drawing.canvas import Canvas, Point, backdrop, blank_world
from data.drawing.dice import Dice
from data.drawing.palette import BRIGHT, COLOURS, TINTS, Colour, Light, darker, lighter, mix
from data.drawing.scenes.scene import LIGHT_WORDS, Action, Scene, Thing, a, begin, facing
from data.drawing.things.landscape import (
    BOTTOM,
    LEFT,
    RIGHT,
    draw_clouds,
    draw_glitter,
    draw_tree,
    paint_sky,
    paint_sun,
)
from data.drawing.things.people import Person, draw_person, someone
from data.drawing.things.vehicles import draw_bus, draw_car

WINDOWS: tuple[Colour, ...] = ((255, 214, 130), (255, 236, 190), (164, 196, 255), (250, 190, 100))
DARK = ("dusk", "night")
SPARKS = ("red", "yellow", "green", "blue", "purple", "pink", "orange")


def skyline(dice: Dice, seconds: float) -> Scene:
    """Towers by the river. Pins: light, camera, show (fireworks, no fireworks), colour."""
    show = dice.choose("show", ("fireworks", "no fireworks"))
    light = cast(
        Light, dice.choose("light", ("night", "dusk") if show == "fireworks" else ("day", "sunset", "dusk", "night"))
    )
    colours = dice.sample("colour", SPARKS, 2)
    first = Action(f"{colours[0]} fireworks burst over the towers", 0.05, 0.5)
    second = Action(f"{colours[1]} ones follow", 0.5, 1.0)
    plain = Action("clouds drift over the towers of a city by a river", 0.0, 1.0)
    behind = blank_world()
    paint_sky(behind, light, 270, dice.stream("stars"))
    paint_sun(behind, (130, 60 if light in ("day", "night") else 210), 20, light)
    _paint_towers(behind, light, dice.stream("towers"))
    bursts = (
        [_burst(dice, n, seconds, colours) for n in range(max(5, round(seconds * 2.2)))] if show == "fireworks" else []
    )
    clouds = [(dice.between(f"cloud {n}", LEFT, RIGHT), -30 + n * 30.0, 110.0 + n * 24) for n in range(4)]

    def paint(canvas: Canvas, t: float) -> None:
        if not bursts:
            draw_clouds(canvas, light, t * 4, clouds)
        draw_glitter(canvas, 130, 268, light, t)
        for row in range(26):
            x, y = LEFT + (row * 137) % (RIGHT - LEFT), 272 + (row * 53) % 150
            canvas.line([(x - 12, y), (x + 12 + 8 * sin(t * 2 + row), y)], 1.4, (255, 220, 160), alpha=0.35)
        for start, at, size, colour in bursts:
            _draw_burst(canvas, at, size, COLOURS[colour], (t - start) / 1.7)

    happening = (
        f"{first.text} {LIGHT_WORDS[light]}, then {second.text}." if bursts else f"{plain.text} {LIGHT_WORDS[light]}."
    )
    seen = (
        (Thing("fireworks", colours[0], "burst"), Thing("fireworks", colours[1], "burst"))
        if bursts
        else (Thing("clouds", None, "drift", "right"),)
    )
    return Scene(
        kind="city skyline",
        place="city by a river",
        text=begin(happening),
        light=light,
        camera=camera_move(dice.choose("camera", CAMERA_MOVES), (330, 150)),
        things=(Thing("towers"), Thing("river", "blue"), *seen),
        actions=(first, second) if bursts else (plain,),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def street(dice: Dice, seconds: float) -> Scene:
    """Cars pass, the last one stops and someone crosses. Pins: light, camera, vehicle, colour, heading, walker."""
    light = cast(Light, dice.choose("light", tuple(LIGHT_WORDS)))
    vehicle, heading = dice.choose("vehicle", ("car", "bus")), dice.choose("heading", ("left", "right"))
    colour, walker, way = dice.choose("colour", BRIGHT), someone(dice, "walker"), facing(heading)
    stop = Action(
        f"{a(f'{colour} {vehicle}')} drives up from the {'right' if way < 0 else 'left'} and stops", 0.0, 0.42
    )
    cross = Action(f"a {walker.words} crosses the street in front of it", 0.42, 0.78)
    leave = Action(f"the {vehicle} drives on to the {heading}", 0.8, 1.0)
    behind = blank_world()
    _paint_street(behind, light, dice.stream("street"))
    passing = [
        (
            dice.stream(f"passing {n}").choice([other for other in BRIGHT if other != colour]),
            dice.between(f"gap {n}", 0, 90),
        )
        for n in range(3)
    ]
    draw, length = (draw_car, 176.0) if vehicle == "car" else (draw_bus, 300.0)

    def paint(canvas: Canvas, t: float) -> None:
        share, lit, dark = t / seconds, canvas.tinted(TINTS[light]), light in DARK
        for index, (paint_colour, gap) in enumerate(passing):
            x = 320 - way * (-420 + index * 300 + gap + t * -70 + 260)
            draw_car(lit.placed((x, 262), 124, facing=-way), paint_colour, t * 0.9)
            if dark:
                _draw_lamps(canvas, (x, 262), 124, -way)
        walking = cross.progress(share)
        if walking < 0.5:
            _draw_walker(lit, walker, walking, t)
        x = 320 + way * (-620 + 470 * stop.progress(share) + 640 * leave.progress(share) ** 2 - (length - 176) / 2)
        draw(lit.placed((x, 326), length, facing=way), colour, x * way / length)
        if dark:
            _draw_lamps(canvas, (x, 326), length, way)
        if walking >= 0.5:
            _draw_walker(lit, walker, walking, t)

    return Scene(
        kind="city street",
        place="city",
        text=f"In a city street {LIGHT_WORDS[light]} {stop.text}; {cross.text}, then {leave.text}.",
        light=light,
        camera=camera_move(dice.choose("camera", ("static", "zoom in", "zoom out", f"pan {heading}")), (340, 240)),
        things=(
            Thing(vehicle, colour, "stops", heading),
            Thing(walker.noun, walker.colour, "crosses"),
            Thing("other cars", None, "pass", "left" if way > 0 else "right", 3),
        ),
        actions=(stop, cross, leave),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def _draw_walker(canvas: Canvas, walker: Person, along: float, t: float) -> None:
    """Waits on the far kerb, then comes over the zebra crossing to the near one."""
    at = canvas.placed((356 - 24 * along, 246 + 100 * along), 84 + 34 * along, facing=-1)
    draw_person(at, walker, pose="walk" if 0 < along < 1 else "stand", phase=t * 7)


def _draw_lamps(canvas: Canvas, foot: Point, length: float, way: int) -> None:
    (x, y), front = foot, length * 0.5
    beam = [
        (x + way * front, y - 26),
        (x + way * (front + 120), y - 22),
        (x + way * (front + 120), y + 10),
        (x + way * front, y - 20),
    ]
    canvas.polygon(beam, (255, 240, 190), alpha=0.16)
    canvas.glow((x + way * front, y - 24), 34, (255, 244, 200), 0.9)
    canvas.glow((x - way * front, y - 26), 20, (255, 50, 40), 0.9)


def _burst(dice: Dice, index: int, seconds: float, colours: list[str]) -> tuple[float, Point, float, str]:
    start = 0.25 + index * (seconds - 0.6) / max(5, round(seconds * 2.2))
    at = (dice.between(f"burst x {index}", 130, 510), dice.between(f"burst y {index}", 28, 118))
    return start, at, dice.between(f"burst size {index}", 60, 104), colours[0] if start < seconds / 2 else colours[1]


def _draw_burst(canvas: Canvas, at: Point, size: float, colour: Colour, age: float) -> None:
    """`age` 0 at the bang, 1 when it has faded."""
    if not 0 < age < 1:
        return
    reach, fade = 1 - (1 - age) ** 3, 1 - age
    bright = lighter(colour, 0.45)
    canvas.glow(at, size * (1.6 - age * 0.4), colour, 0.8 * fade**1.5)
    for ray in range(30):
        angle, length = ray * pi / 15, size * (1.0 if ray % 2 else 0.66) * reach
        tip = (at[0] + cos(angle) * length, at[1] + sin(angle) * length + 26 * age**2)
        root = (
            at[0] + cos(angle) * length * (0.55 + 0.3 * age),
            at[1] + sin(angle) * length * (0.55 + 0.3 * age) + 20 * age**2,
        )
        canvas.line([root, tip], 1.5, bright, alpha=fade)
        canvas.disc(tip, 2.0 * fade + 0.4, (255, 255, 236), alpha=fade)


def _paint_towers(canvas: Canvas, light: Light, stream: Random) -> None:
    lit = canvas.tinted(TINTS[light])
    air = {"day": (170, 200, 224), "sunset": (240, 150, 130), "dusk": (150, 110, 160), "night": (80, 90, 150)}[light]
    for haze, low, high, base in ((0.62, 90, 190, 262), (0.3, 50, 150, 268)):
        x = LEFT
        while x < RIGHT:
            wide, tall = stream.uniform(30, 58), stream.uniform(low, high)
            wall = mix(stream.choice(((104, 122, 150), (134, 118, 128), (92, 108, 130), (150, 140, 134))), air, haze)
            _paint_tower(canvas, light, (x, base), (wide, tall), wall, stream)
            x += wide + stream.uniform(0, 8)
    top, low_colour = {"day": ((120, 176, 206), (40, 96, 140)), "sunset": ((226, 130, 110), (64, 50, 100))}.get(
        light, ((58, 58, 112), (12, 16, 46))
    )
    canvas.shade(266, BOTTOM, (top, low_colour, darker(low_colour, 0.2)))
    lit.box((LEFT, 262, RIGHT, 268), (110, 104, 112))


def _paint_tower(canvas: Canvas, light: Light, foot: Point, size: Point, wall: Colour, stream: Random) -> None:
    (x, base), (wide, tall), lit = foot, size, canvas.tinted(TINTS[light])
    glowing = 0.42 if light in DARK else 0.0
    lit.box((x, base - tall, x + wide, base), wall)
    lit.box((x + wide * 0.72, base - tall, x + wide, base), darker(wall, 0.2))
    if stream.random() < 0.35:
        lit.line([(x + wide / 2, base - tall - 22), (x + wide / 2, base - tall)], 1.6, darker(wall, 0.3))
    for row in range(int((tall - 10) / 10)):
        for column in range(int((wide - 6) / 8)):
            left, top = x + 5 + column * 8, base - tall + 7 + row * 10
            if stream.random() < glowing:
                canvas.box((left, top, left + 4, top + 5.5), stream.choice(WINDOWS))
            elif stream.random() < 0.75:
                lit.box((left, top, left + 4, top + 5.5), mix(wall, (50, 70, 100), 0.4))


def _paint_street(canvas: Canvas, light: Light, stream: Random) -> None:
    paint_sky(canvas, light, 200, stream)
    lit, dark = canvas.tinted(TINTS[light]), light in DARK
    x = LEFT
    while x < RIGHT:
        wide, tall = stream.uniform(92, 128), stream.uniform(170, 250)
        _paint_shop(canvas, light, (x, 226), (wide, tall), stream)
        x += wide
    lit.box((LEFT, 224, RIGHT, 244), (178, 174, 170))
    lit.box((LEFT, 242, RIGHT, 340), (84, 86, 96))
    lit.box((LEFT, 340, RIGHT, BOTTOM), (168, 164, 162))
    lit.box((LEFT, 338, RIGHT, 343), (206, 202, 198))
    for x in range(int(LEFT), int(RIGHT), 64):
        lit.box((x, 285, x + 34, 288), (232, 226, 206))
    for stripe in range(5):
        y = 246 + stripe * 19
        lit.polygon(
            [(296 - stripe * 3, y), (392 - stripe * 1.0, y), (396 - stripe, y + 11), (293 - stripe * 3, y + 11)],
            (240, 240, 236),
        )
    for x in (-90, 150, 500, 730):
        lit.line([(x, 240), (x, 120), (x + 26, 112)], 4, (52, 58, 68))
        lit.ellipse((x + 30, 114), (10, 4), (250, 236, 190))
        if dark:
            canvas.glow((x + 30, 118), 86, (255, 214, 140), 0.75)
        draw_tree(lit.placed((x + 70, 242), 92), (74, 128, 76))


def _paint_shop(canvas: Canvas, light: Light, foot: Point, size: Point, stream: Random) -> None:
    (x, y), (wide, tall), lit, dark = foot, size, canvas.tinted(TINTS[light]), light in DARK
    wall = mix(
        COLOURS[stream.choice(("red", "yellow", "orange", "teal", "pink", "white", "brown"))], (214, 200, 186), 0.5
    )
    lit.box((x, y - tall, x + wide, y), wall)
    lit.box((x, y - tall, x + wide, y - tall + 7), darker(wall, 0.25))
    for row in range(int((tall - 66) / 46)):
        for column in range(3):
            left, top = x + wide * (0.1 + 0.3 * column), y - tall + 18 + row * 46
            glass = (left, top, left + wide * 0.2, top + 28)
            lit.box((glass[0] - 2, top - 2, glass[2] + 2, top + 31), lighter(wall, 0.4))
            if dark and stream.random() < 0.5:
                canvas.box(glass, stream.choice(WINDOWS[:2]))
            else:
                lit.box(glass, (112, 146, 172))
    awning = COLOURS[stream.choice(("red", "green", "blue", "orange"))]
    (canvas if dark else lit).box((x + 8, y - 42, x + wide - 8, y - 4), (255, 226, 160) if dark else (140, 172, 192))
    lit.box((x + wide * 0.42, y - 40, x + wide * 0.44, y), darker(wall, 0.4))
    for stripe in range(8):
        left = x + 4 + stripe * (wide - 8) / 8
        lit.polygon(
            [(left, y - 54), (left + (wide - 8) / 8, y - 54), (left + (wide - 8) / 8, y - 38), (left, y - 38)],
            awning if stripe % 2 else (248, 244, 236),
        )
