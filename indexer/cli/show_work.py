"""The work on a library as text: sentences for lines and logs, tables for terminals."""

from collections.abc import Sequence

from rich.cells import cell_len, chop_cells
from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from indexer.cli.printing import printable
from indexer.domain import RunningUnit, StageProgress, WorkStatus
from indexer.timecode import short_duration

_AT_ONCE = 6  # units in hand that are shown
_WIDE = 100


def pace(work: WorkStatus) -> str:
    """Speed and time left in a few words: `12.3 video-hours/h · about 3:20:00 left`."""
    if work.paused:
        return "paused; go on with: shotlist resume"
    said = [] if work.speed is None else [f"{work.speed:.1f} video-hours/h"]
    if work.eta_s is not None and work.eta_s > 0:
        said.append(f"{'about ' if work.about else ''}{time_text(work.eta_s)} left")
    elif work.measuring:
        said.append(f"measuring {', '.join(work.measuring)}")
    return " · ".join(said)


def time_text(seconds: float) -> str:
    """An estimated time, no more exact than it is: `48 s`, `1:02:05`, `2 d 5 h`."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    hours = round(seconds / 3600)
    return f"{hours // 24} d {hours % 24} h" if hours >= 48 else short_duration(round(seconds) * 1_000_000)


def summary(work: WorkStatus) -> str:
    """The work in one line."""
    running = sum(stage.running for stage in work.stages)
    done = sum(stage.done for stage in work.stages)
    counts = f"{work.waiting} waiting, {running} running, {done} done, {work.failed} failed, {work.refused} refused"
    return " · ".join(part for part in (counts, pace(work)) if part)


def work_table(work: WorkStatus, *, width: int) -> RenderableType:
    """Stages, units in hand, workers and what is waited for."""
    parts: list[RenderableType] = []
    if work.stages:
        parts += [_stages(work.stages, width=width), Text(summary(work), "bold", overflow="fold")]
    else:
        parts.append(Text("No work was asked for yet.", "dim"))
    if work.running:
        parts += [Text(), running_table(work.running, width=width)]
    lanes = [f"{printable(worker.name)} ({_lanes(worker.lanes)})" for worker in work.workers]
    parts.append(Text(f"workers     {', '.join(lanes) or 'none'}", overflow="fold"))
    parts += [Text(f"! {printable(sentence)}", "yellow", overflow="fold") for sentence in work.waits_for]
    return Group(*parts)


def running_table(running: Sequence[RunningUnit], *, width: int) -> RenderableType:
    """The units in hand, a line each: what, which stage, how far."""
    bar = 28 if width >= _WIDE else 12
    table = Table.grid(padding=(0, 2, 0, 0))
    for unit in running[:_AT_ONCE]:
        name = shortened(printable(unit.title), width=max(12, width - bar - 24))
        share = min(max(unit.share, 0.0), 1.0)
        table.add_row(
            Text(name, no_wrap=True),
            Text(unit.stage, "dim", no_wrap=True),
            ProgressBar(total=1.0, completed=share, width=bar),
            Text(f"{share:4.0%}", no_wrap=True),
        )
    if len(running) > _AT_ONCE:
        table.add_row(Text(f"and {len(running) - _AT_ONCE} more", "dim"))
    return table


def shortened(name: str, *, width: int) -> str:
    """A name in at most `width` cells, with its end: that is where the numbers of clips stand."""
    if cell_len(name) <= width:
        return name
    end = chop_cells(name[::-1], min(8, width // 2))[0][::-1]
    return f"{chop_cells(name, max(1, width - cell_len(end) - 1))[0]}…{end}"


def _stages(stages: Sequence[StageProgress], *, width: int) -> Table:
    columns = ["waiting", "running", "done", "failed", "left"]
    if width >= _WIDE:
        columns = ["waiting", "running", "done", "refused", "failed", "footage left", "video-hours/h", "time left"]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    table.add_column("stage", overflow="fold")
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    for stage in stages:
        name = stage.stage if stage.recipe is None else f"{stage.stage} {printable(stage.recipe)}"
        table.add_row(Text(name), *_cells(stage, width=width))
    return table


def _cells(stage: StageProgress, *, width: int) -> list[str]:
    left = "" if stage.eta_s is None else time_text(stage.eta_s) if stage.eta_s else "-"
    counts = [str(stage.waiting), str(stage.running), str(stage.done)]
    if width < _WIDE:
        return [*counts, str(stage.refused + stage.failed), left]
    footage = short_duration(stage.left_us) if stage.left_us else "-"
    speed = "" if stage.speed is None else f"{stage.speed:.1f}"
    return [*counts, str(stage.refused), str(stage.failed), footage, speed, left]


def _lanes(lanes: Sequence[str]) -> str:
    return ", ".join(f"{lanes.count(need)} {need}" for need in dict.fromkeys(lanes))
