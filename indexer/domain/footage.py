"""Footage: files, what they say and what decoding tells, videos, and how these fall into shots and segments."""

import hashlib
import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal, NewType

import numpy as np
from numpy.typing import NDArray

from indexer.timecode import StartTimecode, TimeRange, source_timecode

VideoId = NewType("VideoId", str)
SegmentId = NewType("SegmentId", str)
Recipe = NewType("Recipe", str)
"""The short text that names everything that shapes a stage's output: `measured/1`, `content/1 threshold=27`."""

Pixels = NDArray[np.uint8]
"""One picture: (height, width, 3) uint8, RGB, upright, square pixels."""
Vectors = NDArray[np.float32]
"""Unit-length rows: (n, dimension) float32."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Recognises a file's content without reading all of it: its size and a hash over samples spread through it."""

    size: int
    samples: str


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """One stream of a file, as it states itself."""

    index: int
    kind: Literal["video", "cover", "audio", "subtitle", "data", "attachment"]
    codec: str  # "" where it is not known here
    detail: str  # for people: `1920x1080`, `2 channels, 48000 Hz`
    language: str | None = None


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a file says of itself. Headers are claims: only decoding tells the truth (`Decoded`)."""

    container: str
    codec: str
    stream_index: int
    width: int  # as displayed: rotation and pixel shape applied
    height: int
    rotation: int  # degrees clockwise that were applied to show it upright: 0, 90, 180 or 270
    rate: Fraction | None  # frames a second; None where the rate varies
    average_rate: Fraction | None
    claimed_duration_us: int | None
    start_timecode: StartTimecode | None
    recorded_at: str | None  # ISO 8601, as the file states it
    title: str | None
    audio_codec: str | None
    pixel_format: str
    warnings: tuple[str, ...] = ()
    stream_choice: str = ""  # why this video stream, for people: `the only one`
    audio_stream_index: int | None = None
    audio_choice: str = ""
    streams: tuple[StreamInfo, ...] = ()
    pixel_shape: Fraction = Fraction(1)  # a pixel's width by its height, before rotation
    transfer: str | None = None  # FFmpeg's name: `bt709`; `smpte2084` (PQ) and `arib-std-b67` (HLG) are HDR
    interlaced: bool = False
    start_us: int = 0  # the first frame's place on the file's own clock; may be negative
    timecode_source: str | None = None  # where the start timecode stands: `tmcd track`, `MPEG GOP header`
    reel: str | None = None
    card: str | None = None
    bits: int = 8  # of a pixel's deepest component

    @property
    def hdr(self) -> bool:
        return self.transfer in ("smpte2084", "arib-std-b67")


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `t_us` on, a frame's place on the file's own clock is `stream_us + (its t_us - t_us)`: until the next
    stretch, which begins where time stamps jump."""

    t_us: int
    stream_us: int


Reading = Literal["fast", "careful"]
"""How a file gives the same frames every time: `careful`, in order and on one thread, where it is damaged (decoders
conceal damage by what they happen to hold) or a time stamp may come twice."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What decoding a whole video told, in place of what its header claims."""

    frames: int
    end_us: int  # of the last frame
    rate: Fraction | None  # frames a second; None where the rate varies
    stretches: tuple[Stretch, ...] = ()  # the first begins at 0; none where no frame has a time stamp
    reading: Reading = "fast"


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded picture, shown from `t_us` for `duration_us`."""

    t_us: int
    duration_us: int
    pixels: Pixels


def path_text(path: Path | str) -> str:
    """A path, or a part of one, as text for people: bytes that are no UTF-8 are shown as replacement characters."""
    return os.fsencode(path).decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Location:
    """One file of a video: a path inside a registered root folder."""

    path: Path
    expected: bool  # False once an ingest has noted that the file is gone
    root: str
    relative_path: str
    stream_index: int  # which stream of the file is the video

    @property
    def online(self) -> bool:
        """Whether the file is there now: disks are unplugged without telling the library."""
        return self.expected and os.path.exists(self.path)  # noqa: PTH110 (never raises, whatever ails a share)


@dataclass(frozen=True, slots=True)
class Video:
    """One piece of footage, recognised by its content, wherever its files lie."""

    id: VideoId
    title: str
    kind: Literal["file", "imported", "live"]
    duration_us: int | None
    width: int
    height: int
    rate: Fraction | None
    start_timecode: StartTimecode | None
    recorded_at: str | None
    codec: str
    container: str
    complete: bool  # every stage of its ingest has ended
    locations: tuple[Location, ...]

    @property
    def location(self) -> Location | None:
        """A file of it that can be read now."""
        return next((location for location in self.locations if location.online), None)

    @property
    def path(self) -> Path | None:
        location = self.location
        return None if location is None else location.path

    @property
    def state(self) -> Literal["indexed", "incomplete", "offline"]:
        if self.path is None and self.kind == "file":
            return "offline"
        return "indexed" if self.complete else "incomplete"

    def timecode(self, t_us: int) -> str:
        return source_timecode(t_us, self.rate, self.start_timecode)


# -- structure -------------------------------------------------------------------------------------------------------


EditKind = Literal["cut", "dissolve", "fade", "wipe", "slide"]


@dataclass(frozen=True, slots=True)
class Cut:
    """The end of one shot and the start of the next. Hard cuts have no length: `start_us == end_us`, the new shot's
    first frame; gradual ones run from the first affected frame to the first clean one."""

    start_us: int
    end_us: int
    kind: EditKind
    strength: float  # 0..1, how sure the detector is

    @property
    def middle_us(self) -> int:
        return (self.start_us + self.end_us) // 2


@dataclass(frozen=True, slots=True)
class Segment:
    """What is captioned, embedded and found: a span of one video."""

    id: SegmentId
    video: VideoId
    start_us: int
    end_us: int | None  # None: to the end of a video whose length is not known yet

    @property
    def span(self) -> TimeRange:
        if self.end_us is None:
            raise ValueError(f"segment {self.id} has no end yet")
        return TimeRange(self.start_us, self.end_us)


def segment_of(video: VideoId, start_us: int, end_us: int | None, nth: int = 0) -> Segment:
    """A segment's id is derived from its video and span, so the same span keeps its texts and vectors.

    Several descriptions of one span of an imported video are segments of their own: `nth` tells them apart.
    """
    span = f"{video}:{start_us}:{end_us}" + (f":{nth}" if nth else "")
    digest = hashlib.blake2b(span.encode(), digest_size=9).hexdigest()
    return Segment(SegmentId(f"s{digest}"), video, start_us, end_us)


@dataclass(frozen=True, slots=True)
class Keyframe:
    """A picture of a segment, stored as a JPEG inside the library folder. The first, `ordinal` 0, stands for it; up to
    two more differ from that."""

    segment: SegmentId
    t_us: int
    recipe: Recipe
    path: str  # relative to the library folder
    ordinal: int = 0
    placeholder: bytes | None = None  # a WebP of 16 pixels; None: made before there were any
    hash: bytes | None = None  # 64 bits by which the picture is known again (`media.picture_hash`)
