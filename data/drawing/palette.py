"""Colours by the names that descriptions use, and the light they are seen in."""

from typing import Literal

Colour = tuple[int, int, int]
Light = Literal["day", "overcast", "sunset", "dusk", "night", "indoors", "under water"]

COLOURS: dict[str, Colour] = {
    "red": (206, 48, 48),
    "orange": (240, 134, 40),
    "yellow": (246, 200, 54),
    "green": (62, 146, 84),
    "teal": (40, 150, 152),
    "blue": (48, 98, 190),
    "purple": (128, 76, 168),
    "pink": (236, 128, 158),
    "white": (242, 242, 238),
    "black": (38, 40, 48),
    "grey": (134, 140, 150),
    "brown": (132, 90, 58),
}
BRIGHT = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white")
SKIN: tuple[Colour, ...] = ((244, 208, 178), (226, 178, 140), (186, 132, 96), (142, 94, 66), (104, 68, 50))
HAIR: dict[str, Colour] = {
    "black": (34, 28, 30),
    "brown": (96, 60, 38),
    "blond": (222, 184, 104),
    "red": (176, 82, 40),
    "grey": (178, 178, 182),
}

SKIES: dict[str, tuple[Colour, ...]] = {
    "day": ((72, 148, 216), (132, 192, 236), (206, 230, 242)),
    "overcast": ((138, 152, 168), (178, 190, 202), (216, 222, 226)),
    "sunset": ((62, 44, 104), (176, 76, 116), (246, 138, 92), (255, 206, 128)),
    "dusk": ((22, 26, 66), (64, 58, 118), (148, 94, 140), (226, 150, 130)),
    "night": ((6, 10, 30), (14, 22, 58), (38, 40, 88)),
}
TINTS: dict[str, tuple[float, float, float]] = {
    "day": (1.0, 1.0, 1.0),
    "overcast": (0.9, 0.93, 0.97),
    "sunset": (0.92, 0.72, 0.68),
    "dusk": (0.7, 0.64, 0.82),
    "night": (0.6, 0.6, 0.84),
    "indoors": (1.0, 0.98, 0.94),
    "under water": (0.84, 0.98, 1.0),
}


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`first` with `share` (0..1) of `second` in it."""
    keep = 1 - share
    return (
        round(first[0] * keep + second[0] * share),
        round(first[1] * keep + second[1] * share),
        round(first[2] * keep + second[2] * share),
    )


def darker(colour: Colour, share: float = 0.25) -> Colour:
    return mix(colour, (12, 14, 34), share)


def lighter(colour: Colour, share: float = 0.25) -> Colour:
    return mix(colour, (255, 252, 240), share)
