"""Under water: the reef with a turtle, clownfish at an anemone, jellyfish."""

from math import pi, sin

from data.drawing.camera import SIDEWAYS, camera_move
from data.drawing.canvas import Canvas, backdrop, blank_world
from data.drawing.dice import Dice
from data.drawing.palette import Colour, darker, mix
from data.drawing.scenes.scene import Action, Scene, Thing, facing
from data.drawing.things.landscape import BOTTOM, LEFT, RIGHT, TOP
from data.drawing.things.sea_life import draw_anemone, draw_coral, draw_fish, draw_jellyfish, draw_turtle

FISH = ("yellow", "orange", "blue", "purple", "red", "white")
CORALS: tuple[Colour, ...] = (
    (236, 104, 120),
    (246, 156, 78),
    (178, 96, 182),
    (246, 206, 112),
    (232, 120, 172),
    (112, 190, 150),
)
WATER: tuple[Colour, ...] = ((126, 220, 226), (44, 158, 196), (18, 98, 156), (10, 58, 110))
DEEP: tuple[Colour, ...] = ((20, 60, 130), (14, 34, 92), (8, 16, 52))


def reef(dice: Dice, seconds: float) -> Scene:
    """A shoal passes, then a turtle swims through. Pins: camera, colour, heading, count."""
    colour, heading = dice.choose("colour", FISH), dice.choose("heading", ("left", "right"))
    other, count = "left" if heading == "right" else "right", dice.count("count", 7, 14)
    shoal = Action(f"a shoal of {colour} fish swims to the {other} over the corals", 0.0, 0.6)
    visit = Action(f"a green turtle swims by to the {heading}", 0.2, 1.0)
    behind = blank_world()
    _paint_reef(behind, dice)
    spots = [
        (dice.between(f"x {n}", 0, 240), dice.between(f"y {n}", 60, 210), dice.between(f"size {n}", 34, 54))
        for n in range(count)
    ]

    def paint(canvas: Canvas, t: float) -> None:
        share, way = t / seconds, facing(heading)
        _draw_rays(canvas, t)
        for index, (x, y, size) in enumerate(spots):
            place = 320 - way * (x - 460 + 1000 * share)
            draw_fish(canvas.placed((place, y + 5 * sin(t * 2 + index)), size, facing=-way), colour, t * 9 + index)
        along = (share - visit.start) / (visit.end - visit.start)
        turtle = canvas.placed(
            (320 + way * (-460 + 760 * along), 196 - 40 * along + 8 * sin(t * 1.4)), 178, facing=way, tilt=-6 * way
        )
        draw_turtle(turtle, t * 2.6)
        _draw_bubbles(canvas, t, dice, 14)

    return Scene(
        kind="coral reef",
        place="under water",
        text=f"Under water, {shoal.text}, then {visit.text}.",
        light="under water",
        camera=camera_move(dice.choose("camera", SIDEWAYS)),
        things=(
            Thing("fish", colour, "swim", other, count),
            Thing("turtle", "green", "swims", heading),
            Thing("corals", "pink and orange"),
        ),
        actions=(shoal, visit),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def anemone(dice: Dice, seconds: float) -> Scene:
    """Two striped fish play round an anemone, then one hides. Pins: camera, colour, anemone colour."""
    colour = dice.choose("colour", ("orange", "yellow", "red", "black"))
    home = dice.choose("anemone colour", ("pink", "purple", "green"))
    play = Action(f"two {colour} and white striped fish swim around a {home} sea anemone", 0.0, 0.6)
    hide = Action("one of them hides among its arms", 0.62, 0.9)
    arms: Colour = {"pink": (240, 132, 166), "purple": (166, 106, 204), "green": (124, 190, 112)}[home]
    behind = blank_world()
    behind.shade(TOP, BOTTOM, WATER)
    _paint_sand(behind, 300, dice)
    for index in range(9):
        x = LEFT + index * 120 + dice.between(f"coral {index}", -20, 20)
        tone = mix(CORALS[index % len(CORALS)], (18, 98, 156), 0.45)
        draw_coral(behind.placed((x, 318), dice.between(f"height {index}", 60, 120)), tone, index % 3)

    def paint(canvas: Canvas, t: float) -> None:
        _draw_rays(canvas, t)
        hidden = hide.progress(t / seconds)
        draw_anemone(canvas.placed((320, 326), 270), darker(arms, 0.3), t * 1.5 + 2)
        orbit = t * 1.15
        for index in (0, 1):
            turn, away = orbit + index * pi, 1.0 - (0.86 * hidden if index == 0 else 0.0)
            x, y = 320 + 200 * away * sin(turn), 112 + 30 * sin(turn * 2) + 96 * (hidden if index == 0 else 0.0)
            way = 1 if sin(turn + pi / 2) > 0 else -1
            draw_fish(canvas.placed((x, y), 112 - 12 * index, facing=way), colour, t * 10 + index, (252, 250, 246))
        draw_anemone(canvas.placed((320, 338), 290), arms, t * 1.5)
        _draw_bubbles(canvas, t, dice, 9)

    return Scene(
        kind="sea anemone",
        place="under water",
        text=f"Close view under water: {play.text}, then {hide.text}.",
        light="under water",
        camera=camera_move(dice.choose("camera", ("static", "zoom in", "zoom out")), (320, 190)),
        things=(
            Thing("striped fish", f"{colour} and white", "swim around", count=2),
            Thing("sea anemone", home, "sways"),
        ),
        actions=(play, hide),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def jellyfish(dice: Dice, seconds: float) -> Scene:
    """Glowing jellyfish rise through dark water. Pins: camera, colour, count."""
    colour, count = dice.choose("colour", ("pink", "purple", "orange", "teal", "blue")), dice.count("count", 3, 7)
    rise = Action(f"{_number(count)} glowing {colour} jellyfish rise slowly", 0.0, 1.0)
    behind = blank_world()
    behind.shade(TOP, BOTTOM, DEEP)
    behind.glow((320, -90), 420, (60, 130, 200), 0.5)
    motes = dice.stream("motes")
    for _ in range(150):
        behind.disc(
            (motes.uniform(LEFT, RIGHT), motes.uniform(TOP, BOTTOM)),
            motes.uniform(0.5, 1.4),
            (150, 190, 230),
            alpha=0.4,
        )
    spots = [
        (
            90 + n * 460 / count + dice.between(f"x {n}", 0, 40),
            dice.between(f"y {n}", 60, 330),
            dice.between(f"size {n}", 52, 104),
        )
        for n in range(count)
    ]

    def paint(canvas: Canvas, t: float) -> None:
        for index, (x, y, size) in enumerate(spots):
            beat = t * 2.4 + index * 1.7
            level = y + 110 - t * (20 + size * 0.1) - 4 * sin(beat)
            draw_jellyfish(
                canvas.placed((x + 8 * sin(t * 0.6 + index), level), size, tilt=5 * sin(t * 0.7 + index)), colour, beat
            )

    return Scene(
        kind="jellyfish",
        place="under water",
        text=f"In dark blue water {rise.text}.",
        light="under water",
        camera=camera_move(dice.choose("camera", ("static", "tilt up", "tilt down", "zoom in"))),
        things=(Thing("jellyfish", colour, "rise", "up", count),),
        actions=(rise,),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def _number(count: int) -> str:
    return ("no", "one", "two", "three", "four", "five", "six", "seven")[count]


def _paint_reef(canvas: Canvas, dice: Dice) -> None:
    canvas.shade(TOP, BOTTOM, WATER)
    canvas.glow((300, TOP), 360, (230, 255, 250), 0.7)
    stream = dice.stream("reef")
    for depth, base in ((0.62, 292.0), (0.35, 330.0), (0.0, 372.0)):
        ground = mix((214, 190, 146), WATER[2], depth + 0.1)
        hill = [(x, base - 10 * sin(x * 0.017 + depth * 9)) for x in range(int(LEFT), int(RIGHT) + 9, 9)]
        canvas.polygon([(LEFT, BOTTOM), *hill, (RIGHT + 9, BOTTOM)], ground)
        for _ in range(17):
            x, size = stream.uniform(LEFT, RIGHT), stream.uniform(46, 104) * (1.1 - depth * 0.6)
            tone = mix(stream.choice(CORALS), WATER[2], depth)
            draw_coral(canvas.placed((x, base + 8), size), tone, stream.randint(0, 2))


def _paint_sand(canvas: Canvas, level: float, dice: Dice) -> None:
    dune = [(x, level + 8 * sin(x * 0.02)) for x in range(int(LEFT), int(RIGHT) + 9, 9)]
    canvas.polygon([(LEFT, BOTTOM), *dune, (RIGHT + 9, BOTTOM)], (206, 186, 146))
    stream = dice.stream("sand")
    for _ in range(60):
        spot = (stream.uniform(LEFT, RIGHT), stream.uniform(level + 14, BOTTOM))
        canvas.ellipse(spot, (stream.uniform(2, 9), 2), (182, 160, 122))


def _draw_rays(canvas: Canvas, t: float) -> None:
    for index in range(7):
        x = -60 + index * 116 + 22 * sin(t * 0.5 + index * 1.9)
        ray = [(x, TOP), (x + 34, TOP), (x + 120 + 12 * sin(t * 0.4 + index), 330), (x + 26, 330)]
        canvas.polygon(ray, (255, 255, 240), alpha=0.05 + 0.025 * sin(t * 0.9 + index * 2.2))


def _draw_bubbles(canvas: Canvas, t: float, dice: Dice, count: int) -> None:
    stream = dice.stream("bubbles")
    for _ in range(count):
        x, turn, pace, radius = (
            stream.uniform(0, 640),
            stream.uniform(0, 9),
            stream.uniform(26, 60),
            stream.uniform(2, 5),
        )
        y = 400 - (t * pace + turn * 60) % 480
        canvas.disc((x + 5 * sin(t * 2 + turn), y), radius, (220, 246, 255), alpha=0.4)
        canvas.disc(
            (x + 5 * sin(t * 2 + turn) - radius * 0.3, y - radius * 0.3), radius * 0.35, (255, 255, 255), alpha=0.9
        )
