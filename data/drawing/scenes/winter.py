"""Snow: a plough on the road, children and a snowman."""

from math import pi, sin
from random import Random
from typing import cast

from data.drawing.camera import camera_move
from data.drawing.canvas import Canvas, backdrop, blank_world
from data.drawing.dice import Dice
from data.drawing.palette import BRIGHT, COLOURS, TINTS, Light, lighter, mix
from data.drawing.scenes.scene import LIGHT_WORDS, Action, Scene, Thing, a, begin
from data.drawing.things.landscape import BOTTOM, LEFT, RIGHT, TOP, draw_pine, paint_ridge, paint_sky, paint_sun
from data.drawing.things.people import Pose, draw_person, someone
from data.drawing.things.vehicles import draw_plough

SNOW = ((250, 252, 255), (222, 232, 246), (196, 212, 236))
LIGHTS = ("day", "overcast", "dusk", "night")


def snow_road(dice: Dice, seconds: float) -> Scene:
    """A plough comes nearer along a forest road in falling snow. Pins: light, camera, colour."""
    light = cast(Light, dice.choose("light", LIGHTS))
    colour = dice.choose("colour", ("red", "blue", "green", "yellow", "orange"))
    come = Action(f"{a(f'{colour} snow plough')} with a flashing amber light comes towards the camera", 0.0, 1.0)
    behind = blank_world()
    _paint_winter(behind, light, dice)
    lit_behind = behind.tinted(TINTS[light])
    lit_behind.polygon([(316, 177), (324, 177), (560, BOTTOM), (80, BOTTOM)], (158, 168, 186))
    lit_behind.polygon([(318, 178), (322, 178), (470, BOTTOM), (170, BOTTOM)], (134, 144, 164))
    flakes = dice.stream("flakes")
    snow = [(flakes.random(), flakes.random(), flakes.random()) for _ in range(110)]

    def paint(canvas: Canvas, t: float) -> None:
        lit, share = canvas.tinted(TINTS[light]), t / seconds
        places = sorted(((n * 0.125 + t * 0.02) % 1) ** 1.8 for n in range(8))
        for depth in places:
            for side in (-1, 1):
                x, y = 320 + side * (16 + 330 * depth), 178 + 210 * depth
                draw_pine(lit.placed((x, y), 30 + 250 * depth), (54, 92, 84), SNOW[0])
        near = 0.05 + 0.75 * come.progress(share) ** 1.4
        plough = lit.placed((320 + 14 * sin(t * 0.8) * near, 180 + 190 * near), 22 + 150 * near)
        for puff in range(8):
            turn = (t * 1.6 + puff * 0.4) % 1
            side = -1 if puff % 2 else 1
            plough.disc(
                (side * (0.65 + 0.5 * turn), -0.1 - 0.35 * sin(turn * pi)),
                0.1 + 0.16 * turn,
                SNOW[0],
                alpha=0.5 * (1 - turn),
            )
        draw_plough(plough, colour, 0.5 + 0.5 * sin(t * 8))
        _draw_snowfall(canvas, t, snow)

    return Scene(
        kind="snowy road",
        place="winter forest",
        text=f"On a snowy forest road {LIGHT_WORDS[light]} {come.text} while snow falls.",
        light=light,
        camera=camera_move(dice.choose("camera", ("static", "tilt up", "tilt down", "zoom in")), (320, 230)),
        things=(
            Thing("snow plough", colour, "comes nearer", "towards the camera"),
            Thing("fir trees", "green"),
            Thing("snow", "white", "falls", "down"),
        ),
        actions=(come,),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def snowman(dice: Dice, seconds: float) -> Scene:
    """A child throws snowballs and knocks the hat off a snowman. Pins: light, camera, child colour, colour (scarf)."""
    light, colour = cast(Light, dice.choose("light", LIGHTS)), dice.choose("colour", BRIGHT[:-1])
    child = someone(dice, "thrower", nouns=("child",))
    throw = Action(f"a {child.words} throws a snowball at a snowman with {a(colour)} scarf", 0.1, 0.5)
    hat = Action("its hat flies off", 0.5, 0.75)
    joy = Action("the child jumps for joy", 0.72, 1.0)
    behind = blank_world()
    _paint_winter(behind, light, dice)
    lit_behind = behind.tinted(TINTS[light])
    for n in range(9):
        x = LEFT + n * 120 + dice.between(f"fir {n}", -30, 30)
        if not 180 < x < 460:
            draw_pine(lit_behind.placed((x, 262), dice.between(f"fir height {n}", 110, 190)), (60, 102, 90), SNOW[0])
    flakes = dice.stream("flakes")
    snow = [(flakes.random(), flakes.random(), flakes.random()) for _ in range(60)]

    def paint(canvas: Canvas, t: float) -> None:
        lit, share = canvas.tinted(TINTS[light]), t / seconds
        _draw_snowman(lit.placed((376, 322), 92), COLOURS[colour], hat.progress(share))
        hop = 16 * abs(sin(t * 6)) if share > joy.start else 0.0
        pose: Pose = "cheer" if hop else ("reach" if 0.3 < share < 0.5 else "stand")
        draw_person(lit.placed((256, 326 - hop), 112), child, pose=pose, phase=t * 4)
        flight = (share - 0.34) / (throw.end - 0.34)
        if 0 < flight < 1:
            lit.disc((296 + 80 * flight, 252 - 62 * flight - 40 * sin(flight * pi)), 7, SNOW[0])
        _draw_snowfall(canvas, t, snow)

    return Scene(
        kind="snowman",
        place="winter garden",
        text=f"{begin(throw.text)} {LIGHT_WORDS[light]}, {hat.text}, then {joy.text}.",
        light=light,
        camera=camera_move(dice.choose("camera", ("static", "zoom in", "zoom out")), (322, 244)),
        things=(
            Thing("snowman", "white"),
            Thing("scarf", colour),
            Thing("child", child.colour, "throws", "right"),
            Thing("snowball", "white", "flies", "right"),
        ),
        actions=(throw, hat, joy),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def _draw_snowman(canvas: Canvas, scarf: tuple[int, int, int], hatless: float) -> None:
    canvas.ellipse((0.04, 0.0), (0.75, 0.1), (120, 140, 180), alpha=0.4)
    for y, radius in ((-0.5, 0.56), (-1.22, 0.4), (-1.75, 0.27)):
        canvas.disc((0, y), radius, SNOW[1])
        canvas.disc((-radius * 0.12, y - radius * 0.08), radius * 0.86, SNOW[0])
    for side in (-1, 1):
        canvas.line([(0.32 * side, -1.3), (0.78 * side, -1.6), (0.92 * side, -1.55)], 0.05, (98, 68, 48))
        canvas.disc((0.09 * side - 0.05, -1.81), 0.035, (34, 34, 40))
    for y in (-1.3, -1.12, -0.7):
        canvas.disc((-0.06, y), 0.04, (40, 40, 46))
    canvas.polygon([(-0.07, -1.76), (-0.42, -1.69), (-0.06, -1.67)], (242, 132, 40))
    canvas.box((-0.28, -1.6, 0.28, -1.46), scarf, radius=0.06)
    canvas.polygon([(0.1, -1.5), (0.28, -1.5), (0.32, -1.0), (0.14, -1.0)], lighter(scarf, 0.12))
    hat = canvas.placed((1.2 * hatless, -1.98 - 0.9 * sin(hatless * pi) + 1.95 * hatless**2), tilt=200 * hatless)
    hat.box((-0.34, -0.05, 0.34, 0.04), (44, 44, 54))
    hat.box((-0.2, -0.42, 0.2, 0.0), (44, 44, 54))
    hat.box((-0.2, -0.13, 0.2, -0.04), scarf)


def _draw_snowfall(canvas: Canvas, t: float, flakes: list[tuple[float, float, float]]) -> None:
    for across, down, size in flakes:
        y = (down * 560 + t * (44 + 56 * size)) % 560 + TOP
        x = LEFT + (across * 980 + 16 * sin(t * 1.2 + across * 40) + t * 10) % 980
        canvas.disc((x, y), 1.0 + 1.7 * size, (255, 255, 255), alpha=0.85)


def _paint_winter(canvas: Canvas, light: Light, dice: Dice) -> None:
    paint_sky(canvas, light, 190, dice.stream("stars"))
    paint_sun(canvas, (470, 52), 18, light)
    lit = canvas.tinted(TINTS[light])
    paint_ridge(lit, 184, 110, mix((150, 172, 204), (255, 255, 255), 0.25), dice.stream("far"))
    paint_ridge(lit, 184, 46, (128, 154, 178), dice.stream("near"))
    _paint_far_forest(lit, dice.stream("forest"))
    lit.shade(178, BOTTOM, (SNOW[2], SNOW[1], SNOW[0]))
    stream = dice.stream("drifts")
    for _ in range(26):
        x, y = stream.uniform(LEFT, RIGHT), stream.uniform(196, BOTTOM)
        lit.ellipse((x, y), (stream.uniform(30, 90), stream.uniform(2, 7)), SNOW[2], alpha=0.5)


def _paint_far_forest(canvas: Canvas, stream: Random) -> None:
    x = LEFT
    while x < RIGHT:
        draw_pine(canvas.placed((x, 186), stream.uniform(24, 46)), (88, 122, 126), (214, 226, 240))
        x += stream.uniform(8, 18)
