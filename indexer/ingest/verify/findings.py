"""What a verification tells: what it looked at, and what it found wrong."""

from dataclasses import dataclass
from typing import Literal

from indexer.domain import SegmentId, VideoId

FindingKind = Literal[
    "database",
    "full_text",
    "segment_id",
    "segment_gap",
    "text",
    "cue",
    "name",
    "caption_twice",
    "vector_missing",
    "vector_unfit",
    "vector_homeless",
    "index_damaged",
    "index_differs",
    "index_orphan",
    "keyframe_missing",
    "keyframe_broken",
    "keyframe_orphan",
    "clip_orphan",
    "spool_orphan",
    "file_missing",
    "file_changed",
    "incomplete",
    "unit_homeless",
]

_REPAIR = "shotlist verify --repair"
_AGAIN = "shotlist remove the video, then add its file again"
MENDS: dict[FindingKind, str] = {
    "database": "put back a copy of library.db from a backup",
    "segment_id": _AGAIN,
    "segment_gap": _AGAIN,
}
"""What mends a finding, where it is not a repair."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be. `kind` is a stable code; `subject` what it is about: an id of a video, a
    path inside the library folder, a space, the path of a file."""

    kind: FindingKind
    subject: str
    message: str
    video: VideoId | None = None
    segments: tuple[SegmentId, ...] = ()
    rows: tuple[int, ...] = ()  # as the database counts; for the repair alone

    @property
    def mend(self) -> str:
        """What to do about it."""
        return MENDS.get(self.kind, _REPAIR)

    @property
    def repairable(self) -> bool:
        return self.kind not in MENDS


@dataclass(frozen=True, slots=True)
class Checked:
    """That something was looked at, how many of it, and what is worth knowing but not wrong."""

    what: str
    count: int
    remarks: tuple[str, ...] = ()


Told = Finding | Checked
