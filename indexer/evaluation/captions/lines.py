"""Captions as they stand in files and libraries, each of a video or of a stretch of one."""

import re
from dataclasses import dataclass

from indexer.timecode import TimeRange

_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")


@dataclass(frozen=True, slots=True)
class Line:
    """One caption. `span` None: of the whole video. `also`: what else the video is called."""

    video: str
    text: str
    span: TimeRange | None = None
    also: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        return frozenset(map(bare_name, (self.video, *self.also)))


@dataclass(frozen=True, slots=True)
class CaptionFile:
    """What was read from a file. `format` is what it was recognised as; `left_out` says what of it was passed over."""

    format: str
    lines: tuple[Line, ...]
    left_out: tuple[str, ...] = ()


def bare_name(name: str) -> str:
    """A file's name without its folders and its extension; what is no file's name stays as it is."""
    return _EXTENSION.sub("", re.split(r"[/\\]", name)[-1])


def overlap(one: TimeRange, other: TimeRange) -> float:
    """What two stretches have in common by what they cover together, 0..1."""
    common = min(one.end_us, other.end_us) - max(one.start_us, other.start_us)
    return max(common, 0) / (one.duration_us + other.duration_us - max(common, 0))
