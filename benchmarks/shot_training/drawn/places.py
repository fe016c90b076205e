"""Places, and the takes that are shot in them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from benchmarks.shot_training.drawn import elements, indoors, nature, town
from benchmarks.shot_training.drawn.acting import Cast, act
from benchmarks.shot_training.drawn.camera import Framing, draw_camera, draw_framing
from benchmarks.shot_training.drawn.filming import filmed
from benchmarks.shot_training.drawn.light import light_up
from benchmarks.shot_training.drawn.looks import Look, developed, draw_look
from benchmarks.shot_training.drawn.overlays import overlay
from benchmarks.shot_training.drawn.palettes import MOODS, Palette, draw_palette
from benchmarks.shot_training.drawn.people import Looks, draw_looks
from benchmarks.shot_training.drawn.raster import Dice, Take, chosen, dice
from benchmarks.shot_training.drawn.scenery import DOWN, Scenery

Painter = Callable[[Dice, Palette], Scenery]
PAINTERS: dict[str, tuple[Painter, float]] = {
    "dead leaves": (nature.dead_leaves, 0.12),
    "landscape": (nature.landscape, 0.1),
    "foliage": (nature.foliage, 0.06),
    "haze": (nature.haze, 0.04),
    "out of focus": (nature.out_of_focus, 0.07),
    "sea": (elements.sea, 0.04),
    "fire": (elements.fire, 0.03),
    "night lights": (elements.night_lights, 0.04),
    "orbit": (elements.orbit, 0.03),
    "room": (indoors.room, 0.19),
    "stage": (indoors.stage, 0.04),
    "studio": (indoors.studio, 0.04),
    "wall": (indoors.wall, 0.03),
    "facades": (town.facades, 0.09),
    "crowd": (town.crowd, 0.04),
    "pitch": (town.pitch, 0.03),
    "ride": (town.ride, 0.04),
    "page": (town.page, 0.02),
}
EXPOSURES: dict[str, tuple[float, float]] = {"dark": (14, 45), "bright": (110, 190)}  # mean levels; others:
EXPOSED = (45, 130)


@dataclass(frozen=True)
class Place:
    """A location of a film: two sides that share palette, people and look."""

    seed: int
    kind: str  # a key of PAINTERS
    palette: Palette
    wardrobe: tuple[Looks, ...]
    look: Look

    @cached_property
    def sides(self) -> tuple[Scenery, Scenery]:
        painter = PAINTERS[self.kind][0]
        front, back = (painter(dice(self.seed, side), self.palette) for side in ("front", "back"))
        return front, back

    def shot(self, seed: int, frames: int) -> Take:
        """(frames, HEIGHT, WIDTH, 3) RGB: one uninterrupted take at about 25 frames a second."""
        rng = dice(self.seed, f"shot {seed}")
        take = self._plain(rng, frames)
        return developed(rng, overlay(rng, light_up(rng, take)), self.look)

    def plain_shot(self, seed: int, frames: int) -> Take:
        """The same take in steady light, without graphics, before it is developed."""
        return self._plain(dice(self.seed, f"shot {seed}"), frames)

    def _plain(self, rng: Dice, frames: int) -> Take:
        side, framing = self._framed(rng)
        scenery, camera = self.sides[side], draw_camera(rng, frames, framing)
        parts = act(rng, Cast(scenery, self.palette, self.wardrobe), camera)
        defocus = float(rng.uniform(0.8, 5)) if parts and rng.random() < 0.3 else 0.0
        return self._exposed(rng, filmed(rng, scenery, camera, parts, defocus=defocus))

    def _framed(self, rng: Dice) -> tuple[int, Framing]:
        """Which side is seen, and from where: often one of the place's two set-ups, slightly changed."""
        setup = int(rng.integers(2)) if rng.random() < 0.4 else None
        source = rng if setup is None else dice(self.seed, f"set-up {setup}")
        side = int(source.random() < 0.3)
        framing = draw_framing(source, min(self.sides[side].ground, DOWN))
        return side, framing if setup is None else framing.near_by(rng)

    def _exposed(self, rng: Dice, take: Take) -> Take:
        """In place: a take is exposed as its place is, a little less or more, and never so that nothing is seen."""
        low, high = EXPOSURES.get(self.palette.mood, EXPOSED)
        level = float(dice(self.seed, "exposure").uniform(low, high) * np.exp(rng.normal(0, 0.12)))
        first = take[: max(1, len(take) // 2) : 10]
        gain = float(np.clip(level / (first.mean() + 1), 0.5, 4))
        gain = min(max(gain, 7 / (float(first.std()) + 0.5)), 6.0)
        for index in range(len(take)):
            take[index] = cv2.convertScaleAbs(take[index], alpha=gain, beta=0)
        return take


def draw_place(seed: int, *, film: int | None = None) -> Place:
    """A place of its own. Places of the same `film` share its look (colour or grey, grain, age, format), and most of
    them its mood."""
    rng, kin = dice(seed, "place"), dice(seed if film is None else film, "look")
    kind = chosen(rng, {name: weight for name, (_, weight) in PAINTERS.items()})
    mood = chosen(kin, MOODS)
    palette = draw_palette(rng, mood if rng.random() < 0.6 else None)
    wardrobe = tuple(draw_looks(rng, palette) for _ in range(5))
    return Place(seed, kind, palette, wardrobe, draw_look(kin))
