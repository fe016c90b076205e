"""Ingests that end by themselves, or in the middle: before or after any commit, any renaming, any sync of a file.

A process of its own imports everything once and forks for each run, so that a run costs no more than its work. The
decoders' fork server is started once too, and serves all of them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from multiprocessing import forkserver
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, get_args

from sqlalchemy.orm import configure_mappers

ROOT = Path(__file__).resolve().parents[2]
STOPPED = 77

Kind = Literal["commit", "replace", "fsync"]


@dataclass(frozen=True, slots=True)
class Point:
    """Where a run is ended: at the `number`th (from 1) of its commits, renamings or syncs."""

    kind: Kind
    number: int
    when: Literal["before", "after"]


class Nursery:
    """Runs `shotlist add FOOTAGE` with a fake model, one unit at a time, so that its steps come in one order."""

    def __enter__(self) -> "Nursery":
        command = [sys.executable, "-m", "tests.fakes.nursery"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def run(self, library: Path, footage: Path, point: Point | None = None) -> bool:
        """Whether it came to its end. Raises `AssertionError` where it failed."""
        assert self._process.stdin
        assert self._process.stdout
        order = {"library": str(library), "footage": str(footage), "point": point and asdict(point)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        assert status in (0, STOPPED), f"the run ended with {status} at {point}"
        return status == 0


def main() -> None:
    from indexer.media.sandbox.running import _preloaded

    forkserver.set_forkserver_preload(_preloaded)
    forkserver.ensure_running()
    for line in sys.stdin:
        order = json.loads(line)
        point = order["point"] and Point(**order["point"])
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            _run_and_end(Path(order["library"]), Path(order["footage"]), point, tell=write)
        os.close(write)
        with os.fdopen(read) as told:
            _import_all(told.read().split())
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)  # noqa: T201


def _import_all(modules: list[str]) -> None:
    """So that the next run need not: what a run imported that came to its end."""
    for name in modules:
        with suppress(ImportError):
            import_module(name)
    configure_mappers()


def _run_and_end(library: Path, footage: Path, point: Point | None, *, tell: int) -> None:
    try:
        forkserver._forkserver.ensure_running = lambda: None  # type: ignore[method-assign]  # it runs: our parent's
        before = set(sys.modules)
        _arm(point)
        _add(library, footage)
        os.write(tell, " ".join(sorted(set(sys.modules) - before)).encode())
        os._exit(0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)


def _add(library: Path, footage: Path) -> None:
    from indexer import media
    from indexer.captioning import make_captioner
    from indexer.ingest import Captioners, Ingester, Workbench, Worker, nothing_left
    from indexer.library_folder import LibraryFolder
    from indexer.store import open_database
    from tests.fakes.captioners import TellingCaptioner
    from tests.fakes.embedders import HashEmbedder

    folder = LibraryFolder(library)
    captioners = Captioners(make_captioner)
    captioners.use("telling", TellingCaptioner())
    database = open_database(f"sqlite:///{folder.database_file}", purpose="write")
    bench = Workbench(folder, database, "standard", captioners, HashEmbedder)
    ingester = Ingester(bench, "telling", "fake", lanes=1)
    ingester.queue(media.discover([footage]).files, folders=[footage])
    for has in ("cpu", "model", "cpu"):  # in turn: two lanes would be in another order each time
        worker = Worker(bench, [has], lanes=1, poll_s=0.01)
        worker.work(until=nothing_left(worker))
    ingester.publish()
    database.close()


def _arm(point: Point | None) -> None:
    from sqlalchemy.engine.default import DefaultDialect

    if point is None:
        return
    places: dict[Kind, tuple[Any, str]] = {
        "commit": (DefaultDialect, "do_commit"),
        "replace": (Path, "replace"),
        "fsync": (os, "fsync"),
    }
    assert set(places) == set(get_args(Kind))
    owner, name = places[point.kind]
    setattr(owner, name, _mined(getattr(owner, name), point))


def _mined(original: Callable[..., object], point: Point) -> Callable[..., object]:
    left = [point.number]

    def call(*args: object, **named: object) -> object:
        left[0] -= 1
        if left[0] == 0 and point.when == "before":
            os._exit(STOPPED)
        result = original(*args, **named)
        if left[0] == 0:
            os._exit(STOPPED)
        return result

    return call


if __name__ == "__main__":
    main()
