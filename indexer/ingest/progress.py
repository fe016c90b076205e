"""Tells a watcher how far an ingest is. Bytes are known beforehand and never lie; durations in headers do."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.domain import FileReport, Progress, ProgressWatcher, Stage
from indexer.media import FoundFile

SHARES: dict[Stage, tuple[float, float]] = {
    "looking": (0.0, 0.02),
    "decoding": (0.02, 0.45),
    "keyframes": (0.45, 0.55),
    "captioning": (0.55, 0.97),
    "embedding": (0.97, 1.0),
}
"""From where to where each stage takes a file, by its usual cost."""


@dataclass
class ProgressTeller:
    watch: ProgressWatcher
    files: Sequence[FoundFile]
    _current: FoundFile | None = None
    _files_done: int = 0
    _bytes_done: int = 0
    _video_us_done: int = 0
    _bytes_total: int = field(init=False)

    def __post_init__(self) -> None:
        self._bytes_total = sum(file.size for file in self.files)

    def begin(self, file: FoundFile) -> None:
        self._current = file
        self.stage("looking", 0.0)

    def stage(self, stage: Stage, share: float) -> None:
        """`share` (0..1) of `stage` of the current file is done."""
        low, high = SHARES[stage]
        self._tell(stage, low + (high - low) * min(max(share, 0.0), 1.0))

    def end(self, report: FileReport) -> None:
        size = self._current.size if self._current else 0
        self._files_done += 1
        self._bytes_done += size
        if report.state == "indexed":
            self._video_us_done += report.duration_us or 0
        self._tell("done", 0.0, report=report)

    def publishing(self) -> None:
        self._current = None
        self._tell("publishing", 0.0)

    def _tell(self, stage: Stage, share: float, *, report: FileReport | None = None) -> None:
        size = self._current.size if self._current and report is None else 0
        self.watch(
            Progress(
                stage=stage,
                path=self._current.path if self._current else None,
                share=share,
                files_done=self._files_done,
                files_total=len(self.files),
                bytes_done=self._bytes_done + int(size * share),
                bytes_total=self._bytes_total,
                video_us_done=self._video_us_done,
                report=report,
            )
        )
