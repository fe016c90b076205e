"""Trains: the platform, the station clock, a viaduct in the country."""

from math import cos, pi, radians, sin
from typing import cast

from data.drawing.camera import CAMERA_MOVES, SIDEWAYS, camera_move
from data.drawing.canvas import Canvas, Point, backdrop, blank_world
from data.drawing.dice import Dice
from data.drawing.palette import TINTS, Light, darker, lighter
from data.drawing.scenes.scene import LIGHT_WORDS, Action, Scene, Thing, a, begin, facing
from data.drawing.things.landscape import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    draw_clouds,
    draw_gull,
    draw_tree,
    paint_ridge,
    paint_sky,
    paint_sun,
)
from data.drawing.things.people import Person, draw_person, someone
from data.drawing.things.vehicles import draw_carriage, draw_engine

TRAINS = ("red", "blue", "green", "yellow", "orange", "teal")
RAIL = 268.0
CARRIAGE = 330.0


def platform(dice: Dice, seconds: float) -> Scene:
    """A train comes in or leaves. Pins: event (arrives, departs), camera, colour, heading, traveller, its colour."""
    event, heading = dice.choose("event", ("arrives", "departs")), dice.choose("heading", ("left", "right"))
    colour, way = dice.choose("colour", TRAINS), facing(heading)
    origin = "right" if heading == "left" else "left"
    people = [someone(dice, "traveller")]
    people += [someone(dice, f"traveller {n}", besides=people[0].colour) for n in range(1, 6)]
    actions = _train_actions(event, a(f"{colour} train"), origin, heading, people[0])
    behind = blank_world()
    _paint_station(behind)
    spots = [60 + n * 104 + dice.between(f"spot {n}", -34, 34) for n in range(6)]

    def paint(canvas: Canvas, t: float) -> None:
        share, lit = t / seconds, canvas.tinted(TINTS["indoors"])
        if event == "arrives":
            gone, doors = actions[0].progress(share) - 1, actions[1].progress(share)
        else:
            gone, doors = (max(0.0, share - actions[1].start) * 1.9) ** 2, 1 - actions[0].progress(share)
        _draw_train(lit, colour, 470 * way + 320 + gone * 1250 * way, way, doors)
        _paint_platform_edge(lit)
        for row, index in enumerate((3, 1, 5, 2, 4)):
            waiting = lit.placed((spots[index], 304 + row * 7.0), 98 + row * 5, facing=(-1) ** index)
            draw_person(waiting, people[index], pose="stand", phase=0.3 * sin(t + index))
        along = actions[2].progress(share)
        walker = lit.placed((320 - way * 360 + way * 600 * along, 346), 138, facing=way)
        draw_person(walker, people[0], pose="walk" if 0 < along < 1 else "stand", phase=t * 6)

    first, second, third = (action.text for action in actions)
    things = (
        Thing("train", colour, event, heading),
        Thing(people[0].noun, people[0].colour, "walks", heading),
        Thing("waiting passengers", count=5),
    )
    return Scene(
        kind="platform",
        place="railway station",
        text=f"{begin(first)} at a station platform, {second}, then {third}."
        if event == "arrives"
        else f"At a station platform {first}, then {second} while {third}.",
        light="indoors",
        camera=camera_move(dice.choose("camera", SIDEWAYS)),
        things=things,
        actions=actions,
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def _train_actions(event: str, train: str, origin: str, heading: str, walker: Person) -> tuple[Action, Action, Action]:
    walk = f"a {walker.words} walks along the platform to the {heading}"
    if event == "arrives":
        return (
            Action(f"{train} arrives from the {origin}", 0.0, 0.5),
            Action("its doors open", 0.54, 0.64),
            Action(walk, 0.6, 1.0),
        )
    return (
        Action(f"the doors of {train} close", 0.08, 0.2),
        Action(f"it departs to the {heading}", 0.25, 1.0),
        Action(walk, 0.3, 1.0),
    )


def _draw_train(canvas: Canvas, colour: str, nose: float, way: int, doors: float) -> None:
    for index in range(4):
        middle = nose - way * (CARRIAGE * 0.655 + index * CARRIAGE)
        draw = draw_engine if index == 0 else draw_carriage
        draw(canvas.placed((middle, RAIL + 4), CARRIAGE, facing=way), colour, doors)


def _paint_station(canvas: Canvas) -> None:
    canvas.shade(TOP, 180, ((86, 112, 136), (168, 196, 212), (214, 224, 222)))
    for pane in range(int(LEFT), int(RIGHT), 34):
        canvas.line([(pane, TOP), (pane, 70)], 1.2, (70, 84, 98))
    for row in (-60, -10, 40):
        canvas.line([(LEFT, row), (RIGHT, row)], 2.0, (70, 84, 98))
    canvas.box((LEFT, 70, RIGHT, RAIL), (196, 168, 140))
    for x in range(int(LEFT) + 20, int(RIGHT), 120):
        canvas.ellipse((x + 50, 150), (40, 46), (126, 142, 152))
        canvas.box((x + 10, 150, x + 90, RAIL), (126, 142, 152))
        canvas.ellipse((x + 50, 150), (32, 38), (96, 114, 128))
        canvas.box((x + 18, 150, x + 82, RAIL), (96, 114, 128))
    canvas.box((LEFT, 64, RIGHT, 84), (150, 120, 98))
    canvas.box((236, 78, 404, 106), (28, 60, 120), radius=3)
    canvas.text((320, 98), "CENTRAL STATION", 15, (250, 250, 250), anchor="ms")
    for x in range(-40, int(RIGHT), 240):
        canvas.box((x - 6, TOP, x + 6, RAIL), (62, 84, 92))
        canvas.box((x - 10, 62, x + 10, 70), (62, 84, 92))
        canvas.glow((x + 60, 96), 70, (255, 232, 176), 0.5)
    canvas.box((LEFT, RAIL - 3, RIGHT, RAIL + 30), (74, 70, 72))
    canvas.box((LEFT, RAIL + 3, RIGHT, RAIL + 6), (170, 174, 180))


def _paint_platform_edge(canvas: Canvas) -> None:
    canvas.box((LEFT, 278, RIGHT, BOTTOM), (182, 176, 168))
    canvas.box((LEFT, 276, RIGHT, 281), (226, 222, 214))
    canvas.box((LEFT, 285, RIGHT, 291), (246, 204, 60))
    for x in range(int(LEFT), int(RIGHT), 60):
        canvas.line([(x, 292), (x - 50 + (x - 320) * 0.3, BOTTOM)], 0.8, (160, 154, 146))


def clock(dice: Dice, seconds: float) -> Scene:
    """The station clock, its hand jumping, a bird flying past. Pins: camera, hour."""
    hour, minute = dice.count("hour", 1, 12), dice.stream("minute").choice((5, 10, 20, 25, 40, 50))
    told = f"the minute hand jumps to {minute + 1} minutes past {hour}"
    jump, flight = Action(told, 0.3, 0.34), Action("a white pigeon flies past to the right", 0.5, 0.9)
    behind = blank_world()
    behind.shade(TOP, BOTTOM, ((92, 66, 54), (150, 108, 80), (112, 78, 60)))
    for row in range(int(TOP), int(BOTTOM), 26):
        for x in range(int(LEFT) - row % 52, int(RIGHT), 64):
            behind.box(
                (x + 1, row + 1, x + 62, row + 24), (164, 112, 84) if (x + row) % 3 else (150, 100, 76), radius=2
            )
    behind.glow((320, 150), 420, (255, 226, 170), 0.35)

    def paint(canvas: Canvas, t: float) -> None:
        share = t / seconds
        minutes = minute + jump.progress(share) + 0.04 * sin(t * 40) * (jump.start < share < jump.end + 0.03)
        _draw_clock(canvas.placed((320, 176), 128), hour, minutes, t)
        along = (share - flight.start) / (flight.end - flight.start)
        if 0 < along < 1:
            draw_gull(canvas.placed((20 + 640 * along, 230 - 150 * along), 84), t * 16)

    return Scene(
        kind="station clock",
        place="railway station",
        text=f"Close view of a round station clock on a brick wall: {jump.text}, then {flight.text}.",
        light="indoors",
        camera=camera_move(dice.choose("camera", CAMERA_MOVES), (320, 176)),
        things=(Thing("clock", "white"), Thing("brick wall", "brown"), Thing("pigeon", "white", "flies", "right")),
        actions=(jump, flight),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def _draw_clock(canvas: Canvas, hour: int, minutes: float, t: float) -> None:
    canvas.disc((0.04, 0.06), 1.13, (30, 18, 14), alpha=0.4)
    for radius, colour in ((1.12, (40, 60, 58)), (1.05, (196, 156, 78)), (0.99, (250, 246, 234))):
        canvas.disc((0, 0), radius, colour)
    for mark in range(60):
        angle, long = mark * pi / 30, 0.14 if mark % 5 == 0 else 0.05
        ends = [(sin(angle) * reach, -cos(angle) * reach) for reach in (0.93 - long, 0.93)]
        canvas.line(ends, 0.05 if mark % 5 == 0 else 0.018, (34, 36, 44))
    for angle, length, width, colour in (
        (hour * 30 + minutes / 2, 0.52, 0.085, (28, 30, 38)),
        (minutes * 6, 0.82, 0.055, (28, 30, 38)),
        (t * 6 + 40, 0.86, 0.022, (200, 44, 40)),
    ):
        tip = (sin(radians(angle)) * length, -cos(radians(angle)) * length)
        canvas.line([(-tip[0] * 0.18, -tip[1] * 0.18), tip], width, colour)
    canvas.disc((0, 0), 0.07, (200, 44, 40))
    canvas.polygon([(-0.6, -0.7), (-0.2, -0.92), (0.3, -0.3), (-0.1, 0.1)], (255, 255, 255), alpha=0.22)


def viaduct(dice: Dice, seconds: float) -> Scene:
    """A train crosses a viaduct in hilly country. Pins: light, camera, colour, heading."""
    light = cast(Light, dice.choose("light", ("day", "overcast", "sunset", "dusk")))
    colour, heading = dice.choose("colour", TRAINS), dice.choose("heading", ("left", "right"))
    crossing, way = (
        Action(f"{a(f'{colour} train')} crosses a stone viaduct to the {heading}", 0.0, 1.0),
        facing(heading),
    )
    behind = blank_world()
    paint_sky(behind, light, 270, dice.stream("stars"))
    paint_sun(behind, (470, 70 if light == "day" else 128), 20, light)
    lit_behind = behind.tinted(TINTS[light])
    paint_ridge(lit_behind, 214, 150, (132, 160, 170), dice.stream("far"))
    paint_ridge(lit_behind, 270, 110, (96, 146, 112), dice.stream("middle"))
    paint_ridge(lit_behind, 330, 90, (74, 128, 82), dice.stream("near"))
    _paint_viaduct(lit_behind)
    stream = dice.stream("trees")
    trees = sorted((stream.uniform(326, 440), stream.uniform(LEFT, RIGHT)) for _ in range(36))
    for y, x in trees:
        leaf = stream.choice(((58, 112, 66), (84, 132, 62), (120, 142, 60), (46, 96, 70)))
        draw_tree(lit_behind.placed((x, y), 44 + (y - 326) * 0.35), leaf)
    clouds = [(dice.between(f"cloud {n}", LEFT, RIGHT), -20 + n * 30.0, 100.0 + n * 20) for n in range(5)]

    def paint(canvas: Canvas, t: float) -> None:
        draw_clouds(canvas, light, t * 2, clouds)
        lit = canvas.tinted(TINTS[light])
        nose = 320 + way * (-260 + 900 * t / seconds)
        for index in range(5):
            draw = draw_engine if index == 0 else draw_carriage
            draw(lit.placed((nose - way * 138 * index, 170), 138, facing=way), colour, 0.0)
        lit.box((LEFT, 166, RIGHT, 176), (176, 156, 134))

    return Scene(
        kind="viaduct",
        place="hilly country",
        text=f"{begin(crossing.text)} above green hills {LIGHT_WORDS[light]}.",
        light=light,
        camera=camera_move(dice.choose("camera", ("static", f"pan {heading}", "zoom out"))),
        things=(Thing("train", colour, "crosses", heading), Thing("viaduct", "brown"), Thing("hills", "green")),
        actions=(crossing,),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def _paint_viaduct(canvas: Canvas) -> None:
    stone: tuple[int, int, int] = (176, 156, 134)
    canvas.box((LEFT, 168, RIGHT, 196), stone)
    for x in range(int(LEFT), int(RIGHT) + 90, 90):
        canvas.box((x - 13, 186, x + 13, 420), stone)
        canvas.box((x + 5, 200, x + 13, 420), darker(stone, 0.2))
        for side in (-1, 1):
            arch: list[Point] = [(x, 194)] + [
                (x + side * (45 - 32 * cos(step * pi / 12)), 226 - 32 * sin(step * pi / 12)) for step in range(7)
            ]
            canvas.polygon([*arch, (x + side * 45, 194)], stone)
    canvas.box((LEFT, 178, RIGHT, 181), lighter(stone, 0.3))
