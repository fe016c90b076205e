"""The progress display of `shotlist add`: the file, its stage, the whole, the speed, the time left. All measured."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TaskID, TextColumn
from rich.text import Text

from indexer.cli.printing import printable
from indexer.domain import FileReport, ProgressWatcher, hours
from indexer.domain import Progress as Moment
from indexer.timecode import short_duration

MARKS = {"indexed": ("✓", "green"), "skipped": ("·", "dim"), "refused": ("✗", "yellow"), "failed": ("✗", "red")}


@contextmanager
def watching() -> Iterator[ProgressWatcher]:
    """A live display on stderr while the block runs; plain lines where stderr is no terminal."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield _Lines(console).watch
        return
    with Progress(
        TextColumn("{task.description}", style="bold", markup=False),
        BarColumn(bar_width=28),
        _Share(),
        TextColumn("{task.fields[said]}"),
        console=console,
        transient=True,
    ) as display:
        yield _Bars(display).watch


@dataclass
class _Lines:
    """One line a finished file: for logs and pipes."""

    console: Console

    def watch(self, moment: Moment) -> None:
        if moment.report is not None:
            count = f"{moment.files_done}/{moment.files_total}"
            self.console.print(f"{count} {_report_text(moment.report).plain}", markup=False, soft_wrap=True)


@dataclass
class _Bars:
    display: Progress
    _began: float = field(default_factory=time.monotonic)
    _skipped_bytes: int = 0
    _bytes_before: int = 0
    _tasks: dict[str, TaskID] = field(default_factory=dict)

    def watch(self, moment: Moment) -> None:
        if moment.report is not None:
            self.display.console.print(_report_text(moment.report), soft_wrap=True)
            if moment.report.state != "indexed":  # cost next to nothing: it must not flatter the speed
                self._skipped_bytes += moment.bytes_done - self._bytes_before
            self._bytes_before = moment.bytes_done
        name = _short(moment.path) if moment.path else "library"
        self._show("file", f"{name:<28}", moment.share if moment.report is None else 1.0, moment.stage)
        self._show(
            "all", f"{f'{moment.files_done} of {moment.files_total} files':<28}", _whole(moment), self._pace(moment)
        )

    def _show(self, task: str, title: str, share: float, said: str) -> None:
        if task not in self._tasks:
            self._tasks[task] = self.display.add_task(title, total=1.0, said=said)
        self.display.update(self._tasks[task], description=title, completed=share, said=said)

    def _pace(self, moment: Moment) -> str:
        """Speed so far, and the time the rest takes at that speed."""
        elapsed = time.monotonic() - self._began
        worked = moment.bytes_done - self._skipped_bytes
        if worked <= 0 or elapsed < 2:
            return "measuring speed"
        left = elapsed * (moment.bytes_total - moment.bytes_done) / worked
        said = f"{short_duration(int(left * 1e6))} left"
        if moment.video_us_done:
            said = f"{hours(moment.video_us_done) / (elapsed / 3600):.1f} video-hours/h · {said}"
        return said


class _Share(ProgressColumn):
    def render(self, task: object) -> Text:
        return Text(f"{getattr(task, 'completed', 0.0):4.0%}")


def _whole(moment: Moment) -> float:
    return moment.bytes_done / moment.bytes_total if moment.bytes_total else 1.0


def _report_text(report: FileReport) -> Text:
    mark, style = MARKS[report.state]
    name = printable(Path(report.path.name))
    if report.state == "indexed":
        said = f"{short_duration(report.duration_us or 0)}, {report.segments} segments"
        said += "".join(f"; {warning}" for warning in report.warnings)
    else:
        said = report.message or report.state
    return Text.assemble((f"{mark} ", style), name, (f"  {printable(said)}", "dim"))


def _short(path: Path, width: int = 28) -> str:
    clean = printable(Path(path.name))
    return clean if len(clean) <= width else f"{clean[: width - 9]}…{clean[-8:]}"
