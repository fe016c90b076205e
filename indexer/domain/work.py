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


Stage = Literal["looking", "decoding", "keyframes", "pictures", "captioning", "embedding", "fixity"]
"""What is done to footage, in the order in which it happens to one file. `pictures` and `embedding` give vectors: to
keyframes, and to texts."""

Need = Literal["cpu", "model"]
"""What a piece of work needs of its worker: any machine's processor, or one that is fit to run a captioning model."""

UnitState = Literal["waiting", "running", "done", "refused", "failed"]


Priority = Literal["high", "normal", "low"]


@dataclass(frozen=True, slots=True)
class StageProgress:
    """How far one stage is, over the whole library."""

    stage: Stage
    recipe: Recipe | None  # of captions and of their vectors; of pictures, the space
    waiting: int
    running: int
    done: int
    refused: int
    failed: int
    left_us: int  # footage that is still to go through it: of its own units, and of those that come before them
    speed: float | None  # footage hours an hour, over the last minutes; None where nothing went through it
    eta_s: float | None  # at its measured cost, if all workers that can do it did nothing else; None: not known


@dataclass(frozen=True, slots=True)
class RunningUnit:
    """A piece of work that a worker holds now."""

    stage: Stage
    recipe: Recipe | None
    video: VideoId | None
    title: str  # of the video, else the file's name
    share: float  # 0..1 of it
    worker: str
    seconds: float  # since it was taken


@dataclass(frozen=True, slots=True)
class FailedUnit:
    """A piece of work that ended without its result, and why; `shotlist retry` takes it up again."""

    unit: int
    stage: Stage
    state: Literal["refused", "failed"]
    video: VideoId | None
    path: Path | None
    title: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class FailureCount:
    """How many units ended for one reason."""

    state: Literal["refused", "failed"]
    reason: str
    units: int


@dataclass(frozen=True, slots=True)
class LivingWorker:
    """Who was heard of within the last minute."""

    name: str
    lanes: tuple[Need, ...]  # what it works at once: one unit a lane
    captioners: tuple[str, ...]  # that it can run
    quiet_s: float  # since it was heard of


@dataclass(frozen=True, slots=True)
class WorkStatus:
    """What is done, what is being done and what waits, over all workers of a library. Counted and measured."""

    paused: bool
    workers: tuple[LivingWorker, ...]
    stages: tuple[StageProgress, ...]
    running: tuple[RunningUnit, ...]
    waiting: int  # units
    deferred: int  # of those, the ones that wait for a disk, for another try, or for a worker that has what they need
    failures: tuple[FailureCount, ...]
    speed: float | None  # footage hours an hour that became wholly searchable in the last minutes
    eta_s: float | None  # until all is done but what is held up (`waits_for`) and fixity; None: not known
    about: bool  # the time left rests on an estimate: some files were not looked at yet
    measuring: tuple[Stage, ...]  # stages whose cost is not known yet, for which the time left waits
    waits_for: tuple[str, ...]  # sentences, for people: what units are held up by

    @property
    def failed(self) -> int:
        return sum(one.units for one in self.failures if one.state == "failed")

    @property
    def refused(self) -> int:
        return sum(one.units for one in self.failures if one.state == "refused")


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a run, told to whoever watches."""

    files_done: int  # of the files that were asked for
    files_total: int
    reports: tuple[FileReport, ...]  # of files that ended since the last moment
    work: WorkStatus
    notice: str | None = None  # something to tell once: the disk is full, a captioner is not here


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
