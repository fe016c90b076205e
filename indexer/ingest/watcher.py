"""Looks into the watched folders again and again, and queues what is new or has changed. `watching` decides."""

import os
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from indexer import media
from indexer.domain import Need, Progress, ProgressWatcher, path_text
from indexer.errors import LibraryBusy
from indexer.ingest.missing import note_unseen
from indexer.ingest.presence import holds_something
from indexer.ingest.task import Stopped
from indexer.ingest.watching import Changes, Knowledge, Moment, Patience, Settling, compare
from indexer.media import Choice, FoundFile
from indexer.store import Database, watched
from indexer.store.watched import Sight, WatchedFolder

if TYPE_CHECKING:
    from indexer.ingest.pipeline import Ingester

INTERVAL_S = 10.0
SHARE_OF_LOOKING = 10  # a look that takes long is made as much more seldom, so that a disk is not listed all day


def moment() -> Moment:
    return Moment(time.monotonic(), time.time_ns())


@dataclass(frozen=True, slots=True)
class Look:
    """What one look over all watched folders came to, in files."""

    queued: int = 0
    growing: int = 0  # new or changed, and perhaps still being written
    gone: int = 0  # noted as offline
    away: tuple[Path, ...] = ()  # folders whose disk or share is not there now

    def __add__(self, other: "Look") -> "Look":
        return Look(
            self.queued + other.queued, self.growing + other.growing, self.gone + other.gone, self.away + other.away
        )


@dataclass
class Watcher:
    """Finds work for one library. It remembers no more than which files are growing: all else it compares anew, with
    what the library knows.

    `queue` asks for files to be looked at; `notice` hears sentences for people, each once as long as it holds.
    """

    database: Database
    queue: Callable[[Iterable[FoundFile]], object]
    notice: Callable[[str], None] = lambda _: None
    clock: Callable[[], Moment] = moment
    _stop: threading.Event = field(default_factory=threading.Event)
    _settling: dict[Path, dict[bytes, Settling]] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)

    def watch(self, *, interval_s: float = INTERVAL_S) -> None:
        """Look until `stop` is called: every `interval_s`, or less often where looking takes long. A library that
        cannot be written to for now is waited for."""
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                self.look()
                self._no_more("library")
            except LibraryBusy as error:
                self._once("library", f"{error}; waiting, nothing is lost")
            except Stopped:
                return
            self._stop.wait(max(interval_s, SHARE_OF_LOOKING * (time.monotonic() - began)))

    def stop(self) -> None:
        """Ask for an end; safe from any thread and from a signal's handler."""
        self._stop.set()

    def look(self, *, patience: Patience = "look again") -> Look:
        """Look over every watched folder once. Raises `Stopped` where `stop` was called meanwhile."""
        with self.database.read() as tx:
            folders = watched.load(tx)
        self._settling = {path: kept for path, kept in self._settling.items() if path in {one.path for one in folders}}
        total = Look()
        for folder in folders:
            inner = [one.path for one in folders if one.path != folder.path and one.path.is_relative_to(folder.path)]
            total += self._look_into(folder, but=inner, patience=patience)
        return total

    def _look_into(self, folder: WatchedFolder, *, but: Sequence[Path], patience: Patience) -> Look:
        """A folder inside that is watched on its own is left to its own patterns."""
        name = path_text(folder.path)
        if not holds_something(folder.path):
            self._once(f"away {name}", f"{name} is away or empty; what is known of it stays, and it is looked for")
            return Look(away=(folder.path,))
        if f"away {name}" in self._told:
            self.notice(f"{name} is back")
            self._no_more(f"away {name}")
        changes = self._compare(folder, but=but, patience=patience)
        queued = self._queue(changes)
        self._settling[folder.path] = dict(changes.growing)  # what could not be queued is as ready at the next look
        unseen = (Path(os.fsdecode(path)) for path in changes.missing)
        missing = note_unseen(self.database, (path for path in unseen if not any(map(path.is_relative_to, but))))
        if missing.gone:
            self.notice(f"{missing.gone} files of {name} are not where they were: offline, and searchable as before")
        if missing.away:
            self._once(f"part {name}", f"{missing.away} files of {name} are away with their disk; they are looked for")
        else:
            self._no_more(f"part {name}")
        return Look(queued, len(changes.growing), missing.gone)

    def _compare(self, folder: WatchedFolder, *, but: Sequence[Path], patience: Patience) -> Changes:
        """The disk is listed last: what is read of the library before it can only be older, which does no harm."""
        now = self.clock()
        with self.database.read() as tx:
            known = Knowledge(watched.located_files(tx, folder.path), watched.asked_files(tx, folder.path))
        before = self._settling.get(folder.path, {})
        seen = self._seen(folder, but)
        return compare(known, seen, before, now=now, settle_s=folder.settle_s, patience=patience)

    def _seen(self, folder: WatchedFolder, but: Sequence[Path]) -> Iterator[tuple[bytes, Sight]]:
        for file in self._heeding(media.list_files(folder.path, Choice(folder.include, folder.exclude), but=but)):
            yield os.fsencode(file.path), Sight(file.size, file.mtime_ns)

    def _queue(self, changes: Changes) -> int:
        if changes.ready:
            self.queue(
                self._heeding(FoundFile(Path(os.fsdecode(path)), *sight) for path, sight in changes.ready.items())
            )
        return len(changes.ready)

    def _heeding(self, files: Iterable[FoundFile]) -> Iterator[FoundFile]:
        for file in files:
            if self._stop.is_set():
                raise Stopped
            yield file

    def _once(self, what: str, sentence: str) -> None:
        if what not in self._told:
            self._told.add(what)
            self.notice(sentence)

    def _no_more(self, what: str) -> None:
        self._told.discard(what)


def watch_and_work(
    ingester: "Ingester", watcher: Watcher, *, has: Sequence[Need], interval_s: float, watch: ProgressWatcher
) -> None:
    """Look in a thread of its own, and work what is queued until somebody stops this. What the watcher says reaches
    `watch` as notices; a defect of it ends the work and is raised."""
    said: queue.SimpleQueue[str] = queue.SimpleQueue()
    failed: list[BaseException] = []
    watcher.notice = said.put

    def run() -> None:
        try:
            watcher.watch(interval_s=interval_s)
        except BaseException as error:
            failed.append(error)

    def told(progress: Progress) -> None:
        while not said.empty():
            watch(replace(progress, reports=(), notice=said.get()))
        watch(progress)
        if failed:
            raise failed[0]

    thread = threading.Thread(target=run, name="watcher", daemon=True)
    thread.start()
    try:
        ingester.work(has=has, watch=told, until="stopped")
    finally:
        watcher.stop()
        thread.join()
