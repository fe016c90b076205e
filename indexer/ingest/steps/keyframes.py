"""The pictures that stand for segments."""

from collections.abc import Sequence
from functools import partial

from indexer import media
from indexer.domain import Keyframe, Recipe, VideoId
from indexer.ingest import stages
from indexer.ingest.planning import Origin, pictures_units
from indexer.ingest.sources import find_material
from indexer.ingest.spooling import drop_used_spools, opened_spool
from indexer.ingest.stages import KEYFRAME_SIDE, Shown
from indexer.ingest.task import Done, Task
from indexer.ingest.workbench import Workbench
from indexer.library_folder import write_file
from indexer.store import Transaction, jobs, segments
from indexer.store.segments import PlannedKeyframe

RECIPE = Recipe(f"representative/2 side={KEYFRAME_SIDE}")
_AT_ONCE = 50  # pictures a transaction


def make_keyframes(bench: Workbench, task: Task) -> None:
    """Raises `MediaError`, `ShareAway`."""
    video = task.claim.video
    if video is None:
        task.finish(lambda _: Done())
        return
    with bench.database.read() as tx:
        missing = segments.without_keyframe(tx, video)
    if missing:
        _make_missing(bench, task, video, missing)

    def write(tx: Transaction) -> Done:
        jobs.put(tx, pictures_units(tx, video, Origin.of(tx, task.claim), media_us=task.claim.media_us))
        return Done()

    task.finish(write)
    drop_used_spools(bench)


def _make_missing(bench: Workbench, task: Task, video: VideoId, missing: Sequence[PlannedKeyframe]) -> None:
    material = find_material(bench.database, video)
    done = 0
    with opened_spool(bench, video) as spool:
        shown = stages.keyframes(material.source, [one.keyframe_us for one in missing], spool=spool)
        for batch in stages.batched(zip(missing, shown, strict=True), _AT_ONCE):
            made = []
            for planned, picture in batch:
                made.append(_keep(bench, task, video, planned, picture))
                done += 1
                task.tell(done / len(missing))
            material.refuse_changed()
            task.commit(partial(_record, made=made))


def _keep(bench: Workbench, task: Task, video: VideoId, planned: PlannedKeyframe, picture: Shown) -> Keyframe:
    target = bench.folder.keyframe(video, planned.id, planned.ordinal)
    task.orders.patiently(lambda: write_file(target, picture.jpeg))
    return Keyframe(
        segment=planned.id,
        t_us=picture.t_us,
        recipe=RECIPE,
        path=bench.folder.relative(target),
        ordinal=planned.ordinal,
        placeholder=media.make_placeholder(picture.pixels),
        hash=media.picture_hash(picture.pixels),
    )


def _record(tx: Transaction, *, made: Sequence[Keyframe]) -> None:
    segments.put_keyframes(tx, made)
