"""The stems of an index, looked up where they lie: opening a file must not read two hundred thousand of them."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Stems in the order of their UTF-8 bytes, which is that of their code points: `letters` one after another,
    `borders` (n + 1) where each begins and the last one ends."""

    letters: NDArray[np.uint8]
    borders: NDArray[np.int64]

    @classmethod
    def of(cls, stems: Sequence[str]) -> "Vocabulary":
        """`stems` are sorted, each once."""
        written = [stem.encode() for stem in stems]
        borders = np.zeros(len(written) + 1, np.int64)
        np.cumsum([len(stem) for stem in written], out=borders[1:])
        return cls(np.frombuffer(b"".join(written), np.uint8), borders)

    def __len__(self) -> int:
        return len(self.borders) - 1

    def place(self, stem: str) -> int | None:
        """Where `stem` stands, or None where no text holds it."""
        wanted = stem.encode()
        place = bisect_left(range(len(self)), wanted, key=self._written)
        return place if place < len(self) and self._written(place) == wanted else None

    def stem(self, place: int) -> str:
        return self._written(place).decode()

    def _written(self, place: int) -> bytes:
        return self.letters[self.borders[place] : self.borders[place + 1]].tobytes()
