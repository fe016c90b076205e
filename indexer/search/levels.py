"""When is the nearest text near, and when does nothing match? In each library and space at another cosine.

The levels are measured on the library's own texts when its index is published: see `ingest/levels.py`; figures stand in
docs/search.md. A library too small for that is judged by what was measured elsewhere with the packaged encoder, and is
never told that nothing matches by the cosine alone.
"""

from dataclasses import dataclass

import numpy as np

from indexer.domain import Strength
from indexer.store import Transaction, search_levels
from indexer.store.search_levels import Level

PACKAGED = "all-MiniLM-L6-v2@"
ELSEWHERE = Level(1, nothing=-1.0, fair=0.39, strong=0.55)  # of good questions 2 % find nothing nearer than 0.39
UNKNOWN = Level(1, nothing=-1.0, fair=-1.0, strong=2.0)  # of an encoder nobody measured: words decide


@dataclass(frozen=True, slots=True)
class Levels:
    """From which cosine on a text is strong or fair evidence, and below which it is none, for questions of so many
    words; between those measured it is somewhere between. None measured: `default` for every question."""

    measured: tuple[Level, ...] = ()
    default: Level = ELSEWHERE

    def strength(self, cosine: float, *, words: int) -> Strength:
        level = self.at(words)
        if cosine >= level.strong:
            return "strong"
        if cosine >= level.fair:
            return "fair"
        return "weak" if cosine >= level.nothing else "none"

    def at(self, words: int) -> Level:
        if not self.measured:
            return self.default
        numbers = [level.words for level in self.measured]
        nothing, fair, strong = (
            float(np.interp(words, numbers, [getattr(level, name) for level in self.measured]))
            for name in ("nothing", "fair", "strong")
        )
        return Level(words, nothing=nothing, fair=fair, strong=strong)


def read_levels(tx: Transaction, space: str) -> Levels:
    """Those of this library, or those that hold without them."""
    if measured := search_levels.read(tx, space):
        return Levels(tuple(measured))
    return Levels() if space.startswith(PACKAGED) else Levels(default=UNKNOWN)
