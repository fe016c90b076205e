"""The nouns of Shotlist. Everything else is verbs over these.

All are frozen values. Times are `*_us`: whole microseconds from a video's first frame (see `timecode`).
Ids are strings; the row numbers that databases and vector indexes use never leave their rooms.
`footage` holds what is seen, `texts` what is said of it and found by it, `work` how it comes about.
"""

from indexer.domain.footage import (
    Cut,
    Decoded,
    Fingerprint,
    Frame,
    Keyframe,
    Location,
    MediaInfo,
    Pixels,
    Reading,
    Recipe,
    Segment,
    SegmentId,
    StreamInfo,
    Stretch,
    Vectors,
    Video,
    VideoId,
    path_text,
    segment_of,
)
from indexer.domain.texts import (
    Caption,
    CaptionDraft,
    Evidence,
    Facet,
    Filters,
    Hit,
    IndexManifest,
    SearchResult,
    Strength,
)
from indexer.domain.work import FileReport, FileState, IngestReport, Progress, ProgressWatcher, Stage, hours

__all__ = [
    "Caption",
    "CaptionDraft",
    "Cut",
    "Decoded",
    "Evidence",
    "Facet",
    "FileReport",
    "FileState",
    "Filters",
    "Fingerprint",
    "Frame",
    "Hit",
    "IndexManifest",
    "IngestReport",
    "Keyframe",
    "Location",
    "MediaInfo",
    "Pixels",
    "Progress",
    "ProgressWatcher",
    "Reading",
    "Recipe",
    "SearchResult",
    "Segment",
    "SegmentId",
    "Stage",
    "StreamInfo",
    "Strength",
    "Stretch",
    "Vectors",
    "Video",
    "VideoId",
    "hours",
    "path_text",
    "segment_of",
]
