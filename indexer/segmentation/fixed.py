"""Cuts at even intervals, whatever the pictures show: for footage without edits, and to compare with."""

from collections.abc import Iterable, Iterator

from indexer.domain import Cut, Frame, Recipe
from indexer.timecode import MICROSECONDS


class FixedDetector:
    def __init__(self, *, seconds: int = 10) -> None:
        self._seconds = seconds

    @property
    def recipe(self) -> Recipe:
        return Recipe(f"fixed/1 seconds={self._seconds}")

    @property
    def size(self) -> tuple[int, int]:
        return 64, 36

    def detect(self, frames: Iterable[Frame]) -> Iterator[Cut]:
        """A cut at the first frame of every interval."""
        interval_us = self._seconds * MICROSECONDS
        current = 0
        for frame in frames:
            if frame.t_us // interval_us > current:
                current = frame.t_us // interval_us
                yield Cut(frame.t_us, frame.t_us, "cut", 1.0)
