"""`shotlist status`: how much there is, what made it, and how the work on it goes."""

import time
from collections.abc import Iterator

import click
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from indexer.bootstrap import open_library
from indexer.cli.json_lines import Json, print_line, status_line, work_line
from indexer.cli.printing import printable
from indexer.cli.session import as_json, pass_settings, stops_on_terminate
from indexer.cli.show_work import summary, work_table
from indexer.domain import WorkStatus
from indexer.library import Library, LibraryStatus
from indexer.settings import Settings
from indexer.timecode import short_duration

_EVERY_S = 1.0


@click.command("status")
@click.option("--watch", is_flag=True, help="Say it again every second, until Ctrl-C.")
@as_json
@pass_settings
def command(watch: bool, json: bool, settings: Settings) -> int:
    """Say what the library holds, and how the work on it goes: what waits, runs, is done and failed, how fast, and how
    long the rest takes. All of it is counted and measured."""
    library = open_library(settings)
    console = Console(highlight=False)
    if watch:
        with stops_on_terminate():
            _go_on(library, console, json=json)
    elif json:
        print_line(_status_line(library, library.work.status()))
    else:
        for line in _held(library, library.status()):
            click.echo(line)
        console.print(work_table(library.work.status(), width=console.width))
    return 0


def _go_on(library: Library, console: Console, *, json: bool) -> None:
    if json:
        for work in _moments(library):
            print_line(_status_line(library, work))
    elif console.is_terminal:
        _redraw(library, console)
    else:
        _print_lines(library)


def _status_line(library: Library, work: WorkStatus) -> Json:
    return {**status_line(library.status()), "work": work_line(work)}


def _redraw(library: Library, console: Console) -> None:
    with Live(console=console, screen=False, auto_refresh=False) as live:
        for work in _moments(library):
            held = Text("\n".join(_held(library, library.status())))
            live.update(Group(held, work_table(work, width=console.width)), refresh=True)


def _print_lines(library: Library) -> None:
    """A line whenever something has changed."""
    last = None
    for work in _moments(library):
        if (line := summary(work)) != last:
            click.echo(f"{time.strftime('%H:%M:%S')} {line}")
        last = line


def _moments(library: Library) -> Iterator[WorkStatus]:
    while True:
        yield library.work.status()
        time.sleep(_EVERY_S)


def _held(library: Library, status: LibraryStatus) -> list[str]:
    length = short_duration(status.duration_us)
    return [
        f"library     {printable(library.folder.root)}",
        f"videos      {status.videos} ({length}), {status.incomplete} incomplete, {status.offline} offline",
        f"segments    {status.segments}, {status.captions} captions, {status.vectors} vectors",
        f"captioner   {status.captioner}; captions by {', '.join(status.recipes) or 'nobody yet'}",
        *(f"folder      {printable(folder)}" for folder in status.folders),
    ]
