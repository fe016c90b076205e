"""A shot detector that finds what it is told to find."""

from collections.abc import Iterable, Iterator, Sequence

from indexer.domain import Cut, Frame, Recipe


class ScriptedDetector:
    """Cuts at the frames with these numbers, whatever they show."""

    def __init__(self, cut_frames: Sequence[int] = ()) -> None:
        self._cut_frames = frozenset(cut_frames)

    @property
    def recipe(self) -> Recipe:
        return Recipe(f"scripted/1 frames={','.join(str(number) for number in sorted(self._cut_frames))}")

    @property
    def size(self) -> tuple[int, int]:
        return 64, 36

    def detect(self, frames: Iterable[Frame]) -> Iterator[Cut]:
        for number, frame in enumerate(frames):
            if number in self._cut_frames and number:
                yield Cut(frame.t_us, frame.t_us, "cut", 1.0)
