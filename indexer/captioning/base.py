"""What a captioner is: it sees the frames of one segment, in time, and writes a caption of it."""

from collections.abc import Sequence
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


class Captioner(Protocol):
    @property
    def recipe(self) -> Recipe:
        """Names everything that shapes the captions: model, revision, prompt, parameters."""
        ...

    @property
    def wants(self) -> FrameRequest: ...

    @property
    def batch(self) -> int:
        """How many clips to pass at once."""
        ...

    def caption(self, clips: Sequence[Clip]) -> list[CaptionDraft]:
        """One draft a clip, in order. An empty text means: nothing can be said of this clip."""
        ...
