"""Footage into a library: files are queued, and worked in the foreground until they have ended."""

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from indexer import media
from indexer.domain import FileReport, IngestReport, Need, ProgressWatcher, Stage, path_text
from indexer.embedding import Embedder
from indexer.errors import LibraryBusy, UsageError
from indexer.ingest.embed import embed_new_captions
from indexer.ingest.levels import measure_levels
from indexer.ingest.missing import note_missing
from indexer.ingest.planning import Asked, Urgency
from indexer.ingest.publish import Publisher
from indexer.ingest.queueing import Queued, queue_files
from indexer.ingest.recaption import catch_up
from indexer.ingest.run import Run
from indexer.ingest.spaces import ask_for_vectors, switch_spaces, told_of_coming
from indexer.ingest.spooling import drop_used_spools
from indexer.ingest.steps import STEPS, Step
from indexer.ingest.task import DISK_FULL
from indexer.ingest.workbench import Workbench
from indexer.ingest.worker import Worker, nothing_left
from indexer.media import Discovery, FoundFile
from indexer.store import Transaction, jobs, recipes, roots, settings, spaces
from indexer.store.jobs import Claim
from indexer.store.recipes import MEASURED


@dataclass(frozen=True, slots=True)
class Ingester:
    """Adds footage to one library. `captioner` is named as users name it; `note` says, for people, what it is."""

    bench: Workbench
    captioner: str
    note: str
    lanes: int
    steps: Mapping[Stage, Step] = field(default_factory=lambda: STEPS)

    def add(self, paths: Sequence[Path], *, watch: ProgressWatcher) -> IngestReport:
        """Index every file of footage in `paths` (files and folders). A bad file is a line in the report.

        Raises `UsageError` for a path that is not there, `ComponentError` where the captioner proves unfit,
        `LibraryError` when the library cannot be used.
        """
        began = time.monotonic()
        for path in paths:
            if not os.path.lexists(path):
                raise UsageError(f"there is no file or folder {path_text(path)}")
        recipe = self.bench.captioners.named(self.captioner).recipe
        folders = [path.resolve() for path in paths if path.is_dir()]
        found = media.discover(paths)
        queued = self.queue(found.files, folders=folders)
        run = Run(self.bench, queued, [*_out_of_reach(found), *queued.skipped], watch)
        worker = self.worker(left=run.left, notice=run.notice)
        worker.work(until=run.is_over)
        notes = (*note_missing(self.bench.database, folders), *run.waits_for)
        if unpublished := self.publish():
            notes += (unpublished,)
        notes += tuple(told_of_coming(self.bench.database))
        reports = run.in_order_of([*found.missing, *found.unreadable, *(file.path for file in found.files)])
        return IngestReport(reports, found.ignored, time.monotonic() - began, recipe, notes)

    def queue(
        self, files: Iterable[FoundFile], *, folders: Sequence[Path] = (), urgency: Urgency = "asked for"
    ) -> Queued:
        """Ask for files to be indexed, and register the folders they lie in."""
        with self.bench.database.write() as tx:
            asked = self._enter_captioners(tx)
            for folder in folders:
                if roots.around(tx, folder) is None:
                    roots.add(tx, folder)
        return queue_files(self.bench.database, files, urgency=urgency, asked=asked)

    def work(
        self, *, has: Sequence[Need], watch: ProgressWatcher, until: Literal["empty", "stopped"]
    ) -> tuple[str, ...]:
        """Work what is queued, whoever asked for it: until nothing is left, or until somebody stops this. Returns what
        is held up, and by what, for people."""
        run = Run(self.bench, Queued({}, ()), [], watch)
        worker = self.worker(has=has, left=run.left, notice=run.notice)
        worker.unfit = "go on"
        empty = nothing_left(worker)

        def is_over() -> bool:
            run.is_over()
            if worker.idle and run.take_ended():
                catch_up(self.bench.database)
                if unpublished := self.publish():
                    run.notice(unpublished)
            return until == "empty" and empty()

        worker.orders.patiently(lambda: catch_up(self.bench.database))
        worker.orders.patiently(lambda: ask_for_vectors(self.bench.database))  # once: what cannot be read stays behind
        worker.work(until=is_over)
        self.publish()
        return run.waits_for

    def worker(
        self,
        *,
        has: Sequence[Need] = ("cpu", "model"),
        left: Callable[[Claim], None] = lambda _: None,
        notice: Callable[[str], None] = lambda _: None,
    ) -> Worker:
        return Worker(self.bench, has, self.lanes, left=left, notice=notice, steps=self.steps)

    def publish(self) -> str | None:
        """Let searches find what was embedded as fast as the rest. Where no better captions are on their way, texts
        that lack a vector (those of another embedder's library) get one. Returns what was in the way, if anything was:
        searches are right without it, and the next run does it."""
        try:
            self._publish()
        except (LibraryBusy, OSError) as error:
            if isinstance(error, OSError) and error.errno not in DISK_FULL:
                raise
            what = "the disk is full" if isinstance(error, OSError) else str(error)
            return f"the index was not renewed ({what}): searches are right meanwhile, only slower"
        return None

    def _publish(self) -> None:
        drop_used_spools(self.bench)
        with self.bench.database.read() as tx:
            waiting = jobs.is_stage_open(tx, "captioning")
        publisher = Publisher(self.bench.folder, self.bench.database)
        if not waiting:
            with self.bench.embedding:
                embed_new_captions(self.bench.database, self.bench.embedder(), video=None)
        for make in self.bench.text_embedders:
            publisher.publish(make().space)
        for space in self.bench.beside.pictures:
            publisher.publish(space)
        switch_spaces(self.bench.database)  # published first: what is searched by then is as quick as it was
        measure_levels(self.bench.folder, self.bench.database, self._searched_by())

    def _searched_by(self) -> Embedder:
        """The embedder of texts, in whose place another may have come meanwhile."""
        with self.bench.database.read() as tx:
            used = spaces.in_use(tx, "texts")
        made = [make() for make in self.bench.text_embedders]
        return next((one for one in made if used and one.space == used.space), made[0])

    def _enter_captioners(self, tx: Transaction) -> Asked | None:
        """Enter the recipes that every video is to have. Returns the captioner asked for, where it is not the library's
        own."""
        own = settings.get(tx, "captioner") or self.captioner
        recipe = self.bench.captioners.named(self.captioner).recipe
        if own == self.captioner:
            jobs.forget_recipes(tx, recipes.want(tx, recipe, captioner=own))
        settings.prefer(tx, recipe, place="last")
        measured = self.bench.captioners.named(MEASURED).recipe
        jobs.forget_recipes(tx, recipes.want(tx, measured, captioner=MEASURED))
        settings.prefer(tx, measured, place="last")
        return None if own == self.captioner else Asked(recipe, self.captioner)


def _out_of_reach(found: Discovery) -> list[FileReport]:
    """What lies in the folders and cannot be looked at."""
    broken = [
        FileReport(path, "refused", "missing", "a link that leads nowhere; mend or remove the link")
        for path in found.missing
    ]
    shut = "this folder may not be read; allow it, then add it again"
    closed = [FileReport(path, "refused", "unreadable", shut) for path in found.unreadable]
    return broken + closed
