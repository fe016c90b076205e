"""The live display of `shotlist add`, `worker` and `watch`: what ended, what is in hand, the whole, speed, time left.

All of it is counted and measured: see `indexer.ingest.progress`.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from indexer.cli.printing import printable
from indexer.cli.show_work import pace, running_table
from indexer.domain import FileReport, Progress, ProgressWatcher, WorkStatus
from indexer.timecode import short_duration

MARKS = {"indexed": ("✓", "green"), "skipped": ("·", "dim"), "refused": ("✗", "yellow"), "failed": ("✗", "red")}


@contextmanager
def watching() -> Iterator[ProgressWatcher]:
    """A live display on stderr while the block runs; plain lines where stderr is no terminal."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield _Lines(console).watch
        return
    with Live(console=console, transient=True, refresh_per_second=4) as live:
        yield _Display(console, live).watch


@dataclass
class _Told:
    """Says each thing once: files that ended, and notices."""

    console: Console
    _files: int = 0
    _notices: set[str] = field(default_factory=set)

    def tell(self, moment: Progress, *, numbered: bool) -> None:
        for report in moment.reports:
            self._files += 1
            count = Text(f"{self._files}/{moment.files_total} " if numbered and moment.files_total else "")
            self.console.print(count + _report_text(report), soft_wrap=True)
        if moment.notice is not None and moment.notice not in self._notices:
            self._notices.add(moment.notice)
            self.console.print(Text(f"! {printable(moment.notice)}", "yellow"), soft_wrap=True)


@dataclass
class _Lines:
    """One line a finished file: for logs and pipes. Where there are no files to finish, one as often as work ends."""

    console: Console
    _told: _Told = field(init=False)
    _said: str = ""

    def __post_init__(self) -> None:
        self._told = _Told(self.console)

    def watch(self, moment: Progress) -> None:
        self._told.tell(moment, numbered=True)
        done = sum(stage.done for stage in moment.work.stages)
        if not moment.files_total and (said := f"{done} units done, {moment.work.waiting} waiting") != self._said:
            self._said = said
            self.console.print(Text(said), soft_wrap=True)


@dataclass
class _Display:
    console: Console
    live: Live
    _began: float = field(default_factory=time.monotonic)
    _share: float = 0.0
    _told: _Told = field(init=False)

    def __post_init__(self) -> None:
        self._told = _Told(self.console)

    def watch(self, moment: Progress) -> None:
        self._told.tell(moment, numbered=False)
        self._share = whole_share(moment, seconds=time.monotonic() - self._began, before=self._share)
        self.live.update(self._picture(moment))

    def _picture(self, moment: Progress) -> RenderableType:
        width = self.console.width
        parts: list[RenderableType] = []
        if moment.work.running:
            parts.append(running_table(moment.work.running, width=width))
        parts.append(_whole(moment, self._share, width=width))
        if moment.work.workers:  # else this process has not been heard of itself yet
            parts += [Text(f"! {printable(one)}", "yellow", overflow="fold") for one in moment.work.waits_for]
        return Group(*parts)


def whole_share(moment: Progress, *, seconds: float, before: float) -> float:
    """How much of the run is done, 0..1: of its time, where the time left is measured, else of its files.

    `seconds`: since it began; `before`: what was shown last. It stands still while the library is paused, never runs
    backward, and is whole only when all files have ended.
    """
    if moment.files_total and moment.files_done >= moment.files_total:
        return 1.0
    eta_s = moment.work.eta_s
    if moment.work.paused:
        return before
    if eta_s is not None and eta_s > 0:
        share = seconds / (seconds + eta_s)
    else:
        share = moment.files_done / moment.files_total if moment.files_total else 0.0
    return min(max(share, before), 0.999)


def _whole(moment: Progress, share: float, *, width: int) -> RenderableType:
    """The bar of the run, with counts; and, below it where there is little room, speed and time left."""
    counts = _counts(moment)
    said = pace(moment.work)
    wide = width >= len(counts) + len(said) + 28
    bar = ProgressBar(total=1.0, completed=share, width=max(8, min(28, width - len(counts) - 8)))
    line = Table.grid(padding=(0, 2, 0, 0))
    cells: list[RenderableType] = [Text(counts, "bold", no_wrap=True), bar, Text(f"{share:4.0%}", no_wrap=True)]
    line.add_row(*cells, *([Text(said, no_wrap=True)] if wide else []))
    return line if wide or not said else Group(line, Text(said, overflow="fold"))


def _counts(moment: Progress) -> str:
    if moment.files_total:
        return f"{moment.files_done} of {moment.files_total} files"
    return f"{_left(moment.work)} units left"


def _left(work: WorkStatus) -> int:
    return work.waiting + sum(stage.running for stage in work.stages)


def _report_text(report: FileReport) -> Text:
    mark, style = MARKS[report.state]
    name = printable(Path(report.path.name))
    if report.state == "indexed":
        said = f"{short_duration(report.duration_us or 0)}, {report.segments} segments"
        said += "".join(f"; {warning}" for warning in report.warnings)
    else:
        said = report.message or report.state
    return Text.assemble((f"{mark} ", style), name, (f"  {printable(said)}", "dim"))
