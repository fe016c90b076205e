"""A football match: the pitch, a shot at goal, the crowd."""

from math import cos, pi, sin
from random import Random
from typing import cast

from data.drawing.camera import camera_move
from data.drawing.canvas import Canvas, Point, backdrop, blank_world
from data.drawing.dice import Dice
from data.drawing.palette import COLOURS, SKIN, TINTS, Light, darker, mix
from data.drawing.scenes.scene import Action, Scene, Thing, facing
from data.drawing.things.landscape import BOTTOM, LEFT, RIGHT, TOP
from data.drawing.things.people import Person, Pose, draw_person

KITS = ("red", "blue", "yellow", "white", "orange", "purple")
LIGHTS = {"day": "in bright sunshine", "night": "under floodlights"}
GRASS = ((66, 150, 70), (76, 164, 78))


def match(dice: Dice, seconds: float) -> Scene:
    """Players run after a passed ball. Pins: light, camera, colour, other colour, heading."""
    light = cast(Light, dice.choose("light", tuple(LIGHTS)))
    heading, teams = dice.choose("heading", ("left", "right")), _teams(dice)
    attack = Action(
        f"players in {teams[0]} run to the {heading} with the ball, chased by players in {teams[1]}", 0.0, 0.6
    )
    cross = Action("the ball is passed high across the pitch", 0.55, 0.85)
    behind, way = blank_world(), facing(heading)
    _paint_stand(behind, light, -20.0, 112.0, dice.stream("crowd"))
    _paint_pitch(behind, light)
    squads = [_player(dice, f"player {n}", teams[n % 2]) for n in range(12)]
    spots = sorted((dice.between(f"row {n}", 165, 330), n) for n in range(12))

    def paint(canvas: Canvas, t: float) -> None:
        share, lit = t / seconds, canvas.tinted(_light(light))
        drift = way * (share - 0.5) * 330
        for y, n in spots:
            x = 320 + (n - 5.5) * 58 + drift * (1.0 + 0.1 * (n % 3)) + 24 * sin(t * 1.3 + n)
            draw_person(lit.placed((x, y), 44 + (y - 150) * 0.24, facing=way), squads[n], pose="run", phase=t * 9 + n)
        _draw_ball(lit, (320 + way * 60 + drift * 1.25, 262.0), cross.progress(share), way, t)

    return Scene(
        kind="football match",
        place="stadium",
        text=f"Football match {LIGHTS[light]}: {attack.text}, then {cross.text} in front of a full stand.",
        light=light,
        camera=camera_move(dice.choose("camera", ("static", f"pan {heading}", "zoom in", "zoom out")), (320, 230)),
        things=(
            Thing("football players", teams[0], "run", heading, 6),
            Thing("football players", teams[1], "run", heading, 6),
            Thing("ball", "white", "flies", heading),
        ),
        actions=(attack, cross),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def goal(dice: Dice, seconds: float) -> Scene:
    """A striker shoots, the keeper dives, a team cheers. Pins: light, camera, colour, other colour, end."""
    light, end = cast(Light, dice.choose("light", tuple(LIGHTS))), dice.choose("end", ("goal", "save"))
    teams = _teams(dice)
    run = Action(f"a striker in {teams[0]} runs up and shoots", 0.0, 0.42)
    fly = Action(
        "the ball flies past the diving goalkeeper into the net"
        if end == "goal"
        else "the goalkeeper dives and saves the ball",
        0.42,
        0.56,
    )
    joy = Action(f"the players in {teams[0] if end == 'goal' else teams[1]} cheer", 0.62, 1.0)
    behind = blank_world()
    _paint_stand(behind, light, -60.0, 96.0, dice.stream("crowd"))
    _paint_grass(behind, light, 150)
    _paint_goal(behind.tinted(_light(light)))
    striker, keeper = (
        _player(dice, "striker", teams[0]),
        Person("man", "green", "shirt", "brown", SKIN[1], (40, 60, 44)),
    )
    mates = [_player(dice, f"mate {n}", teams[0] if end == "goal" else teams[1]) for n in range(3)]

    def paint(canvas: Canvas, t: float) -> None:
        share, lit = t / seconds, canvas.tinted(_light(light))
        dive = fly.progress(share)
        leap = lit.placed((470 + 66 * dive, 226 - 34 * sin(dive * pi * 0.75)), 92, facing=-1, tilt=74 * dive)
        draw_person(leap, keeper, pose="cheer" if dive > 0 else "reach", phase=t * 3)
        foot, stop = (262.0, 310.0), (476.0, 128.0) if end == "goal" else (626.0, 182.0)
        ball = (foot[0] + (stop[0] - foot[0]) * dive, foot[1] + (stop[1] - foot[1]) * dive - 26 * sin(dive * pi))
        lit.disc(ball, 11 - 4 * dive, (250, 250, 250))
        lit.disc((ball[0] + 2 * cos(t * 14), ball[1] + 2 * sin(t * 14)), 3.6 - dive, (44, 46, 54))
        cheering = share > joy.start
        for index, mate in enumerate(mates):
            jump = abs(sin(t * 5 + index)) * 12 if cheering else 0.0
            spot = lit.placed((66 + index * 74, 262 + index * 9 - jump), 104, facing=1)
            draw_person(spot, mate, pose="cheer" if cheering else "stand", phase=t * 4 + index)
        x = 40 + 196 * run.progress(share)
        hop = abs(sin(t * 5.4)) * 14 if cheering and end == "goal" else 0.0
        pose: Pose = "run" if run.progress(share) < 1 else ("cheer" if hop else "stand")
        draw_person(lit.placed((x, 330 - hop), 150), striker, pose=pose, phase=t * 10)

    return Scene(
        kind="shot at goal",
        place="stadium",
        text=f"Football {LIGHTS[light]}: {run.text}, {fly.text}, then {joy.text}.",
        light=light,
        camera=camera_move(dice.choose("camera", ("static", "pan right", "zoom in")), (430, 216)),
        things=(
            Thing("striker", teams[0], "runs", "right"),
            Thing("goalkeeper", "green", "dives", "right"),
            Thing("ball", "white", "flies", "right"),
            Thing("goal", "white"),
        ),
        actions=(run, fly, joy),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def crowd(dice: Dice, seconds: float) -> Scene:
    """Supporters jump, then a wave of arms runs along the rows. Pins: light, camera, colour, other colour, order
    (jump, wave)."""
    light, teams = cast(Light, dice.choose("light", tuple(LIGHTS))), _teams(dice)
    jump_first = dice.choose("order", ("jump", "wave")) == "jump"
    early, late = (0.0, 0.5), (0.5, 1.0)
    jumping = Action(
        f"supporters in {teams[0]} jump and wave {teams[0]} and {teams[1]} flags", *(early if jump_first else late)
    )
    wave = Action("a wave of raised arms runs along the rows to the right", *(late if jump_first else early))
    first, second = (jumping, wave) if jump_first else (wave, jumping)
    behind = blank_world()
    behind.tinted(_light(light)).shade(TOP, BOTTOM, ((84, 88, 104), (52, 54, 70)))
    rows = []
    for row in range(9):
        y = 10 + row * 56.0
        behind.tinted(_light(light)).box((LEFT, y - 8, RIGHT, y + 20), (112, 114, 128))
        fans = [_player(dice, f"fan {row} {n}", teams[0] if (n * 7 + row) % 4 else teams[1]) for n in range(16)]
        rows.append((y, fans))

    def paint(canvas: Canvas, t: float) -> None:
        share, lit = t / seconds, canvas.tinted(_light(light))
        front = LEFT + (RIGHT - LEFT) * (share - wave.start) / (wave.end - wave.start)
        for row, (y, fans) in enumerate(rows):
            for n, fan in enumerate(fans):
                x, beat = LEFT + 28 + n * 62 + 30 * (row % 2), t * 6 + n * 1.7 + row
                leaping = jumping.start <= share < jumping.end
                up = leaping or abs(x - front) < 90
                hop = abs(sin(beat)) * 9 if leaping else 13 * max(0.0, 1 - abs(x - front) / 90)
                draw_person(
                    lit.placed((x, y + 52 - hop), 88, facing=(-1) ** n),
                    fan,
                    pose="cheer" if up else "stand",
                    phase=beat,
                )
                if (n + row * 3) % 9 == 4:
                    _draw_flag(lit.placed((x + 8, y - 42 - hop), 62), COLOURS[teams[(n + row) % 2]], t * 5 + n)

    return Scene(
        kind="crowd",
        place="stadium",
        text=f"A crowd in the stand {LIGHTS[light]}: {first.text}, then {second.text}.",
        light=light,
        camera=camera_move(dice.choose("camera", ("static", "pan left", "pan right", "tilt up", "zoom out"))),
        things=(Thing("supporters", teams[0], "jump", count=90), Thing("flags", f"{teams[0]} and {teams[1]}", "wave")),
        actions=(first, second),
        seconds=seconds,
        behind=backdrop(behind),
        paint=paint,
    )


def _teams(dice: Dice) -> tuple[str, str]:
    first = dice.choose("colour", KITS)
    return first, dice.choose("other colour", tuple(kit for kit in KITS if kit != first))


def _player(dice: Dice, name: str, colour: str) -> Person:
    stream = dice.stream(name)
    shorts = darker(COLOURS[colour], 0.45)
    return Person(
        "man", colour, "shirt", stream.choice(("black", "brown", "blond", "red")), stream.choice(SKIN), shorts
    )


def _light(light: Light) -> tuple[float, float, float]:
    return (0.86, 0.9, 1.0) if light == "night" else TINTS[light]


def _paint_stand(canvas: Canvas, light: Light, top: float, bottom: float, stream: Random) -> None:
    sky = ((10, 16, 44), (30, 38, 84)) if light == "night" else ((96, 168, 228), (190, 222, 242))
    canvas.shade(TOP, bottom, sky)
    lit = canvas.tinted(_light(light))
    lit.polygon([(LEFT, top - 26), (RIGHT, top - 26), (RIGHT, top - 8), (LEFT, top)], (226, 230, 236))
    lit.box((LEFT, top, RIGHT, bottom), (58, 62, 82))
    shirts = [COLOURS[name] for name in ("red", "white", "blue", "yellow", "orange", "grey", "green")]
    for row in range(int((bottom - top) / 9)):
        y = top + 9 + row * 9.0
        for x in range(int(LEFT), int(RIGHT), 9):
            if stream.random() < 0.93:
                shift = x + stream.uniform(-1.6, 1.6) + 4 * (row % 2)
                lit.box(
                    (shift - 3.4, y - 1, shift + 3.4, y + 6), mix(stream.choice(shirts), (70, 72, 96), 0.3), radius=2
                )
                lit.disc((shift, y - 2.6), 2.4, stream.choice(SKIN))
    lit.box((LEFT, bottom, RIGHT, bottom + 14), (30, 60, 132))
    for x in range(int(LEFT), int(RIGHT), 150):
        lit.text((x + 20, bottom + 11), "CUP FINAL", 11, (250, 240, 200))
    if light == "night":
        for x in range(int(LEFT) + 40, int(RIGHT), 190):
            canvas.glow((x, top - 24), 120, (240, 246, 255), 0.85)


def _paint_grass(canvas: Canvas, light: Light, top: float) -> None:
    lit = canvas.tinted(_light(light))
    lit.box((LEFT, top - 42, RIGHT, BOTTOM), GRASS[0])
    for index in range(-8, 22):
        if index % 2:
            x = 320 + (index - 7) * 52.0
            spread = (x - 320) * 1.0
            lit.polygon([(x, top - 42), (x + 52, top - 42), (x + 104 + spread, BOTTOM), (x + spread, BOTTOM)], GRASS[1])


def _paint_pitch(canvas: Canvas, light: Light) -> None:
    _paint_grass(canvas, light, 168)
    lit, chalk = canvas.tinted(_light(light)), (240, 248, 240)
    lit.line([(LEFT, 150), (RIGHT, 150)], 2.4, chalk)
    lit.line([(320, 150), (320, BOTTOM)], 3, chalk)
    ring = [(320 + 116 * cos(step * pi / 30), 254 + 46 * sin(step * pi / 30)) for step in range(61)]
    lit.line(ring, 3, chalk)
    lit.ellipse((320, 254), (5, 3), chalk)
    for side in (-1, 1):
        outer = [(320 + side * 560, 186), (320 + side * 360, 186), (320 + side * 420, 340), (320 + side * 640, 340)]
        lit.line(outer, 3, chalk)


def _paint_goal(canvas: Canvas) -> None:
    net: tuple[int, int, int] = (236, 240, 244)
    for step in range(22):
        x = 440 + step * 11.0
        canvas.line([(x, 96), (x + 12, 218)], 0.8, net, alpha=0.55)
    for step in range(12):
        canvas.line([(440, 98 + step * 11.0), (684, 98 + step * 11.0)], 0.8, net, alpha=0.55)
    canvas.line([(430, 232), (430, 92), (690, 92), (690, 232)], 6, (252, 252, 252))
    canvas.line([(LEFT, 232), (RIGHT, 232)], 3, (240, 248, 240))
    canvas.line([(340, 232), (250, 300), (RIGHT, 300)], 3, (240, 248, 240))


def _draw_ball(canvas: Canvas, start: Point, flight: float, way: int, t: float) -> None:
    height = 120 * sin(flight * pi) + 5 * abs(sin(t * 6)) * (flight == 0)
    x, y = start[0] + way * 130 * flight, start[1] + 20 * flight
    canvas.ellipse((x, y + 3), (6, 2.4), (16, 40, 20), alpha=0.4)
    canvas.disc((x, y - height - 4), 6.4, (252, 252, 252))
    canvas.disc((x + 2 * cos(t * 11), y - height - 4 + 2 * sin(t * 11)), 2.2, (44, 46, 54))


def _draw_flag(canvas: Canvas, colour: tuple[int, int, int], phase: float) -> None:
    canvas.line([(0, 0.5), (0.06, -0.55)], 0.04, (220, 210, 190))
    top = [(0.06 + step * 0.1, -0.55 + 0.06 * sin(phase - step * 0.8)) for step in range(9)]
    low = [(x - 0.02, y + 0.46) for x, y in reversed(top)]
    canvas.polygon([*top, *low], colour)
