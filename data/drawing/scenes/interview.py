"""A person speaks to the camera, named by a caption."""

from math import sin
from random import Random

from data.drawing.camera import camera_move
from data.drawing.canvas import Canvas, backdrop, blank_world
from data.drawing.dice import Dice
from data.drawing.palette import COLOURS, Colour, darker, lighter, mix
from data.drawing.scenes.scene import Action, Scene, Thing
from data.drawing.things.landscape import BOTTOM, LEFT, RIGHT, TOP
from data.drawing.things.portrait import blink, draw_portrait, somebody, speech

WOMEN = ("Amara Osei", "Lena Fischer", "Mei Tanaka", "Sofia Marino", "Ingrid Dahl", "Priya Nair")
MEN = ("Marco Bianchi", "Jonas Weber", "Kofi Mensah", "Pierre Laurent", "Ravi Shah", "Tom Baker")
WORK = ("marine biologist", "harbour master", "engineer", "historian", "teacher", "team coach")
ROOMS: dict[str, Colour] = {"study": (96, 68, 56), "office": (74, 98, 122), "greenhouse": (84, 124, 92)}


def interview(dice: Dice, seconds: float) -> Scene:
    """Someone talks, a name caption slides in, and they nod. Pins: camera, room, speaker (and its looks), name, work,
    caption (yes, no), order (caption, nod)."""
    person, room = somebody(dice, "speaker"), dice.choose("room", tuple(ROOMS))
    name, work = dice.choose("name", WOMEN if person.noun == "woman" else MEN), dice.choose("work", WORK)
    captioned = dice.choose("caption", ("yes", "no")) == "yes"
    nods_last = not captioned or dice.choose("order", ("caption", "nod")) == "caption"
    talk = Action(f"a {person.words} speaks to the camera", 0.0, 0.85 if nods_last else 0.3)
    slide = Action(
        f'a caption names {"her" if person.noun == "woman" else "him"} as "{name}, {work}"',
        *((0.18, 0.28) if nods_last else (0.6, 0.7)),
    )
    nod = Action(
        f"{'she' if person.noun == 'woman' else 'he'} nods and stops talking",
        *((0.85, 1.0) if nods_last else (0.3, 0.48)),
    )
    behind = blank_world()
    _paint_room(behind, room, dice.stream("room"))

    def paint(canvas: Canvas, t: float) -> None:
        share, done = t / seconds, nod.progress(t / seconds)
        dip = 9 * abs(sin(done * 6.2))
        face = canvas.placed((320 + 4 * sin(t * 0.9), 254 + 2.6 * sin(t * 2.1) + dip), 92)
        draw_portrait(face, person, mouth=speech(t) * (share < nod.start), lids=blink(t), look=0.5 * sin(t * 0.8))
        if captioned and share > slide.start:
            _draw_caption(canvas.on_screen(), name, work, slide.progress(share))

    later = tuple(action for action in ((slide, nod) if nods_last else (nod, slide)) if captioned or action is nod)
    actions = (talk, *later)
    ending = ", then ".join(action.text for action in later) if captioned else f"then {nod.text}"
    return Scene(
        kind="interview",
        place=room,
        text=f"Interview in a {room}: {talk.text}, {ending}."
        if room != "office"
        else f"Interview in an office: {talk.text}, {ending}.",
        light="indoors",
        camera=camera_move(dice.choose("camera", ("static", "zoom in", "zoom out")), (320, 176)),
        things=(
            Thing(person.noun, person.colour, "speaks"),
            *((Thing(f"caption {name}, {work}", "white"),) if captioned else ()),
        ),
        actions=actions,
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def _draw_caption(canvas: Canvas, name: str, work: str, shown: float) -> None:
    """The name in the lower left third, sliding in from the left as `shown` goes 0..1."""
    left = 36 - 320 * (1 - shown)
    wide = 40 + max(len(name) * 13.0, len(work) * 8.4)
    canvas.box((left, 286, left + wide, 338), (16, 24, 44), radius=4, alpha=0.88)
    canvas.box((left, 286, left + 6, 338), (250, 190, 60), radius=2)
    canvas.text((left + 18, 311), name, 23, (255, 255, 255))
    canvas.text((left + 18, 330), work, 14, (206, 216, 232))


def _paint_room(canvas: Canvas, room: str, stream: Random) -> None:
    wall = ROOMS[room]
    canvas.shade(TOP, BOTTOM, (darker(wall, 0.15), lighter(wall, 0.18), darker(wall, 0.3)))
    if room == "study":
        _paint_bookcase(canvas, stream)
    elif room == "office":
        for x in range(int(LEFT) + 20, int(RIGHT), 190):
            canvas.box((x, -40, x + 160, 230), (206, 228, 240), radius=3)
            for tower in range(4):
                tall = stream.uniform(50, 150)
                canvas.box(
                    (x + 8 + tower * 38, 230 - tall, x + 40 + tower * 38, 230),
                    mix((120, 150, 180), (206, 228, 240), 0.4),
                )
            canvas.box((x + 78, -40, x + 83, 230), (84, 100, 116))
    else:
        for _ in range(90):
            spot, size = (stream.uniform(LEFT, RIGHT), stream.uniform(TOP, BOTTOM)), stream.uniform(16, 44)
            leaf = mix(stream.choice(((70, 140, 80), (110, 166, 84), (50, 112, 84))), wall, 0.35)
            canvas.placed(spot, size, tilt=stream.uniform(0, 180)).ellipse((0, 0), (1, 0.36), leaf)
    canvas.glow((90, 60), 260, (255, 220, 160), 0.55)
    canvas.glow((580, 110), 180, (255, 236, 200), 0.3)


def _paint_bookcase(canvas: Canvas, stream: Random) -> None:
    for row in range(6):
        y = -20 + row * 92.0
        canvas.box((LEFT, y, RIGHT, y + 10), (128, 90, 66))
        x = LEFT + 6
        while x < RIGHT:
            wide, tall = stream.uniform(9, 20), stream.uniform(50, 74)
            spine = mix(
                COLOURS[stream.choice(("red", "green", "blue", "brown", "teal", "orange", "purple", "grey"))],
                (96, 68, 56),
                0.5,
            )
            canvas.box((x, y - tall, x + wide, y), spine, radius=1.5)
            canvas.box((x + 2, y - tall + 10, x + wide - 2, y - tall + 13), lighter(spine, 0.45))
            x += wide + (2 if stream.random() < 0.9 else 26)
