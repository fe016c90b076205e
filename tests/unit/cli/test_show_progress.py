"""What people see while footage is worked: once each, within the width there is, never backward."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.live import Live

from indexer.cli.show_progress import _Display, _Lines, whole_share
from indexer.cli.show_work import pace, shortened, summary, time_text, work_table
from indexer.domain import (
    FailureCount,
    FileReport,
    LivingWorker,
    Progress,
    Recipe,
    RunningUnit,
    StageProgress,
    VideoId,
    WorkStatus,
)

LONG = "An interview with a very long name about the harbour, take 0042.mov"
WORK = WorkStatus(
    paused=False,
    workers=(LivingWorker("studio:17:ab12cd", ("cpu", "cpu", "model"), ("measured",), 1.0),),
    stages=(
        StageProgress("decoding", None, 12, 2, 40, 3, 1, 7_200_000_000, 22.5, 320.0),
        StageProgress("captioning", Recipe("vlm/3 some-model prompt=2"), 0, 0, 0, 0, 0, 9_000_000_000, None, None),
    ),
    running=(
        RunningUnit("decoding", None, VideoId("v1"), LONG, 0.25, "studio:17:ab12cd", 12.0),
        RunningUnit("captioning", Recipe("measured/1"), VideoId("v2"), "日本の港.mov", 0.5, "studio:17:ab12cd", 3.0),
    ),
    waiting=12,
    deferred=3,
    failures=(FailureCount("failed", "crashed", 1), FailureCount("refused", "empty", 3)),
    speed=21.0,
    eta_s=3725.0,
    about=True,
    measuring=(),
    waits_for=("3 units wait: the disk of tapes is away",),
)
DONE = FileReport(Path("/tapes/a.mov"), "indexed", duration_us=65_000_000, segments=4)


def drawn(width: int, *moments: Progress) -> str:
    """What a terminal of this width shows last."""
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None, highlight=False)
    with Live(console=console, auto_refresh=False, transient=True) as live:
        display = _Display(console, live)
        for moment in moments:
            display.watch(moment)
        picture = live.renderable
    screen = Console(file=io.StringIO(), width=width, color_system=None)
    screen.print(picture)
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


@pytest.mark.parametrize("width", [60, 120])
def test_the_display_fits(width: int) -> None:
    shown = drawn(width, Progress(3, 10, (DONE,), WORK, "the disk is full"))
    lines = shown.rstrip("\n").split("\n")
    assert max(cell_len(line) for line in lines) <= width
    assert "0042.mov" in shown  # the end of a name tells clips apart
    assert "3 of 10 files" in shown
    assert "21.0 video-hours/h · about 1:02:05 left" in shown
    assert "25%" in shown
    assert len(lines) == (4 if width == 120 else 5)


@pytest.mark.parametrize("width", [60, 120])
def test_the_table_fits(width: int) -> None:
    screen = Console(file=io.StringIO(), width=width, color_system=None)
    screen.print(work_table(WORK, width=width))
    assert isinstance(screen.file, io.StringIO)
    shown = screen.file.getvalue()
    assert max(cell_len(line) for line in shown.split("\n")) <= width
    assert all(word in shown for word in ("decoding", "12", "40", "the disk of tapes is away", "2 cpu, 1 model"))


def test_a_pipe_gets_a_line_a_file_and_each_notice_once() -> None:
    console = Console(file=io.StringIO(), highlight=False)
    lines = _Lines(console)
    lines.watch(Progress(1, 2, (DONE,), WORK, "the disk is full"))
    lines.watch(Progress(1, 2, (), WORK, "the disk is full"))
    lines.watch(Progress(2, 2, (replace(DONE, state="refused", message="empty"),), WORK))
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().splitlines() == [
        "1/2 ✓ a.mov  1:05, 4 segments",
        "! the disk is full",
        "2/2 ✗ a.mov  empty",
    ]


def test_a_worker_in_a_pipe_says_how_much_was_done() -> None:
    console = Console(file=io.StringIO(), highlight=False)
    lines = _Lines(console)
    for _ in range(3):
        lines.watch(Progress(0, 0, (), WORK))
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == "40 units done, 12 waiting\n"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.2, "1 s"), (47.6, "48 s"), (61.0, "1:01"), (3725.4, "1:02:05"), (172_000.0, "2 d 0 h"), (190_800.0, "2 d 5 h")],
)
def test_times_are_no_more_exact_than_they_are_known(seconds: float, told: str) -> None:
    assert time_text(seconds) == told


def test_the_pace_in_words() -> None:
    assert pace(replace(WORK, paused=True)) == "paused; go on with: shotlist resume"
    assert pace(replace(WORK, about=False, speed=None)) == "1:02:05 left"
    assert pace(replace(WORK, speed=None, eta_s=None, measuring=("embedding",))) == "measuring embedding"
    assert summary(WORK).startswith("12 waiting, 2 running, 40 done, 1 failed, 3 refused · 21.0 video-hours/h")


@given(st.text(max_size=80), st.integers(8, 100))
def test_names_are_shortened_to_fit(name: str, width: int) -> None:
    short = shortened(name, width=width)
    assert cell_len(short) <= width
    assert short == name or "…" in short


@given(
    st.lists(st.tuples(st.integers(0, 9), st.floats(0, 1e5), st.booleans(), st.none() | st.floats(0, 1e6)), min_size=1)
)
def test_the_bar_never_runs_backward_nor_past_the_end(moments: list[tuple[int, float, bool, float | None]]) -> None:
    shown = 0.0
    for done, seconds, paused, eta_s in moments:
        moment = Progress(done, 10, (), replace(WORK, paused=paused, eta_s=eta_s))
        now = whole_share(moment, seconds=seconds, before=shown)
        assert shown <= now < 1.0
        assert not paused or now == shown
        shown = now
    assert whole_share(Progress(10, 10, (), WORK), seconds=1.0, before=shown) == 1.0
