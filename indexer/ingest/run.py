"""How a run in the foreground stands: which of its files have ended, whoever works at them, and how the rest goes."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from threading import Lock

from indexer.domain import FileReport, Progress, ProgressWatcher, WorkStatus
from indexer.ingest.progress import work_status
from indexer.ingest.queueing import Queued
from indexer.ingest.workbench import Workbench
from indexer.media import FoundFile
from indexer.store import jobs, outcomes
from indexer.store.jobs import Claim
from indexer.store.recipes import MEASURED

_STATUS_S = 1.0  # counting takes a while where there is much to count
_ASKED_AT_ONCE = 500  # files whose end is looked for at a time


@dataclass
class Run:
    """The files that were asked for, watched until each has ended. Its methods may be called from any thread."""

    bench: Workbench
    queued: Queued
    reports: list[FileReport]
    watch: ProgressWatcher
    _open: dict[int, FoundFile] = field(init=False)
    _untold: tuple[FileReport, ...] = field(init=False)
    _touched: set[int] = field(default_factory=set)
    _ended: bool = False
    _work: WorkStatus | None = None
    _asked: float = 0.0
    _was_paused: bool = False
    _notices: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)
    _total: int = field(init=False)

    def __post_init__(self) -> None:
        self._open = dict(self.queued.units)
        self._total = len(self._open) + len(self.reports)
        self._untold = tuple(self.reports)

    def left(self, claim: Claim) -> None:
        """A unit has left the hands of this process: its file may have ended."""
        with self._lock:
            self._touched.add(claim.row if claim.file is None else claim.file)
            self._ended = True

    def take_ended(self) -> bool:
        """Whether any unit has ended since this was last asked."""
        with self._lock:
            ended, self._ended = self._ended, False
        return ended

    def notice(self, sentence: str) -> None:
        with self._lock:
            self._notices.append(sentence)

    def is_over(self) -> bool:
        """Look for files that have ended, and tell how things stand. Captions by a captioner that is not here are not
        waited for: they are told of."""
        with self._lock:
            touched, self._touched = self._touched, set()
            notices, self._notices = list(dict.fromkeys(self._notices)), []
        some = [*(row for row in touched if row in self._open), *islice(self._open, _ASKED_AT_ONCE)]
        with self.bench.database.read() as tx:
            wanted = {*jobs.wanted_captioners(tx, "model"), *jobs.wanted_captioners(tx, "cpu")}
        able = self.bench.here(wanted)
        with self.bench.database.read() as tx:
            reports = outcomes.file_reports(tx, some, able=[MEASURED, *able])
            ended = {row: one for row, one in reports.items() if one is not None}
            if time.monotonic() - self._asked > _STATUS_S or self._work is None:
                self._work, self._asked = work_status(tx), time.monotonic()
            work = self._work
        for row in some:  # those that are still open are asked for again after the others
            if row in self._open and (file := self._open.pop(row)) and row not in ended:
                self._open[row] = file
        self.reports += ended.values()
        told = (*self._untold, *ended.values())
        self._untold = ()
        if work.paused and not self._was_paused:
            notices.append("The library is paused; it goes on with: shotlist resume")
        self._was_paused = work.paused
        for notice in notices[:-1]:
            self.watch(Progress(len(self.reports), self._total, (), work, notice))
        self.watch(Progress(len(self.reports), self._total, told, work, notices[-1] if notices else None))
        return not self._open

    @property
    def waits_for(self) -> tuple[str, ...]:
        """What work is held up by, as last counted."""
        return self._work.waits_for if self._work else ()

    def in_order_of(self, paths: Sequence[Path]) -> tuple[FileReport, ...]:
        place = {path: number for number, path in enumerate(paths)}
        return tuple(sorted(self.reports, key=lambda report: place.get(report.path, len(place))))
