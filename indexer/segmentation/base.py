"""What a shot detector is: a generator over frames that finds the cuts between shots."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from indexer.domain import Cut, Frame, Recipe


class ShotDetector(Protocol):
    @property
    def recipe(self) -> Recipe: ...

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the frames it wants; the decoder scales to it, whatever the picture's shape."""
        ...

    def detect(self, frames: Iterable[Frame]) -> Iterator[Cut]:
        """Yield the cuts in order of time, reading each frame once and in order, in bounded memory."""
        ...
