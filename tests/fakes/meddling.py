"""Steps of an ingest that let a test act in the middle of one: when a file is at some stage, and how far."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path

from indexer.domain import Stage
from indexer.ingest.steps import STEPS, Step
from indexer.ingest.steps.looking import file_of
from indexer.ingest.task import Task
from indexer.ingest.workbench import Workbench
from indexer.store import Database, videos


def meddling_steps(stage: Stage, act: Callable[[Path], object], *, when: str = "in the middle") -> Mapping[Stage, Step]:
    """The real steps; at `stage` of each file, `act(path)` is called when the step first tells how far it is, or
    (`when` = "before") before it begins."""

    def step(bench: Workbench, task: Task) -> None:
        path = _path_of(bench.database, task)
        if path is None:
            STEPS[stage](bench, task)
        elif when == "before":
            act(path)
            STEPS[stage](bench, task)
        else:
            watched = _Watched(**{one.name: getattr(task, one.name) for one in fields(task)})
            watched.act = lambda: act(path)
            STEPS[stage](bench, watched)

    return {**STEPS, stage: step}


class _Watched(Task):
    act: Callable[[], object]

    def tell(self, share: float) -> None:
        self.act()
        super().tell(share)


def _path_of(database: Database, task: Task) -> Path | None:
    if task.claim.payload.get("path_bytes"):
        return file_of(task.claim.payload).path
    if task.claim.video is None:
        return None
    with database.read() as tx:
        files = videos.files_of(tx, task.claim.video)
    return files[0][1].path if files else None
