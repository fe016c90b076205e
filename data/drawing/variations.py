"""Any number of one-scene clips drawn by lot, for training and measuring on the drawn world."""

from collections.abc import Iterator
from fractions import Fraction
from random import Random

from data.drawing.encode import Wrapping
from data.drawing.programme import Film, Shot
from data.drawing.sample_library import Sample
from data.drawing.scenes import SCENES


def variations(count: int, seed: int) -> Iterator[Sample]:
    """Clips of 3 to 9 s at 12 frames a second, through all kinds of scene in turn; nothing is pinned.

    The first `n` of a seed are the same whatever the count.
    """
    kinds = tuple(SCENES)
    for index in range(count):
        kind, name = kinds[index % len(kinds)], f"{seed}/{index}"
        film = Film(f"{name}/{kind}", (Shot(kind, Random(name).randint(6, 18) / 2),), Fraction(12))
        yield Sample(f"{index:05}-{kind.replace(' ', '-')}.mp4", film, Wrapping(f"{kind} {index}"))
