"""The work of an ingest, and how it went."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from indexer.domain.footage import Recipe, VideoId
from indexer.timecode import MICROSECONDS

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
