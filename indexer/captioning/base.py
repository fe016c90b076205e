"""What a captioner is: it sees the frames of one segment, in time, and writes a caption of it."""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Protocol

from indexer.domain import CaptionDraft, Frame, Recipe
from indexer.timecode import TimeRange


@dataclass(frozen=True, slots=True)
class FrameRequest:
    """Which frames of a segment a captioner wants: evenly spread, at this rate within these bounds."""

    per_second: float
    at_least: int
    at_most: int
    longest_side: int  # pixels; frames are scaled down to it while decoding, never up


@dataclass(frozen=True, slots=True)
class Clip:
    """One segment as a captioner sees it. Frames are in order of time; their `t_us` count from the video's start."""

    span: TimeRange
    frames: tuple[Frame, ...]


class NotWanted(Exception):
    """Whoever read the drafts wants no more of them."""


def always_wanted() -> bool:
    return True


class Captioner(Protocol):
    @property
    def recipe(self) -> Recipe:
        """Names everything that shapes the captions: model, revision, prompt, parameters."""
        ...

    @property
    def wants(self) -> FrameRequest: ...

    @property
    def note(self) -> str:
        """For people: what it is, and where it runs once it does."""
        ...

    def foretell(self) -> str:
        """For people, before it begins: how long it will take here. Empty where that is not worth saying. May load a
        model; raises `ComponentError` where that is not fit."""
        ...

    @property
    def window(self) -> int:
        """How many clips it likes to have in hand at once."""
        ...

    def captions(
        self, clips: Iterable[Clip], *, wanted: Callable[[], bool] = always_wanted
    ) -> Generator[CaptionDraft, None, None]:
        """One draft a clip, in order, each as soon as it and those before it are written.

        It reads `clips` about `window` ahead, in the thread that reads the drafts; what takes long goes on in threads
        or processes of its own, while that thread commits. Several threads may call this at once, and closing it early
        ends what it began. While a draft is waited for, `wanted` is asked again and again, and where it says no, this
        raises `NotWanted`. An empty text means that there is nothing to say of the clip, or, with a `problem`, that
        what came back is no caption.
        """
        ...
