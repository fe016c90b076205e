"""Indoors at work: a forklift in the warehouse, boxes on a conveyor belt."""

from math import sin

from data.drawing.camera import camera_move
from data.drawing.canvas import Canvas, backdrop, blank_world
from data.drawing.dice import Dice
from data.drawing.palette import COLOURS, TINTS, Colour, darker, lighter
from data.drawing.scenes.scene import Action, Scene, Thing, a, begin
from data.drawing.things.landscape import BOTTOM, LEFT, RIGHT, TOP
from data.drawing.things.people import Pose, draw_person, someone
from data.drawing.things.vehicles import draw_crate, draw_forklift

CARTONS: tuple[Colour, ...] = ((196, 150, 98), (178, 132, 84), (208, 166, 116), (164, 118, 74))
BOXES = ("brown", "white", "blue", "red", "green")


def forklift(dice: Dice, seconds: float) -> Scene:
    """A forklift brings a box and lifts it onto a shelf; someone walks by. Pins: camera, colour, box colour, worker,
    worker colour, order (forklift, worker)."""
    colour, box = dice.choose("colour", ("yellow", "orange", "red", "blue", "green")), dice.choose("box colour", BOXES)
    worker = someone(dice, "worker", "vest")
    truck_first = dice.choose("order", ("forklift", "worker")) == "forklift"
    brought, lifted, walked = (
        ((0.0, 0.42), (0.44, 0.72), (0.55, 1.0)) if truck_first else ((0.4, 0.7), (0.72, 0.96), (0.0, 0.45))
    )
    bring = Action(f"{a(f'{colour} forklift')} drives in from the left with {a(box)} box", *brought)
    lift = Action("it lifts the box up to a shelf", *lifted)
    walk = Action(f"a {worker.words} walks by to the left", *walked)
    behind = blank_world()
    _paint_hall(behind, dice)

    def paint(canvas: Canvas, t: float) -> None:
        share, lit = t / seconds, canvas.tinted(TINTS["indoors"])
        along, raised = bring.progress(share), lift.progress(share)
        x = -190 + 520 * along + 26 * raised
        truck = lit.placed((x, 322), 158)
        draw_forklift(truck, colour, raised=0.12 + 0.86 * raised, travelled=x / 158, load=_carton(box))
        canvas.glow((x - 8, 136), 46, (255, 170, 40), 0.5 + 0.5 * sin(t * 9))
        passing = walk.progress(share)
        if passing > 0:
            reach = 420 if truck_first else 820
            draw_person(lit.placed((700 - reach * passing, 352), 150, facing=-1), worker, pose="walk", phase=t * 6.5)

    return Scene(
        kind="warehouse",
        place="warehouse",
        text=f"In a warehouse {bring.text}, {lift.text}, then {walk.text}."
        if truck_first
        else f"In a warehouse {walk.text}, then {bring.text} and {lift.text}.",
        light="indoors",
        camera=camera_move(dice.choose("camera", ("static", "pan right", "zoom in", "tilt up")), (420, 190)),
        things=(
            Thing("forklift", colour, "drives", "right"),
            Thing("box", box, "is lifted", "up"),
            Thing(worker.noun, worker.colour, "walks", "left"),
            Thing("shelves", "blue and orange"),
        ),
        actions=(bring, lift, walk) if truck_first else (walk, bring, lift),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def conveyor(dice: Dice, seconds: float) -> Scene:
    """Boxes move along a belt; a worker takes one. Pins: camera, colour, worker, worker colour."""
    colour, worker = dice.choose("colour", BOXES), someone(dice, "worker", "vest")
    roll = Action(f"{colour} boxes move along a conveyor belt to the right", 0.0, 1.0)
    take = Action(f"a {worker.words} reaches out and takes one off", 0.5, 0.8)
    behind = blank_world()
    behind.shade(TOP, 250, ((70, 82, 100), (136, 148, 160), (176, 184, 188)))
    behind.box((LEFT, 250, RIGHT, BOTTOM), (150, 148, 146))
    for x in range(int(LEFT), int(RIGHT), 130):
        behind.box((x, 20, x + 96, 120), (198, 220, 232), radius=2)
        behind.box((x + 46, 20, x + 50, 120), (110, 124, 138))
        behind.glow((x + 48, 70), 90, (240, 250, 255), 0.35)
    behind.box((LEFT, 196, RIGHT, 204), (236, 180, 50))
    pace = 92.0

    def paint(canvas: Canvas, t: float) -> None:
        share, lit = t / seconds, canvas.tinted(TINTS["indoors"])
        reaching = take.progress(share)
        taken = round((take.start * seconds * pace) / 130) if reaching > 0 else None
        pose: Pose = "reach" if 0.0 < reaching < 1.0 else "stand"
        draw_person(lit.placed((318, 322), 196), worker, pose=pose, phase=0.4 * sin(t * 2))
        _draw_belt(lit, t * pace)
        for index in range(-9, 8):
            x = 360 + index * 130 + t * pace
            if taken is not None and index == -taken:
                drop = reaching
                x = x * (1 - drop) + 376 * drop if drop < 1 else 376
                if reaching < 1:
                    draw_crate(lit.placed((x, 248 - 40 * reaching), 74 - 18 * reaching), _carton(colour))
                continue
            draw_crate(lit.placed((x, 248), 74), _carton(colour))

    return Scene(
        kind="conveyor belt",
        place="warehouse",
        text=f"{begin(roll.text)}, then {take.text}.",
        light="indoors",
        camera=camera_move(dice.choose("camera", ("static", "pan left", "pan right", "zoom out")), (350, 200)),
        things=(
            Thing("boxes", colour, "move", "right", 8),
            Thing("conveyor belt", "black", "runs", "right"),
            Thing(worker.noun, worker.colour, "takes a box"),
        ),
        actions=(roll, take),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def _carton(name: str) -> Colour:
    return CARTONS[0] if name == "brown" else COLOURS[name]


def _draw_belt(canvas: Canvas, moved: float) -> None:
    canvas.box((LEFT, 246, RIGHT, 270), (48, 50, 58))
    canvas.box((LEFT, 246, RIGHT, 251), (76, 78, 88))
    canvas.box((LEFT, 270, RIGHT, 278), (58, 104, 158))
    for index in range(-2, 25):
        x = LEFT + (moved % 42) + index * 42
        canvas.disc((x, 261), 6, (134, 140, 150))
        canvas.line([(x - 20, 248), (x - 14, 248)], 2, (120, 122, 132))
    for x in range(int(LEFT), int(RIGHT), 190):
        canvas.box((x, 278, x + 12, 372), (58, 104, 158))


def _paint_hall(canvas: Canvas, dice: Dice) -> None:
    canvas.shade(TOP, 330, ((64, 74, 90), (118, 128, 140), (170, 174, 176)))
    canvas.shade(308, BOTTOM, ((166, 160, 152), (124, 118, 114)))
    canvas.box((LEFT, 330, RIGHT, 334), (240, 200, 60))
    stream = dice.stream("shelves")
    for level in range(5):
        y = -44 + level * 88.0
        for bay in range(8):
            x = LEFT + 6 + bay * 120.0
            at = x + 24
            while at < x + 110 and y < 320:
                size = stream.uniform(30, 44)
                if at + size / 2 < x + 114 and stream.random() < 0.86 and not (bay == 5 and level == 2):
                    tone = stream.choice((*CARTONS, (96, 130, 168), (214, 210, 200)))
                    draw_crate(canvas.placed((at, y), size), darker(tone, 0.12))
                at += size + 4
        canvas.box((LEFT, y, RIGHT, y + 8), (236, 122, 44))
        canvas.box((LEFT, y + 6, RIGHT, y + 8), (176, 84, 30))
    for bay in range(9):
        x = LEFT + bay * 120.0
        canvas.box((x - 5, TOP, x + 5, 322), (46, 88, 156))
        canvas.box((x + 2, TOP, x + 5, 322), (30, 62, 118))
    for x in (40, 320, 600):
        canvas.glow((x, -70), 230, (255, 250, 230), 0.5)
    canvas.box((250, 6, 390, 34), lighter((38, 44, 58), 0.02), radius=3)
    canvas.text((320, 27), "WAREHOUSE 7", 17, (255, 214, 90), anchor="ms")
