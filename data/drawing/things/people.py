"""People, one unit tall, feet at the origin, facing right."""

from dataclasses import dataclass
from math import cos, sin
from typing import Literal

from data.drawing.canvas import Canvas, Point
from data.drawing.dice import Dice
from data.drawing.palette import BRIGHT, COLOURS, HAIR, SKIN, Colour, darker, lighter

Pose = Literal["walk", "run", "stand", "wave", "cheer", "reach"]


@dataclass(frozen=True, slots=True)
class Person:
    noun: str  # man, woman, child
    colour: str  # of the upper garment
    garment: str  # coat, jacket, vest, shirt (a player's, with shorts)
    hair: str
    skin: Colour
    trousers: Colour = (52, 58, 80)

    @property
    def words(self) -> str:
        return f"{self.noun} in a{'n' if self.colour[0] in 'aeiou' else ''} {self.colour} {self.garment}"


def someone(
    dice: Dice, name: str, garment: str = "coat", *, nouns: tuple[str, ...] = ("man", "woman"), besides: str = ""
) -> Person:
    """A person drawn by lot, wearing any colour but `besides`; pins: `{name}` for the noun, `{name} colour`."""
    stream, noun = dice.stream(f"{name} looks"), dice.choose(name, nouns)
    return Person(
        noun=noun,
        colour=dice.choose(f"{name} colour", tuple(colour for colour in BRIGHT if colour != besides)),
        garment=garment,
        hair=stream.choice([hair for hair in HAIR if hair != "grey" or noun != "child"]),
        skin=stream.choice(SKIN),
        trousers=stream.choice([(52, 58, 80), (78, 66, 60), (60, 62, 66), (44, 64, 92)]),
    )


def draw_person(canvas: Canvas, person: Person, *, pose: Pose = "stand", phase: float = 0.0) -> None:
    """`phase` in radians swings arms and legs."""
    coat = COLOURS[person.colour]
    canvas.ellipse((0, 0.0), (0.2, 0.03), (10, 12, 24), alpha=0.28)
    bounce = abs(sin(phase)) * -0.02 if pose in ("walk", "run") else 0.0
    body = canvas.placed((0, bounce))
    _arm(body, pose, phase + 3.14, darker(coat, 0.25), person.skin)
    cloth = person.skin if person.garment == "shirt" else person.trousers
    for turn, colour in ((3.14, darker(cloth, 0.3)), (0.0, cloth)):
        _leg(body, pose, phase + turn, colour)
    if person.garment == "shirt":
        body.box((-0.125, -0.52, 0.125, -0.33), person.trousers, radius=0.03)
    if person.garment == "coat":
        flare = [(-0.12, -0.80), (0.12, -0.80), (0.16, -0.34), (-0.16, -0.34)]
    else:
        flare = [(-0.12, -0.80), (0.12, -0.80), (0.12, -0.45), (-0.12, -0.45)]
    body.polygon(flare, coat)
    body.box((-0.135, -0.83, 0.135, -0.5), coat, radius=0.07)
    if person.garment == "vest":
        body.box((-0.13, -0.62, 0.13, -0.585), (244, 244, 220))
    _arm(body, pose, phase, lighter(coat, 0.1), person.skin)
    _head(body.placed((0, -0.8), 1.3 if person.noun == "child" else 1.0).placed((0, 0.8)), person)


def _leg(canvas: Canvas, pose: Pose, phase: float, colour: Colour) -> None:
    swing = {"walk": 0.17, "run": 0.26}.get(pose, 0.03) * sin(phase)
    lift = (0.12 if pose == "run" else 0.05) * max(0.0, cos(phase)) if pose in ("walk", "run") else 0.0
    spread = 0.03 if pose not in ("walk", "run") else 0.0
    foot = (swing + (spread if phase < 1 else -spread), -0.03 - lift)
    knee = (swing * 0.5 + 0.04 + lift * 0.4, -0.23 - lift * 0.5)
    canvas.line([(0, -0.46), knee, foot], 0.085, colour)
    canvas.line([foot, (foot[0] + 0.06, foot[1] + 0.01)], 0.055, (40, 36, 40))


def _arm(canvas: Canvas, pose: Pose, phase: float, sleeve: Colour, skin: Colour) -> None:
    shoulder: Point = (0.0, -0.76)
    if pose == "cheer" or (pose == "wave" and phase < 3):
        elbow, hand = (0.13, -0.92), (0.12 + 0.07 * sin(phase * 3), -1.1)
    elif pose == "reach":
        elbow, hand = (0.15, -0.64), (0.33, -0.66)
    else:
        swing = {"walk": -0.13, "run": -0.2}.get(pose, -0.02) * sin(phase)
        elbow, hand = (swing * 0.7 - 0.03, -0.6), (swing * 1.5 + (0.1 if pose == "run" else 0.03), -0.46)
    canvas.line([shoulder, elbow, hand], 0.07, sleeve)
    canvas.disc(hand, 0.038, skin)


def _head(canvas: Canvas, person: Person) -> None:
    hair = HAIR[person.hair]
    if person.noun == "woman":
        canvas.ellipse((-0.03, -0.89), (0.105, 0.135), hair)
    canvas.box((-0.035, -0.87, 0.035, -0.78), darker(person.skin, 0.15), radius=0.02)
    canvas.ellipse((0.01, -0.93), (0.088, 0.1), person.skin)
    canvas.ellipse((-0.015, -0.975), (0.1, 0.068), hair)
    canvas.disc((0.055, -0.925), 0.011, (30, 26, 30))
