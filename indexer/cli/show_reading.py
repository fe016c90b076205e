"""How far the reading of a file is, on stderr while it goes on; nothing where stderr is no terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from indexer.timecode import short_duration


@contextmanager
def reading(what: str, length_us: int | None) -> Iterator[Callable[[int], None]]:
    """Gives what is told the time (us) that is reached. `length_us` is a claim: no more is made of it than a bar."""
    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(28), TextColumn("{task.fields[reached]}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=length_us, reached="")
        yield lambda t_us: progress.update(task, completed=t_us, reached=short_duration(t_us))
