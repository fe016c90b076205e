"""The nouns of Shotlist. Everything else is verbs over these.

All are frozen values. Times are `*_us`: whole microseconds from a video's first frame (see `timecode`).
Ids are strings; the row numbers that databases and vector indexes use never leave their rooms.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal, NewType

import numpy as np
from numpy.typing import NDArray

from indexer.timecode import MICROSECONDS, StartTimecode, TimeRange, source_timecode

VideoId = NewType("VideoId", str)
SegmentId = NewType("SegmentId", str)
Recipe = NewType("Recipe", str)
"""The short text that names everything that shapes a stage's output: `measured/1`, `content/1 threshold=27`."""

Pixels = NDArray[np.uint8]
"""One picture: (height, width, 3) uint8, RGB, upright, square pixels."""
Vectors = NDArray[np.float32]
"""Unit-length rows: (n, dimension) float32."""


# -- footage ---------------------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Cut:
    """The end of one shot and the start of the next. Hard cuts have no length: `start_us == end_us`, the new shot's
    first frame; gradual ones run from the first affected frame to the first clean one."""

    start_us: int
    end_us: int
    kind: Literal["cut", "dissolve", "fade", "wipe"]
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


def segment_of(video: VideoId, start_us: int, end_us: int | None) -> Segment:
    """A segment's id is derived from its video and span, so the same span keeps its texts and vectors."""
    digest = hashlib.blake2b(f"{video}:{start_us}:{end_us}".encode(), digest_size=9).hexdigest()
    return Segment(SegmentId(f"s{digest}"), video, start_us, end_us)


@dataclass(frozen=True, slots=True)
class Keyframe:
    """The picture that stands for a segment, stored as a JPEG inside the library folder."""

    segment: SegmentId
    t_us: int
    recipe: Recipe
    path: str  # relative to the library folder


# -- text ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facet:
    """One measured or stated property of a segment, to filter by: `camera=pan left`, `faces=2`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class CaptionDraft:
    """What a captioner returns for one segment: a text, and the facts it rests on where it knows them."""

    text: str
    facets: tuple[Facet, ...] = ()


@dataclass(frozen=True, slots=True)
class Caption:
    """A text about a segment, stamped with what wrote it."""

    segment: SegmentId
    text: str
    recipe: Recipe
    ordinal: int = 0
    language: str = "en"


# -- search ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must satisfy besides matching. Empty fields ask nothing."""

    videos: tuple[VideoId, ...] = ()
    folder: str | None = None  # a part of the path: every file below a folder of that name or path
    recorded_from: str | None = None  # ISO dates, inclusive; a prefix such as 2024 or 2024-05 will do
    recorded_to: str | None = None
    longer_us: int | None = None
    shorter_us: int | None = None
    facets: tuple[Facet, ...] = ()  # one of each name's values must hold

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason why a hit was found."""

    signal: Literal["meaning", "words", "name", "spelling"]
    rank: int | None  # place in that signal's own list, from 1
    field: str  # caption, title, file_name, ...
    words: tuple[str, ...] = ()  # as they stand in that field


Strength = Literal["strong", "fair", "weak", "none"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One ranked segment answering a query, with the evidence why."""

    video: VideoId
    identifier: str | None
    title: str
    path: Path | None
    segment: SegmentId
    start_us: int
    end_us: int | None
    timecode: str | None
    text: str
    recipe: Recipe | None
    score: float  # orders the hits of one search; says nothing by itself
    strength: Strength
    evidence: tuple[Evidence, ...]
    keyframe: Path | None
    facets: tuple[Facet, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    hits: tuple[Hit, ...]
    strength: Strength  # of the best hit
    unknown_words: tuple[str, ...]  # words of the query that occur nowhere in the library
    read_as: str  # the query as it was understood


@dataclass(frozen=True, slots=True)
class IndexManifest:
    """What is known of a published index file; a file that differs in any of it is not used."""

    file: str
    kind: str
    dimension: int
    count: int
    bytes: int
    sha256: str


# -- ingest ----------------------------------------------------------------------------------------------------------

FileState = Literal["indexed", "skipped", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class FileReport:
    """How one file fared. `reason` is a stable code, `message` is for people."""

    path: Path
    state: FileState
    reason: str | None = None
    message: str = ""
    warnings: tuple[str, ...] = ()
    video: VideoId | None = None
    duration_us: int | None = None
    segments: int = 0


Stage = Literal["looking", "decoding", "keyframes", "captioning", "embedding", "publishing", "done"]


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of an ingest, told to whoever watches."""

    stage: Stage
    path: Path | None
    share: float  # 0..1 of this file
    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    video_us_done: int  # footage finished in this run
    report: FileReport | None = None  # when a file is done


ProgressWatcher = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class IngestReport:
    files: tuple[FileReport, ...]
    ignored: int = 0  # files in the folders that are not footage by their name
    seconds: float = 0.0
    captioner: Recipe | None = None
    notes: tuple[str, ...] = field(default=())


def hours(duration_us: int) -> float:
    return duration_us / (3600 * MICROSECONDS)
