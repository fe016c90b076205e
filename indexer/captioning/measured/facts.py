"""The facts `measured` may state about a clip. None, 0 and empty mean: not to be said."""

from dataclasses import dataclass
from typing import Literal

Camera = Literal["static", "pan left", "pan right", "tilt up", "tilt down", "zoom in", "zoom out"]
Movement = Literal["still", "some", "fast"]
Light = Literal[
    "black",
    "mostly black",
    "dark",
    "daylight-like",
    "bright",
    "warm low",
    "warm",
    "cool",
    "high contrast",
    "low contrast",
]
Tone = Literal["black and white", "sepia"]
Shot = Literal["close-up", "medium", "wide"]


@dataclass(frozen=True, slots=True)
class Motion:
    camera: Camera | None
    movement: Movement | None


@dataclass(frozen=True, slots=True)
class Appearance:
    light: tuple[Light, ...]
    colours: tuple[str, ...]  # most of the picture first
    tone: Tone | None


@dataclass(frozen=True, slots=True)
class Faces:
    count: int  # seen for sure at one time
    complete: bool  # nothing else might be a face: `count` may be told as the number
    shot: Shot | None


@dataclass(frozen=True, slots=True)
class Facts:
    motion: Motion
    appearance: Appearance
    faces: Faces
    seconds: float
