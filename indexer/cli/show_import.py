"""The progress line of `shotlist import`: which step, how far, how fast, how long still. All of it is measured."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.text import Text

from indexer.ingest.importing.importer import Tell
from indexer.ingest.importing.report import ImportMoment, ImportStep
from indexer.timecode import short_duration

_STEPS: dict[ImportStep, str] = {
    "reading": "reading",
    "writing": "entering rows",
    "embedding": "embedding texts",
    "publishing": "publishing the index",
}
_WAIT_S = 1.0  # before a speed is believed


@contextmanager
def watching() -> Iterator[Tell]:
    """A live line on stderr while the block runs; one line a step where stderr is no terminal."""
    console = Console(stderr=True, highlight=False)
    shown = _Shown()
    if not console.is_terminal:

        def say(moment: ImportMoment) -> None:
            if shown.begins(moment):
                console.print(Text(f"{_STEPS[moment.step]} ..."), soft_wrap=True)

        yield say
        return
    with Live(console=console, transient=True, refresh_per_second=4) as live:

        def show(moment: ImportMoment) -> None:
            shown.begins(moment)
            live.update(Text(shown.line(moment)))

        yield show


@dataclass
class _Shown:
    """Which step is shown, and since when, from how much on."""

    step: ImportStep | None = None
    began: float = 0.0
    before: int = 0
    now: float = field(default=0.0)

    def begins(self, moment: ImportMoment) -> bool:
        self.now = time.monotonic()
        if moment.step == self.step:
            return False
        self.step, self.began, self.before = moment.step, self.now, moment.done
        return True

    def line(self, moment: ImportMoment) -> str:
        said = _STEPS[moment.step]
        if not moment.total:
            return f"{said} ..."
        said += f": {moment.done} of {moment.total}"
        seconds, done = self.now - self.began, moment.done - self.before
        if seconds < _WAIT_S or not done:
            return said
        left_us = int((moment.total - moment.done) * seconds / done * 1e6)
        return f"{said}, {done / seconds:.0f} a second, {short_duration(left_us)} left"
