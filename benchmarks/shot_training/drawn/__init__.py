"""Drawn moving pictures without edits, for training: places with takes in them, and cards of lettering.

They bring what live action brings (texture, people, grain, unsteady cameras, changing light) and are nobody's footage.
The same seeds give the same pictures.
"""

from benchmarks.shot_training.drawn.cards import paint_card
from benchmarks.shot_training.drawn.looks import developed, draw_look
from benchmarks.shot_training.drawn.places import Place, draw_place
from benchmarks.shot_training.drawn.raster import HEIGHT, WIDTH, Take, dice

__all__ = ["HEIGHT", "WIDTH", "Place", "draw_card", "draw_place"]


def draw_card(seed: int, frames: int, *, film: int | None = None) -> Take:
    """(frames, HEIGHT, WIDTH, 3): a title or the like, still or coming up; looks like its `film`'s places."""
    rng = dice(seed, "card")
    return developed(rng, paint_card(rng, frames), draw_look(dice(seed if film is None else film, "look")))
